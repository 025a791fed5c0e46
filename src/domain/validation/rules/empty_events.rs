//! The batch has no event.
//!
//! ## What it checks
//! That `events` has at least one item.
//!
//! ## Why
//! A notification without events tells nothing, and Syncfy has no reason to send one.
//!
//! ## Example
//! ```text
//! {"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": []}
//! ```
//!
//! ## Do instead
//! Put at least one event into `events`.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::{Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH105",
    "empty-events",
    Severity::Error,
    include_str!("empty_events.rs"),
)
.on_document(check);

fn check(notification: &Notification<'_>, report: &mut Report<'_>) {
    let events = notification
        .root()
        .get("events")
        .filter(|_| notification.version() == Version::V3);
    if let Some(events) = events.filter(|events| {
        events
            .as_array()
            .is_some_and(|mut items| items.next().is_none())
    }) {
        report.add(
            Spot::value(events),
            "`events` is empty",
            "a notification carries at least one event",
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED)],
        bad: &[Whole(
            r#"{"rid":"c53b1fcb-e112-465c-ad3e-8b64cf2f602c","events":[]}"#,
        )],
    }
};
