//! What came out of checking a signature, in the words that people, scripts and the history share.
//!
//! Owns the verdicts, their reasons and the shape of the `verification` line; refuses to know how they are reached.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::binding::BodyBinding;
use super::key::KeySource;
use super::pasted::Shape;

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

/// Why a verdict is not `valid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A key is configured, and no token came.
    Unsigned,
    /// No key is configured.
    NoKey,
    /// Signature headers that differ.
    SeveralSignatures,
    /// Not a compact JWT.
    MalformedToken,
    /// `alg` is `none` in any spelling.
    AlgorithmNone,
    /// `crit` names extensions, and none is understood here (RFC 7515, section 4.1.11).
    CriticalHeader,
    /// `alg` is not one that a key allows.
    AlgorithmNotAllowed,
    /// No key made this signature.
    BadSignature,
    /// The payload is not a JSON object.
    ClaimsNotObject,
    /// `exp`, `nbf` or `iat` is not a number.
    MalformedClaims,
    /// `exp` has passed.
    Expired,
    /// `nbf` has not come.
    NotYetValid,
    /// A claim covers the body, and it is another body.
    BodyMismatch,
}

impl Reason {
    /// The stable kebab-case word for scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::NoKey => "no-key",
            Self::SeveralSignatures => "several-signatures",
            Self::MalformedToken => "malformed-token",
            Self::AlgorithmNone => "algorithm-none",
            Self::CriticalHeader => "critical-header",
            Self::AlgorithmNotAllowed => "algorithm-not-allowed",
            Self::BadSignature => "bad-signature",
            Self::ClaimsNotObject => "claims-not-object",
            Self::MalformedClaims => "malformed-claims",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::BodyMismatch => "body-mismatch",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsigned => "the request carries no signature",
            Self::NoKey => "there is no key to check the signature with",
            Self::SeveralSignatures => "the request carries several signatures that differ",
            Self::MalformedToken => "the signature is not a compact JWT",
            Self::AlgorithmNone => "the token is not signed: its `alg` is `none`",
            Self::CriticalHeader => "the token demands an extension (`crit`) that is not supported",
            Self::AlgorithmNotAllowed => "the key does not allow the algorithm of the token",
            Self::BadSignature => "the token was not signed with this key, or was changed since",
            Self::ClaimsNotObject => "the claims of the token are not a JSON object",
            Self::MalformedClaims => "a time in the claims (`exp`, `nbf` or `iat`) is not a number",
            Self::Expired => "the token has expired",
            Self::NotYetValid => "the token is not valid yet",
            Self::BodyMismatch => "the body is not the one that the token covers",
        })
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
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

/// The key that made the signature, and how it had to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyUsed {
    /// Where the key came from.
    pub source: KeySource,
    /// How the pasted text was read.
    pub shape: Shape,
    /// The length of the secret in bytes.
    pub bytes: usize,
}

/// Everything there is to say about one token. Serialises to the `verification` line without its `type`: every field is
/// there, null where it is unknown.
#[derive(Debug, Clone, Serialize)]
pub struct Verification {
    /// The answer.
    pub verdict: Verdict,
    /// Why the answer is not `valid`.
    pub reason: Option<Reason>,
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
