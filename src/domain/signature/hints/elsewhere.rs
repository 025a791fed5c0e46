//! Signatures in other places and of other kinds: what the sender did instead of sending a token in the right header.

use zeroize::Zeroizing;

use super::Failure;
use crate::domain::headers::Header;
use crate::domain::signature::algorithm::Algorithm;
use crate::domain::signature::encoding;
use crate::domain::signature::key::{Key, Reading};
use crate::domain::signature::token::{Token, bare};

/// So many headers are tried at most: a stranger must not make that expensive.
const CANDIDATES: usize = 2;

/// Longer bodies are not hashed for a stranger, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// What the headers carry in place of a token under a known name, most useful first.
pub(super) fn signature(failure: &Failure<'_>) -> Vec<String> {
    if let Some(hint) = passing(failure) {
        return vec![hint];
    }
    let headers = || failure.presented.headers.iter();
    let may_be_hmac = |header: &&Header| !digests(&header.value).is_empty();
    let hmac = headers()
        .filter(may_be_hmac)
        .take(CANDIDATES)
        .find_map(|header| {
            let hint = body_hmac(&header.value, failure)?;
            Some(format!("the header `{}` carries {hint}", header.name))
        });
    let any_token = || {
        let header = headers().find(|header| Token::parse(&header.value).is_ok())?;
        Some(format!(
            "the header `{name}` carries a token: if it is the signature, name it with `--signature-header {name}`",
            name = header.name
        ))
    };
    let secret = headers().find_map(|header| {
        let hint = key_itself(&header.value, failure)?;
        Some(format!("the header `{}` carries {hint}", header.name))
    });
    hmac.or(secret).or_else(any_token).into_iter().collect()
}

/// A token in another header that one of the keys made.
pub(super) fn passing(failure: &Failure<'_>) -> Option<String> {
    let is_unknown = |header: &&Header| !failure.header_names.iter().any(|name| header.is(name));
    let headers = failure.presented.headers.iter().filter(is_unknown);
    let mut tokens = headers.filter_map(|header| Some((header, Token::parse(&header.value).ok()?)));
    let (header, _) = tokens
        .by_ref()
        .take(CANDIDATES)
        .find(|(_, token)| is_signed(token, failure))?;
    Some(format!(
        "the header `{name}` carries a token that one of the keys made: name it with `--signature-header {name}`",
        name = header.name
    ))
}

fn is_signed(token: &Token<'_>, failure: &Failure<'_>) -> bool {
    let Ok(algorithm) = token.algorithm() else {
        return false;
    };
    failure
        .keys()
        .filter(|key| key.may_verify(algorithm))
        .flat_map(Key::readings)
        .any(|reading| token.is_signed_by(reading, algorithm))
}

/// Recognises the signature scheme of other providers: the HMAC of the body, in hex or base64.
pub(super) fn body_hmac(value: &[u8], failure: &Failure<'_>) -> Option<String> {
    let body = failure.presented.body?;
    if body.len() > LONGEST_BODY {
        return None;
    }
    digests(value).into_iter().find_map(|(algorithm, claimed)| {
        let made = |reading: &Reading| reading.checker().passes(&claimed, body, algorithm);
        let key = failure.keys().find(|key| key.readings().any(made))?;
        Some(format!(
            "the HMAC (`{algorithm}`) of the body with the key from `{}`, not a JWT: send a compact JWT",
            key.source()
        ))
    })
}

/// What the value may be the HMAC with, and in base64url.
fn digests(value: &[u8]) -> Vec<(Algorithm, String)> {
    let Some(text) = bare(value) else {
        return Vec::new();
    };
    let digest = text
        .split_once('=')
        .filter(|(scheme, _)| scheme.starts_with("sha"))
        .map_or(text, |(_, digest)| digest);
    let decoded = encoding::decode_hex(digest)
        .into_iter()
        .chain(encoding::decode_base64(digest));
    let of_a_length = |bytes: Zeroizing<Vec<u8>>| {
        let mut hashes = Algorithm::HMAC.into_iter();
        let algorithm = hashes.find(|algorithm| algorithm.key_bytes() == bytes.len())?;
        Some((algorithm, encoding::base64url(&bytes)))
    };
    decoded.filter_map(of_a_length).collect()
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
    let readings = || failure.keys().flat_map(Key::readings);
    meanings.any(|bytes| {
        let mut secrets = readings().filter_map(Reading::secret);
        secrets.any(|secret| *secret == bytes[..])
    })
}
