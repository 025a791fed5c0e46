//! The body is JSON, but no notification.
//!
//! ## What it checks
//! That the body is an object with `rid` and `events` (V3) or a bare credential payload (V1). An event without its
//! envelope, an array of these or of notifications, a notification inside another object and JSON inside a JSON string
//! are told apart.
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
//! Put the event into its envelope: `{"rid": "…", "events": [ … ]}`. Give several notifications one on each line, and
//! what something else is wrapped round by itself.

use std::borrow::Cow;

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

/// What the body is, and what to do.
type Description = (String, Cow<'static, str>);

fn check(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::Unknown {
        let root = notification.root();
        let [header, capture] = root.pick(&["header", "syncfy_hooks"]);
        let is_known = header.is_some() || capture.is_some();
        let mut members = root.members().filter(|_| !is_known);
        let (spot, (message, help)) = match members.find_map(wrapped) {
            Some((member, description)) => (Spot::key(member), description),
            None => (Spot::key(root), describe(root)),
        };
        report.add(spot, message, help);
    }
}

fn describe(root: Value<'_, '_>) -> Description {
    match root.kind() {
        Kind::Array => describe_array(root),
        Kind::String if root.as_str().is_some_and(holds_json) => (
            "the notification is encoded twice: JSON inside a JSON string".into(),
            "decode the string first (`jq -r .`)".into(),
        ),
        Kind::Object => describe_object(root),
        kind => (
            format!("{kind} is not a notification"),
            "a notification is an object with `rid` and `events`".into(),
        ),
    }
}

fn describe_array(root: Value<'_, '_>) -> Description {
    let first = root.items().next();
    if first.is_some_and(is_event) {
        return (
            "events without their envelope".into(),
            "put the array into `{\"rid\": …, \"events\": [ … ]}`".into(),
        );
    }
    let message = match first.map(Version::of) {
        Some(Version::V1 | Version::V3) => "an array of notifications is not a notification",
        _ => "an array is not a notification",
    };
    (
        message.into(),
        "check each item by itself: one on each line (`jq -c '.[]'`)".into(),
    )
}

fn is_event(value: Value<'_, '_>) -> bool {
    let [header, payload] = value.pick(&["header", "payload"]);
    header.is_some() && payload.is_some()
}

/// A member that is a notification, in whatever it was handed on.
fn wrapped<'d, 'a>(
    (name, member): (&'d str, Value<'d, 'a>),
) -> Option<(Value<'d, 'a>, Description)> {
    let (version, what, option) = if let Some(text) = member.as_str() {
        let inner = Document::parse(text).ok()?;
        (Version::of(inner.root()), " as a string", "-r")
    } else {
        (Version::of(member), "", "-c")
    };
    if version == Version::Unknown {
        return None;
    }
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let how = if is_plain && !name.is_empty() {
        format!(", as `jq {option} .{name}` does")
    } else {
        String::new()
    };
    let message = format!("the notification is inside {}{what}", quote(name));
    Some((member, (message, format!("take it out first{how}").into())))
}

fn describe_object(root: Value<'_, '_>) -> Description {
    let [header, payload, capture, event] =
        root.pick(&["header", "payload", "syncfy_hooks", "event"]);
    if header.is_some() || payload.is_some() {
        return (
            "an event without its envelope".into(),
            "put it into `{\"rid\": …, \"events\": [ … ]}`".into(),
        );
    }
    if capture.is_some() {
        return (
            "a capture file, not a notification".into(),
            "the notification is its `body`".into(),
        );
    }
    if let Some(name) = event.and_then(Value::as_str) {
        let message = format!("an object with `event` {}, unknown to Syncfy", quote(name));
        return (
            message,
            "V3 has `rid` and `events`; V1 has `event`, `id_credential` and `endpoints`".into(),
        );
    }
    let message = if root.members().next().is_some() {
        "neither `rid` nor `events`"
    } else {
        "an empty object"
    };
    (
        format!("not a Syncfy notification: {message}"),
        "a notification is an object with `rid` and `events`".into(),
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
            Whole(r#"[{"header":{},"payload":{}}]"#),
            Whole(r#"[{"rid":"x"}]"#),
            Whole(r#"{"body":{"rid":"x"}}"#),
            Whole(r#"{"data":"{\"rid\":1}"}"#),
            Whole(r#""{\"rid\":1}""#),
            Received(r#"{"syncfy_hooks":1,"body":{}}"#),
        ],
    }
};
