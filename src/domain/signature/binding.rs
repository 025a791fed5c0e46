//! Whether a token covers the body it came with.
//!
//! Syncfy does not document which claims its tokens carry, so a binding is detected, never demanded. Owns which claims
//! bind a body and what a changed body looks like; refuses to know keys and signatures.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::encoding;
use super::token::ClaimSet;

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
type Digest = [u8; 32];

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
    /// like a digest; an equal digest under any name binds, a differing one counts only under a name made for it.
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
        match (claims.get("rid"), claims.get("events")) {
            (Some(rid), Some(events)) if is_notification(rid, events, body) => Self::Bound,
            (Some(_), Some(_)) => Self::Mismatch,
            _ => Self::Unbound,
        }
    }
}

/// Whether the claims of a notification are those of the body, compared as JSON values.
fn is_notification(rid: &RawValue, events: &RawValue, body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Notification {
        rid: Value,
        events: Value,
    }

    let same = |claim: &RawValue, value: &Value| {
        serde_json::from_str(claim.get()).is_ok_and(|own: Value| own == *value)
    };
    serde_json::from_slice(body)
        .is_ok_and(|body: Notification| same(rid, &body.rid) && same(events, &body.events))
}

/// Every claim that looks like a SHA-256.
fn digests<'c>(claims: &'c ClaimSet<'_>) -> impl Iterator<Item = (&'c str, Digest)> {
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
    decode(text)?.try_into().ok()
}

fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// A guess at the body as it was before a change, where the change is possible.
type Undo = fn(&[u8]) -> Option<Cow<'_, [u8]>>;

/// How a body came to differ from the one that the sender covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MismatchCause {
    /// A line break at the end was added on the way.
    NewlineAdded,
    /// A line break at the end was lost on the way.
    NewlineLost,
    /// Line breaks were turned from CRLF into LF.
    CrlfToLf,
    /// Line breaks were turned from LF into CRLF.
    LfToCrlf,
    /// Whitespace around the body was added on the way.
    Padded,
    /// The JSON was covered in compact spelling and arrived in another.
    WasCompact,
    /// The JSON was covered with a space after `,` and `:`, as Python writes it, and arrived in another spelling.
    WasSpaced,
}

impl MismatchCause {
    /// The change that explains why the claims cover another body, if one of the usual ones does.
    #[must_use]
    pub fn find(claims: &ClaimSet<'_>, body: &[u8]) -> Option<Self> {
        let claimed: Vec<Digest> = digests(claims).map(|(_, digest)| digest).collect();
        let candidates: [(Self, Undo); 8] = [
            (Self::NewlineAdded, |body| {
                body.strip_suffix(b"\n").map(Cow::from)
            }),
            (Self::NewlineAdded, |body| {
                body.strip_suffix(b"\r\n").map(Cow::from)
            }),
            (Self::NewlineLost, |body| {
                Some([body, b"\n"].concat().into())
            }),
            (Self::CrlfToLf, |body| Some(with_crlf(body).into())),
            (Self::LfToCrlf, |body| Some(without_cr(body).into())),
            (Self::Padded, |body| Some(body.trim_ascii().into())),
            (Self::WasCompact, |body| Some(respace(body, false)?.into())),
            (Self::WasSpaced, |body| Some(respace(body, true)?.into())),
        ];
        let explains = |was: Cow<'_, [u8]>| claimed.contains(&sha256(&was));
        candidates
            .iter()
            .find(|(_, before)| before(body).is_some_and(explains))
            .map(|(cause, _)| *cause)
    }
}

fn without_cr(body: &[u8]) -> Vec<u8> {
    body.iter().copied().filter(|byte| *byte != b'\r').collect()
}

fn with_crlf(body: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(body.len() + 64);
    for byte in without_cr(body) {
        if byte == b'\n' {
            lines.push(b'\r');
        }
        lines.push(byte);
    }
    lines
}

/// The same JSON with no space between values, or with one after `,` and `:`. Numbers, strings and order stay as they
/// are, which no round trip through values would promise.
fn respace(body: &[u8], spaced: bool) -> Option<Vec<u8>> {
    serde_json::from_slice::<&RawValue>(body).ok()?;
    let mut text = Vec::with_capacity(body.len() + body.len() / 8);
    let (mut in_string, mut escaped) = (false, false);
    for &byte in body {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            in_string = byte == b'"';
        }
        text.push(byte);
        if spaced && !in_string && matches!(byte, b',' | b':') {
            text.push(b' ');
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

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
        let same = serde_json::json!({"rid": "r", "events": [{"a": 1.5}], "iat": 1});
        let other = serde_json::json!({"rid": "r", "events": [{"a": 2}]});
        let judge = |claims: &Value| with_claims(claims, |claims| BodyBinding::judge(claims, BODY));
        assert_eq!(judge(&same), BodyBinding::Bound);
        assert_eq!(judge(&other), BodyBinding::Mismatch);
    }

    #[test]
    fn usual_changes_of_a_body_are_recognised() {
        let cases: [(&[u8], &[u8], Option<MismatchCause>); 9] = [
            (b"{}", b"{}\n", Some(MismatchCause::NewlineAdded)),
            (b"{}", b"{}\r\n", Some(MismatchCause::NewlineAdded)),
            (b"{}\n", b"{}", Some(MismatchCause::NewlineLost)),
            (b"{\r\n}", b"{\n}", Some(MismatchCause::CrlfToLf)),
            (b"{\n}", b"{\r\n}", Some(MismatchCause::LfToCrlf)),
            (b"{}", b"  {} \n", Some(MismatchCause::Padded)),
            (
                br#"{"a":"x , \" : ","b":1.0}"#,
                br#"{ "a": "x , \" : ", "b" :1.0 }"#,
                Some(MismatchCause::WasCompact),
            ),
            (
                br#"{"a": "x,\\", "b": [1, 2]}"#,
                br#"{"a":"x,\\","b":[1,2]}"#,
                Some(MismatchCause::WasSpaced),
            ),
            (b"{}", b"[]", None),
        ];
        for (covered, arrived, cause) in cases {
            let claims = serde_json::json!({"body_sha256": hex(covered)});
            let found = with_claims(&claims, |claims| MismatchCause::find(claims, arrived));
            assert_eq!(found, cause, "{}", String::from_utf8_lossy(arrived));
        }
    }
}
