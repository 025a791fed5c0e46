//! The JWT key, ready for use, and the ring of keys that a signature may be made with.
//!
//! Owns what a key may do, how it is described without being shown, and how a new one is written. Refuses to know where
//! keys are kept and where randomness comes from.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::pasted::{self, KeyError, Limits, PastedKey, Shape};
use super::secret::Secret;

/// Where a key came from, as its user would name it: a path, or the name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySource(Arc<str>);

impl<T: Into<Arc<str>>> From<T> for KeySource {
    fn from(label: T) -> Self {
        Self(label.into())
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for KeySource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// One meaning of a pasted text, prepared once for signing and checking.
#[derive(Debug, Clone)]
pub struct Reading {
    shape: Shape,
    secret: Secret,
    decoding: DecodingKey,
    encoding: EncodingKey,
}

impl Reading {
    pub(super) fn new(shape: Shape, secret: Secret) -> Self {
        Self {
            shape,
            decoding: DecodingKey::from_secret(secret.expose()),
            encoding: EncodingKey::from_secret(secret.expose()),
            secret,
        }
    }

    /// How the text was read.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The secret that this reading gives.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }
}

/// A key that signs and checks tokens. Its `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct Key {
    source: KeySource,
    /// The reading that signs, and that checks first.
    first: Reading,
    others: Vec<Reading>,
    limits: Limits,
}

impl Key {
    /// Reads a key in any shape it is pasted in: a JWK, a nested JWK, a JWK set (its first usable key), a JSON string of
    /// any of these, base64url, base64, hex or plain text. Whitespace around it and a byte order mark are not part of it.
    /// The prefixes `text:`, `hex:` and `base64:` force one reading.
    ///
    /// # Errors
    /// When the text is empty, not UTF-8, a broken JWK, or a key that is not for HMAC signatures.
    pub fn parse(pasted: &[u8], source: impl Into<KeySource>) -> Result<Self, KeyError> {
        let mut ring = KeyRing::default();
        ring.add_pasted(pasted, source)?;
        ring.keys.into_iter().next().ok_or(KeyError::Empty)
    }

    fn prepare(pasted: PastedKey, source: KeySource) -> Result<Self, KeyError> {
        let mut readings = pasted
            .readings
            .into_iter()
            .map(|(shape, secret)| Reading::new(shape, secret));
        let first = readings.next().ok_or(KeyError::Empty)?;
        Ok(Self {
            source,
            first,
            others: readings.collect(),
            limits: pasted.limits,
        })
    }

    /// Where the key came from.
    #[must_use]
    pub fn source(&self) -> &KeySource {
        &self.source
    }

    /// The `kid` of the JWK.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.limits.kid.as_deref()
    }

    /// The likeliest meaning of the pasted text: the one that signs.
    #[must_use]
    pub fn first_reading(&self) -> &Reading {
        &self.first
    }

    /// Every meaning of the pasted text, likeliest first.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The algorithm to sign with when none is asked for: that of the JWK, else HS256.
    #[must_use]
    pub fn default_algorithm(&self) -> Algorithm {
        self.limits.alg.unwrap_or_default()
    }

    /// Whether the key may check tokens of this algorithm (`alg` and `key_ops` of the JWK).
    #[must_use]
    pub fn may_verify(&self, algorithm: Algorithm) -> bool {
        self.allows(algorithm) && self.limits.allow("verify")
    }

    /// Whether the key may make tokens of this algorithm (`alg` and `key_ops` of the JWK).
    #[must_use]
    pub fn may_sign(&self, algorithm: Algorithm) -> bool {
        self.allows(algorithm) && self.limits.allow("sign")
    }

    fn allows(&self, algorithm: Algorithm) -> bool {
        self.limits.alg.is_none_or(|only| only == algorithm)
    }

    /// A warning where the secret is shorter than the hash it is used with (RFC 7518, section 3.2).
    #[must_use]
    pub fn weakness(&self, algorithm: Algorithm) -> Option<String> {
        let bytes = self.first.secret.len();
        let wanted = algorithm.key_bytes();
        (bytes < wanted).then(|| {
            format!("the key has {bytes} bytes and {algorithm} wants {wanted}: a short key can be guessed from one token")
        })
    }

