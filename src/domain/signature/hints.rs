//! Why a token did not pass, found by trying offline what would have passed.
//!
//! Owns the guesses and their words. Runs only after a verdict, never changes one, and refuses to show any part of a
//! secret: a hint names keys by their source.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::crypto;

use super::algorithm::Algorithm;
use super::binding::MismatchCause;
use super::encoding;
use super::key::{Key, KeyRing, Reading};
use super::pasted::Shape;
use super::secret::Secret;
use super::token::{ClaimSet, Token, bare};
use super::verdict::Reason;

/// Larger bodies are not hashed again for a hint: a stranger must not make that expensive.
const MAX_BODY_BYTES: usize = 1 << 20;

/// A check that failed, and all that it had to go by.
pub(super) struct Failure<'a> {
    pub(super) reason: Reason,
    /// Empty where there was not exactly one.
    pub(super) token: &'a [u8],
    pub(super) body: Option<&'a [u8]>,
    pub(super) now: Timestamp,
    pub(super) ring: &'a KeyRing,
}

/// The likely causes and what to do about each, most likely first.
pub(super) fn explain(failure: &Failure<'_>) -> Vec<String> {
    let fixed = match failure.reason {
        Reason::BadSignature | Reason::AlgorithmNotAllowed => {
            return wrong_key_or_algorithm(failure);
        }
        Reason::MalformedToken => return not_a_token(failure),
        Reason::Expired | Reason::NotYetValid => return out_of_time(failure),
        Reason::BodyMismatch => return vec![body_changed(failure)],
        Reason::Unsigned => {
            "send the token in the header `request-signature`, or name its header with `--signature-header`"
        }
        Reason::NoKey => {
            "give the JWT key of the Syncfy dashboard with `--key-file FILE` or in `SYNCFY_HOOKS_KEY`"
        }
        Reason::SeveralSignatures => {
            "send one signature header; a proxy in between may have added the other"
        }
        Reason::AlgorithmNone => {
            "sign the token with `HS256`: anyone can make one without a signature"
        }
        Reason::CriticalHeader => "leave `crit` out of the header of the token",
        Reason::ClaimsNotObject => "sign a JSON object of claims, not the body or a digest itself",
        Reason::MalformedClaims => {
            "write `exp`, `nbf` and `iat` as Unix seconds: numbers, without quotes"
        }
    };
    vec![fixed.to_owned()]
}

fn wrong_key_or_algorithm(failure: &Failure<'_>) -> Vec<String> {
    let Ok(token) = Token::parse(failure.token) else {
        return Vec::new();
    };
    if let Some(name) = in_another_case(token.alg()) {
        return vec![format!(
            "the token names `{}`: write `{name}`, as the names of algorithms are case-sensitive",
            token.alg()
        )];
    }
    let mut hints = Vec::new();
    if failure.reason == Reason::AlgorithmNotAllowed {
        hints.push(not_allowed(&token, failure.ring));
    }
    if let Some(hint) = failure.ring.iter().find_map(|key| would_pass(&token, key)) {
        hints.push(hint);
    } else if failure.reason == Reason::BadSignature {
        hints.extend(unknown_kid(&token, failure.ring));
        hints.push(
            "check that the key is the one of this environment (sandbox and production have their own) and still current"
                .to_owned(),
        );
    }
    hints
}

/// The algorithm whose name this is but for upper and lower case (RFC 7515, section 4.1.1).
fn in_another_case(name: &str) -> Option<Algorithm> {
    Algorithm::ALL
        .into_iter()
        .find(|known| known.name() != name && known.name().eq_ignore_ascii_case(name))
}

fn not_allowed(token: &Token<'_>, ring: &KeyRing) -> String {
    let Ok(algorithm) = token.algorithm() else {
        return format!(
            "sign with `HS256`: `{}` is not an HMAC algorithm, and HMAC keys are all there is here",
            token.alg()
        );
    };
    let allowed: Vec<String> = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| ring.iter().any(|key| key.may_verify(*algorithm)))
        .map(|algorithm| format!("`{algorithm}`"))
        .collect();
    if allowed.is_empty() {
        return "add `verify` to `key_ops` in the JWK, or leave `key_ops` out".to_owned();
    }
    format!(
        "the token is signed with `{algorithm}` and the key allows {}: change one of them",
        allowed.join(", ")
    )
}

fn unknown_kid(token: &Token<'_>, ring: &KeyRing) -> Option<String> {
    let kid = token.kid()?;
    let known: Vec<String> = ring
        .iter()
        .filter_map(Key::kid)
        .map(|kid| format!("`{kid}`"))
        .collect();
    let is_unknown = !known.is_empty() && ring.iter().all(|key| key.kid() != Some(kid));
    is_unknown.then(|| {
        format!(
            "the token names the key `{kid}`, and the keys given are {}",
            known.join(", ")
        )
    })
}

