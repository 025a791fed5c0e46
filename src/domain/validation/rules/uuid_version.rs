//! A UUID is not of version 4.
//!
//! ## What it checks
//! That `rid` and `eid`, where they are UUIDs, are of version 4 (random).
//!
//! ## Why
//! Every documented notification has version 4. Another version often means a made-up id, and made-up ids collide.
//!
//! ## Example
//! ```text
//! {"eid": "6ff4da49-4193-1ee0-8e9e-7415b7fcb9cb"}
//! ```
//!
//! ## Do instead
//! Make a fresh one for each event; `uuidgen -r` gives version 4.

use super::Rule;
use super::uuid;
use crate::domain::json::{Spot, Value};
use crate::domain::notification::{EventView, Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH203",
    "uuid-version",
    Severity::Warning,
    include_str!("uuid_version.rs"),
)
.on_document(check_rid)
.on_event(check_eid);

/// Where the version stands in a hyphenated UUID (RFC 9562 section 4).
const VERSION_DIGIT: usize = 14;

fn check_rid(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::V3 {
        check("rid", notification.root().get("rid"), report);
    }
}

fn check_eid(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    check("eid", event.eid, report);
}

fn check(name: &str, id: Option<Value<'_, '_>>, report: &mut Report<'_>) {
    // The digit of the version is looked at first: almost every one is what it should be.
    if let Some((value, text)) = id.and_then(|value| Some((value, value.as_str()?)))
        && text.as_bytes().get(VERSION_DIGIT) != Some(&b'4')
        && let Some(id) = uuid::parse(text)
    {
        let message = format!(
            "`{name}` is a UUID of version {}, not 4",
            id.get_version_num()
        );
        report.add(
            Spot::value(value),
            message,
            "Syncfy sends random UUIDs (version 4): was this one made by hand?",
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED)],
        bad: &[
            Edited(
                CREATED,
                "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb",
                "6ff4da49-4193-1ee0-8e9e-7415b7fcb9cb",
            ),
            Edited(
                CREATED,
                "c53b1fcb-e112-465c-ad3e-8b64cf2f602c",
                "00000000-0000-0000-0000-000000000000",
            ),
        ],
    }
};
