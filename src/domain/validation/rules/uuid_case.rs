//! A UUID is written in capitals.
//!
//! ## What it checks
//! That the hexadecimal digits of `rid` and `eid` are in lower case.
//!
//! ## Why
//! RFC 9562 has UUIDs written in lower case, and Syncfy does. Programs that compare `eid` as text take two spellings of
//! one id for two events.
//!
//! ## Example
//! ```text
//! {"eid": "6FF4DA49-4193-4EE0-8E9E-7415B7FCB9CB"}
//! ```
//!
//! ## Do instead
//! Write it in lower case. `--fix` does.

use super::{Rule, uuid};
use crate::domain::json::{Spot, Value};
use crate::domain::notification::{EventView, Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::{Remedy, Report};

pub(super) const RULE: Rule = Rule::new(
    "SH211",
    "uuid-case",
    Severity::Warning,
    include_str!("uuid_case.rs"),
)
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
        && id.bytes().any(|digit| digit.is_ascii_uppercase())
        && uuid::parse(id).is_some()
    {
        report.add_remediable(
            Spot::value(value),
            format!("`{name}` is a UUID in capitals"),
            "write it in lower case, as Syncfy does",
            Some(Remedy::string(&id.to_ascii_lowercase())),
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
                "6FF4DA49-4193-4EE0-8E9E-7415B7FCB9CB",
            ),
            Edited(
                CREATED,
                "c53b1fcb-e112-465c-ad3e-8b64cf2f602c",
                "c53b1fcb-e112-465c-ad3e-8b64cf2f602C",
            ),
        ],
    }
};
