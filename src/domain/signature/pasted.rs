//! The shapes in which people paste a JWT key, and the keys each of them can mean.
//!
//! Owns the reading of pasted text: JWK, nested JWK, JWK set, PEM, JSON string, base64, hex and plain text. Refuses to
//! know what a key does. No message in here repeats any of the pasted text but the names in a JWK or a PEM.

mod error;
mod guess;
mod jwk;
mod pem;

use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

pub use self::error::KeyError;
pub use self::guess::looks_like_a_key;
use super::algorithm::Algorithm;
use super::encoding::{self, Alphabet};
use super::material::Material;
use super::secret::Secret;

/// A JSON string in a JWK in a JSON string is deep enough; more is an attack or an accident.
const MAX_DEPTH: u8 = 6;

/// From this many decoded bytes on, a text that looks random is taken for base64 first.
const RANDOM_BYTES: usize = 16;

/// How a pasted text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Shape {
    /// A JSON Web Key.
    Jwk,
    /// A JSON Web Key whose `k` is a JSON Web Key: what the Syncfy dashboard shows.
    NestedJwk,
    /// PEM, as OpenSSL writes it.
    Pem,
    /// Base64url, as the inner `k` of a JWK.
    Base64url,
    /// Standard base64.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// The text itself.
    Text,
}

impl Shape {
    /// Whether the key is in a text that is more than the key.
    pub(super) fn is_wrapped(self) -> bool {
        matches!(self, Self::Jwk | Self::NestedJwk | Self::Pem)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Jwk => "jwk",
            Self::NestedJwk => "nested-jwk",
            Self::Pem => "pem",
            Self::Base64url => "base64url",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Text => "text",
        })
    }
}

/// One key as pasted, before anything is prepared.
pub(super) struct PastedKey {
    /// What the text can mean, likeliest first, never empty.
    pub(super) readings: Vec<(Shape, Material)>,
    pub(super) limits: Limits,
}

/// What a JWK says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    pub(super) kid: Option<String>,
    pub(super) alg: Option<Algorithm>,
    key_ops: Option<Vec<String>>,
}

impl Limits {
    /// Whether `key_ops` (RFC 7517, section 4.3), where given, names the operation.
    pub(super) fn allow(&self, operation: &str) -> bool {
        self.key_ops
            .as_ref()
            .is_none_or(|named| named.iter().any(|name| name == operation))
    }
}

/// Reads a pasted text as one key, or several where it is a JWK set.
pub(super) fn read(pasted: &[u8]) -> Result<Vec<PastedKey>, KeyError> {
    let text = std::str::from_utf8(pasted).map_err(|_| KeyError::NotText)?;
    if text.contains('\0') {
        return Err(KeyError::NotText);
    }
    read_text(text.strip_prefix('\u{feff}').unwrap_or(text), 0)
}

fn read_text(text: &str, depth: u8) -> Result<Vec<PastedKey>, KeyError> {
    let text = text.trim();
    if depth > MAX_DEPTH {
        return Err(KeyError::Malformed("it is nested too deeply".into()));
    }
    if text.starts_with('{') {
        return jwk::read(text, depth);
    }
    if let Some(keys) = array(text) {
        return jwk::read_set(&keys, depth);
    }
    if let Some(inner) = unquoted(text).or_else(|| assigned(text)) {
        return read_text(inner, depth + 1);
    }
    if let Some(inner) = json_string(text) {
        return read_text(&inner, depth + 1);
    }
    let readings = match forced(text)? {
        Some(reading) => vec![reading],
        None if pem::is_pem(text) => return pem::read(text),
        None if is_foreign(text) => {
            return Err(KeyError::Unsupported(
                "a key in the format of an SSH program".into(),
            ));
        }
        None => {
            if let Some(inner) = wrapped(text) {
                return read_text(&inner, depth + 1);
            }
            bare_readings(text)
        }
    };
    let as_hex = encoding::decode_hex(text);
    let mut meanings = readings.iter().map(|(_, secret)| secret.expose());
    if meanings.any(pem::is_der) || as_hex.is_some_and(|bytes| pem::is_der(&bytes)) {
        let what = "its `-----BEGIN` and `-----END` lines are missing";
        return Err(KeyError::MalformedPem(what.into()));
    }
    if readings.iter().any(|(_, secret)| secret.is_empty()) {
        return Err(KeyError::Empty);
    }
    let as_material = |(shape, secret)| (shape, Material::Oct(secret));
    Ok(vec![PastedKey {
        readings: readings.into_iter().map(as_material).collect(),
        limits: Limits::default(),
    }])
}

