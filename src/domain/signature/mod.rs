//! The signature of a notification: the JWT key in every shape it is pasted in, the token, and the verdict.
//!
//! Owns what is known of Syncfy's scheme (a compact JWT in the `request-signature` header, HMAC with the JWT key of the
//! dashboard) and everything cryptographic. Refuses to know where a key, a token or a body came from: files, sockets,
//! the environment, randomness and the clock are the caller's, who passes bytes and the time.

mod algorithm;
mod binding;
mod claims;
mod encoding;
mod forged;
mod header;
mod hints;
mod key;
mod material;
mod mismatch;
#[cfg(test)]
mod panics;
mod pasted;
mod policy;
mod presented;
mod primitive;
#[cfg(test)]
mod properties;
mod reason;
mod repeated;
mod respell;
mod ring;
mod secret;
mod stamp;
mod token;
mod verdict;
mod verify;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use binding::BodyBinding;
pub use claims::{ClaimMap, Claims, DEFAULT_LIFETIME_SECONDS};
pub use forged::{of_other_algorithms, signed_by_another_key, without_signature};
pub use header::{DEFAULT_NAMES, Found};
pub use hints::Span;
pub use key::{Key, KeyDescription, KeySource, Reading};
pub use pasted::{KeyError, Shape, looks_like_a_key};
pub use policy::{DEFAULT_LEEWAY_SECONDS, Policy};
pub use presented::Presented;
pub use reason::Reason;
pub use ring::KeyRing;
pub use secret::Secret;
pub use stamp::Stamp;
pub use token::{ClaimSet, SignError, Token, sign};
pub use verdict::{KeyUsed, PartVerdict, Verdict, Verification};
pub use verify::Verifier;
