//! Whether a token covers the body it came with.
//!
//! Syncfy does not document which claims its tokens carry, so a binding is detected, never demanded. Owns which claims
//! bind a body; refuses to know keys and signatures.

use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::encoding;
use super::token::{ClaimSet, string};
use crate::domain::json;

/// Claims that hold the digest of the body wherever they look like one (compared without case, `-` and `_`).
const DIGEST_CLAIMS: [&str; 14] = [
    "bodysha256",
    "sha256",
    "bodyhash",
    "bodydigest",
    "payloadsha256",
    "payloadhash",
    "payloaddigest",
    "requestbodysha256",
    "requesthash",
    "contentsha256",
    "contentdigest",
    "digest",
    "htb",
    "body",
];

/// A SHA-256.
pub(super) type Digest = [u8; 32];

/// What a token with a good signature says of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyBinding {
    /// A claim covers exactly this body, or the claims are the notification itself.
    Bound,
    /// No claim covers the body: the sender knows the key, but the body may have been changed.
    Unbound,
    /// A claim covers a body, and it is another one.
    Mismatch,
}

impl BodyBinding {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Bound, Self::Unbound, Self::Mismatch];

    /// `bound`, `unbound` or `mismatch`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bound => "bound",
            Self::Unbound => "unbound",
            Self::Mismatch => "mismatch",
        }
    }

    /// Judges the claims of a token against the exact body. The body is hashed once at most, and only when a claim looks
    /// like a digest; an equal digest under any name binds, a differing one counts only under a name made for it. Where a
    /// notification is repeated in the claims, its values must be those of the body, every digit of a number included;
    /// spacing and the order of members do not matter then.
    #[must_use]
    pub fn judge(claims: &ClaimSet<'_>, body: &[u8]) -> Self {
        let mut actual = None;
        let mut differs = false;
        for (name, claimed) in digests(claims) {
            if *actual.get_or_insert_with(|| sha256(body)) == claimed {
                return Self::Bound;
            }
            differs |= is_digest_claim(name);
        }
        if differs {
            return Self::Mismatch;
        }
        if claims.strings().any(|(_, text)| text.as_bytes() == body) {
            return Self::Bound;
        }
        match repeated(claims, body) {
            None => Self::Unbound,
            Some(true) => Self::Bound,
            Some(false) => Self::Mismatch,
        }
    }
}

/// Whether a notification that the claims repeat is that of the body; nothing where they repeat none. It may be the
/// claims themselves, which then may hold more, or one of them.
fn repeated(claims: &ClaimSet<'_>, body: &[u8]) -> Option<bool> {
    let notification = |value: &&RawValue| {
        let names: Vec<_> = json::members(value)
            .into_iter()
            .filter_map(|(name, _)| string(name))
            .collect();
        ["rid", "events"]
            .iter()
            .all(|needed| names.iter().any(|name| name == needed))
    };
    let one = claims.values().find(notification);
    let are_themselves = claims.get("rid").is_some() && claims.get("events").is_some();
    if one.is_none() && !are_themselves {
        return None;
    }
    let Ok(body) = serde_json::from_slice::<&RawValue>(body) else {
        return Some(false);
    };
    Some(match one {
        Some(one) => same(one, body, 0),
        None => json::members(body).into_iter().all(|(name, value)| {
            let claim = string(name).and_then(|name| claims.get(&name));
            claim.is_some_and(|claim| same(claim, value, 0))
        }),
    })
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
                members.sort_by_key(|(name, _)| string(name));
                members
            };
            let (one, other) = (sorted(one), sorted(other));
            one.len() == other.len()
                && one
                    .iter()
                    .zip(&other)
                    .all(|((name, value), (other_name, other_value))| {
                        string(name) == string(other_name) && same(value, other_value, depth + 1)
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
        Some(b'"') => string(one) == string(other),
        _ => one.get() == other.get(),
    }
}

/// Every claim that looks like a SHA-256.
pub(super) fn digests<'c>(claims: &'c ClaimSet<'_>) -> impl Iterator<Item = (&'c str, Digest)> {
    claims
        .strings()
        .filter_map(|(name, value)| Some((name, read_digest(&value)?)))
}

fn is_digest_claim(name: &str) -> bool {
    let plain = name
        .bytes()
        .filter(|byte| !matches!(byte, b'-' | b'_'))
        .map(|byte| byte.to_ascii_lowercase());
    DIGEST_CLAIMS
        .iter()
        .any(|known| plain.clone().eq(known.bytes()))
}

/// A SHA-256 in hex, base64 or base64url, also as `sha256=…`, `sha-256=…`, `sha256:…` or `sha-256=:…:` (RFC 9530).
fn read_digest(text: &str) -> Option<Digest> {
    let text = ["sha-256=", "sha256=", "sha-256:", "sha256:"]
        .iter()
        .find_map(|prefix| {
            text.split_at_checked(prefix.len())
                .filter(|(head, _)| head.eq_ignore_ascii_case(prefix))
        })
        .map_or(text, |(_, rest)| rest)
        .trim_matches(':');
    let decode = match text.len() {
        64 => encoding::decode_hex,
        43 | 44 => encoding::decode_base64,
        _ => return None,
    };
    decode(text)?.as_slice().try_into().ok()
}

