//! Secret bytes that no log, panic or serialiser can show.
//!
//! Owns the only copy that the domain keeps readable; refuses to know what the bytes are for.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// The bytes of a key: wiped when dropped, shown only as their length. Neither `Display` nor `Serialize` on purpose.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl ZeroizeOnDrop for Secret {}

/// Compares without telling, by the time it takes, how much of the secret was right.
impl PartialEq<[u8]> for Secret {
    fn eq(&self, other: &[u8]) -> bool {
        Sha256::digest(&*self.0) == Sha256::digest(other)
    }
}

impl Secret {
    /// Takes the bytes over; they are wiped when the secret is dropped.
    #[must_use]
    pub fn new(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes themselves. Whoever calls this answers for where they go.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes the secret has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn equals_its_bytes_only() {
        let secret = Secret::new(b"abc".to_vec());
        assert!(secret == *b"abc".as_slice());
        assert!(secret != *b"abd".as_slice() && secret != *b"".as_slice());
    }

    #[test]
    fn debug_tells_the_length_only() {
        assert_eq!(
            format!("{:?}", Secret::new(vec![7; 32])),
            "Secret(32 bytes)"
        );
    }
}
