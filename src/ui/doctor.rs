//! How `doctor` looks: a line for each part, what to do below it, and the summary.

use super::Stream;
use super::style::Role;
use super::wrap::wrap;
use crate::domain::activity::{DoctorSummary, Examined, Health};

/// The longest name, `target`, and what is beside it.
const INDENT: usize = 14;

/// A part, and below it what to do.
pub(super) fn part(examined: &Examined, out: Stream) -> String {
    let mut text = format!(
        "{}  {:<6}  {}\n",
        health(examined.result, out),
        examined.name,
        out.foreign(&examined.message)
    );
    for hint in &examined.hints {
        let hint = out.foreign(hint);
        let lines = wrap(&hint, out.width.saturating_sub(INDENT));
        text.extend(
            lines
                .iter()
                .map(|line| format!("{:INDENT$}{}\n", "", out.style.paint(Role::Dim, line))),
        );
    }
    text
}

/// The same on one line, without what to do.
pub(super) fn line(examined: &Examined, out: Stream) -> String {
    let health = health(examined.result, out);
    format!(
        "{health} {}: {}\n",
        examined.name,
        out.foreign(&examined.message)
    )
}

fn health(health: Health, out: Stream) -> String {
    let (role, word) = match health {
        Health::Pass => (Role::Good, "pass"),
        Health::Warn => (Role::Warn, "warn"),
        Health::Fail => (Role::Bad, "FAIL"),
        Health::Skip => (Role::Dim, "skip"),
    };
    out.style.paint(role, word)
}

/// How many there were of what.
pub(super) fn summary(summary: &DoctorSummary, err: Stream) -> String {
    let verdict = match (summary.failed, summary.warned) {
        (0, 0) => "ready to listen",
        (0, _) => "able to listen",
        _ => "not ready to listen",
    };
    format!(
        "\n{} {} passed, {} with a warning, {} failed, {} skipped\n",
        err.style.paint(Role::Strong, &format!("{verdict}:")),
        summary.passed,
        summary.warned,
        summary.failed,
        summary.skipped
    )
}
