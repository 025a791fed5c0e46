//! What `listen` was told to insist on: the table at its end, and the words for what was not met.

use tabled::builder::Builder;
use tabled::settings::{Padding, Style};

use super::Stream;
use super::style::Role;
use super::words::{latency, plural, summarize};
use crate::domain::activity::{Outcome, Replies, Requirement, RequirementKind, Slowest};

/// A table of all requirements; nothing where there is nothing to tell, as of a count that was reached.
pub(super) fn table(requirements: &[Requirement], err: Stream) -> String {
    let is_plain = |one: &Requirement| one.kind == RequirementKind::Count && one.met;
    if requirements.iter().all(is_plain) {
        return String::new();
    }
    let mut rows = Builder::new();
    rows.push_record(["result", "expected", "wanted", "seen"]);
    for requirement in requirements {
        let (role, result) = if requirement.met {
            (Role::Good, "met")
        } else {
            (Role::Bad, "unmet")
        };
        let (wanted, seen) = amounts(requirement);
        rows.push_record([
            err.style.paint(role, result),
            err.foreign(&requirement.expect).into_owned(),
            wanted,
            seen,
        ]);
    }
    let mut table = rows.build();
    table.with(Style::empty()).with(Padding::new(0, 2, 0, 0));
    let table = table.to_string();
    let mut lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    let slowest = requirements.iter().filter_map(slowest_of);
    lines.extend(slowest.map(|slowest| format!("slowest: {}", attempt(slowest, err))));
    format!("\n{}\n", lines.join("\n"))
}

/// What was wanted, and what was seen.
fn amounts(requirement: &Requirement) -> (String, String) {
    let &Requirement { wanted, seen, .. } = requirement;
    match (requirement.kind, &requirement.replies) {
        (RequirementKind::Silence, _) => (plural(wanted, "silence"), plural(seen, "silence")),
        (RequirementKind::Reply, Some(replies)) => {
            let late = format!("{seen} of {} late", replies.attempts);
            (format!("{wanted} late"), late + &unanswered(replies))
        }
        _ => (wanted.to_string(), seen.to_string()),
    }
}

/// Why a requirement is not met, in words.
pub(super) fn shortfall(requirement: &Requirement, out: Stream) -> String {
    let &Requirement { wanted, seen, .. } = requirement;
    match (requirement.kind, &requirement.replies) {
        (RequirementKind::Silence, _) => {
            format!("nothing arrived for this time ({})", plural(seen, "time"))
        }
        (RequirementKind::Reply, Some(replies)) => {
            let attempts = plural(replies.attempts, "attempt");
            let late = format!("of {attempts} {seen} not answered in time");
            let slowest = slowest_of(requirement);
            let slowest = slowest.map(|slowest| format!("; slowest: {}", attempt(slowest, out)));
            late + &unanswered(replies) + &slowest.unwrap_or_default()
        }
        (RequirementKind::Pulled, _) => {
            format!("{} named, {seen} pulled", plural(wanted, "endpoint"))
        }
        (RequirementKind::Count, _) => {
            format!(
                "{} expected, {seen} arrived",
                plural(wanted, "notification")
            )
        }
        _ => format!("{} expected, {seen} arrived", plural(wanted, "event")),
    }
}

fn unanswered(replies: &Replies) -> String {
    match replies.unanswered {
        0 => String::new(),
        number => format!(", {} not ended", plural(number, "delivery")),
    }
}

fn slowest_of(requirement: &Requirement) -> Option<&Slowest> {
    requirement.replies.as_ref()?.slowest.as_ref()
}

/// An attempt that was not answered in time.
fn attempt(slowest: &Slowest, out: Stream) -> String {
    let names: Vec<&str> = slowest.events.iter().map(String::as_str).collect();
    let events = match names.as_slice() {
        [] => "(no event)".to_owned(),
        names => out.foreign(&summarize(names)).into_owned(),
    };
    let answer = match &slowest.outcome {
        Outcome::Status(status) => status.to_string(),
        Outcome::Error(error) => out.foreign(error).into_owned(),
    };
    let target = out.foreign(&slowest.target);
    let time = latency(slowest.latency_ms);
    format!("{events} [{}]  {answer}  {target}  {time}", slowest.id)
}
