//! The signature algorithms a JWT may use (RFC 7518, section 3; RFC 8037), and the types of keys that they need.
//!
//! Owns their names and sizes; refuses to know keys and tokens.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The type of a key (RFC 7518, section 6.1): what it can sign with follows from it, never from what a token asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyType {
    /// A shared secret.
    Oct,
    /// An RSA key.
    Rsa,
    /// A point on an elliptic curve of NIST.
    Ec(Curve),
    /// An Ed25519 key.
    Okp,
}

impl KeyType {
    /// The `kty` of a JWK.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Oct => "oct",
            Self::Rsa => "RSA",
            Self::Ec(_) => "EC",
            Self::Okp => "OKP",
        }
    }

    /// Every algorithm that such a key can be used with.
    pub(super) fn algorithms(self) -> impl Iterator<Item = Algorithm> {
        Algorithm::ALL
            .into_iter()
            .filter(move |algorithm| algorithm.key_type() == self)
    }
}

/// An elliptic curve of NIST (RFC 7518, section 6.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    /// P-256.
    P256,
    /// P-384.
    P384,
    /// P-521.
    P521,
}

impl Curve {
    /// Every one.
    pub(super) const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// The `crv` of a JWK.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }
}

/// What a token is signed with. Public integrations of Syncfy use HS256; one also takes HS384 and HS512.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    #[default]
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519 (RFC 8037, section 3.1). RFC 9864 calls it `Ed25519`, and both names are read.
    EdDsa,
}

impl Algorithm {
    /// Every supported algorithm.
    pub const ALL: [Self; 13] = [
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::EdDsa,
    ];

    /// Those of a shared secret, weakest first.
    pub const HMAC: [Self; 3] = [Self::Hs256, Self::Hs384, Self::Hs512];

    /// The name used in the `alg` of tokens and keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name in any letter case: for keys and options, where nothing else can be meant.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let known = |algorithm: &Self| algorithm.name().eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(known)
    }

    /// The type of key that it needs.
    pub(super) fn key_type(self) -> KeyType {
        match self {
            Self::Hs256 | Self::Hs384 | Self::Hs512 => KeyType::Oct,
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => {
                KeyType::Rsa
            }
            Self::Es256 => KeyType::Ec(Curve::P256),
            Self::Es384 => KeyType::Ec(Curve::P384),
            Self::Es512 => KeyType::Ec(Curve::P521),
            Self::EdDsa => KeyType::Okp,
        }
    }

    /// The least size of a key, in bytes, where the key may have any: of a shared secret as much as the hash has (RFC
    /// 7518, section 3.2), of an RSA key 2,048 bits (section 3.3). Of shared secrets it is also what `key new` makes.
    #[must_use]
    pub fn key_bytes(self) -> usize {
        match self {
            Self::Hs256 => 32,
            Self::Hs384 => 48,
            Self::Hs512 => 64,
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => {
                256
            }
            Self::Es256 | Self::Es384 | Self::Es512 | Self::EdDsa => 0,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Algorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A name that is none of the supported algorithms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a supported algorithm")]
pub struct UnknownAlgorithm(pub String);

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Exact names only: RFC 7515 makes `alg` case-sensitive.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == "Ed25519" {
            return Ok(Self::EdDsa);
        }
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| UnknownAlgorithm(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_goes_by_its_name() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
            let lower = algorithm.name().to_lowercase();
            assert!(lower.parse::<Algorithm>().is_err());
            assert_eq!(Algorithm::named(&lower), Some(algorithm));
        }
        assert_eq!("Ed25519".parse(), Ok(Algorithm::EdDsa));
    }

    #[test]
    fn a_key_type_has_its_own_algorithms() {
        let names = |key_type: KeyType| -> Vec<&str> {
            key_type.algorithms().map(Algorithm::name).collect()
        };
        assert_eq!(names(KeyType::Oct), ["HS256", "HS384", "HS512"]);
        assert_eq!(
            names(KeyType::Rsa),
            ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
        );
        assert_eq!(names(KeyType::Ec(Curve::P521)), ["ES512"]);
        assert_eq!(names(KeyType::Okp), ["EdDSA"]);
    }
}
