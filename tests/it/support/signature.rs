//! Tokens made by hand, so that the program is not checked against itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// 2100-01-01: no test lives to see it.
const FAR: i64 = 4_102_444_800;

/// A valid HS256 token that covers the body.
pub(crate) fn token(body: impl AsRef<[u8]>, key: &str) -> String {
    let digest = Sha256::digest(body.as_ref());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    token_with(&json!({ "exp": FAR, "body_sha256": digest }), key)
}

/// An HS256 token with these claims.
pub(crate) fn token_with(claims: &Value, key: impl AsRef<[u8]>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!(
        "{}.{}",
        part(&json!({ "alg": "HS256", "typ": "JWT" })),
        part(claims)
    );
    let mut hmac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("HMAC takes any key");
    hmac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// The headers of a signed notification: name and token.
pub(crate) fn signed(body: impl AsRef<[u8]>, key: &str) -> (&'static str, String) {
    ("request-signature", token(body, key))
}

#[test]
fn another_implementation_makes_the_same_token() {
    // Made with Python's `hmac`.
    assert_eq!(
        token_with(&json!({ "iss": "joe" }), "secret"),
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJqb2UifQ.yb-iLVXluCLKGDiKkuA0qgbKh7vbSrvNpKh2f-QihWg"
    );
}