/// The content of a JSON string, or nothing where the text is none.
fn json_string(text: &str) -> Option<Zeroizing<String>> {
    text.starts_with('"')
        .then(|| serde_json::from_str(text).ok().map(Zeroizing::new))?
}

/// The content of the quotes that a shell or a settings file should have removed, or a text program has put there.
fn unquoted(text: &str) -> Option<&str> {
    [('\'', '\''), ('“', '”'), ('‘', '’')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

/// The value in a line of an environment file that is meant for this program.
fn assigned(text: &str) -> Option<&str> {
    let (name, value) = text.split_once('=')?;
    let name = name.strip_prefix("export ").unwrap_or(name).trim();
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    (name.starts_with("SYNCFY_") && name.bytes().all(is_name)).then_some(value)
}

/// The JWK or PEM that the text is in base64, as keys go into variables of pipelines.
fn wrapped(text: &str) -> Option<Zeroizing<String>> {
    let bytes = encoding::decode_base64(&without_space(text))?;
    let inner = std::str::from_utf8(&bytes).ok()?;
    let start = inner.trim_start_matches('\u{feff}').trim_start();
    let is_wrapped = ["{", "[{", "\"{"]
        .iter()
        .any(|json| start.starts_with(json))
        || pem::is_pem(inner);
    is_wrapped.then(|| Zeroizing::new(inner.to_owned()))
}

/// What SSH programs write, and PEM that something has put into small letters.
fn is_foreign(text: &str) -> bool {
    let text = Zeroizing::new(text.to_ascii_lowercase());
    [
        "ssh-rsa ",
        "ssh-dss ",
        "ssh-ed25519",
        "ecdsa-sha2-",
        "begin ssh2 public key",
        "putty-user-key-file",
        "-----begin ",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}

/// The objects of a JSON array: a JWK set without the object round it.
fn array(text: &str) -> Option<Vec<&RawValue>> {
    let keys: Vec<&RawValue> = text
        .starts_with('[')
        .then(|| serde_json::from_str(text).ok())??;
    let are_objects = keys.iter().all(|key| key.get().starts_with('{'));
    (are_objects && !keys.is_empty()).then_some(keys)
}

fn without_space(text: &str) -> Zeroizing<String> {
    // Large enough, so that no smaller copy is left behind.
    let mut dense = Zeroizing::new(String::with_capacity(text.len()));
    dense.extend(text.split_whitespace());
    dense
}

/// A reading that the user asked for by a prefix.
fn forced(text: &str) -> Result<Option<(Shape, Secret)>, KeyError> {
    let behind = |prefix: &str| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some(rest)
    };
    if let Some(literal) = behind("text:") {
        return Ok(Some((
            Shape::Text,
            Secret::new(literal.as_bytes().to_vec()),
        )));
    }
    let (shape, secret) = if let Some(digits) = behind("hex:") {
        (Shape::Hex, encoding::decode_hex(digits.trim()))
    } else if let Some(encoded) = behind("base64:") {
        (
            Shape::Base64,
            encoding::decode_base64(&without_space(encoded)),
        )
    } else {
        return Ok(None);
    };
    secret
        .map(|secret| Some((shape, Secret::new(secret))))
        .ok_or(KeyError::NotAsForced(shape))
}

/// Everything that a bare text can mean, likeliest first:
/// 1. 64, 96 or 128 hex digits: text, hex, base64;
/// 2. canonical base64 or base64url of 16 bytes or more with upper case, lower case and digits: base64, text;
/// 3. other canonical base64 or base64url: text, base64;
/// 4. anything else: text.
///
/// Line breaks do not count, but in the text: base64 is often wrapped. Spaces alone are those of a passphrase.
fn bare_readings(text: &str) -> Vec<(Shape, Secret)> {
    let literal = (Shape::Text, Secret::new(text.as_bytes().to_vec()));
    let unwrapped = text.contains('\n').then(|| without_space(text));
    let text = unwrapped.as_deref().map_or(text, String::as_str);
    let Some((alphabet, bytes)) = encoding::decode_canonical(text) else {
        return vec![literal];
    };
    let decoded = match alphabet {
        Alphabet::Standard => (Shape::Base64, Secret::new(bytes)),
        Alphabet::UrlSafe => (Shape::Base64url, Secret::new(bytes)),
    };
    if matches!(text.len(), 64 | 96 | 128)
        && let Some(bytes) = encoding::decode_hex(text)
    {
        return vec![literal, (Shape::Hex, Secret::new(bytes)), decoded];
    }
    let mixed = [
        u8::is_ascii_uppercase,
        u8::is_ascii_lowercase,
        u8::is_ascii_digit,
    ]
    .iter()
    .all(|class| text.bytes().any(|byte| class(&byte)));
    if mixed && decoded.1.len() >= RANDOM_BYTES {
        vec![decoded, literal]
    } else {
        vec![literal, decoded]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::explain::Explain as _;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    const K: &str =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    fn shapes(text: &str) -> Vec<(Shape, usize)> {
        let keys = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        keys.iter()
            .flat_map(|key| &key.readings)
            .map(|(shape, material)| (*shape, material.bits() / 8))
            .collect()
    }

    fn refused(text: &str) -> &'static str {
        read(text.as_bytes())
            .err()
            .unwrap_or_else(|| panic!("{text} was read"))
            .code()
    }

    #[test]
    fn reads_every_shape_in_its_documented_order() {
        use Shape::{Base64, Base64url, Hex, Jwk, NestedJwk, Text};

        let padded = K.replace('-', "+").replace('_', "/") + "==";
        let hex = "0123456789abcdef".repeat(4);
        let jwk = format!(r#"{{"kty":"oct","k":"{K}"}}"#);
        let nested = format!(r#"{{"kid":"1","kty":"oct","k":{jwk}}}"#);
        let quoted = serde_json::Value::from(nested.as_str()).to_string();
        let unpadded = padded.trim_end_matches('=');
        let (start, end) = padded.split_at(44);
        let cases: [(&str, &[(Shape, usize)]); 32] = [
            (&jwk, &[(Jwk, 64)]),
            (&format!(r#"{{"k":"{padded}"}}"#), &[(Jwk, 64)]),
            (&nested, &[(NestedJwk, 64)]),
            (&quoted, &[(NestedJwk, 64)]),
            (
                &format!(r#"{{"kty":"oct","k":{quoted}}}"#),
                &[(NestedJwk, 64)],
            ),
            (&format!("\u{feff} {K}\r\n"), &[(Base64url, 64), (Text, 86)]),
            (&format!("\"{K}\""), &[(Base64url, 64), (Text, 86)]),
            (&padded, &[(Base64, 64), (Text, 88)]),
            (&hex, &[(Text, 64), (Hex, 32), (Base64url, 48)]),
            (
                "alllowercaselettersnodigits1",
                &[(Text, 28), (Base64url, 21)],
            ),
            ("Secret12", &[(Text, 8), (Base64url, 6)]),
            (unpadded, &[(Base64, 64), (Text, 86)]),
            (
                &format!("{start}\r\n  {end}\n"),
                &[(Base64, 64), (Text, 92)],
            ),
            (&format!("base64:{start}\n{end}"), &[(Base64, 64)]),
            ("Spaces of a Passphrase12", &[(Text, 24)]),
            (&format!("'{nested}'"), &[(NestedJwk, 64)]),
            (&format!("[{jwk}]"), &[(Jwk, 64)]),
            (&format!("'[{jwk}]'"), &[(Jwk, 64)]),
            ("['brackets']", &[(Text, 12)]),
            ("'quoted one'", &[(Text, 10)]),
            ("“quoted one”", &[(Text, 10)]),
            ("export SYNCFY_HOOKS_KEY='quoted one'", &[(Text, 10)]),
            (&format!("SYNCFY_WEBHOOK_SIGNATURE_KEY={jwk}"), &[(Jwk, 64)]),
            ("OTHER_KEY=quoted one", &[(Text, 20)]),
            (&STANDARD.encode(&jwk), &[(Jwk, 64)]),
            ("HEX:00ff", &[(Hex, 2)]),
            ("not base64!", &[(Text, 11)]),
            ("\"unfinished", &[(Text, 11)]),
            (&format!("text:{K}"), &[(Text, 86)]),
            (&format!("hex:{hex}"), &[(Hex, 32)]),
            (&format!("base64:{padded}"), &[(Base64, 64)]),
            (
                &format!(r#"{{"keys":[{jwk},{{"kty":"AKP","pub":"x"}},{nested}]}}"#),
                &[(Jwk, 64), (NestedJwk, 64)],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(shapes(text), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_key_and_says_why() {
        let deep = (0..9).fold(K.to_owned(), |inner, _| {
            serde_json::Value::from(inner).to_string()
        });
        let cases = [
            ("", "key-empty"),
            (" \r\n", "key-empty"),
            ("text:", "key-empty"),
            (r#"{"kty":"oct","k":""}"#, "key-empty"),
            (r#"{"kty":"oct"}"#, "key-malformed"),
            (r#"{"kty":"oct","k":7}"#, "key-malformed"),
            (r#"{"kty":"oct","k":"no base64!"}"#, "key-malformed"),
            (r#"{"kty":"oct","#, "key-malformed"),
            (r#"{"kid":true,"k":"QUJD"}"#, "key-malformed"),
            (r#"{"keys":[]}"#, "key-malformed"),
            (&deep, "key-malformed"),
            (
                r#"{"kty":"oct","alg":"HS256","k":{"alg":"HS512","k":"QUJD"}}"#,
                "key-malformed",
            ),
            (
                r#"{"kty":"oct","alg":"A128KW","k":"QUJD"}"#,
                "key-unsupported",
            ),
            (r#"{"keys":[{"kty":"AKP"}]}"#, "key-unsupported"),
            (
                r#"{"kty":"oct","use":"enc","k":"QUJD"}"#,
                "key-not-for-signatures",
            ),
            ("hex:0g", "key-not-as-forced"),
            ("base64:!", "key-not-as-forced"),
        ];
        for (text, code) in cases {
            assert_eq!(refused(text), code, "{text}");
        }
        assert_eq!(read(&[0xff, 0xfe, 0x41]).err(), Some(KeyError::NotText));
    }

    #[test]
    fn refuses_half_a_pair_of_numbers_and_other_kinds_of_keys() {
        let cases = [
            (r#"{"kty":"RSA","n":"AQAB"}"#, "key-malformed"),
            (r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "key-malformed"),
            (
                r#"{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}"#,
                "key-malformed",
            ),
            (
                r#"{"kty":"EC","crv":"secp256k1","x":"AQAB","y":"AQAB"}"#,
                "key-unsupported",
            ),
            (
                r#"{"kty":"OKP","crv":"Ed448","x":"AQAB"}"#,
                "key-unsupported",
            ),
            (
                r#"{"kty":"OKP","crv":"Ed25519","x":"AQAB"}"#,
                "key-malformed",
            ),
            (r#"{"kty":"oct","alg":"RS256","k":"QUJD"}"#, "key-malformed"),
            (r#"{"kty":"AKP","pub":"AQAB"}"#, "key-unsupported"),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me", "key-unsupported"),
            ("-----begin public key-----", "key-unsupported"),
            (
                "302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
                "key-malformed",
            ),
            (
                r#"{"k":"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"}"#,
                "key-malformed",
            ),
            // RFC 8410, section 10.1, without the lines round it.
            (
                "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
                "key-malformed",
            ),
            ("-----BEGIN PUBLIC KEY-----\nMIIB", "key-malformed"),
            (
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "key-unsupported",
            ),
            (
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----",
                "key-encrypted",
            ),
        ];
        for (text, code) in cases {
            assert_eq!(refused(text), code, "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_key_are_refused_and_not_calculated_with() {
        const PUBLIC: &str = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/fixtures/tokens/keys/rsa.public.jwk"
        ));
        let with = |members: &str| PUBLIC.trim().trim_end_matches('}').to_owned() + members;
        let short_y = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEUAAAAA","y":""}"#;
        for text in [
            &with(r#","d":"AA"}"#),
            &with(r#","d":"AQ"}"#),
            &with(r#","d":"AQ","p":"AA","q":"AA"}"#),
            &with(r#","d":"AQAB","p":"AQ","q":"AQ"}"#),
            // 15 = 3 * 5.
            r#"{"kty":"RSA","n":"Dw","e":"Aw","d":"Aw","p":"Aw","q":"BQ"}"#,
            short_y,
        ] {
            assert_eq!(refused(text), "key-malformed", "{text}");
        }
    }

    #[test]
    fn a_set_is_read_past_what_is_no_key_and_not_without_end() {
        let set = |keys: &str| format!(r#"{{"keys":[{keys}]}}"#);
        let mixed =
            set(r#"{"kty":"RSA"},{"k":"QUJD"},{"k":"no base64!"},{"use":"enc","k":"QUJD"}"#);
        assert_eq!(shapes(&mixed), [(Shape::Jwk, 3)]);
        assert_eq!(refused(&set(r#"{"kty":"RSA"}"#)), "key-malformed");
        let many = set(&vec![r#"{"k":"QUJD"}"#; 101].join(","));
        assert_eq!(refused(&many), "key-malformed");
        assert_eq!(refused("text:a\0b"), "key-not-text");
    }

    #[test]
    fn a_pem_is_read_past_what_is_no_key_and_only_whole() {
        const PUBLIC: &str = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/fixtures/tokens/keys/p256.public.pem"
        ));
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        let both = format!("{certificate}{PUBLIC}");
        assert_eq!(shapes(&both), [(Shape::Pem, 32)]);
        let (cut, _) = PUBLIC.split_at(PUBLIC.len() - 30);
        assert_eq!(refused(&format!("{PUBLIC}{cut}")), "key-malformed");
    }

    #[test]
    fn an_error_never_quotes_the_key() {
        for text in [
            r#"{"kty":"oct","k":"hunter2!"}"#,
            r#"{"key_ops":"hunter2!"}"#,
            "hex:hunter2!",
        ] {
            let error = read(text.as_bytes()).err().unwrap();
            assert!(
                !format!("{error} {error:?} {:?}", error.hints()).contains("hunter2"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_jwk_may_be_spelt_freely() {
        let keys = read(br#"{"kid":7,"alg":"hs256","k":"QUJD"}"#).unwrap_or_default();
        let limits = &keys[0].limits;
        assert_eq!(
            (limits.kid.as_deref(), limits.alg),
            (Some("7"), Some(Algorithm::Hs256))
        );
    }

    #[test]
    fn the_outer_jwk_narrows_the_inner_one() {
        let text = r#"{"kid":"out","key_ops":["verify"],"k":{"kid":"in","alg":"HS384","key_ops":["sign","verify"],"k":"QUJD"}}"#;
        let keys = read(text.as_bytes()).unwrap_or_default();
        let limits = &keys[0].limits;
        assert_eq!(
            (limits.kid.as_deref(), limits.alg),
            (Some("out"), Some(Algorithm::Hs384))
        );
        assert!(limits.allow("verify") && !limits.allow("sign"));
    }
}
