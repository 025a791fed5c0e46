//! What came in the place of a compact JWT, and what became of one on its way.

use super::{Failure, elsewhere};
use crate::domain::signature::algorithm::{Algorithm, Curve, KeyType};
use crate::domain::signature::encoding;
use crate::domain::signature::token::{bare, parts};

/// What the value is instead.
pub(super) fn not_a_token(failure: &Failure<'_>) -> Vec<String> {
    let text = bare(failure.token()).unwrap_or_default();
    let other_scheme = || {
        let hint = elsewhere::body_hmac(failure.token(), failure)?;
        Some(format!("the value is {hint}"))
    };
    let hint = other_scheme()
        .or_else(|| {
            elsewhere::key_itself(failure.token(), failure)
                .map(|hint| format!("the value is {hint}"))
        })
        .or_else(|| cut(text))
        .unwrap_or_else(|| by_its_looks(text).to_owned());
    let mut hints = vec![hint];
    hints.extend(elsewhere::passing(failure));
    hints
}

/// What to do about a token that only a forgiving reader would take.
pub(super) fn another_spelling(failure: &Failure<'_>) -> Vec<String> {
    let text = bare(failure.token()).unwrap_or_default();
    let hint = cut(text).unwrap_or_else(|| {
        "encode the parts as base64url without padding: `-` and `_`, never `+`, `/` or `=`, and no bits left over"
            .to_owned()
    });
    vec![hint]
}

fn by_its_looks(text: &str) -> &'static str {
    if text.is_empty() {
        "the header is there but empty: send the token in it"
    } else if text.contains("...") || text.contains('…') {
        "the token was shortened for a reader: paste all of it"
    } else if text.matches('.').count() == 4 {
        "this has the five parts of an encrypted token (JWE): send a signed one, which has three"
    } else if text.matches('.').count() != 2 {
        "send a compact JWT, `header.payload.signature`: the value was cut, or is something else"
    } else if text.contains([' ', '"', '\'', ',']) {
        "remove the quotes, spaces and commas around the token"
    } else {
        "one of the three parts is not base64url, or the first is not a JSON object with an `alg`"
    }
}

/// Whether the signature has a length that the algorithm never gives.
pub(super) fn cut(text: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Header {
        alg: String,
    }

    let [header, _, signature] = parts(text)?;
    let header: Header = serde_json::from_slice(&encoding::decode_base64(header)?).ok()?;
    let algorithm: Algorithm = header.alg.parse().ok()?;
    let wanted = signature_characters(algorithm)?;
    let characters = signature.trim_end_matches('=').chars().count();
    let is_it = |other: &Algorithm| signature_characters(*other) == Some(characters);
    let why = match Algorithm::HMAC.iter().find(|other| is_it(other)) {
        _ if characters == wanted => return None,
        Some(other) => format!("`{other}` has so many"),
        None => "the token was cut, or something was added".to_owned(),
    };
    Some(format!(
        "the third part has {characters} characters, and that of `{algorithm}` has {wanted}: {why}"
    ))
}

/// The length of a signature in base64url, where it does not depend on the key.
fn signature_characters(algorithm: Algorithm) -> Option<usize> {
    let bytes = match algorithm.key_type() {
        KeyType::Oct => algorithm.key_bytes(),
        KeyType::Rsa => return None,
        KeyType::Ec(Curve::P256) | KeyType::Okp => 64,
        KeyType::Ec(Curve::P384) => 96,
        KeyType::Ec(Curve::P521) => 132,
    };
    Some((bytes * 4).div_ceil(3))
}
