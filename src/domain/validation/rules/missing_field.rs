//! A required field is absent.
//!
//! ## What it checks
//! That `rid`, `events`, `header`, `header.event`, `header.user`, `payload`, `eid`, `name`, `version`,
//! `id_environment` and `id_user` are present. One finding for each object that lacks something; what would be inside
//! is not asked for again.
//!
//! ## Why
//! Every documented notification has these fields; programs rely on them to route, to tell users apart and to skip
//! repetitions.
//!
//! ## Example
//! ```text
//! {"events": []}
//! ```
//!
//! ## Do instead
//! Add the field. Whoever builds test notifications can start from one that was received.

use super::Rule;
use crate::domain::json::{Kind, Spot, Value};
use crate::domain::notification::{EventView, Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::list;

pub(super) const RULE: Rule = Rule::new(
    "SH103",
    "missing-field",
    Severity::Error,
    include_str!("missing_field.rs"),
)
.on_document(check_envelope)
.on_event(check_event);

fn check_envelope(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::V3 {
        let root = notification.root();
        let [rid, events] = root.pick(&["rid", "events"]);
        require(
            Some(root),
            "the notification",
            &[("rid", rid), ("events", events)],
            report,
        );
    }
}

fn check_event(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let EventView {
        eid,
        name,
        version,
        id_environment,
        id_user,
        ..
    } = *event;
    require(
        Some(event.value),
        "the event",
        &[("header", event.header), ("payload", event.payload)],
        report,
    );
    require(
        event.header,
        "`header`",
        &[("event", event.event), ("user", event.user)],
        report,
    );
    require(
        event.event,
        "`header.event`",
        &[("eid", eid), ("name", name), ("version", version)],
        report,
    );
    require(
        event.user,
        "`header.user`",
        &[("id_environment", id_environment), ("id_user", id_user)],
        report,
    );
}

fn require(
    parent: Option<Value<'_, '_>>,
    called: &str,
    fields: &[(&str, Option<Value<'_, '_>>)],
    report: &mut Report<'_>,
) {
    // A parent of the wrong kind has its own finding.
    let Some(parent) = parent.filter(|parent| parent.kind() == Kind::Object) else {
        return;
    };
    let absent = fields.iter().filter(|(_, value)| value.is_none());
    let absent: Vec<&str> = absent.map(|(name, _)| *name).collect();
    if !absent.is_empty() {
        let message = format!("{called} lacks {}", list(&absent));
        report.add(
            Spot::key(parent),
            message,
            "every documented notification has it",
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(PAYMENTS), Whole(V1)],
        bad: &[
            Edited(CREATED, "\"rid\"", "\"request\""),
            Edited(CREATED, "\"events\"", "\"event\""),
            Edited(CREATED, "\"header\"", "\"head\""),
            Edited(CREATED, "\"payload\"", "\"body\""),
            Edited(CREATED, "\"user\"", "\"usr\""),
            Edited(CREATED, "\"eid\"", "\"id\""),
            Edited(CREATED, "\"name\"", "\"type\""),
            Edited(CREATED, "\"version\"", "\"v\""),
            Edited(CREATED, "\"id_environment\"", "\"environment\""),
        ],
    }
};