/// What the sender must have done with this key, if it made the signature at all.
fn would_pass(token: &Token<'_>, key: &Key) -> Option<String> {
    let signed = |reading: &Reading| {
        Algorithm::ALL
            .into_iter()
            .find(|alg| token.is_signed_by(reading, *alg))
    };
    let source = key.source();
    if let Some(algorithm) = key.readings().find_map(signed) {
        let named = token.alg();
        return Some(if named == algorithm.name() {
            format!(
                "the signature itself is right: the key from `{source}` made it, but its `alg` or `key_ops` forbids `{named}`"
            )
        } else {
            format!(
                "the token names `{named}` but is signed with `{algorithm}` by the key from `{source}`: correct `alg`"
            )
        });
    }
    key.readings().flat_map(|reading| alternatives(reading.secret())).find_map(|(secret, what)| {
        signed(&Reading::new(Shape::Text, secret))?;
        Some(format!("the sender uses {what} (`{source}`) as the secret: correct it there, or give the key that way here"))
    })
}

/// Secrets that a sender may have made of the same key by mistake.
fn alternatives(secret: &Secret) -> Vec<(Secret, &'static str)> {
    let bytes = secret.expose();
    let mut others = vec![
        (
            Secret::new(URL_SAFE_NO_PAD.encode(bytes).into()),
            "the base64url text of the key, not decoded,",
        ),
        (
            Secret::new(STANDARD.encode(bytes).into()),
            "the base64 text of the key, not decoded,",
        ),
        (
            Secret::new([bytes, b"\n"].concat()),
            "the key and a trailing newline",
        ),
        (
            Secret::new([bytes, b"\r\n"].concat()),
            "the key and a trailing CRLF",
        ),
        (
            Secret::new(bytes.trim_ascii().to_vec()),
            "the key without the whitespace around it",
        ),
    ];
    if let Ok(text) = std::str::from_utf8(bytes.trim_ascii()) {
        let once_more = [
            (
                encoding::decode_base64(text),
                "the key decoded from base64 once more",
            ),
            (encoding::decode_hex(text), "the key decoded from hex"),
        ];
        others.extend(
            once_more
                .into_iter()
                .filter_map(|(secret, what)| Some((Secret::new(secret?), what))),
        );
    }
    others
}

fn not_a_token(failure: &Failure<'_>) -> Vec<String> {
    let text = bare(failure.token).unwrap_or_default();
    if let Some(hint) = body_hmac(text, failure) {
        return vec![hint];
    }
    let hint = if text.is_empty() {
        "the header is there but empty: send the token in it"
    } else if text.matches('.').count() == 4 {
        "this has the five parts of an encrypted token (JWE): send a signed one, which has three"
    } else if text.matches('.').count() != 2 {
        "send a compact JWT, `header.payload.signature`: the value was cut, or is something else"
    } else if text.contains(['=', '+', '/']) {
        "encode the parts as base64url without padding: `-` and `_`, never `+`, `/` or `=`"
    } else if text.contains([' ', '"', '\'', ',']) {
        "remove the quotes, spaces and commas around the token"
    } else {
        "one of the three parts is not base64url, or the first is not a JSON object with an `alg`"
    };
    vec![hint.to_owned()]
}

/// Recognises the signature scheme of other providers: the HMAC of the body, in hex or base64.
fn body_hmac(text: &str, failure: &Failure<'_>) -> Option<String> {
    let body = failure.body.filter(|body| body.len() <= MAX_BODY_BYTES)?;
    let value = text
        .split_once('=')
        .filter(|(scheme, _)| scheme.starts_with("sha"))
        .map_or(text, |(_, value)| value);
    let decoded = encoding::decode_hex(value)
        .into_iter()
        .chain(encoding::decode_base64(value));
    for claimed in decoded {
        let Some(algorithm) = Algorithm::ALL
            .into_iter()
            .find(|alg| alg.key_bytes() == claimed.len())
        else {
            continue;
        };
        let claimed = URL_SAFE_NO_PAD.encode(claimed);
        let made_by = |key: &&Key| {
            key.readings().any(|reading| {
                crypto::verify(&claimed, body, reading.decoding(), algorithm.into())
                    .unwrap_or(false)
            })
        };
        if let Some(key) = failure.ring.iter().find(made_by) {
            return Some(format!(
                "the value is the HMAC (`{algorithm}`) of the body with the key from `{}`, not a JWT: send a compact JWT",
                key.source()
            ));
        }
    }
    None
}

