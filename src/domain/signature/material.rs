//! What a key is, apart from how it was written: the numbers of a JWK (RFC 7518, section 6; RFC 8037, section 2).
//!
//! Every key in here is complete and fits together: a point lies on its curve, a private part belongs to its public one.
//! Refuses to know how keys are pasted, which algorithm a JWK limits them to, and tokens.

mod ec;
mod okp;
mod rsa;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub(super) use self::ec::Ec;
pub(super) use self::okp::Okp;
pub(super) use self::rsa::{Rsa, RsaPrivateParts};
use super::algorithm::{Algorithm, Curve, KeyType};
use super::secret::Secret;

/// A key of one of the supported types.
#[derive(Debug, Clone)]
pub(super) enum Material {
    Oct(Secret),
    Rsa(Rsa),
    Ec(Ec),
    Okp(Okp),
}

/// A member of a JWK whose value is a string. It may be secret.
type Member = (&'static str, Zeroizing<String>);

impl Material {
    /// The key in a `SubjectPublicKeyInfo` (RFC 5280, section 4.1), where its kind is supported.
    pub(super) fn from_spki(der: &[u8]) -> Option<Self> {
        None.or_else(|| Rsa::from_spki(der).map(Self::Rsa))
            .or_else(|| Ec::from_spki(der).map(Self::Ec))
            .or_else(|| Okp::from_spki(der).map(Self::Okp))
    }

    /// The key in a `PrivateKeyInfo` (PKCS#8, RFC 5208), where its kind is supported.
    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        None.or_else(|| Rsa::from_pkcs8(der).map(Self::Rsa))
            .or_else(|| Ec::from_pkcs8(der).map(Self::Ec))
            .or_else(|| Okp::from_pkcs8(der).map(Self::Okp))
    }

    pub(super) fn key_type(&self) -> KeyType {
        match self {
            Self::Oct(_) => KeyType::Oct,
            Self::Rsa(_) => KeyType::Rsa,
            Self::Ec(ec) => KeyType::Ec(ec.curve()),
            Self::Okp(_) => KeyType::Okp,
        }
    }

    /// Every algorithm that the key can be used with.
    pub(super) fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        // PSS wants room for two hashes and two bytes more (RFC 8017, section 9.1.1).
        let is_too_small = self.bits() < 8 * (2 * 64 + 2);
        let fits = move |algorithm: &Algorithm| *algorithm != Algorithm::Ps512 || !is_too_small;
        self.key_type().algorithms().filter(fits)
    }

    /// The curve, where the key is on one.
    pub(super) fn crv(&self) -> Option<&'static str> {
        match self {
            Self::Oct(_) | Self::Rsa(_) => None,
            Self::Ec(ec) => Some(ec.curve().name()),
            Self::Okp(_) => Some(Okp::CRV),
        }
    }

    /// The shared secret, where it is one.
    pub(super) fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Oct(secret) => Some(secret),
            Self::Rsa(_) | Self::Ec(_) | Self::Okp(_) => None,
        }
    }

    /// Whether the key can sign, and not only check.
    pub(super) fn can_sign(&self) -> bool {
        match self {
            Self::Oct(_) => true,
            Self::Rsa(rsa) => rsa.private().is_some(),
            Self::Ec(ec) => ec.private().is_some(),
            Self::Okp(okp) => okp.private().is_some(),
        }
    }

    /// The size in bits: of the secret, of the modulus, or of the field of the curve.
    pub(super) fn bits(&self) -> usize {
        match self {
            Self::Oct(secret) => secret.len() * 8,
            Self::Rsa(rsa) => rsa.bits(),
            Self::Ec(ec) => match ec.curve() {
                Curve::P256 => 256,
                Curve::P384 => 384,
                Curve::P521 => 521,
            },
            Self::Okp(_) => 256,
        }
    }

    /// A warning where the key is smaller than the algorithm wants it.
    pub(super) fn weakness(&self, algorithm: Algorithm) -> Option<String> {
        let (bits, bytes) = (self.bits(), self.bits().div_ceil(8));
        let wanted = algorithm.key_bytes();
        if bits >= wanted * 8 {
            return None;
        }
        Some(match self {
            Self::Oct(_) => format!(
                "the key has {bytes} bytes and {algorithm} wants {wanted}: a short key can be guessed from one token"
            ),
            _ => format!(
                "the key has {bits} bits and {algorithm} wants {}: it can be factored",
                wanted * 8
            ),
        })
    }

    /// The members that a JWK of this key must have, but for `kty`, in the order of their names. Of a shared secret they
    /// are the secret.
    fn required(&self) -> Vec<Member> {
        match self {
            Self::Oct(secret) => vec![member("k", secret.expose())],
            Self::Rsa(rsa) => vec![member("e", rsa.exponent()), member("n", rsa.modulus())],
            Self::Ec(ec) => {
                let (x, y) = ec.coordinates();
                vec![
                    named("crv", ec.curve().name()),
                    member("x", x),
                    member("y", y),
                ]
            }
            Self::Okp(okp) => vec![named("crv", Okp::CRV), member("x", okp.public())],
        }
    }

    /// The members that only the JWK of a private key has.
    fn private(&self) -> Vec<Member> {
        match self {
            Self::Oct(_) => Vec::new(),
            Self::Rsa(rsa) => rsa.private_members(),
            Self::Ec(ec) => ec
                .private()
                .map(|d| member("d", d.expose()))
                .into_iter()
                .collect(),
            Self::Okp(okp) => okp
                .private()
                .map(|d| member("d", d.expose()))
                .into_iter()
                .collect(),
        }
    }

    /// The RFC 7638 thumbprint: SHA-256 over the required members in order, in base64url.
    pub(super) fn thumbprint(&self) -> String {
        let mut members = self.required();
        members.push(named("kty", self.key_type().name()));
        members.sort_unstable_by_key(|(name, _)| *name);
        URL_SAFE_NO_PAD.encode(Sha256::digest(object(&members).as_bytes()))
    }

    /// The key as a JWK. **This text is the secret**, unless the key is public.
    pub(super) fn to_jwk(&self, alg: Option<Algorithm>, kid: Option<&str>) -> Zeroizing<String> {
        let mut members = vec![named("kty", self.key_type().name()), named("use", "sig")];
        members.extend(alg.map(|alg| named("alg", alg.name())));
        members.extend(kid.map(|kid| named("kid", kid)));
        members.extend(self.required());
        members.extend(self.private());
        object(&members)
    }
}

/// Bytes in base64url.
fn member(name: &'static str, bytes: &[u8]) -> Member {
    (name, Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)))
}

fn named(name: &'static str, value: &str) -> Member {
    (name, Zeroizing::new(value.to_owned()))
}

/// The members as a JSON object without spaces.
fn object(members: &[Member]) -> Zeroizing<String> {
    // Large enough for any of them, so that no smaller copy is left behind.
    let length: usize = members
        .iter()
        .map(|(name, value)| name.len() + 6 * value.len() + 6)
        .sum();
    let mut text = Zeroizing::new(Vec::with_capacity(length + 2));
    for (name, value) in members {
        let before = if text.is_empty() { b'{' } else { b',' };
        text.push(before);
        for part in ["\"", name, "\":"] {
            text.extend_from_slice(part.as_bytes());
        }
        serde_json::to_writer(&mut *text, value.as_str()).expect("a string can always be written");
    }
    text.push(b'}');
    let text = String::from_utf8(std::mem::take(&mut *text));
    Zeroizing::new(text.expect("it was made of text"))
}
