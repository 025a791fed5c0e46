//! How `schema diff` looks: a line for each difference, below its event where there is room.

use super::Stream;
use super::style::Role;
use super::words::plural;
use crate::domain::activity::Compared;
use crate::domain::contract::{Change, Drift, Side};

/// What is round the events.
const ENVELOPE: &str = "notification";

/// The event that the lines before were about.
#[derive(Default)]
pub(super) struct Heading(Option<String>);

impl Heading {
    /// A difference below the name of its event, which stands above the first.
    pub(super) fn below(&mut self, drift: &Drift, out: Stream) -> String {
        let name = drift.event.as_deref().unwrap_or(ENVELOPE);
        let mut text = String::new();
        if self.0.as_deref() != Some(name) {
            if self.0.is_some() {
                text.push('\n');
            }
            text += &out.style.paint(Role::Strong, &out.foreign(name));
            text.push('\n');
            self.0 = Some(name.to_owned());
        }
        let (role, sign) = sign(drift.change);
        let path = drift
            .path
            .iter()
            .map(|path| format!("{}: ", out.foreign(path)));
        let path: String = path.collect();
        let sign = out.style.paint(role, sign);
        text + &format!("  {sign} {path}{}\n", words(drift, out))
    }
}

/// A difference on a line of its own.
pub(super) fn line(drift: &Drift, out: Stream) -> String {
    let name = drift.event.as_deref().unwrap_or(ENVELOPE);
    let places = [Some(name), drift.path.as_deref()];
    let places: String = places
        .into_iter()
        .flatten()
        .map(|place| out.foreign(place).into_owned() + ": ")
        .collect();
    format!("{places}{}\n", words(drift, out))
}

/// How many differences there are.
pub(super) fn summary(compared: &Compared, err: Stream) -> String {
    let Compared {
        before,
        after,
        drifts,
    } = *compared;
    let head = format!("{before} and {}:", plural(after, "notification"));
    let found = match drifts {
        0 => "no difference".to_owned(),
        number => plural(number, "difference"),
    };
    format!("{} {found}\n", err.style.paint(Role::Strong, &head))
}

fn sign(change: Change) -> (Role, &'static str) {
    match change {
        Change::EventAdded | Change::FieldAdded | Change::ValueAdded => (Role::Good, "+"),
        Change::EventRemoved | Change::FieldRemoved | Change::ValueRemoved => (Role::Bad, "-"),
        Change::TypeChanged | Change::BecameOptional | Change::BecameRequired => (Role::Warn, "~"),
    }
}

fn words(drift: &Drift, out: Stream) -> String {
    let side = |side: &Option<Side>, word: fn(&Side) -> String| {
        side.as_ref().map(word).unwrap_or_default()
    };
    let (before, after) = (&drift.before, &drift.after);
    let value = out.foreign(drift.value.as_deref().unwrap_or_default());
    match drift.change {
        Change::EventAdded => format!("new event, {} events", side(after, share)),
        Change::EventRemoved => format!("the event is gone, was {} events", side(before, share)),
        Change::FieldAdded => format!(
            "new field, {}, {}",
            side(after, types),
            side(after, presence)
        ),
        Change::FieldRemoved => {
            format!(
                "the field is gone, was {}, {}",
                side(before, types),
                side(before, presence)
            )
        }
        Change::TypeChanged => format!("was {}, is {}", side(before, types), side(after, types)),
        Change::BecameOptional | Change::BecameRequired => {
            format!(
                "was {}, is {}",
                side(before, presence),
                side(after, presence)
            )
        }
        Change::ValueAdded => format!("new value `{value}`"),
        Change::ValueRemoved => format!("the value `{value}` is gone"),
    }
}

fn types(side: &Side) -> String {
    side.types.join(" or ")
}

/// How often it was there, of how many times.
fn share(side: &Side) -> String {
    format!("{} of {}", side.seen, side.of)
}

fn presence(side: &Side) -> String {
    if side.is_required() {
        "always there".into()
    } else {
        format!("in {}", share(side))
    }
}
