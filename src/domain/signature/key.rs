//! The JWT key, ready for use.
//!
//! Owns what a key may do, how it is described without being shown, and how a new one is written. Refuses to know where
//! keys are kept and where randomness comes from.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::material::Material;
use super::pasted::{self, KeyError, Limits, PastedKey, Shape};
use super::primitive::{Checker, Maker};
use super::secret::Secret;
use crate::domain::notification::{Environment, Outline};

/// Where a key came from, as its user would name it (a path, or the name of an environment variable), and which
/// environment of Syncfy it is for, where only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySource {
    label: Arc<str>,
    environment: Option<Environment>,
}

impl KeySource {
    /// The same source of a key that is for one environment only, where one is named.
    #[must_use]
    pub fn limited_to(self, environment: Option<Environment>) -> Self {
        Self {
            environment,
            ..self
        }
    }

    /// The environment that the key is for, where only one.
    #[must_use]
    pub fn environment(&self) -> Option<Environment> {
        self.environment
    }

    /// Whether the key is for every environment that a notification names.
    pub(super) fn serves_all(&self, outline: Option<&Outline>) -> bool {
        outline.is_none_or(|outline| outline.environments().all(|named| self.serves(Some(named))))
    }

    /// Whether the key is for this environment. An unknown one is served by every key.
    pub(super) fn serves(&self, environment: Option<Environment>) -> bool {
        match (self.environment, environment) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        }
    }
}

impl<T: Into<Arc<str>>> From<T> for KeySource {
    fn from(label: T) -> Self {
        Self {
            label: label.into(),
            environment: None,
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.environment {
            Some(environment) => write!(f, "{environment}={}", self.label),
            None => f.pad(&self.label),
        }
    }
}

impl Serialize for KeySource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.label)
    }
}

/// One meaning of a pasted text, prepared once for signing and checking.
#[derive(Debug, Clone)]
pub struct Reading {
    shape: Shape,
    material: Material,
    checker: Checker,
    maker: Option<Maker>,
}

impl Reading {
    pub(super) fn new(shape: Shape, material: Material) -> Option<Self> {
        Some(Self {
            shape,
            checker: Checker::new(&material)?,
            maker: Maker::new(&material),
            material,
        })
    }

    /// A shared secret, taken literally.
    pub(super) fn of_secret(secret: Secret) -> Option<Self> {
        Self::new(Shape::Text, Material::Oct(secret))
    }

    /// How the text was read.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The shared secret that this reading gives, where the key is one.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        self.material.secret()
    }

    /// The size in bytes: of a shared secret, of an RSA modulus, of the field of a curve.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.material.bits().div_ceil(8)
    }

    pub(super) fn checker(&self) -> &Checker {
        &self.checker
    }

    pub(super) fn maker(&self) -> Option<&Maker> {
        self.maker.as_ref()
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
    /// The text as it was pasted: some senders take all of it for the secret.
    pasted: Arc<Secret>,
}

impl Key {
    /// Reads a key in any shape it is pasted in: a JWK, a nested JWK, a JWK set (its first usable key), PEM, a JSON string
    /// of any of these, base64url, base64, hex or plain text. Whitespace around it and a byte order mark are not part of
    /// it. The prefixes `text:`, `hex:` and `base64:` force one reading.
    ///
    /// # Errors
    /// When the text is empty, not UTF-8, a broken JWK or PEM, or a key that cannot be used for signatures here.
    pub fn parse(pasted: &[u8], source: impl Into<KeySource>) -> Result<Self, KeyError> {
        let keys = Self::parse_all(pasted, &source.into())?;
        keys.into_iter().next().ok_or(KeyError::Empty)
    }

    /// Every key of a pasted text; several where it is a JWK set or PEM.
    pub(super) fn parse_all(pasted: &[u8], source: &KeySource) -> Result<Vec<Self>, KeyError> {
        let text = Arc::new(Secret::new(pasted.to_vec()));
        pasted::read(pasted)?
            .into_iter()
            .map(|key| Self::prepare(key, Arc::clone(&text), source.clone()))
            .collect()
    }