    /// What may be told about the key without telling the secret.
    #[must_use]
    pub fn describe(&self) -> KeyDescription {
        let bytes = self.first.secret.len();
        let allowed = |algorithm: &Algorithm| self.allows(*algorithm);
        KeyDescription {
            source: self.source.clone(),
            kty: "oct",
            shape: self.first.shape,
            bytes,
            bits: bytes * 8,
            kid: self.limits.kid.clone(),
            algorithms: Algorithm::ALL.into_iter().filter(allowed).collect(),
            thumbprint: self.thumbprint(),
            warning: self.weakness(self.default_algorithm()),
        }
    }

    /// The RFC 7638 thumbprint: SHA-256 over the required members in order, in base64url.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.first.secret.expose()));
        let canonical = Zeroizing::new(format!(r#"{{"k":"{}","kty":"oct"}}"#, *secret));
        URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()))
    }

    /// The key as a plain JWK. **This text is the secret**: only for a user who asked to see it.
    #[must_use]
    pub fn to_jwk(&self) -> Zeroizing<String> {
        write_jwk(self.first.secret.expose(), self.limits.alg, self.kid())
    }

    /// A new key as a JWK text, made of random `bytes` from the caller: [`Algorithm::key_bytes`] of them. **This text is
    /// the secret.**
    #[must_use]
    pub fn generate(bytes: &[u8], algorithm: Algorithm, kid: Option<&str>) -> Zeroizing<String> {
        write_jwk(bytes, Some(algorithm), kid)
    }
}

