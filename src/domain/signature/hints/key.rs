//! What the sender did with the key, and which key it was.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use zeroize::Zeroizing;

use super::{Failure, elsewhere, format};
use crate::domain::notification::Outline;
use crate::domain::signature::algorithm::Algorithm;
use crate::domain::signature::encoding;
use crate::domain::signature::key::{Key, Reading};
use crate::domain::signature::reason::Reason;
use crate::domain::signature::ring::KeyRing;
use crate::domain::signature::secret::Secret;
use crate::domain::signature::token::{Token, bare};

/// Longer tokens and texts of keys are not tried in every spelling, in bytes: a stranger must not make that expensive.
const LONGEST: usize = 8 * 1024;

/// What would have passed in place of this key with this algorithm.
pub(super) fn wrong_key_or_algorithm(failure: &Failure<'_>) -> Vec<String> {
    let Ok(token) = Token::parse(failure.token()) else {
        return Vec::new();
    };
    if let Some(name) = in_another_case(token.alg()) {
        return vec![format!(
            "the token names `{}`: write `{name}`, as the names of algorithms are case-sensitive",
            brief(token.alg())
        )];
    }
    let mut hints = Vec::new();
    if failure.reason != Reason::BadSignature {
        hints.push(not_allowed(failure.reason, &token, failure.ring));
    }
    if let Some(hint) = failure.keys().find_map(|key| would_pass(&token, key)) {
        hints.push(hint);
    } else if let Some(hint) = elsewhere::passing(failure) {
        hints.push(hint);
    } else if failure.reason == Reason::BadSignature {
        let text = bare(failure.token()).unwrap_or_default();
        if let Some(hint) = format::cut(text) {
            return vec![hint];
        }
        hints.extend(unknown_kid(&token, failure.ring));
        hints.extend(detached(&token));
        hints.push(
            "check that the key is the one of this environment (sandbox and production have their own) and still current"
                .to_owned(),
        );
    }
    hints
}

/// Which environment the key is for that made the token.
pub(super) fn other_environment(failure: &Failure<'_>) -> Vec<String> {
    let token = Token::parse(failure.token());
    let made_by = |key: &&Key| {
        token.as_ref().is_ok_and(|token| {
            let signed = |reading: &Reading| {
                key.algorithms()
                    .any(|algorithm| token.is_signed_by(reading, algorithm))
            };
            key.readings().any(signed)
        })
    };
    let Some(key) = failure.keys().find(made_by) else {
        return Vec::new();
    };
    let own = key.source().environment();
    let outline = failure.presented.outline;
    let mut named = outline.into_iter().flat_map(Outline::environments);
    let Some(other) = named.find(|environment| Some(*environment) != own) else {
        return Vec::new();
    };
    vec![format!(
        "the key from `{}` made the token, and the notification is of {other}: sign it with the key of {other}",
        key.source()
    )]
}

/// A text of the token, as long as a hint may be.
fn brief(text: &str) -> Cow<'_, str> {
    const MOST: usize = 40;

    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// The algorithm whose name this is but for upper and lower case (RFC 7515, section 4.1.1).
fn in_another_case(name: &str) -> Option<Algorithm> {
    Algorithm::named(name).filter(|known| known.name() != name)
}

fn not_allowed(reason: Reason, token: &Token<'_>, ring: &KeyRing) -> String {
    let allowed: Vec<String> = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| ring.iter().any(|key| key.may_verify(*algorithm)))
        .map(|algorithm| format!("`{algorithm}`"))
        .collect();
    if allowed.is_empty() {
        return "add `verify` to `key_ops` in the JWK, or leave `key_ops` out".to_owned();
    }
    let allowed = allowed.join(", ");
    if reason == Reason::AlgorithmConfusion {
        return format!(
            "have the sender sign with {allowed} and the private key: a public key is no secret, and HMAC with it proves nothing"
        );
    }
    format!(
        "the token is signed with `{}` and the key allows {allowed}: have the sender use that, or give its key here",
        brief(token.alg()),
    )
}

fn unknown_kid(token: &Token<'_>, ring: &KeyRing) -> Option<String> {
    const MOST: usize = 8;

    let kid = token.kid()?;
    let known: Vec<String> = ring
        .iter()
        .filter_map(Key::kid)
        .take(MOST)
        .map(|kid| format!("`{}`", brief(kid)))
        .collect();
    let is_unknown = !known.is_empty() && ring.iter().all(|key| key.kid() != Some(&*kid));
    is_unknown.then(|| {
        format!(
            "the token names the key `{}`, and the keys given are {}",
            brief(&kid),
            known.join(", ")
        )
    })
}

