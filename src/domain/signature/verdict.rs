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

/// Why a verdict is not `valid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A key is configured, and no token came.
    Unsigned,
    /// No key is configured.
    NoKey,
    /// Signature headers that differ.
    SeveralSignatures,
    /// The same signature header more than once.
    RepeatedSignature,
    /// Not a compact JWT.
    MalformedToken,
    /// Base64 that is not the one base64url text of its bytes (RFC 7515, section 2): padded, of the other alphabet, or
    /// with bits left over. What a forgiving reader takes for the same token.
    NonCanonicalEncoding,
    /// `alg` is `none` in any spelling.
    AlgorithmNone,
    /// `crit` names extensions, and none is understood here (RFC 7515, section 4.1.11).
    CriticalHeader,
    /// The token brings the key that it is to be checked with (`jwk`; RFC 7515, section 4.1.3).
    HeaderJwk,
    /// The token names an address of keys (`jku`; RFC 7515, section 4.1.2).
    HeaderJku,
    /// The token brings a certificate (`x5c`; RFC 7515, section 4.1.6).
    HeaderX5c,
    /// The token names the address of a certificate (`x5u`; RFC 7515, section 4.1.5).
    HeaderX5u,
    /// HMAC, where every key is one of a pair: a forger may have taken the public key, which is no secret, for the secret.
    AlgorithmConfusion,
    /// `alg` is not one that a key allows.
    AlgorithmNotAllowed,
    /// No key made this signature.
    BadSignature,
    /// The key is for one environment, and the notification of the other.
    EnvironmentMismatch,
    /// The payload is not a JSON object.
    ClaimsNotObject,
    /// `exp`, `nbf` or `iat` is not a number.
    MalformedClaims,
    /// `exp` has passed.
    Expired,
    /// `nbf` has not come.
    NotYetValid,
    /// `iat` has not come.
    IssuedInFuture,
    /// `iat` is longer ago than is allowed.
    TooOld,
    /// An age is asked for, and there is no `iat` to tell it by.
    MissingIat,
    /// A claim covers the body, and it is another body.
    BodyMismatch,
    /// No claim covers the body, and one is asked for.
    BodyUnbound,
}

impl Reason {
    /// The stable kebab-case word for scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::NoKey => "no-key",
            Self::SeveralSignatures => "several-signatures",
            Self::RepeatedSignature => "repeated-signature",
            Self::MalformedToken => "malformed-token",
            Self::NonCanonicalEncoding => "non-canonical-base64url",
            Self::AlgorithmNone => "algorithm-none",
            Self::CriticalHeader => "critical-header",
            Self::HeaderJwk => "header-jwk",
            Self::HeaderJku => "header-jku",
            Self::HeaderX5c => "header-x5c",
            Self::HeaderX5u => "header-x5u",
            Self::AlgorithmConfusion => "algorithm-confusion",
            Self::AlgorithmNotAllowed => "algorithm-not-allowed",
            Self::BadSignature => "bad-signature",
            Self::EnvironmentMismatch => "environment-mismatch",
            Self::ClaimsNotObject => "claims-not-object",
            Self::MalformedClaims => "malformed-claims",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::IssuedInFuture => "issued-in-future",
            Self::TooOld => "too-old",
            Self::MissingIat => "missing-iat",
            Self::BodyMismatch => "body-mismatch",
            Self::BodyUnbound => "body-unbound",
        }
    }
}

impl Reason {
    /// What is left to say of the signature itself and of the claims, where this is what is wrong.
    pub(super) fn parts(self) -> (Option<PartVerdict>, Option<PartVerdict>) {
        match self {
            Self::BadSignature => (Some(PartVerdict::Invalid), None),
            Self::ClaimsNotObject
            | Self::MalformedClaims
            | Self::EnvironmentMismatch
            | Self::Expired
            | Self::NotYetValid
            | Self::IssuedInFuture
            | Self::TooOld
            | Self::MissingIat
            | Self::BodyMismatch
            | Self::BodyUnbound => (Some(PartVerdict::Valid), Some(PartVerdict::Invalid)),
            _ => (None, None),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsigned => "the request carries no signature",
            Self::NoKey => "there is no key to check the signature with",
            Self::SeveralSignatures => "the request carries several signatures that differ",
            Self::RepeatedSignature => "the request carries its signature header more than once",
            Self::MalformedToken => "the signature is not a compact JWT",
            Self::NonCanonicalEncoding => "the token is not written in plain base64url",
            Self::AlgorithmNone => "the token is not signed: its `alg` is `none`",
            Self::CriticalHeader => "the token demands an extension (`crit`) that is not supported",
            Self::HeaderJwk => "the token brings a key of its own (`jwk`), which anyone can make",
            Self::HeaderJku => "the token names an address to fetch keys from (`jku`), which anyone can do",
            Self::HeaderX5c => "the token brings a certificate of its own (`x5c`), which anyone can make",
            Self::HeaderX5u => "the token names an address to fetch a certificate from (`x5u`), which anyone can do",
            Self::AlgorithmConfusion => "the token is signed with a shared secret, and the key is a public one",
            Self::AlgorithmNotAllowed => "the key does not allow the algorithm of the token",
            Self::BadSignature => "the token was not signed with this key, or was changed since",
            Self::EnvironmentMismatch => "the token was signed with the key of the other environment",
            Self::ClaimsNotObject => "the claims of the token are not a JSON object",
            Self::MalformedClaims => "a time in the claims (`exp`, `nbf` or `iat`) is not a number",
            Self::Expired => "the token has expired",
            Self::NotYetValid => "the token is not valid yet",
            Self::IssuedInFuture => "the token was made in the future",
            Self::TooOld => "the token is older than allowed",
            Self::MissingIat => "the token does not say when it was made: it has no `iat`",
            Self::BodyMismatch => "the body is not the one that the token covers",
            Self::BodyUnbound => "no claim of the token covers the body",
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
