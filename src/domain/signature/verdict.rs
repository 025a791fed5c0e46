//! What came out of checking a signature, in the words that people, scripts and the history share.
//!
//! Owns the verdicts and the shape of the `verification` line; refuses to know how they are reached.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::binding::BodyBinding;
use super::key::KeySource;
use super::pasted::Shape;
use super::reason::Reason;
use crate::domain::notification::Environment;

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The sender knows the key, and nothing the token says is violated.
    Valid,
    /// There is a token, and it must not be trusted.
    Invalid,
    /// A key is configured, and no token came.
    Unsigned,
    /// No key is configured: nothing could be checked.
    NoKey,
}

impl Verdict {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Valid, Self::Invalid, Self::Unsigned, Self::NoKey];

    /// `valid`, `invalid`, `unsigned` or `no-key`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unsigned => "unsigned",
            Self::NoKey => "no-key",
        }
    }
}

/// The answer for one of the two things that are checked: the signature, and what the claims say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartVerdict {
    /// It was checked, and passed.
    Valid,
    /// It was checked, and did not pass.
    Invalid,
}

impl From<Reason> for Verdict {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Unsigned => Self::Unsigned,
            Reason::NoKey => Self::NoKey,
            _ => Self::Invalid,
        }
    }
}

/// What is left to say of the signature itself and of the claims, where this is what is wrong.
pub(super) fn parts(reason: Reason) -> (Option<PartVerdict>, Option<PartVerdict>) {
    match reason {
        Reason::BadSignature => (Some(PartVerdict::Invalid), None),
        Reason::ClaimsNotObject
        | Reason::MalformedClaims
        | Reason::EnvironmentMismatch
        | Reason::Expired
        | Reason::NotYetValid
        | Reason::IssuedInFuture
        | Reason::TooOld
        | Reason::MissingIat
        | Reason::BodyMismatch
        | Reason::BodyUnbound => (Some(PartVerdict::Valid), Some(PartVerdict::Invalid)),
        _ => (None, None),
    }
}

/// The key that made the signature, and how it had to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeyUsed {
    /// Where the key came from.
    pub source: KeySource,
    /// How the pasted text was read.
    pub shape: Shape,
    /// The size in bytes: of a shared secret, of an RSA modulus, of the field of a curve.
    pub bytes: usize,
    /// The `kid` of its JWK.
    pub kid: Option<String>,
    /// The environment that it is for, where only one.
    pub environment: Option<Environment>,
}

/// Everything there is to say about one token. Serialises to the `verification` line without its `type`: every field is
/// there, null where it is unknown.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Verification {
    /// The answer.
    pub verdict: Verdict,
    /// Why the answer is not `valid`.
    pub reason: Option<Reason>,
    /// Whether a key here made the signature; unknown where it was not checked.
    pub signature_verdict: Option<PartVerdict>,
    /// Whether what the token claims holds (its times, the environment, the body); unknown until its signature is good.
    pub claims_verdict: Option<PartVerdict>,
    /// The algorithm the token names, trusted or not.
    pub alg: Option<String>,
    /// The key the token names, trusted or not.
    pub kid: Option<String>,
    /// The key that made the signature.
    pub key: Option<KeyUsed>,
    /// The claims as the token has them, on one line; to be trusted only when `key` is there.
    pub claims: Option<Box<RawValue>>,
    /// The `exp` claim, where it is a time that a calendar can hold.
    pub expires_at: Option<Timestamp>,
    /// Whether the token covers the body; unknown until the signature is good and there is a body.
    pub body_binding: Option<BodyBinding>,
    /// What went wrong and what to do, most likely first.
    pub hints: Vec<String>,
}

impl Verification {
    /// The empty report that checking fills in; it trusts nothing until told so.
    pub(super) fn unknown() -> Self {
        Self {
            verdict: Verdict::Invalid,
            reason: None,
            signature_verdict: None,
            claims_verdict: None,
            alg: None,
            kid: None,
            key: None,
            claims: None,
            expires_at: None,
            body_binding: None,
            hints: Vec::new(),
        }
    }
}
