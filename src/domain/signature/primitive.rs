//! The one call into the signature primitive each way, with keys that were prepared once.
//!
//! Refuses to know where a key came from and what a token says of itself: the caller has decided on the algorithm.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey, crypto};
use p521::ecdsa::signature::{Signer as _, Verifier as _};

use super::algorithm::{Algorithm, Curve};
use super::material::Material;

/// Checks signatures. Anything compared with a secret is compared in constant time.
#[derive(Clone)]
pub(super) enum Checker {
    Jwt(DecodingKey),
    /// The primitive takes a signature also with the modulus added to it, which makes another token of the same one.
    Rsa {
        key: DecodingKey,
        modulus: Vec<u8>,
    },
    /// The one curve that the primitive of all others does not know.
    P521(Box<p521::ecdsa::VerifyingKey>),
}

/// Makes signatures.
#[derive(Clone)]
pub(super) enum Maker {
    Jwt(EncodingKey),
    P521(Box<p521::ecdsa::SigningKey>),
}

impl Checker {
    pub(super) fn new(material: &Material) -> Option<Self> {
        Some(match material {
            Material::Oct(secret) => Self::Jwt(DecodingKey::from_secret(secret.expose())),
            Material::Rsa(rsa) => Self::Rsa {
                key: DecodingKey::from_rsa_raw_components(rsa.modulus(), rsa.exponent()),
                modulus: rsa.modulus().to_vec(),
            },
            Material::Ec(ec) if ec.curve() == Curve::P521 => Self::P521(Box::new(
                p521::ecdsa::VerifyingKey::from_sec1_bytes(ec.point()).ok()?,
            )),
            Material::Ec(ec) => Self::Jwt(DecodingKey::from_ec_der(ec.point())),
            Material::Okp(okp) => Self::Jwt(DecodingKey::from_ed_der(okp.public())),
        })
    }

    /// Whether this key made the signature, given in base64url, of the message.
    pub(super) fn passes(&self, signature: &str, message: &[u8], algorithm: Algorithm) -> bool {
        let bytes = || URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let passes =
            |key, algorithm| crypto::verify(signature, message, key, algorithm).unwrap_or(false);
        match (self, primitive(algorithm)) {
            (Self::Jwt(key), Some(algorithm)) => passes(key, algorithm),
            (Self::Rsa { key, modulus }, Some(algorithm)) => {
                // RFC 8017, sections 5.2.2 and 8.1.2: as long as the modulus, and less.
                let bytes = bytes();
                bytes.len() == modulus.len() && bytes < *modulus && passes(key, algorithm)
            }
            (Self::P521(key), None) => p521::ecdsa::Signature::from_slice(&bytes())
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            _ => false,
        }
    }
}

impl Maker {
    /// Nothing where the key is public.
    pub(super) fn new(material: &Material) -> Option<Self> {
        Some(match material {
            Material::Oct(secret) => Self::Jwt(EncodingKey::from_secret(secret.expose())),
            Material::Rsa(rsa) => Self::Jwt(EncodingKey::from_rsa_der(rsa.private()?.expose())),
            Material::Ec(ec) if ec.curve() == Curve::P521 => Self::P521(Box::new(
                p521::ecdsa::SigningKey::from_slice(ec.private()?.expose()).ok()?,
            )),
            Material::Ec(ec) => Self::Jwt(EncodingKey::from_ec_der(ec.to_pkcs8()?.expose())),
            Material::Okp(okp) => Self::Jwt(EncodingKey::from_ed_der(okp.to_pkcs8()?.expose())),
        })
    }

    /// The signature of the message in base64url, where the key is for the algorithm.
    pub(super) fn sign(&self, message: &[u8], algorithm: Algorithm) -> Option<String> {
        match (self, primitive(algorithm)) {
            (Self::Jwt(key), Some(algorithm)) => crypto::sign(message, key, algorithm).ok(),
            (Self::P521(key), None) => {
                let signature: p521::ecdsa::Signature = key.try_sign(message).ok()?;
                Some(URL_SAFE_NO_PAD.encode(signature.to_bytes()))
            }
            _ => None,
        }
    }
}

/// What the primitive calls the algorithm, where it knows it.
fn primitive(algorithm: Algorithm) -> Option<jsonwebtoken::Algorithm> {
    use jsonwebtoken::Algorithm as Known;

    Some(match algorithm {
        Algorithm::Hs256 => Known::HS256,
        Algorithm::Hs384 => Known::HS384,
        Algorithm::Hs512 => Known::HS512,
        Algorithm::Rs256 => Known::RS256,
        Algorithm::Rs384 => Known::RS384,
        Algorithm::Rs512 => Known::RS512,
        Algorithm::Ps256 => Known::PS256,
        Algorithm::Ps384 => Known::PS384,
        Algorithm::Ps512 => Known::PS512,
        Algorithm::Es256 => Known::ES256,
        Algorithm::Es384 => Known::ES384,
        Algorithm::Es512 => return None,
        Algorithm::EdDsa => Known::EdDSA,
    })
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checker")
    }
}

impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Maker")
    }
}
