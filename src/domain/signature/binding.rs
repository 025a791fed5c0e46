//! Whether a token covers the body it came with.
//!
//! Syncfy does not document which claims its tokens carry, so a binding is detected, never demanded. Owns which claims
//! hold the digest of a body; refuses to know keys and signatures.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::encoding;
use super::repeated;
use super::token::{ClaimSet, string};

/// The claim that `sign` makes. Compared, as all names here, without case, `-` and `_`.
const OWN: &str = "bodysha256";

/// Claims that hold the digest of the body wherever they look like one.
const OF_THE_BODY: [&str; 8] = [
    "bodyhash",
    "bodydigest",
    "payloadsha256",
    "payloadhash",
    "payloaddigest",
    "requestbodysha256",
    "contentsha256",
    "contentdigest",
];

/// Claims that may hold it, and count unless another covers the body.
const OF_SOMETHING: [&str; 4] = ["sha256", "digest", "htb", "requesthash"];

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

    /// Judges the claims of a token against the exact body. An equal digest under any name binds; a differing one counts
    /// only under a name made for it, and then whatever else is there. Where the claims repeat a notification, its values
    /// must be those of the body, every digit of a number included; spacing and the order of members do not matter then.
    #[must_use]
    pub fn judge(claims: &ClaimSet<'_>, body: &[u8]) -> Self {
        by_digest(claims, body)
            .or_else(|| {
                let is_body = repeated::is_body(claims, body)?;
                Some(if is_body { Self::Bound } else { Self::Mismatch })
            })
            .unwrap_or(Self::Unbound)
    }
}

/// What the digests in the claims say; nothing where none is that of a body.
fn by_digest(claims: &ClaimSet<'_>, body: &[u8]) -> Option<BodyBinding> {
    let mut actual = None;
    let (mut equals, mut differs) = (false, false);
    for (name, value) in claims.members() {
        let claimed = string(value).and_then(|text| read_digest(&text));
        let is_equal =
            claimed.map(|claimed| *actual.get_or_insert_with(|| sha256(body)) == claimed);
        let is_own = is_named(name, OWN);
        let is_of_the_body = is_own || OF_THE_BODY.iter().any(|known| is_named(name, known));
        let may_be = OF_SOMETHING.iter().any(|known| is_named(name, known));
        match is_equal {
            // Anybody's digest of nothing equals that of an empty body.
            Some(true) => equals |= is_of_the_body || may_be || !body.is_empty(),
            Some(false) if is_of_the_body => return Some(BodyBinding::Mismatch),
            Some(false) => differs |= may_be,
            // What is no digest cannot be that of this body.
            None if is_own => return Some(BodyBinding::Mismatch),
            None => {}
        }
    }
    match (equals, differs) {
        (true, _) => Some(BodyBinding::Bound),
        (false, true) => Some(BodyBinding::Mismatch),
        (false, false) => None,
    }
}

/// Whether this is the name, but for what differs between ways of writing it.
fn is_named(name: &str, known: &str) -> bool {
    let plain = name.bytes().filter(|byte| !matches!(byte, b'-' | b'_'));
    plain
        .map(|byte| byte.to_ascii_lowercase())
        .eq(known.bytes())
}

/// Every claim that looks like a SHA-256.
pub(super) fn digests<'c>(claims: &'c ClaimSet<'_>) -> impl Iterator<Item = (&'c str, Digest)> {
    claims
        .strings()
        .filter_map(|(name, value)| Some((name, read_digest(&value)?)))
}

/// A SHA-256 in hex, base64 or base64url, also as `sha256=…`, `sha-256=…`, `sha256:…`, `sha256-…` or `sha-256=:…:` (RFC 9530).
fn read_digest(text: &str) -> Option<Digest> {
    let text = text.trim();
    let text = ["sha-256=", "sha256=", "sha-256:", "sha256:", "sha256-"]
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
    use serde_json::value::RawValue;

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
        for name in ["sha256", "body_hash", "payload_sha256", "digest", "HTB"] {
            assert_eq!(judge(name, hex(b"x")), BodyBinding::Mismatch, "{name}");
            assert_eq!(judge(name, "not a digest"), BodyBinding::Unbound, "{name}");
        }
        for other in [
            Value::from("not a digest"),
            Value::Null,
            Value::from([hex(BODY)].as_slice()),
        ] {
            assert_eq!(judge("body_sha256", other), BodyBinding::Mismatch);
        }
        assert_eq!(judge("jti", hex(b"x")), BodyBinding::Unbound);
        assert_eq!(judge("sha256", "+f".repeat(32)), BodyBinding::Unbound);
        assert_eq!(judge("sha256", "é".repeat(32)), BodyBinding::Unbound);
        assert_eq!(judge("sha256", 7), BodyBinding::Unbound);
    }

    #[test]
    fn only_the_last_of_two_equal_claims_counts() {
        let claims = format!(r#"{{"sha256":"{}","sha256":"{}"}}"#, hex(BODY), hex(b"x"));
        let raw = RawValue::from_string(claims).unwrap();
        let judged = BodyBinding::judge(&ClaimSet::parse(&raw).unwrap(), BODY);
        assert_eq!(judged, BodyBinding::Mismatch);
    }

    #[test]
    fn what_is_made_for_the_body_counts_more_than_what_merely_equals_it() {
        let judge = |claims: Value, body: &[u8]| {
            with_claims(&claims, |claims| BodyBinding::judge(claims, body))
        };
        let other = serde_json::json!({"body_sha256": hex(b"x"), "jti": hex(BODY)});
        assert_eq!(judge(other, BODY), BodyBinding::Mismatch);
        let more = serde_json::json!({"body_sha256": hex(BODY), "digest": hex(b"x")});
        assert_eq!(judge(more, BODY), BodyBinding::Bound);
        let of_nothing = serde_json::json!({"prev": hex(b"")});
        assert_eq!(judge(of_nothing, b""), BodyBinding::Unbound);
    }
}
