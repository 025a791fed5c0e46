//! What the sender did with the key, and which key it was.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Failure, elsewhere};
use crate::domain::signature::algorithm::Algorithm;
use crate::domain::signature::encoding;
use crate::domain::signature::key::{Key, Reading};
use crate::domain::signature::reason::Reason;
use crate::domain::signature::ring::KeyRing;
use crate::domain::signature::secret::Secret;
use crate::domain::signature::token::Token;

/// What would have passed in place of this key with this algorithm.
pub(super) fn wrong_key_or_algorithm(failure: &Failure<'_>) -> Vec<String> {
    let Ok(token) = Token::parse(failure.token()) else {
        return Vec::new();
    };
    if let Some(name) = in_another_case(token.alg()) {
        return vec![format!(
            "the token names `{}`: write `{name}`, as the names of algorithms are case-sensitive",
            token.alg()
        )];
    }
    let mut hints = Vec::new();
    if failure.reason != Reason::BadSignature {
        hints.push(not_allowed(&token, failure.ring));
    }
    if let Some(hint) = failure.ring.iter().find_map(|key| would_pass(&token, key)) {
        hints.push(hint);
    } else if let Some(hint) = elsewhere::passing(failure) {
        hints.push(hint);
    } else if failure.reason == Reason::BadSignature {
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
    let Some(key) = failure.ring.iter().find(made_by) else {
        return Vec::new();
    };
    let environment = key.source().environment();
    let named = environment.map(|environment| format!(" of {environment}"));
    vec![format!(
        "the key{} (`{}`) made the token: sign a notification with the key of its own environment",
        named.unwrap_or_default(),
        key.source()
    )]
}

/// The algorithm whose name this is but for upper and lower case (RFC 7515, section 4.1.1).
fn in_another_case(name: &str) -> Option<Algorithm> {
    Algorithm::named(name).filter(|known| known.name() != name)
}

fn not_allowed(token: &Token<'_>, ring: &KeyRing) -> String {
    let allowed: Vec<String> = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| ring.iter().any(|key| key.may_verify(*algorithm)))
        .map(|algorithm| format!("`{algorithm}`"))
        .collect();
    if allowed.is_empty() {
        return "add `verify` to `key_ops` in the JWK, or leave `key_ops` out".to_owned();
    }
    format!(
        "the token is signed with `{}` and the key allows {}: change one of them",
        token.alg(),
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
    let with_text = texts(key).find_map(|text| signed(&Reading::of_secret(text)?));
    if with_text.is_some() {
        return Some(if key.is_shared_secret() {
            format!(
                "the sender uses the whole text of the JWK (`{source}`) as the secret: let it decode the `k` in it"
            )
        } else {
            format!(
                "the secret is the text of the public key (`{source}`), which anyone can have: this is a forgery"
            )
        });
    }
    key.readings()
        .filter_map(Reading::secret)
        .flat_map(alternatives)
        .find_map(|(secret, what)| {
            signed(&Reading::of_secret(secret)?)?;
            Some(format!("the sender uses {what} (`{source}`) as the secret: correct it there, or give the key that way here"))
        })
}

/// The text of a JWK or a PEM as a program may have read it.
fn texts(key: &Key) -> impl Iterator<Item = Secret> {
    let all = key.pasted().expose();
    let trimmed = all.trim_ascii();
    let is_wrapped = key.first_reading().shape().is_wrapped();
    [all.to_vec(), trimmed.to_vec(), [trimmed, b"\n"].concat()]
        .map(Secret::new)
        .into_iter()
        .filter(move |_| is_wrapped)
}

/// Secrets that a sender may have made of the same key by mistake.
fn alternatives(secret: &Secret) -> Vec<(Secret, &'static str)> {
    let bytes = secret.expose();
    let mut others = vec![
        (
            Secret::new(encoding::base64url(bytes).into_bytes()),
            "the base64url text of the key, not decoded,",
        ),
        (
            Secret::new(STANDARD.encode(bytes).into_bytes()),
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
