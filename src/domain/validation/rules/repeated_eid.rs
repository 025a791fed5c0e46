//! Two events of one batch have the same id.
//!
//! ## What it checks
//! That no `eid` stands twice in one notification.
//!
//! ## Why
//! `eid` is the idempotency key: whoever skips known ids handles only the first of the two.
//!
//! ## Example
//! ```text
//! {"events": [{"header": {"event": {"eid": "A"}}}, {"header": {"event": {"eid": "A"}}}]}
//! ```
//!
//! ## Do instead
//! Give each event its own `eid`.

use std::collections::HashSet;

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::{Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH403",
    "repeated-eid",
    Severity::Warning,
    include_str!("repeated_eid.rs"),
)
.on_document(check);

fn check(notification: &Notification<'_>, report: &mut Report<'_>) {
    let is_batch = notification
        .root()
        .get("events")
        .is_some_and(|events| events.items().nth(1).is_some());
    if !is_batch || notification.version() != Version::V3 {
        return;
    }
    let mut seen = HashSet::new();
    for event in notification.events() {
        if let Some((value, eid)) = event.eid.zip(event.eid_str())
            && !seen.insert(eid.to_ascii_lowercase())
        {
            let message = format!("the `eid` {} stands twice in this notification", quote(eid));
            report.add(
                Spot::value(value),
                message,
                "receivers skip an id that they know: give each event its own",
            );
        }
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(BATCH)],
        bad: &[Edited(
            BATCH,
            "aaf4da49-4193-4ee0-8e9e-7415b7fcb9cb",
            "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb",
        )],
    }
};
