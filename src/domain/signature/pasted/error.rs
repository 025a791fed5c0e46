//! Why a pasted text is no key. No message in here repeats any of the text but the names in a JWK or a PEM.

use std::borrow::Cow;

use super::Shape;
use crate::domain::explain::Explain;

/// Why a pasted text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing, or an empty secret.
    #[error("the key is empty")]
    Empty,
    /// Bytes that are not UTF-8, or have a NUL among them.
    #[error("the key is not text in UTF-8")]
    NotText,
    /// JSON that is no JWK.
    #[error("the key is not a usable JWK: {0}")]
    Malformed(Cow<'static, str>),
    /// A PEM that holds no key.
    #[error("the key is not a usable PEM: {0}")]
    MalformedPem(Cow<'static, str>),
    /// A PEM that wants a passphrase.
    #[error("the key is encrypted with a passphrase")]
    Encrypted,
    /// A forced reading that the text does not have.
    #[error("the key is not what its prefix `{0}:` says")]
    NotAsForced(Shape),
    /// A kind of key that this program cannot use.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// A JWK for another use.
    #[error("the key is for the `use` {0}, not for signatures")]
    NotForSignatures(String),
}

/// A name in a JWK or a PEM as a message may repeat it: what is longer than any name may be the key in the wrong place.
pub(super) fn quoted(name: &str) -> String {
    const LONGEST: usize = 24;

    if name.len() <= LONGEST {
        format!("`{name}`")
    } else {
        format!("that has a name of {} bytes", name.len())
    }
}

impl Explain for KeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "key-empty",
            Self::NotText => "key-not-text",
            Self::Malformed(_) | Self::MalformedPem(_) => "key-malformed",
            Self::Encrypted => "key-encrypted",
            Self::NotAsForced(_) => "key-not-as-forced",
            Self::Unsupported(_) => "key-unsupported",
            Self::NotForSignatures(_) => "key-not-for-signatures",
        }
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Empty => {
                "paste the JWT key that the Syncfy dashboard shows, or make one with `syncfy-hooks key new`"
            }
            Self::NotText => "save the file as UTF-8, or give the bytes as `hex:…` or `base64:…`",
            Self::Malformed(_) => {
                "paste the whole JWK, or begin with `text:` to take the text literally"
            }
            Self::MalformedPem(_) => {
                "paste the whole of it, from `-----BEGIN` to the end of the `-----END` line"
            }
            Self::Encrypted => {
                "decrypt it into a file that only you can read: `openssl pkey -in KEY -out PLAIN`"
            }
            Self::NotAsForced(_) => {
                "correct the text, or use `text:`, `hex:` or `base64:` as it fits"
            }
            Self::Unsupported(_) => {
                "use the JWT key of the Syncfy dashboard, or an RSA (up to 4096 bits), P-256, P-384, P-521 or Ed25519 key \
                 as JWK or PEM (of a certificate: `openssl x509 -pubkey -noout -in CERTIFICATE`)"
            }
            Self::NotForSignatures(_) => "use a JWK whose `use` is `sig`, or leave `use` out",
        };
        vec![hint.to_owned()]
    }
}