    fn prepare(key: PastedKey, pasted: Arc<Secret>, source: KeySource) -> Result<Self, KeyError> {
        let prepare = |(shape, material)| Reading::new(shape, material);
        let mut readings = key.readings.into_iter().filter_map(prepare);
        let first = readings.next().ok_or(KeyError::Empty)?;
        Ok(Self {
            source,
            first,
            others: readings.collect(),
            limits: key.limits,
            pasted,
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

    pub(super) fn pasted(&self) -> &Secret {
        &self.pasted
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

    /// The algorithm to sign with when none is asked for: that of the JWK, else the first that the key can do.
    #[must_use]
    pub fn default_algorithm(&self) -> Algorithm {
        let mut allowed = self.algorithms();
        self.limits
            .alg
            .or_else(|| allowed.next())
            .unwrap_or_default()
    }

    /// Every algorithm that the type of the key and the `alg` of its JWK allow.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        let only = self.limits.alg;
        self.first
            .material
            .algorithms()
            .filter(move |algorithm| only.is_none_or(|only| only == *algorithm))
    }

    /// Whether the key may check tokens of this algorithm (its type, `alg` and `key_ops` of the JWK).
    #[must_use]
    pub fn may_verify(&self, algorithm: Algorithm) -> bool {
        self.allows(algorithm) && self.limits.allow("verify")
    }

    /// Whether the key may make tokens of this algorithm (its type, `alg` and `key_ops` of the JWK).
    #[must_use]
    pub fn may_sign(&self, algorithm: Algorithm) -> bool {
        self.allows(algorithm) && self.limits.allow("sign") && self.first.maker.is_some()
    }

    /// Whether the key is the public half of a pair: it checks signatures, and cannot make any.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.first.maker.is_none()
    }

    /// Whether the key is a shared secret, for HMAC.
    #[must_use]
    pub fn is_shared_secret(&self) -> bool {
        self.first.secret().is_some()
    }

    fn allows(&self, algorithm: Algorithm) -> bool {
        self.algorithms().any(|allowed| allowed == algorithm)
    }

    /// A warning where the key is smaller than the algorithm wants it (RFC 7518, sections 3.2 and 3.3).
    #[must_use]
    pub fn weakness(&self, algorithm: Algorithm) -> Option<String> {
        self.first.material.weakness(algorithm)
    }

    /// What may be told about the key without telling the secret.
    #[must_use]
    pub fn describe(&self) -> KeyDescription {
        let material = &self.first.material;
        KeyDescription {
            source: self.source.clone(),
            environment: self.source.environment(),
            kty: material.key_type().name(),
            crv: material.crv(),
            private: material.can_sign(),
            shape: self.first.shape,
            also_read_as: self.others.iter().map(Reading::shape).collect(),
            bytes: self.first.bytes(),
            bits: material.bits(),
            kid: self.limits.kid.clone(),
            algorithms: self.algorithms().collect(),
            thumbprint: material.thumbprint(),
            warning: self.weakness(self.default_algorithm()),
        }
    }

    /// The key as a plain JWK. **This text is the secret**, unless the key is public: only for a user who asked to see it.
    #[must_use]
    pub fn to_jwk(&self) -> Zeroizing<String> {
        self.first.material.to_jwk(self.limits.alg, self.kid())
    }

    /// A new shared secret as a JWK text, made of random `bytes` from the caller: [`Algorithm::key_bytes`] of them. **This
    /// text is the secret.**
    #[must_use]
    pub fn generate(bytes: &[u8], algorithm: Algorithm, kid: Option<&str>) -> Zeroizing<String> {
        Material::Oct(Secret::new(bytes.to_vec())).to_jwk(Some(algorithm), kid)
    }
}

/// A key without its secret, for `key show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyDescription {
    /// Where the key came from.
    pub source: KeySource,
    /// The environment that the key is for, where only one.
    pub environment: Option<Environment>,
    /// The key type of RFC 7518 and RFC 8037: `oct` (a shared secret), `RSA`, `EC` or `OKP`.
    pub kty: &'static str,
    /// The curve of an `EC` or `OKP` key.
    pub crv: Option<&'static str>,
    /// Whether it can sign, and not only check.
    pub private: bool,
    /// How the pasted text was read.
    pub shape: Shape,
    /// How else it can be read, in the order in which that is tried for a token that the first reading does not pass.
    pub also_read_as: Vec<Shape>,
    /// The size in bytes: of the secret, of the modulus, of the field of the curve.
    pub bytes: usize,
    /// The same in bits.
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;
    use crate::domain::signature::KeyRing;

    #[test]
    fn a_generated_key_reads_back_with_its_limits() {
        let jwk = Key::generate(&[9; 48], Algorithm::Hs384, Some("a\"b"));
        let key = Key::parse(jwk.as_bytes(), "new").unwrap();
        let secret = key.first_reading().secret().map(Secret::expose);
        assert_eq!(secret, Some(&[9; 48][..]));
        assert_eq!(
            (key.kid(), key.default_algorithm()),
            (Some("a\"b"), Algorithm::Hs384)
        );
        assert!(key.may_sign(Algorithm::Hs384) && !key.may_verify(Algorithm::Hs256));
        assert_eq!(*key.to_jwk(), *jwk);
        assert_eq!(key.weakness(Algorithm::Hs384), None);
        assert!(key.weakness(Algorithm::Hs512).is_some());
    }

    fn thumbprint(key: &Key) -> String {
        key.describe().thumbprint
    }

    #[test]
    fn a_description_tells_everything_but_the_secret() {
        let key = Key::parse(b"text:top secret", "key.txt").unwrap();
        let shown = serde_json::to_value(key.describe()).unwrap();
        assert_eq!(
            shown,
            serde_json::json!({
                "source": "key.txt", "environment": null, "kty": "oct", "crv": null, "private": true,
                "shape": "text", "also_read_as": [], "bytes": 10, "bits": 80, "kid": null,
                "algorithms": ["HS256", "HS384", "HS512"],
                "thumbprint": thumbprint(&key),
                "warning": "the key has 10 bytes and HS256 wants 32: a short key can be guessed from one token",
            })
        );
        assert_eq!(thumbprint(&key).len(), 43);
        let same = Key::parse(br#"{"kty":"oct","k":"dG9wIHNlY3JldA"}"#, "jwk").unwrap();
        assert_eq!(thumbprint(&key), thumbprint(&same));
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
}
