//! How the stub of the API looks: a line for each pull, and what was never pulled.

use super::Stream;
use super::human::hints;
use super::listen::{MARGIN, clock_time};
use super::style::Role;
use super::words::plural;
use crate::domain::activity::{Pull, Pulls};

/// So many paths that were never pulled are shown.
const SHOWN: usize = 10;

pub(super) fn pull(pull: &Pull, out: Stream) -> String {
    let is_good = pull.status < 400;
    let role = if is_good { Role::Good } else { Role::Bad };
    let mut parts = vec![
        format!(
            "{} {}",
            out.foreign(&pull.method),
            out.foreign(&pull.target)
        ),
        out.style.paint(role, &pull.status.to_string()),
    ];
    if let Some(items) = pull.items {
        parts.push(plural(items, "item"));
    }
    match pull.id {
        Some(id) => parts.push(out.style.paint(Role::Dim, &format!("[{id}]"))),
        None if is_good => parts.push(out.style.paint(Role::Warn, "in no notification")),
        None => {}
    }
    let time = out.style.paint(Role::Dim, &clock_time(pull.at));
    format!("{time} <-- {}\n", parts.join("  "))
}

/// What was never pulled, as a warning; where it was expected, as what is unmet.
pub(super) fn never_pulled(pulls: &Pulls, err: Stream) -> String {
    if pulls.never_pulled_count == 0 {
        return String::new();
    }
    let role = if pulls.is_expected {
        Role::Bad
    } else {
        Role::Warn
    };
    let label = if pulls.is_expected {
        "expected, but never pulled:"
    } else {
        "warning: never pulled:"
    };
    let named = pulls.pulled + pulls.never_pulled_count;
    let mut text = format!(
        "{} {} of {}\n",
        err.style.paint(role, label),
        pulls.never_pulled_count,
        plural(named, "endpoint"),
    );
    for group in pulls.groups.iter().take(SHOWN) {
        let count = match group.count {
            1 => String::new(),
            count => format!(" ({})", plural(count, "endpoint")),
        };
        let path = err.foreign(&group.path);
        let id = err.style.paint(Role::Dim, &format!("[{}]", group.id));
        text.extend([MARGIN, &path, &count, " ", &id, "\n"]);
    }
    let more = pulls.groups.iter().skip(SHOWN).map(|group| group.count);
    match more.sum() {
        0 => {}
        count => text.extend([MARGIN, "and ", &plural(count, "endpoint"), " more\n"]),
    }
    if pulls.is_expected {
        return text;
    }
    let hint =
        "`--expect-pulled` waits until your handler has pulled them, and fails where it never does";
    text + &hints(&[hint.to_owned()], err)
}
