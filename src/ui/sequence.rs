//! How `validate --sequence` looks at its end. What it finds looks like any other finding.

use super::Stream;
use super::style::Role;
use super::words::plural;
use crate::domain::activity::Sequenced;

/// How many there were of what; empty when there was nothing to judge.
pub(super) fn summary(sequenced: &Sequenced, err: Stream) -> String {
    let Sequenced {
        totals,
        errors,
        warnings,
        notes,
        unreadable,
    } = *sequenced;
    if totals.notifications + totals.passed_over == 0 {
        return String::new();
    }
    let counts = [(errors, "error"), (warnings, "warning"), (notes, "note")];
    let found = counts.into_iter().filter(|(number, _)| *number > 0);
    let found: Vec<String> = found.map(|(number, what)| plural(number, what)).collect();
    let found = match found.as_slice() {
        [] if totals.notifications == 0 => "nothing to compare".to_owned(),
        [] => "in order".to_owned(),
        found => found.join(", "),
    };
    let head = format!(
        "{} in {}:",
        plural(totals.notifications, "notification"),
        plural(totals.runs, "run")
    );
    let passed_over = match totals.passed_over {
        0 => String::new(),
        number => format!("; {number} passed over, being none of Webhooks V3"),
    };
    let unread = match unreadable {
        0 => String::new(),
        number => format!("; {number} could not be read"),
    };
    let head = err.style.paint(Role::Strong, &head);
    format!("{head} {found}{passed_over}{unread}\n")
}
