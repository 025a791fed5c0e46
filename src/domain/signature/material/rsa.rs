//! RSA keys.

use rsa::pkcs1::{DecodeRsaPrivateKey as _, DecodeRsaPublicKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};

use zeroize::Zeroizing;

use super::{Member, Secret, member};

/// Smaller keys were broken long ago, and are too small for some of the algorithms, in bits.
const SMALLEST: usize = 1024;

/// An RSA key of 1,024 to 4,096 bits: what the primitive takes.
#[derive(Debug, Clone)]
pub(in crate::domain::signature) struct Rsa {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    bits: usize,
    /// The private key in PKCS#1, DER (RFC 8017, appendix A.1.2).
    private: Option<Secret>,
}

/// The members of a private RSA JWK (RFC 7518, section 6.3.2): `d`, and the primes where they are given.
pub(in crate::domain::signature) struct RsaPrivateParts<'a> {
    pub(in crate::domain::signature) d: &'a [u8],
    pub(in crate::domain::signature) primes: Option<[&'a [u8]; 2]>,
}

impl Rsa {
    pub(super) fn from_spki(der: &[u8]) -> Option<Self> {
        Self::public(&RsaPublicKey::from_public_key_der(der).ok()?)
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Self::pair(&RsaPrivateKey::from_pkcs8_der(der).ok()?)
    }

    /// The key in an `RSAPublicKey` (RFC 8017, appendix A.1.1).
    pub(in crate::domain::signature) fn from_pkcs1_public(der: &[u8]) -> Option<Self> {
        Self::public(&RsaPublicKey::from_pkcs1_der(der).ok()?)
    }

    /// The key in an `RSAPrivateKey` (RFC 8017, appendix A.1.2).
    pub(in crate::domain::signature) fn from_pkcs1_private(der: &[u8]) -> Option<Self> {
        Self::pair(&RsaPrivateKey::from_pkcs1_der(der).ok()?)
    }

    /// The key of a JWK, where its numbers fit together.
    pub(in crate::domain::signature) fn from_parts(
        modulus: &[u8],
        exponent: &[u8],
        private: Option<&RsaPrivateParts<'_>>,
    ) -> Option<Self> {
        let number = BigUint::from_bytes_be;
        let public = RsaPublicKey::new(number(modulus), number(exponent)).ok()?;
        let Some(parts) = private else {
            return Self::public(&public);
        };
        // To find the primes takes numbers that can be those of a key.
        if public.n().bits() < SMALLEST || parts.d.iter().all(|byte| *byte == 0) {
            return None;
        }
        let primes = parts.primes.iter().flatten().map(|prime| number(prime));
        let key = RsaPrivateKey::from_components(
            number(modulus),
            number(exponent),
            number(parts.d),
            primes.collect(),
        );
        Self::pair(&key.ok()?)
    }

    fn public(key: &RsaPublicKey) -> Option<Self> {
        // The primitive would refuse it later, with every token.
        RsaPublicKey::new(key.n().clone(), key.e().clone()).ok()?;
        let bits = key.n().bits();
        if bits < SMALLEST {
            return None;
        }
        Some(Self {
            modulus: key.n().to_bytes_be(),
            exponent: key.e().to_bytes_be(),
            bits,
            private: None,
        })
    }

    fn pair(key: &RsaPrivateKey) -> Option<Self> {
        let der = key.to_pkcs1_der().ok()?;
        Some(Self {
            private: Some(Secret::new(der.as_bytes().to_vec())),
            ..Self::public(key.as_ref())?
        })
    }

    pub(in crate::domain::signature) fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    pub(in crate::domain::signature) fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// The private key in PKCS#1, DER.
    pub(in crate::domain::signature) fn private(&self) -> Option<&Secret> {
        self.private.as_ref()
    }

    /// `d`, the primes, and what is worked out of them, in the order of RFC 7518, section 6.3.2.
    pub(super) fn private_members(&self) -> Vec<Member> {
        let key = |der: &Secret| RsaPrivateKey::from_pkcs1_der(der.expose()).ok();
        let Some(key) = self.private.as_ref().and_then(key) else {
            return Vec::new();
        };
        let [p, q] = key.primes() else {
            return Vec::new();
        };
        let coefficient = key.crt_coefficient().map(Zeroizing::new);
        let numbers = [
            ("d", Some(key.d())),
            ("p", Some(p)),
            ("q", Some(q)),
            ("dp", key.dp()),
            ("dq", key.dq()),
            ("qi", coefficient.as_deref()),
        ];
        let member = |(name, number): (_, Option<&BigUint>)| {
            let bytes = Secret::new(number?.to_bytes_be());
            Some(member(name, bytes.expose()))
        };
        numbers.into_iter().filter_map(member).collect()
    }
}
