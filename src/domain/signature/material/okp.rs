//! Ed25519 keys (RFC 8032; as JWK by RFC 8037).

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _};
use ed25519_dalek::{SigningKey, VerifyingKey};

use super::Secret;

/// An Ed25519 key, public or private.
#[derive(Debug, Clone)]
pub(in crate::domain::signature) struct Okp {
    public: [u8; 32],
    private: Option<Secret>,
}

impl Okp {
    /// The only curve that is supported.
    pub(in crate::domain::signature) const CRV: &str = "Ed25519";

    pub(super) fn from_spki(der: &[u8]) -> Option<Self> {
        Self::of_point(&VerifyingKey::from_public_key_der(der).ok()?)
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Some(Self::of_seed(&SigningKey::from_pkcs8_der(der).ok()?))
    }

    /// The key of a JWK, where `x` is a point that can be trusted and made of `d`.
    pub(in crate::domain::signature) fn from_parts(x: &[u8], d: Option<&[u8]>) -> Option<Self> {
        let public = Self::of_point(&VerifyingKey::from_bytes(x.try_into().ok()?).ok()?)?;
        match d {
            None => Some(public),
            Some(d) => Some(Self::of_seed(&SigningKey::from_bytes(d.try_into().ok()?)))
                .filter(|key| key.public == public.public),
        }
    }

    fn of_point(key: &VerifyingKey) -> Option<Self> {
        // Under a point of small order a stranger can make signatures that pass.
        (!key.is_weak()).then(|| Self {
            public: key.to_bytes(),
            private: None,
        })
    }

    fn of_seed(key: &SigningKey) -> Self {
        Self {
            public: key.verifying_key().to_bytes(),
            private: Some(Secret::new(key.as_bytes().to_vec())),
        }
    }

    pub(in crate::domain::signature) fn public(&self) -> &[u8] {
        &self.public
    }

    /// The seed (RFC 8032, section 5.1.5).
    pub(in crate::domain::signature) fn private(&self) -> Option<&Secret> {
        self.private.as_ref()
    }

    /// The private key in PKCS#8, DER.
    pub(in crate::domain::signature) fn to_pkcs8(&self) -> Option<Secret> {
        let seed = self.private.as_ref()?.expose().try_into().ok()?;
        let der = SigningKey::from_bytes(seed).to_pkcs8_der().ok()?;
        Some(Secret::new(der.as_bytes().to_vec()))
    }
}
