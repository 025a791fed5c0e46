//! The event is not in the catalogue.
//!
//! ## What it checks
//! That `name` is one of the events that Syncfy's documentation or a public integration names.
//!
//! ## Why
//! Syncfy adds events without notice, so an unknown name is accepted, shown and forwarded. In a test notification it
//! is mostly a typing error, and then no handler ever runs.
//!
//! ## Example
//! ```text
//! {"name": "credential.created"}
//! ```
//!
//! ## Do instead
//! Use the name that is suggested, or nothing if the event is new.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::{EventView, event};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH206",
    "unknown-event",
    Severity::Warning,
    include_str!("unknown_event.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some((value, name)) = event.name.zip(event.name_str())
        && event.known.is_none()
    {
        let help = event::nearest(name).map_or_else(
            || "it is accepted: Syncfy adds events without notice".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        report.add(
            Spot::value(value),
            format!("unknown event {}", quote(name)),
            help,
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[
            Whole(CREATED),
            Whole(PAYMENTS),
            Edited(DOCUMENTS, "documents.success", "documents.failed"),
        ],
        bad: &[
            Edited(CREATED, "credentials.created", "credential.created"),
            Edited(CREATED, "credentials.created", "invoices.paid"),
            Edited(PAYMENTS, "payments.transaction_created", ""),
        ],
    }
};
