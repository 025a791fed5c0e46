//! A field has a value of the wrong kind.
//!
//! ## What it checks
//! That `events` is an array of objects, that `header` and what is in it are objects, and that ids, names, versions
//! and times are strings. `id_external` may also be null.
//!
//! ## Why
//! A program in a typed language refuses such a notification, and one in an untyped language fails later.
//!
//! ## Example
//! ```text
//! {"eid": 42}
//! ```
//!
//! ## Do instead
//! Send the kind that the message names: ids are strings even where they look like numbers.

use super::Rule;
use crate::domain::json::{Kind, Spot, Value};
use crate::domain::notification::{EventView, Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH104",
    "wrong-type",
    Severity::Error,
    include_str!("wrong_type.rs"),
)
.on_document(check_envelope)
.on_event(check_event);

const OBJECT: &[Kind] = &[Kind::Object];
const STRING: &[Kind] = &[Kind::String];
const STRING_OR_NULL: &[Kind] = &[Kind::String, Kind::Null];

fn check_envelope(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::V3 {
        let [rid, events] = notification.root().pick(&["rid", "events"]);
        expect(rid, "rid", STRING, report);
        expect(events, "events", &[Kind::Array], report);
        for item in events.into_iter().flat_map(Value::items) {
            expect(Some(item), "event", OBJECT, report);
        }
    }
}

fn check_event(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    expect(event.header, "header", OBJECT, report);
    expect(event.event, "header.event", OBJECT, report);
    expect(event.user, "header.user", OBJECT, report);
    expect(event.eid, "eid", STRING, report);
    expect(event.name, "name", STRING, report);
    expect(event.at, "at", STRING, report);
    expect(event.version, "version", STRING, report);
    expect(event.id_environment, "id_environment", STRING, report);
    expect(event.id_user, "id_user", STRING, report);
    expect(event.id_external, "id_external", STRING_OR_NULL, report);
    if event.has_known_payload() {
        expect(event.fields.event, "event", STRING, report);
        expect(
            event.fields.id_external,
            "id_external",
            STRING_OR_NULL,
            report,
        );
        for (name, id) in event.fields.ids() {
            expect(id, name, STRING, report);
        }
    }
}

fn expect(
    value: Option<Value<'_, '_>>,
    name: &str,
    kinds: &'static [Kind],
    report: &mut Report<'_>,
) {
    if let Some(value) = value.filter(|value| !kinds.contains(&value.kind())) {
        let wanted: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        let wanted = wanted.join(" or ");
        let message = format!("`{name}` is {}, expected {wanted}", value.kind());
        report.add(Spot::value(value), message, format!("send {wanted}"));
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[
            Whole(CREATED),
            Whole(PAYMENTS),
            Edited(
                CREATED,
                "\"20230614-DEMO\",\n          \"id_user\"",
                "null,\n          \"id_user\"",
            ),
        ],
        bad: &[
            Edited(CREATED, "\"6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb\"", "42"),
            Edited(CREATED, "\"3.1\"", "3.1"),
            Edited(CREATED, "\"credentials.created\"", "null"),
            Edited(CREATED, "\"648cb2a99ca1b91b0a141391\",", "1,"),
            Edited(CREATED, "\"574894bf7848066d138b4571\"", "[]"),
            Edited(CREATED, "\"2023-06-16 19:06:18.944575+0000\"", "1686942378"),
            Edited(CREATED, "\"c53b1fcb-e112-465c-ad3e-8b64cf2f602c\"", "false"),
            Edited(CREATED, "\"credential_create\"", "{}"),
            Whole(r#"{"rid":"c53b1fcb-e112-465c-ad3e-8b64cf2f602c","events":{}}"#),
            Whole(r#"{"rid":"c53b1fcb-e112-465c-ad3e-8b64cf2f602c","events":["x"]}"#),
            Whole(
                r#"{"rid":"c53b1fcb-e112-465c-ad3e-8b64cf2f602c","events":[{"header":1,"payload":{}}]}"#,
            ),
        ],
    }
};