fn detached(token: &Token<'_>) -> Option<String> {
    token.is_detached().then(|| {
        "the token has no payload (RFC 7515, appendix F): send one that carries its claims"
            .to_owned()
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
        let named = brief(token.alg());
        return Some(if token.alg().parse() == Ok(algorithm) {
            format!(
                "the signature itself is right: the key from `{source}` made it, but its `alg` or `key_ops` forbids `{named}`"
            )
        } else {
            format!(
                "the token names `{named}` but is signed with `{algorithm}` by the key from `{source}`: correct `alg`"
            )
        });
    }
    if token.length() > LONGEST {
        return None;
    }
    let with_text = texts(key).find_map(|text| signed(&Reading::of_secret(text)?));
    if with_text.is_some() {
        return Some(if key.is_shared_secret() {
            format!(
                "the sender uses the whole text of the JWK (`{source}`) as the secret: let it decode the `k` in it"
            )
        } else if key.is_public() {
            format!(
                "the secret is the text of the public key (`{source}`), which anyone can have: this is a forgery"
            )
        } else {
            format!(
                "the sender takes the text of the key (`{source}`) for a shared secret: have it sign with the private key"
            )
        });
    }
    let signed = |secret| {
        let reading = Reading::of_secret(secret)?;
        let mut algorithms = Algorithm::HMAC.into_iter();
        algorithms.find(|algorithm| token.is_signed_by(&reading, *algorithm))
    };
    key.readings()
        .filter_map(Reading::secret)
        .flat_map(alternatives)
        .find_map(|(secret, what)| {
            signed(secret)?;
            Some(format!("the sender takes {what} for the secret (`{source}`): correct it there, or give here what it takes, with `text:` in front"))
        })
}

/// The text of a JWK or a PEM as a program may have read it.
fn texts(key: &Key) -> impl Iterator<Item = Secret> {
    let all = key.pasted().expose();
    let trimmed = all.trim_ascii();
    let is_wrapped = key.first_reading().shape().is_wrapped() && all.len() <= LONGEST;
    [all.to_vec(), trimmed.to_vec(), [trimmed, b"\n"].concat()]
        .map(Secret::new)
        .into_iter()
        .filter(move |_| is_wrapped)
}

/// Secrets that a sender may have made of the same key by mistake, and what they are.
fn alternatives(secret: &Secret) -> Vec<(Secret, String)> {
    let bytes = secret.expose();
    if bytes.len() > LONGEST / 2 {
        return Vec::new();
    }
    let spellings = [
        ("the key", Zeroizing::new(bytes.to_vec())),
        (
            "the undecoded base64url text of the key",
            text(encoding::base64url(bytes)),
        ),
        (
            "the undecoded base64 text of the key",
            text(STANDARD.encode(bytes)),
        ),
        (
            "the undecoded hex text of the key",
            text(encoding::hex(bytes)),
        ),
    ];
    let endings: [(&str, &[u8], &[u8]); 4] = [
        ("", b"", b""),
        (" and a trailing newline", b"", b"\n"),
        (" and a trailing CRLF", b"", b"\r\n"),
        (" in quotes", b"\"", b"\""),
    ];
    let mut others = Vec::new();
    for (what, spelling) in &spellings {
        for (more, before, after) in endings {
            let made = Secret::new([before, spelling.as_slice(), after].concat());
            others.push((made, format!("{what}{more}")));
        }
    }
    let trimmed = bytes.trim_ascii();
    let plain = std::str::from_utf8(trimmed).unwrap_or_default();
    let decoded = [
        (
            Some(Zeroizing::new(trimmed.to_vec())),
            "the key without the whitespace around it",
        ),
        (
            encoding::decode_base64(plain),
            "the key decoded from base64 once more",
        ),
        (encoding::decode_hex(plain), "the key decoded from hex"),
    ];
    let decoded = decoded.into_iter();
    others.extend(decoded.filter_map(|(made, what)| Some((Secret::new(made?), what.to_owned()))));
    others
}

fn text(text: String) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.into_bytes())
}