pub(super) fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

    use serde_json::Value;

    use super::*;

    const BODY: &[u8] = br#"{"rid":"r","events":[{"a": 1.50}]}"#;

    fn with_claims<T>(claims: &Value, judge: impl FnOnce(&ClaimSet<'_>) -> T) -> T {
        let raw = RawValue::from_string(claims.to_string()).unwrap();
        judge(&ClaimSet::parse(&raw).unwrap())
    }

    fn judge(name: &str, value: impl Into<Value>) -> BodyBinding {
        let claims = Value::Object([(name.to_owned(), value.into())].into_iter().collect());
        with_claims(&claims, |claims| BodyBinding::judge(claims, BODY))
    }

    fn hex(bytes: &[u8]) -> String {
        format!("{:x}", Sha256::digest(bytes))
    }

    #[test]
    fn an_equal_digest_binds_under_any_name_and_spelling() {
        let digest = sha256(BODY);
        for text in [
            hex(BODY),
            hex(BODY).to_uppercase(),
            STANDARD.encode(digest),
            URL_SAFE_NO_PAD.encode(digest),
            URL_SAFE.encode(digest),
        ] {
            for prefix in ["", "sha256=", "SHA-256=", "sha256:"] {
                assert_eq!(
                    judge("Body-SHA256", format!("{prefix}{text}")),
                    BodyBinding::Bound,
                    "{prefix}{text}"
                );
            }
        }
        assert_eq!(
            judge("digest", format!("sha-256=:{}:", STANDARD.encode(digest))),
            BodyBinding::Bound
        );
        assert_eq!(judge("whatever", hex(BODY)), BodyBinding::Bound);
    }

    #[test]
    fn another_digest_counts_only_where_the_name_says_so() {
        for name in [
            "body_sha256",
            "sha256",
            "body_hash",
            "payload_sha256",
            "digest",
            "htb",
            "BODY",
        ] {
            assert_eq!(judge(name, hex(b"x")), BodyBinding::Mismatch, "{name}");
            assert_eq!(judge(name, "not a digest"), BodyBinding::Unbound, "{name}");
        }
        assert_eq!(judge("jti", hex(b"x")), BodyBinding::Unbound);
        assert_eq!(judge("sha256", "+f".repeat(32)), BodyBinding::Unbound);
        assert_eq!(judge("sha256", "é".repeat(32)), BodyBinding::Unbound);
        assert_eq!(judge("sha256", 7), BodyBinding::Unbound);
    }

    #[test]
    fn claims_may_be_the_notification_itself() {
        let judge = |claims: &str| {
            let raw = RawValue::from_string(claims.to_owned()).unwrap();
            BodyBinding::judge(&ClaimSet::parse(&raw).unwrap(), BODY)
        };
        let text = serde_json::Value::from(std::str::from_utf8(BODY).unwrap());
        for same in [
            r#"{"rid":"r","events":[{"a":1.50}],"iat":1}"#,
            r#"{ "iat": 1, "event\u0073": [ { "a" : 1.50 } ], "rid": "\u0072" }"#,
            r#"{"iat":1,"notification":{"events":[{"a":1.50}],"rid":"r"}}"#,
            &format!(r#"{{"iat":1,"data":{text}}}"#),
        ] {
            assert_eq!(judge(same), BodyBinding::Bound, "{same}");
        }
        for other in [
            r#"{"rid":"r","events":[{"a":1.5}]}"#,
            r#"{"rid":"r","events":[{"a":1.50},{}]}"#,
            r#"{"rid":"r","events":[{"a":1.50,"b":1}]}"#,
            r#"{"iat":1,"notification":{"events":[{"a":1.50}],"rid":"r","x":1}}"#,
        ] {
            assert_eq!(judge(other), BodyBinding::Mismatch, "{other}");
        }
        for neither in [r#"{"rid":"r"}"#, r#"{"notification":{"rid":"r"}}"#] {
            assert_eq!(judge(neither), BodyBinding::Unbound, "{neither}");
        }
    }

    #[test]
    fn a_body_that_says_more_than_the_claims_is_another_one() {
        let raw = RawValue::from_string(r#"{"rid":"r","events":[]}"#.to_owned()).unwrap();
        let claims = ClaimSet::parse(&raw).unwrap();
        let more = br#"{"rid":"r","events":[],"also":1}"#;
        assert_eq!(BodyBinding::judge(&claims, more), BodyBinding::Mismatch);
        let deep = format!(r#"{{"rid":"r","events":{}}}"#, "[".repeat(200_000));
        assert_eq!(
            BodyBinding::judge(&claims, deep.as_bytes()),
            BodyBinding::Mismatch
        );
    }

    #[test]
    fn only_the_last_of_two_equal_claims_counts() {
        let claims = format!(r#"{{"sha256":"{}","sha256":"{}"}}"#, hex(BODY), hex(b"x"));
        let raw = RawValue::from_string(claims).unwrap();
        let judged = BodyBinding::judge(&ClaimSet::parse(&raw).unwrap(), BODY);
        assert_eq!(judged, BodyBinding::Mismatch);
    }
}
