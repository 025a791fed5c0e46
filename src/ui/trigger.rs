//! How `trigger` looks: what there is, what chaos did, and what was answered differently.

use super::Stream;
use super::style::Role;
use super::words::plural;
use super::wrap::wrap;
use crate::domain::activity::{Answered, ChaosReport, Differing, Triggerable};

/// The longest name is as wide as this.
const NAME_WIDTH: usize = "payments.transaction_created".len();

/// So many that were never sent are named.
const SHOWN: usize = 10;

pub(super) fn entry(entry: &Triggerable, out: Stream) -> String {
    let kind = format!("{:<8}", entry.kind);
    let name = out
        .style
        .paint(Role::Strong, &format!("{:<NAME_WIDTH$}", entry.name));
    let indent = kind.len() + 2 + NAME_WIDTH + 2;
    let summary = wrap(&entry.summary, out.width.saturating_sub(indent));
    format!(
        "{}  {name}  {}\n",
        out.style.paint(Role::Dim, &kind),
        summary.join(&format!("\n{:indent$}", ""))
    )
}

pub(super) fn chaos(report: &ChaosReport, err: Stream) -> String {
    let counts = [
        (report.duplicated, "delivered again"),
        (report.reordered, "behind its successor"),
        (report.delayed, "late"),
        (report.in_bursts, "in bursts"),
        (report.dropped.len() as u64, "dropped"),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let told = if told.is_empty() {
        "nothing happened".into()
    } else {
        told.join(", ")
    };
    let mut text = format!(
        "\n{} {} as {}: {told}\n",
        err.style.paint(Role::Strong, "Chaos:"),
        plural(report.notifications, "notification"),
        deliveries(report.deliveries),
    );
    for dropped in report.dropped.iter().take(SHOWN) {
        text.extend(["  never sent: ", &err.foreign(dropped), "\n"]);
    }
    text + &format!("  the same again: `--seed {}`\n", report.seed)
}

fn deliveries(number: u64) -> String {
    match number {
        1 => "1 delivery".into(),
        number => format!("{number} deliveries"),
    }
}

pub(super) fn differing(differing: &Differing, out: Stream) -> String {
    let answers: Vec<String> = differing
        .answers
        .iter()
        .map(|answer| match answer {
            Answered::Status(status) => status.to_string(),
            Answered::Error(error) => out.foreign(error).into_owned(),
        })
        .collect();
    format!(
        "{} {}  {}  {}  {}\n",
        out.style.paint(Role::Bad, "answered differently:"),
        out.foreign(&differing.event),
        answers.join(", then "),
        out.foreign(&differing.target),
        out.style
            .paint(Role::Dim, &format!("[{}]", out.foreign(&differing.eid))),
    )
}