fn out_of_time(failure: &Failure<'_>) -> Vec<String> {
    let claims = Token::parse(failure.token).and_then(|token| token.claims());
    let Ok(claims) = claims
        .as_deref()
        .map_err(|reason| *reason)
        .and_then(ClaimSet::parse)
    else {
        return Vec::new();
    };
    let now = failure.now.as_duration().as_secs_f64();
    let seconds = |name| claims.seconds(name).ok().flatten();
    let mut hints = Vec::new();
    match (failure.reason, seconds("exp"), seconds("nbf")) {
        (Reason::Expired, Some(expires), _) => hints.push(format!(
            "it expired {} ago: sign it again (a saved request keeps its old token), or allow more with `--leeway`",
            Span(now - expires)
        )),
        (Reason::NotYetValid, _, Some(begins)) => hints.push(format!(
            "it becomes valid in {}: correct `nbf` or the clocks, or allow more with `--leeway`",
            Span(begins - now)
        )),
        _ => {}
    }
    hints.extend(seconds("iat").and_then(|issued| skew(issued, now, failure.reason)));
    hints
}

/// What `iat` says about the clocks: a token cannot come from the future, and usually arrives at once.
fn skew(issued: f64, now: f64, reason: Reason) -> Option<String> {
    const FRESH_SECONDS: f64 = 3600.0;

    let ahead = now - issued;
    if ahead < -1.0 {
        let behind = Span(-ahead);
        return Some(format!(
            "by its `iat` it was made {behind} in the future: this clock is behind, or the sender's ahead"
        ));
    }
    (reason == Reason::Expired && ahead < FRESH_SECONDS).then(|| {
        format!(
            "by its `iat` it is {} old: if it was sent just now, this clock is ahead by that much",
            Span(ahead)
        )
    })
}

fn body_changed(failure: &Failure<'_>) -> String {
    let cause = || {
        let body = failure.body.filter(|body| body.len() <= MAX_BODY_BYTES)?;
        let claims = Token::parse(failure.token).ok()?.claims().ok()?;
        MismatchCause::find(&ClaimSet::parse(&claims).ok()?, body)
    };
    match cause() {
        Some(MismatchCause::NewlineAdded) => "a trailing newline was added to the body: send it without, byte for byte",
        Some(MismatchCause::NewlineLost) => "the trailing newline of the body was lost: send it with it, byte for byte",
        Some(MismatchCause::CrlfToLf) => "CRLF became LF in the body: send it as binary (`curl --data-binary`)",
        Some(MismatchCause::LfToCrlf) => "LF became CRLF in the body: send it as binary, and keep editors away from it",
        Some(MismatchCause::Padded) => "whitespace was added around the body: send it byte for byte",
        Some(MismatchCause::WasCompact) => {
            "the JSON was re-serialised: the token covers it compact, without spaces; pass the raw bytes on"
        }
        Some(MismatchCause::WasSpaced) => {
            "the JSON was re-serialised: the token covers it with spaces after `,` and `:`; pass the raw bytes on"
        }
        None => "the body was changed after signing, or the token belongs to another notification: sign the exact bytes",
    }
    .to_owned()
}

