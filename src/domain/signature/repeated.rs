//! Claims that repeat the notification they come with, in place of its digest.
//!
//! Owns what counts as a notification in them, and when two texts say the same; refuses to know digests.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::token::{ClaimSet, string};
use crate::domain::json;

/// Claims that are about the token (RFC 7519, section 4.1).
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Claims whose notification is meant to be that of the body. Under other names it may be an older one.
const OF_THE_BODY: [&str; 6] = [
    "body",
    "data",
    "event",
    "message",
    "notification",
    "payload",
];

/// Whether a notification that the claims repeat is that of the body; nothing where that cannot be said. It may be the
/// claims themselves, beside those that are about the token, or one of them, also as text.
pub(super) fn is_body(claims: &ClaimSet<'_>, body: &[u8]) -> Option<bool> {
    let own = Envelope {
        rid: claims.get("rid"),
        events: claims.get("events"),
    };
    let objects = claims.members().map(|(_, value)| value);
    let ones: Vec<&RawValue> = objects
        .filter(|value| value.get().starts_with('{') && Envelope::of(value).is_whole())
        .collect();
    let as_text = || claims.strings().any(|(_, text)| text.as_bytes() == body);
    if !own.is_whole() && ones.is_empty() && !as_text() {
        return None;
    }
    let body = envelope(body);
    let equals_one = body.is_some_and(|body| ones.iter().any(|one| same(one, body, 0)));
    if equals_one || body.is_some() && as_text() {
        return Some(true);
    }
    if own.is_whole()
        && let Some(body) = body
    {
        let members = json::members(body);
        let in_the_claims = |(name, value): &(&RawValue, &RawValue)| {
            let claim = string(name).and_then(|name| claims.get(&name));
            claim.is_some_and(|claim| same(claim, value, 0))
        };
        let in_the_body = |name: &str| members.iter().any(|(member, _)| text(member) == name);
        if members.iter().all(in_the_claims) {
            // What the claims say beyond the body may have been taken out of it.
            let mut names = claims.members().map(|(name, _)| name);
            let says_all = names.all(|name| REGISTERED.contains(&name) || in_the_body(name));
            return says_all.then_some(true);
        }
    }
    let is_of_the_body = |(name, value): (&str, &RawValue)| {
        OF_THE_BODY.contains(&name) && Envelope::of(value).tells_of_events()
    };
    let differs = own.tells_of_events() || claims.members().any(is_of_the_body);
    differs.then_some(false)
}

/// The body, where it is an object like that of a notification.
fn envelope(body: &[u8]) -> Option<&RawValue> {
    let body = serde_json::from_slice(body).ok()?;
    Envelope::of(body).is_whole().then_some(body)
}

/// What makes an object a notification.
struct Envelope<'a> {
    rid: Option<&'a RawValue>,
    events: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    fn of(object: &'a RawValue) -> Self {
        let members = json::members(object);
        let named = |wanted| {
            let mut members = members.iter().rev();
            let found = members.find(|(name, _)| text(name) == wanted);
            found.map(|(_, value)| *value)
        };
        Self {
            rid: named("rid"),
            events: named("events"),
        }
    }

    /// Whether it can be one at all.
    fn is_whole(&self) -> bool {
        self.rid.is_some() && self.events.is_some()
    }

    /// Whether it is one beyond doubt: others have an `rid` or `events` too.
    fn tells_of_events(&self) -> bool {
        let is_event = |event: &&RawValue| {
            let members = json::members(event);
            members
                .iter()
                .any(|(name, _)| ["header", "payload"].contains(&&*text(name)))
        };
        self.rid.is_some()
            && self
                .events
                .is_some_and(|events| json::elements(events).iter().any(is_event))
    }
}

/// Whether two JSON strings are the same text; those that are no text, the same spelling.
fn same_text(one: &RawValue, other: &RawValue) -> bool {
    match (string(one), string(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.get() == other.get(),
        _ => false,
    }
}

/// The text of a JSON string; of one that is no text, its spelling.
fn text(value: &RawValue) -> Cow<'_, str> {
    string(value).unwrap_or_else(|| value.get().into())
}

