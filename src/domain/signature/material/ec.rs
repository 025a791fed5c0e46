//! Keys on the elliptic curves of NIST.

use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _};

use super::{Curve, Secret};
use zeroize::Zeroizing;

/// The first byte of a point whose two coordinates are both there (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// The same words for each curve: every one has a crate of its own, with the same names in it.
macro_rules! on_curve {
    ($curve:expr, $name:ident => $body:expr) => {
        match $curve {
            Curve::P256 => {
                use p256 as $name;
                $body
            }
            Curve::P384 => {
                use p384 as $name;
                $body
            }
            Curve::P521 => {
                use p521 as $name;
                $body
            }
        }
    };
}

/// A point on a curve, and the number that it was made of where the key is private.
#[derive(Debug, Clone)]
pub(in crate::domain::signature) struct Ec {
    curve: Curve,
    /// Uncompressed: 4, x, y.
    point: Vec<u8>,
    private: Option<Secret>,
}

impl Ec {
    pub(super) fn from_spki(der: &[u8]) -> Option<Self> {
        Curve::ALL.into_iter().find_map(|curve| {
            on_curve!(curve, on => {
                let key = on::PublicKey::from_public_key_der(der).ok()?;
                Some(Self::new(curve, key.to_encoded_point(false).as_bytes(), None))
            })
        })
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Curve::ALL.into_iter().find_map(|curve| {
            on_curve!(curve, on => {
                let key = on::SecretKey::from_pkcs8_der(der).ok()?;
                Self::of_scalar(curve, &Zeroizing::new(key.to_bytes()))
            })
        })
    }

    /// The key in an `ECPrivateKey` (RFC 5915).
    pub(in crate::domain::signature) fn from_sec1(der: &[u8]) -> Option<Self> {
        Curve::ALL.into_iter().find_map(|curve| {
            on_curve!(curve, on => {
                let key = on::SecretKey::from_sec1_der(der).ok()?;
                Self::of_scalar(curve, &Zeroizing::new(key.to_bytes()))
            })
        })
    }

    /// The key of a JWK, where its point is on the curve and made of `d`.
    pub(in crate::domain::signature) fn from_parts(
        curve: Curve,
        x: &[u8],
        y: &[u8],
        d: Option<&[u8]>,
    ) -> Option<Self> {
        if x.len() != y.len() {
            return None;
        }
        let point = [&[UNCOMPRESSED], x, y].concat();
        on_curve!(curve, on => { on::PublicKey::from_sec1_bytes(&point).ok()?; });
        match d {
            None => Some(Self::new(curve, &point, None)),
            Some(d) => Self::of_scalar(curve, d).filter(|key| key.point == point),
        }
    }

    fn of_scalar(curve: Curve, scalar: &[u8]) -> Option<Self> {
        on_curve!(curve, on => {
            let key = on::SecretKey::from_slice(scalar).ok()?;
            let point = key.public_key().to_encoded_point(false);
            Some(Self::new(curve, point.as_bytes(), Some(Secret::new(Zeroizing::new(key.to_bytes()).to_vec()))))
        })
    }

    fn new(curve: Curve, point: &[u8], private: Option<Secret>) -> Self {
        Self {
            curve,
            point: point.to_vec(),
            private,
        }
    }

    pub(in crate::domain::signature) fn curve(&self) -> Curve {
        self.curve
    }

    /// The point, uncompressed (SEC 1, section 2.3.3).
    pub(in crate::domain::signature) fn point(&self) -> &[u8] {
        &self.point
    }

    pub(super) fn coordinates(&self) -> (&[u8], &[u8]) {
        let both = self.point.split_first().map_or(&[][..], |(_, both)| both);
        both.split_at(both.len() / 2)
    }

    /// The number that the point was made of.
    pub(in crate::domain::signature) fn private(&self) -> Option<&Secret> {
        self.private.as_ref()
    }

    /// The private key in PKCS#8, DER.
    pub(in crate::domain::signature) fn to_pkcs8(&self) -> Option<Secret> {
        let scalar = self.private.as_ref()?.expose();
        on_curve!(self.curve, on => {
            let der = on::SecretKey::from_slice(scalar).ok()?.to_pkcs8_der().ok()?;
            Some(Secret::new(der.as_bytes().to_vec()))
        })
    }
}
