//! The event arrived under its other name.
//!
//! ## What it checks
//! Whether `name` is `documents.failed`.
//!
//! ## Why
//! Syncfy's documentation lists `documents.fail`, but its own example body carries `documents.failed`. They are one
//! event, and a program that knows only one of the names misses the other.
//!
//! ## Example
//! ```text
//! {"name": "documents.failed"}
//! ```
//!
//! ## Do instead
//! Handle both names alike. Filters of this program do. `--fix` writes the name that is listed.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::EventView;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::{Remedy, Report};

pub(super) const RULE: Rule = Rule::new(
    "SH207",
    "event-alias",
    Severity::Note,
    include_str!("event_alias.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some((value, (name, known))) = event.name.zip(event.name_str().zip(event.known))
        && known.name != name
    {
        let message = format!("`{name}` is `{}` under another name", known.name);
        report.add_remediable(
            Spot::value(value),
            message,
            "handle both names: the documentation has one, its example the other",
            Some(Remedy::string(known.name)),
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(DOCUMENTS)],
        bad: &[Edited(DOCUMENTS, "documents.success", "documents.failed")],
    }
};