/// Whether two JSON texts say the same, but for spacing, the spelling of strings and the order of members. Numbers are the
/// same only digit by digit.
fn same(one: &RawValue, other: &RawValue, depth: u8) -> bool {
    const DEEPEST: u8 = 100;

    let kind = one.get().as_bytes().first();
    if depth > DEEPEST || kind != other.get().as_bytes().first() {
        return false;
    }
    match kind {
        Some(b'{') => {
            let sorted = |object| {
                let mut members = json::members(object);
                members.sort_by_key(|(name, _)| text(name));
                members
            };
            let (one, other) = (sorted(one), sorted(other));
            one.len() == other.len()
                && one
                    .iter()
                    .zip(&other)
                    .all(|((name, value), (other_name, other_value))| {
                        same_text(name, other_name) && same(value, other_value, depth + 1)
                    })
        }
        Some(b'[') => {
            let (one, other) = (json::elements(one), json::elements(other));
            one.len() == other.len()
                && one
                    .iter()
                    .zip(&other)
                    .all(|(one, other)| same(one, other, depth + 1))
        }
        Some(b'"') => same_text(one, other),
        _ => one.get() == other.get(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"rid":"r","events":[{"payload":{"a": 1.50}}]}"#;

    fn judge(claims: &str, body: &str) -> Option<bool> {
        let raw = RawValue::from_string(claims.to_owned()).unwrap();
        is_body(&ClaimSet::parse(&raw).unwrap(), body.as_bytes())
    }

    #[test]
    fn the_same_values_are_the_same_notification() {
        let text = serde_json::Value::from(BODY);
        for same in [
            r#"{"rid":"r","events":[{"payload":{"a":1.50}}],"iat":1}"#,
            r#"{ "iat": 1, "event\u0073": [ {"payload": { "a" : 1.50 } } ], "rid": "\u0072" }"#,
            r#"{"iat":1,"notification":{"events":[{"payload":{"a":1.50}}],"rid":"r"}}"#,
            r#"{"old":{"events":[{"payload":{}}],"rid":"r"},"new":{"events":[{"payload":{"a":1.50}}],"rid":"r"}}"#,
            &format!(r#"{{"iat":1,"data":{text}}}"#),
        ] {
            assert_eq!(judge(same, BODY), Some(true), "{same}");
        }
        for other in [
            r#"{"rid":"r","events":[{"payload":{"a":1.5}}]}"#,
            r#"{"rid":"r","events":[{"payload":{"a":1.50}},{}]}"#,
            r#"{"rid":"r","events":[{"payload":{"a":1.50,"b":1}}]}"#,
            r#"{"iat":1,"notification":{"events":[{"payload":{"a":1.50}}],"rid":"r","x":1}}"#,
        ] {
            assert_eq!(judge(other, BODY), Some(false), "{other}");
        }
    }

    #[test]
    fn what_is_no_notification_says_nothing_of_the_body() {
        for neither in [
            "{}",
            r#"{"rid":"r"}"#,
            r#"{"rid":"r","events":["credentials.updated"]}"#,
            r#"{"rid":"r","events":{"https://x":{}}}"#,
            r#"{"meta":{"rid":"r","events":1}}"#,
            r#"{"iss":"syncfy"}"#,
        ] {
            assert_eq!(judge(neither, BODY), None, "{neither}");
        }
        let empty = r#"{"rid":"r","events":[]}"#;
        assert_eq!(judge(empty, BODY), None);
        assert_eq!(judge(empty, empty), Some(true));
        assert_eq!(judge(r#"{"iss":"syncfy"}"#, "syncfy"), None);
        assert_eq!(judge(r#"{"iss":""}"#, ""), None);
    }

    #[test]
    fn a_body_of_another_kind_is_another_one() {
        for body in [
            r#"[{"transfer":"evil"}]"#,
            "{}",
            "666",
            "",
            r#"{"rid":"r"}"#,
            r#"{"rid":"r","events":[{"payload":{"a": 1.50}}],"also":1}"#,
            &format!(r#"{{"rid":"r","events":{}}}"#, "[".repeat(200_000)),
        ] {
            assert_eq!(judge(BODY, body), Some(false), "{body:.60}");
        }
    }

    #[test]
    fn what_the_claims_say_beyond_the_body_may_have_been_taken_out() {
        let more = r#"{"rid":"r","events":[{"payload":{"a": 1.50}}],"status":"failed","iat":1}"#;
        assert_eq!(judge(more, BODY), None);
        let older = r#"{"prev":{"rid":"q","events":[{"payload":{}}]}}"#;
        assert_eq!(judge(older, BODY), None);
    }

    #[test]
    fn half_a_pair_of_surrogates_equals_only_itself() {
        let body = |text: &str| format!(r#"{{"rid":"r","events":[{{"payload":"{text}"}}]}}"#);
        let half = body(r"x\ud800");
        assert_eq!(judge(&half, &half), Some(true));
        assert_eq!(judge(&half, &body(r"EVIL\udfff")), Some(false));
        let spelt = body(r#"\"\\ud800\""#);
        assert_eq!(judge(&spelt, &body(r"\ud800")), Some(false));
    }
}
