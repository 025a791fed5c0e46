//! Signatures in other places and of other kinds: what the sender did instead of sending a token in the right header.

use zeroize::Zeroizing;

use super::Failure;
use crate::domain::headers::Header;
use crate::domain::signature::algorithm::Algorithm;
use crate::domain::signature::encoding;
use crate::domain::signature::key::{Key, Reading};
use crate::domain::signature::primitive::Checker;
use crate::domain::signature::token::{Token, bare};

/// What the headers carry in place of a token under a known name, most useful first.
pub(super) fn signature(failure: &Failure<'_>) -> Vec<String> {
    if let Some(hint) = passing(failure) {
        return vec![hint];
    }
    let headers = || failure.presented.headers.iter();
    let hmac = headers().find_map(|header| {
        let hint = body_hmac(&header.value, failure)?;
        Some(format!("the header `{}` carries {hint}", header.name))
    });
    let of_another_key = || {
        let header = headers().find(|header| Token::parse(&header.value).is_ok())?;
        Some(format!(
            "the header `{name}` carries a token that no key here made: if it is the signature, name it with \
             `--signature-header {name}`",
            name = header.name
        ))
    };
    let secret = headers().find_map(|header| {
        let hint = key_itself(&header.value, failure)?;
        Some(format!("the header `{}` carries {hint}", header.name))
    });
    hmac.or(secret)
        .or_else(of_another_key)
        .into_iter()
        .collect()
}

/// A token in another header that one of the keys made.
pub(super) fn passing(failure: &Failure<'_>) -> Option<String> {
    let passes = |header: &&Header| {
        let known = |name: &String| header.is(name);
        !failure.header_names.iter().any(known) && is_signed(&header.value, failure)
    };
    let header = failure.presented.headers.iter().find(passes)?;
    Some(format!(
        "the header `{name}` carries a token that one of the keys made: name it with `--signature-header {name}`",
        name = header.name
    ))
}

fn is_signed(value: &[u8], failure: &Failure<'_>) -> bool {
    let Ok(token) = Token::parse(value) else {
        return false;
    };
    let Ok(algorithm) = token.algorithm() else {
        return false;
    };
    failure
        .ring
        .iter()
        .filter(|key| key.may_verify(algorithm))
        .flat_map(Key::readings)
        .any(|reading| token.is_signed_by(reading, algorithm))
}

/// Recognises the signature scheme of other providers: the HMAC of the body, in hex or base64.
pub(super) fn body_hmac(value: &[u8], failure: &Failure<'_>) -> Option<String> {
    let body = failure.body()?;
    let text = bare(value)?;
    let digest = text
        .split_once('=')
        .filter(|(scheme, _)| scheme.starts_with("sha"))
        .map_or(text, |(_, digest)| digest);
    let decoded = encoding::decode_hex(digest)
        .into_iter()
        .chain(encoding::decode_base64(digest));
    for claimed in decoded {
        let of_this_length = |algorithm: &Algorithm| algorithm.key_bytes() == claimed.len();
        let Some(algorithm) = Algorithm::HMAC.into_iter().find(of_this_length) else {
            continue;
        };
        let claimed = encoding::base64url(&claimed);
        let made = |checker: &Checker| checker.passes(&claimed, body, algorithm);
        let made_by = |key: &&Key| key.readings().any(|reading| made(reading.checker()));
        if let Some(key) = failure.ring.iter().find(made_by) {
            return Some(format!(
                "the HMAC (`{algorithm}`) of the body with the key from `{}`, not a JWT: send a compact JWT",
                key.source()
            ));
        }
    }
    None
}

/// Recognises the secret, sent in place of a token that it signs.
pub(super) fn key_itself(value: &[u8], failure: &Failure<'_>) -> Option<String> {
    is_secret(bare(value)?, failure).then(|| {
        "the JWT key itself, where every proxy and log can read it: send a token signed with it, and take the key for known"
            .to_owned()
    })
}

fn is_secret(text: &str, failure: &Failure<'_>) -> bool {
    let mut meanings = encoding::decode_hex(text)
        .into_iter()
        .chain(encoding::decode_base64(text))
        .chain([Zeroizing::new(text.as_bytes().to_vec())]);
    let readings = || failure.ring.iter().flat_map(Key::readings);
    meanings.any(|bytes| {
        let mut secrets = readings().filter_map(Reading::secret);
        secrets.any(|secret| *secret == bytes[..])
    })
}
