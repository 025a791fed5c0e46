//! The event has no time.
//!
//! ## What it checks
//! That `header.event.at` is present, except in the payments family.
//!
//! ## Why
//! Only a documented payments example lacks it. Without it, events that arrive out of order cannot be sorted.
//!
//! ## Example
//! ```text
//! {"eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "credentials.created", "version": "3.1"}
//! ```
//!
//! ## Do instead
//! Add `at`; and write programs so that they survive its absence.

use super::Rule;
use crate::domain::json::{Kind, Spot};
use crate::domain::notification::event::Family;
use crate::domain::notification::{EventView, time};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH205",
    "missing-at",
    Severity::Warning,
    include_str!("missing_at.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let is_payment = event
        .known
        .is_some_and(|known| known.family == Family::Payments);
    if let Some(header) = event
        .event
        .filter(|header| header.kind() == Kind::Object && !is_payment)
        && event.at.is_none()
    {
        let help = format!(
            "only payments are known to come without it; it looks like `{}`",
            time::EXAMPLE
        );
        report.add(Spot::key(header), "`header.event` lacks `at`", help);
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[
            Whole(CREATED),
            Whole(PAYMENTS),
            Whole(PAYMENTS_WITHOUT_TIME),
        ],
        bad: &[Edited(CREATED, "\"at\"", "\"when\"")],
    }
};
