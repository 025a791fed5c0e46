//! An id is not a UUID.
//!
//! ## What it checks
//! That `rid` and `eid` are UUIDs written with four hyphens.
//!
//! ## Why
//! `eid` is the key by which a program skips repetitions, and databases with a UUID column refuse anything else.
//!
//! ## Example
//! ```text
//! {"eid": "42"}
//! ```
//!
//! ## Do instead
//! Send a UUID of version 4; `uuidgen` makes one. `--fix` writes the hyphens where only they are missing.

use uuid::Uuid;

use super::Rule;
use crate::domain::json::{Spot, Value};
use crate::domain::notification::{EventView, Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::{Remedy, Report};
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new("SH202", "uuid", Severity::Error, include_str!("uuid.rs"))
    .on_document(check_rid)
    .on_event(check_eid);

fn check_rid(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::V3 {
        check("rid", notification.root().get("rid"), report);
    }
}

fn check_eid(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    check("eid", event.eid, report);
}

fn check(name: &str, id: Option<Value<'_, '_>>, report: &mut Report<'_>) {
    if let Some((value, id)) = id.and_then(|value| Some((value, value.as_str()?)))
        && parse(id).is_none()
    {
        let help = "it looks like `6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb`";
        report.add_remediable(
            Spot::value(value),
            format!("`{name}` is no UUID: {}", quote(id)),
            help,
            Uuid::try_parse(id)
                .ok()
                .map(|id| Remedy::string(&id.to_string())),
        );
    }
}

/// A UUID in its hyphenated form, the only one that Syncfy writes.
pub(super) fn parse(id: &str) -> Option<Uuid> {
    if id.len() == 36 {
        Uuid::try_parse(id).ok()
    } else {
        None
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(PAYMENTS)],
        bad: &[
            Edited(CREATED, "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "42"),
            Edited(
                CREATED,
                "c53b1fcb-e112-465c-ad3e-8b64cf2f602c",
                "c53b1fcbe112465cad3e8b64cf2f602c",
            ),
        ],
    }
};