fn write_jwk(secret: &[u8], alg: Option<Algorithm>, kid: Option<&str>) -> Zeroizing<String> {
    let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret));
    let mut jwk = Zeroizing::new(String::with_capacity(encoded.len() + 128));
    jwk.push_str(r#"{"kty":"oct","use":"sig""#);
    if let Some(algorithm) = alg {
        jwk.push_str(r#","alg":""#);
        jwk.push_str(algorithm.name());
        jwk.push('"');
    }
    if let Some(kid) = kid {
        jwk.push_str(r#","kid":"#);
        jwk.push_str(&serde_json::Value::from(kid).to_string());
    }
    jwk.push_str(r#","k":""#);
    jwk.push_str(&encoded);
    jwk.push_str("\"}");
    jwk
}

/// A key without its secret, for `key show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyDescription {
    /// Where the key came from.
    pub source: KeySource,
    /// The key type of RFC 7518: `oct`, a shared secret.
    pub kty: &'static str,
    /// How the pasted text was read.
    pub shape: Shape,
    /// The length of the secret in bytes.
    pub bytes: usize,
    /// The length of the secret in bits.
    pub bits: usize,
    /// The `kid` of the JWK.
    pub kid: Option<String>,
    /// The algorithms that the key allows.
    pub algorithms: Vec<Algorithm>,
    /// The RFC 7638 thumbprint, SHA-256. Tells two keys apart; of a guessable secret it confirms a guess.
    pub thumbprint: String,
    /// What is wrong with the key, if anything.
    pub warning: Option<String>,
}

/// Every key that a signature may be made with: one per environment, and old and new during a rotation.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: Vec<Key>,
}

impl KeyRing {
    /// Adds what was pasted: one key, or all usable ones of a JWK set. Answers with those added.
    ///
    /// # Errors
    /// As [`Key::parse`]; the ring is then unchanged.
    pub fn add_pasted(
        &mut self,
        pasted: &[u8],
        source: impl Into<KeySource>,
    ) -> Result<&[Key], KeyError> {
        let source = source.into();
        let before = self.keys.len();
        let added: Result<Vec<Key>, KeyError> = pasted::read(pasted)?
            .into_iter()
            .map(|key| Key::prepare(key, source.clone()))
            .collect();
        self.keys.extend(added?);
        Ok(self.keys.get(before..).unwrap_or_default())
    }

    /// Adds a key.
    pub fn add(&mut self, key: Key) {
        self.keys.push(key);
    }

    /// Every key, in the order added.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The key that signs: the first one added.
    #[must_use]
    pub fn first(&self) -> Option<&Key> {
        self.keys.first()
    }

    /// Whether there is no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Every key, those that the token names first. A `kid` is a wish of the token, so it excludes none.
    pub(super) fn best_first<'r>(&'r self, kid: Option<&'r str>) -> impl Iterator<Item = &'r Key> {
        let named = move |key: &&Key| kid.is_some() && key.kid() == kid;
        self.keys
            .iter()
            .filter(named)
            .chain(self.keys.iter().filter(move |key| !named(key)))
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn a_generated_key_reads_back_with_its_limits() {
        let jwk = Key::generate(&[9; 48], Algorithm::Hs384, Some("a\"b"));
        let key = Key::parse(jwk.as_bytes(), "new").unwrap();
        assert_eq!(key.first_reading().secret().expose(), [9; 48]);
        assert_eq!(
            (key.kid(), key.default_algorithm()),
            (Some("a\"b"), Algorithm::Hs384)
        );
        assert!(key.may_sign(Algorithm::Hs384) && !key.may_verify(Algorithm::Hs256));
        assert_eq!(*key.to_jwk(), *jwk);
        assert_eq!(key.weakness(Algorithm::Hs384), None);
        assert!(key.weakness(Algorithm::Hs512).is_some());
    }

    #[test]
    fn a_description_tells_everything_but_the_secret() {
        let key = Key::parse(b"text:top secret", "key.txt").unwrap();
        let shown = serde_json::to_value(key.describe()).unwrap();
        assert_eq!(
            shown,
            serde_json::json!({
                "source": "key.txt", "kty": "oct", "shape": "text", "bytes": 10, "bits": 80, "kid": null,
                "algorithms": ["HS256", "HS384", "HS512"],
                "thumbprint": key.thumbprint(),
                "warning": "the key has 10 bytes and HS256 wants 32: a short key can be guessed from one token",
            })
        );
        assert_eq!(key.thumbprint().len(), 43);
        let same = Key::parse(br#"{"kty":"oct","k":"dG9wIHNlY3JldA"}"#, "jwk").unwrap();
        assert_eq!(key.thumbprint(), same.thumbprint());
    }

    #[test]
    fn debug_shows_no_secret_in_any_spelling() {
        let secret = [0xA7_u8, 0x5C, 0x31, 0xFE].repeat(8);
        let hex = secret
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let texts = [
            URL_SAFE_NO_PAD.encode(&secret),
            STANDARD.encode(&secret),
            hex,
            "167, 92, 49".to_owned(),
        ];
        for pasted in [
            &*Key::generate(&secret, Algorithm::Hs256, None),
            &texts[0],
            &texts[1],
            &texts[2],
        ] {
            let mut ring = KeyRing::default();
            ring.add_pasted(pasted.as_bytes(), "k").unwrap();
            let shown = format!("{ring:?} {ring:#?}").to_lowercase();
            assert!(shown.contains("secret(32 bytes)"), "{shown}");
            for text in &texts {
                assert!(!shown.contains(&text.to_lowercase()), "{shown}");
            }
        }
    }

    #[test]
    fn a_ring_offers_the_named_key_first_and_excludes_none() {
        let mut ring = KeyRing::default();
        let set = br#"{"keys":[{"kid":"a","k":"QUJD"},{"kid":"b","k":"QUJE"}]}"#;
        assert_eq!(ring.add_pasted(set, "set").unwrap().len(), 2);
        let order = |kid| {
            ring.best_first(kid)
                .filter_map(Key::kid)
                .collect::<Vec<_>>()
                .concat()
        };
        assert_eq!(order(Some("b")), "ba");
        assert_eq!(order(Some("z")), "ab");
        assert_eq!(order(None), "ab");
    }
}
