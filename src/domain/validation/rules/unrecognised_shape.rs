//! The body is JSON, but no notification.
//!
//! ## What it checks
//! That the body is an object with `rid` and `events` (V3) or a bare credential payload (V1). An event without its
//! envelope, an array of notifications and JSON inside a JSON string are told apart.
//!
//! ## Why
//! Everything else depends on the shape: there are no events in such a body.
//!
//! ## Example
//! ```text
//! {"header": {"event": {}, "user": {}}, "payload": {}}
//! ```
//!
//! ## Do instead
//! Put the event into its envelope: `{"rid": "…", "events": [ … ]}`. Give several notifications one on each line.

use super::Rule;
use crate::domain::json::{Document, Kind, Spot, Value};
use crate::domain::notification::{Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH101",
    "unrecognised-shape",
    Severity::Error,
    include_str!("unrecognised_shape.rs"),
)
.on_document(check);

fn check(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::Unknown {
        let (message, help) = describe(notification.root());
        report.add(Spot::key(notification.root()), message, help);
    }
}

fn describe(root: Value<'_, '_>) -> (String, &'static str) {
    match root.kind() {
        Kind::Array => (
            "an array is not a notification".into(),
            "check each item by itself: one on each line (`jq -c '.[]'`)",
        ),
        Kind::String if root.as_str().is_some_and(holds_json) => (
            "the notification is encoded twice: JSON inside a JSON string".into(),
            "decode the string first (`jq -r .`)",
        ),
        Kind::Object => describe_object(root),
        kind => (
            format!("{kind} is not a notification"),
            "a notification is an object with `rid` and `events`",
        ),
    }
}

fn describe_object(root: Value<'_, '_>) -> (String, &'static str) {
    let [header, payload, capture, event] =
        root.pick(&["header", "payload", "syncfy_hooks", "event"]);
    if header.is_some() || payload.is_some() {
        return (
            "an event without its envelope".into(),
            "put it into `{\"rid\": …, \"events\": [ … ]}`",
        );
    }
    if capture.is_some() {
        return (
            "a capture file, not a notification".into(),
            "the notification is its `body`",
        );
    }
    if let Some(name) = event.and_then(Value::as_str) {
        let message = format!("an object with `event` {}, unknown to Syncfy", quote(name));
        return (
            message,
            "V3 has `rid` and `events`; V1 has `event`, `id_credential` and `endpoints`",
        );
    }
    let message = if root.members().next().is_some() {
        "neither `rid` nor `events`"
    } else {
        "an empty object"
    };
    (
        format!("not a Syncfy notification: {message}"),
        "a notification is an object with `rid` and `events`",
    )
}

fn holds_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && Document::parse(text).is_ok()
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(V1)],
        bad: &[
            Whole("[]"),
            Whole("null"),
            Whole("{}"),
            Whole(r#"{"a":1}"#),
            Whole(r#"{"event":"push"}"#),
            Whole(r#"{"header":{},"payload":{}}"#),
            Whole(r#""{\"rid\":1}""#),
            Received(r#"{"syncfy_hooks":1,"body":{}}"#),
        ],
    }
};