/// A length of time in seconds, shown in its one largest unit.
#[derive(Debug, Clone, Copy)]
pub struct Span(pub f64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(f64, &str); 3] = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min")];

        match UNITS.iter().find(|(seconds, _)| self.0 >= *seconds) {
            Some((seconds, unit)) if self.0 < 1e12 => {
                write!(f, "{:.0} {unit}", (self.0 / seconds).floor())
            }
            Some(_) => f.write_str("ages"),
            None => write!(f, "{:.0} s", self.0.max(0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::signature::{Claims, Found, Verdict, Verifier, sign};

    const BODY: &[u8] = b"{}";
    const NOW: i64 = 1_700_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn hints(pasted: &str, token: &str, now: i64) -> String {
        let mut ring = KeyRing::default();
        ring.add_pasted(pasted.as_bytes(), "my.key").unwrap();
        let found = Found::One(token.as_bytes());
        let report = Verifier::new(ring, 60).verify(found, Some(BODY), at(now));
        assert_ne!(report.verdict, Verdict::Valid);
        for hint in &report.hints {
            assert!(!hint.ends_with('.') && !hint.contains("hunter"), "{hint}");
        }
        report.hints.join("\n")
    }

    fn made(pasted: &[u8], algorithm: Algorithm) -> String {
        let key = Key::parse(pasted, "sender").unwrap();
        sign(Claims::new(at(NOW), 300), &key, algorithm).unwrap()
    }

    #[test]
    fn the_sender_used_the_key_in_another_way() {
        let jwk = r#"{"k":"aHVudGVyMi1odW50ZXIy"}"#;
        let cases: [(&[u8], &str, &str); 4] = [
            (
                b"text:aHVudGVyMi1odW50ZXIy",
                jwk,
                "base64url text of the key, not decoded",
            ),
            (b"base64:aHVudGVyMgo=", "text:hunter2", "trailing newline"),
            (
                b"text:hunter2",
                "base64:aHVudGVyMgo=",
                "without the whitespace",
            ),
            (
                b"base64:aHVudGVyMi1odW50ZXIy",
                "text:aHVudGVyMi1odW50ZXIy",
                "from base64 once more",
            ),
        ];
        for (sender, receiver, cause) in cases {
            let told = hints(receiver, &made(sender, Algorithm::Hs256), NOW);
            assert!(told.contains(cause) && told.contains("`my.key`"), "{told}");
        }
    }

    #[test]
    fn the_algorithm_is_named() {
        let token = made(b"hunter2!", Algorithm::Hs512);
        let told = hints(r#"{"alg":"HS256","k":"aHVudGVyMiE"}"#, &token, NOW);
        assert!(
            told.contains("`HS512` and the key allows `HS256`") && told.contains("itself is right"),
            "{told}"
        );
        let (_, rest) = token.split_once('.').unwrap();
        let told = hints(
            "hunter2!",
            &format!("{}.{rest}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#)),
            NOW,
        );
        assert!(told.contains("sandbox and production"), "{told}");
        let (_, rest) = made(b"hunter2!", Algorithm::Hs256)
            .split_once('.')
            .map(|(header, rest)| (header.to_owned(), rest.to_owned()))
            .unwrap();
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"hs256"}"#);
        assert_eq!(
            hints("hunter2!", &format!("{header}.{rest}"), NOW),
            "the token names `hs256`: write `HS256`, as the names of algorithms are case-sensitive"
        );
        let told = hints(r#"{"key_ops":["sign"],"k":"aHVudGVyMiE"}"#, &token, NOW);
        assert!(told.contains("add `verify` to `key_ops`"), "{told}");
    }

    #[test]
    fn a_header_that_names_the_wrong_algorithm_is_told() {
        let key = Key::parse(b"hunter2!", "sender").unwrap();
        let input = format!("{}.e30", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#));
        let encoding = key.first_reading().encoding();
        let signature = crypto::sign(input.as_bytes(), encoding, Algorithm::Hs384.into()).unwrap();
        let told = hints("hunter2!", &format!("{input}.{signature}"), NOW);
        assert!(
            told.contains("names `HS256` but is signed with `HS384`"),
            "{told}"
        );
    }

    #[test]
    fn another_key_is_told_by_its_name() {
        let token = made(br#"{"kid":"old","k":"QUJD"}"#, Algorithm::Hs256);
        let told = hints(r#"{"kid":"new","k":"QUJE"}"#, &token, NOW);
        assert!(
            told.contains("names the key `old`, and the keys given are `new`"),
            "{told}"
        );
    }

    #[test]
    fn the_hmac_of_the_body_is_recognised() {
        let key = Key::parse(b"hunter2!", "k").unwrap();
        let mac = crypto::sign(
            BODY,
            key.first_reading().encoding(),
            Algorithm::Hs256.into(),
        )
        .unwrap();
        let mac = URL_SAFE_NO_PAD.decode(mac).unwrap();
        let hex = mac
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        for value in [hex.clone(), format!("sha256={hex}"), STANDARD.encode(&mac)] {
            let told = hints("hunter2!", &value, NOW);
            assert!(
                told.contains("the HMAC (`HS256`) of the body"),
                "{value}: {told}"
            );
        }
    }

    #[test]
    fn clocks_and_ages_are_measured() {
        let token = made(b"hunter2!", Algorithm::Hs256);
        let told = hints("hunter2!", &token, NOW + 300 + 600);
        assert!(
            told.contains("expired 10 min ago") && told.contains("it is 15 min old"),
            "{told}"
        );
        let shown = |seconds| Span(seconds).to_string();
        assert_eq!(
            [5.4, 61.0, 7200.0, 200_000.0, 4e7].map(shown),
            ["5 s", "1 min", "2 h", "2 d", "462 d"]
        );
        assert_eq!([f64::INFINITY, 1e300].map(shown), ["ages", "ages"]);
    }

    #[test]
    fn malformed_tokens_are_told_apart() {
        let cases = [
            ("", "empty"),
            ("a.b.c.d.e", "encrypted"),
            ("abc", "compact JWT"),
            ("ab==.c.d", "without padding"),
            ("\"a.b.c\"", "remove the quotes"),
            ("a.b.c", "not base64url"),
        ];
        for (token, cause) in cases {
            assert!(hints("hunter2!", token, NOW).contains(cause), "{token}");
        }
    }
}
