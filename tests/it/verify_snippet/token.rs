//! Tokens, right and wrong: by the program where it makes such ones, else by hand.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{KEY, Test};

/// The header of an ordinary token.
pub(super) const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The key as a plain JWK.
pub(super) fn jwk() -> Value {
    json!({ "kty": "oct", "k": URL_SAFE_NO_PAD.encode(KEY) })
}

/// The secret in whose base64 the two alphabets differ, and that ends with padding.
pub(super) const PADDED: [u8; 34] = [0xfb; 34];

/// JWKs of that secret in ways that this program reads too.
pub(super) fn unusual_jwks() -> [Value; 4] {
    let (standard, padded) = (STANDARD.encode(PADDED), URL_SAFE.encode(PADDED));
    let nested = json!({ "k": { "kty": "oct", "k": padded } });
    [
        json!({ "k": standard }),
        json!({ "kty": "oct", "k": standard.trim_end_matches('=') })
            .to_string()
            .into(),
        json!(nested.to_string()),
        json!({ "k": json!({ "k": padded }).to_string() }),
    ]
}

/// The token that the program makes for a body with these arguments.
#[track_caller]
pub(super) fn signed(body: &str, args: &[&str]) -> String {
    let output = Test::new()
        .file("key.jwk", jwk().to_string())
        .file("body.json", body)
        .args(["sign", "body.json", "--key-file", "key.jwk"])
        .args(args)
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    output.stdout().trim_end().to_owned()
}

/// When the program made this token, in Unix seconds.
pub(super) fn issued_at(token: &str) -> i64 {
    let claims = token.split('.').nth(1).expect("a token has three parts");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("it was made here");
    let claims: Value = serde_json::from_slice(&claims).expect("it was made here");
    claims["iat"].as_i64().expect("the program says when")
}

/// A token with this header and these claims, whatever they are, signed with HMAC-SHA-256.
pub(super) fn forged(
    header: impl AsRef<[u8]>,
    claims: impl AsRef<[u8]>,
    key: impl AsRef<[u8]>,
) -> String {
    let text = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let mut hmac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("HMAC takes any key");
    hmac.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes());
    format!("{text}.{signature}")
}

/// The SHA-256 of a body, as tokens carry it.
pub(super) fn digest(body: impl AsRef<[u8]>) -> String {
    let digest = Sha256::digest(body.as_ref());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
