//! What a person is shown of each activity. The rooms beside this one know how each command looks.

use super::style::Role;
use super::{
    Stream, doctor, drift, harden, history, key, listen, record, replay, rules, sequence, stub,
    trigger, tunnel, validate, verification,
};
use crate::domain::activity::{Activity, Attempt, Warning};

/// What renderers need to know of the output.
pub(super) struct Look {
    /// Standard output.
    pub(super) out: Stream,
    /// Standard error.
    pub(super) err: Stream,
    /// Whether bodies, excerpts and hints are shown too.
    pub(super) is_detailed: bool,
    /// Whether headers are shown too.
    pub(super) is_verbose: bool,
}

/// What renderers remember from one activity to the next.
#[derive(Default)]
pub(super) struct Memory {
    /// How many valid notifications were confirmed.
    confirmations: validate::Confirmations,
    /// The rows that were not shown yet, since they have to line up.
    pub(super) table: history::Table,
    /// The event that differences were last shown of.
    heading: drift::Heading,
}

/// An activity as text.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// For standard output.
    pub(super) data: String,
    /// For standard error, once the data is out.
    pub(super) note: String,
    /// Advice that goes with the data.
    pub(super) hints: &'a [String],
    /// Whether a blank line stands before the advice.
    pub(super) sets_hints_apart: bool,
}

impl<'a> Shown<'a> {
    fn data(data: String) -> Self {
        Self {
            data,
            ..Self::default()
        }
    }

    fn note(note: String) -> Self {
        Self {
            note,
            ..Self::default()
        }
    }

    fn with(self, hints: &'a [String]) -> Self {
        Self { hints, ..self }
    }
}

/// An activity as text.
pub(super) fn show<'a>(activity: &'a Activity, look: &Look, memory: &mut Memory) -> Shown<'a> {
    let (out, err) = (look.out, look.err);
    let (is_detailed, is_verbose) = (look.is_detailed, look.is_verbose);
    let mut shown = match activity {
        Activity::Ready(ready) => Shown::note(listen::banner(ready, err)),
        Activity::Notification(arrival) => {
            let mut text = listen::arrival(arrival, out);
            if is_detailed {
                text += &listen::details(arrival, out, is_verbose);
            }
            Shown::data(text).with(&arrival.hints)
        }
        Activity::Delivery(attempt) => delivery(attempt, look),
        Activity::Target(standing) => Shown::note(listen::standing(standing, err)),
        Activity::Tunnel(standing) => Shown::note(tunnel::standing(standing, err)),
        Activity::Pull(pull) => Shown::data(stub::pull(pull, out)),
        Activity::Warning(warning) => return Shown::note(warn(warning, err)),
        Activity::Summary(summary) => return Shown::note(listen::summary(summary, err)),
        Activity::Request(request) => Shown::data(replay::request(request, out, is_detailed)),
        Activity::Watching(watching) => Shown::note(replay::watching(watching, err)),
        Activity::Triggerable(entry) => Shown::data(trigger::entry(entry, out)),
        Activity::Differing(differing) => Shown::data(trigger::differing(differing, out)),
        Activity::Chaos(report) => Shown::note(trigger::chaos(report, err)),
        Activity::Replayed(summary) => Shown::note(replay::summary(summary, err)),
        Activity::Validation(_)
        | Activity::Validated(_)
        | Activity::Fix(_)
        | Activity::Fixed(_)
        | Activity::Sequence(_)
        | Activity::Sequenced(_)
        | Activity::Rule(_)
        | Activity::Checked(_)
        | Activity::Hardened(_)
        | Activity::Examined(_)
        | Activity::Diagnosed(_)
        | Activity::CheckEntry(_) => checks(activity, look, memory),
        Activity::Drift(found) if is_detailed => Shown::data(memory.heading.below(found, out)),
        Activity::Drift(found) => Shown::data(drift::line(found, out)),
        Activity::Compared(compared) => Shown::note(drift::summary(compared, err)),
        Activity::Verification(verified) if is_detailed => Shown {
            sets_hints_apart: true,
            ..Shown::data(verification::report(verified, out)).with(&verified.verification.hints)
        },
        Activity::Verification(verified) => {
            let line = Shown::data(verification::line(verified, out));
            return line.with(&verified.verification.hints);
        }
        Activity::Signature(signed) => Shown::data(format!("{}\n", signed.token)),
        Activity::Key(described) if is_detailed => Shown::data(key::report(described, out)),
        Activity::Key(described) => Shown::data(key::line(described, out)),
        Activity::Record(record) if is_detailed => Shown::data(memory.table.push(record, out)),
        Activity::Record(record) => Shown::data(history::line(record, out)),
        Activity::Recorded(recorded) if is_detailed => Shown::data(record::report(recorded, out)),
        Activity::Recorded(recorded) => Shown::data(record::lines(recorded, out)),
        Activity::Exported(exported) => Shown::note(history::exported(exported, err)),
        Activity::Pruned(pruned) => Shown::data(history::pruned(pruned, out)),
    };
    if !is_detailed && !is_verbose {
        shown.hints = &[];
    }
    shown
}

/// An attempt as text, with what the target said.
fn delivery<'a>(attempt: &'a Attempt, look: &Look) -> Shown<'a> {
    let mut text = listen::attempt(attempt, look.out);
    if let Some(answer) = attempt.answer.as_ref().filter(|_| look.is_detailed) {
        text += &listen::told(answer, look.out);
    }
    Shown::data(text).with(&attempt.hints)
}

/// What `validate`, `harden` and `doctor` report, as text.
fn checks<'a>(activity: &'a Activity, look: &Look, memory: &mut Memory) -> Shown<'a> {
    match activity {
        Activity::Validation(validation) => {
            let confirmations = &mut memory.confirmations;
            Shown::data(confirmations.with_findings(validation, look.out, look.is_detailed))
        }
        Activity::Validated(validated) => Shown::note(validate::summary(validated, look.err)),
        Activity::Fix(repair) => Shown::data(validate::repair(repair, look.out)),
        Activity::Fixed(fixed) => Shown::note(validate::fixed(fixed, look.err)),
        Activity::Sequence(validation) => {
            Shown::data(validate::findings(validation, look.out, look.is_detailed))
        }
        Activity::Sequenced(sequenced) => Shown::note(sequence::summary(sequenced, look.err)),
        Activity::Rule(rule) => Shown::data(rules::render(rule, look.out)),
        Activity::Checked(checked) if look.is_detailed => {
            Shown::data(harden::row(checked, look.out))
        }
        Activity::Checked(checked) => Shown::data(harden::line(checked, look.out)),
        Activity::Hardened(summary) => Shown::note(harden::summary(summary, look.err)),
        Activity::CheckEntry(entry) => Shown::data(harden::entry(entry, look.out)),
        Activity::Examined(examined) if look.is_detailed => {
            Shown::data(doctor::part(examined, look.out))
        }
        Activity::Examined(examined) => Shown::data(doctor::line(examined, look.out)),
        Activity::Diagnosed(summary) => Shown::note(doctor::summary(summary, look.err)),
        _ => Shown::default(),
    }
}

/// A line for each hint.
pub(super) fn hints(hints: &[String], err: Stream) -> String {
    let label = err.style.paint(Role::Strong, "hint:");
    hints.iter().fold(String::new(), |lines, hint| {
        lines + &label + " " + &err.foreign(hint) + "\n"
    })
}

fn warn(warning: &Warning, err: Stream) -> String {
    let label = err.style.paint(Role::Warn, "warning:");
    format!(
        "{label} {}\n{}",
        err.foreign(&warning.message),
        hints(&warning.hints, err)
    )
}
