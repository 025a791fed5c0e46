//! Why a token does not pass, in the words that people and scripts share.

use std::fmt;

use serde::{Serialize, Serializer};

/// The one table of reasons: what each means, its stable code for scripts, and its words for people.
macro_rules! reasons {
    ($($(#[$meaning:meta])+ $name:ident = $code:literal, $words:literal;)+) => {
        /// Why a verdict is not `valid`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$meaning])+ $name,)+
        }

        impl Reason {
            /// Every one, in the order of the checks.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable kebab-case word for scripts.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }

        impl fmt::Display for Reason {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => $words,)+
                })
            }
        }
    };
}

reasons! {
    /// A key is configured, and no token came.
    Unsigned = "unsigned", "the request carries no signature";
    /// No key is configured.
    NoKey = "no-key", "there is no key to check the signature with";
    /// Signature headers that differ.
    SeveralSignatures = "several-signatures", "the request carries several signatures that differ";
    /// The same signature header more than once.
    RepeatedSignature = "repeated-signature", "the request carries its signature header more than once";
    /// Not a compact JWT.
    MalformedToken = "malformed-token", "the signature is not a compact JWT";
    /// Base64 that is not the one base64url text of its bytes (RFC 7515, section 2): padded, of the other alphabet, or
    /// with bits left over. What a forgiving reader takes for the same token.
    NonCanonicalEncoding = "non-canonical-base64url", "the token is not written in plain base64url";
    /// `alg` is `none` in any spelling.
    AlgorithmNone = "algorithm-none", "the token is not signed: its `alg` is `none`";
    /// `crit` names extensions, and none is understood here (RFC 7515, section 4.1.11).
    CriticalHeader = "critical-header", "the token demands an extension (`crit`) that is not supported";
    /// The token brings the key that it is to be checked with (`jwk`; RFC 7515, section 4.1.3).
    HeaderJwk = "header-jwk", "the token brings a key of its own (`jwk`), which anyone can make";
    /// The token names an address of keys (`jku`; RFC 7515, section 4.1.2).
    HeaderJku = "header-jku", "the token names an address to fetch keys from (`jku`), which anyone can do";
    /// The token brings a certificate (`x5c`; RFC 7515, section 4.1.6).
    HeaderX5c = "header-x5c", "the token brings a certificate of its own (`x5c`), which anyone can make";
    /// The token names the address of a certificate (`x5u`; RFC 7515, section 4.1.5).
    HeaderX5u = "header-x5u", "the token names an address to fetch a certificate from (`x5u`), which anyone can do";
    /// HMAC, where every key is one of a pair: a forger may have taken the public key, which is no secret, for the secret.
    AlgorithmConfusion = "algorithm-confusion", "the token is signed with a shared secret, and the key is one of a pair";
    /// `alg` is not one that a key allows.
    AlgorithmNotAllowed = "algorithm-not-allowed", "the key does not allow the algorithm of the token";
    /// No key made this signature.
    BadSignature = "bad-signature", "the token was not signed with this key, or was changed since";
    /// The key is for one environment, and the notification of the other.
    EnvironmentMismatch = "environment-mismatch", "the token was signed with the key of the other environment";
    /// The payload is not a JSON object.
    ClaimsNotObject = "claims-not-object", "the claims of the token are not a JSON object";
    /// `exp`, `nbf` or `iat` is not a number.
    MalformedClaims = "malformed-claims", "a time in the claims (`exp`, `nbf` or `iat`) is not a number";
    /// `exp` has passed.
    Expired = "expired", "the token has expired";
    /// `nbf` has not come.
    NotYetValid = "not-yet-valid", "the token is not valid yet";
    /// `iat` has not come.
    IssuedInFuture = "issued-in-future", "the token was made in the future";
    /// `iat` is longer ago than is allowed.
    TooOld = "too-old", "the token is older than allowed";
    /// An age is asked for, and there is no `iat` to tell it by.
    MissingIat = "missing-iat", "the token does not say when it was made: it has no `iat`";
    /// A claim covers the body, and it is another body.
    BodyMismatch = "body-mismatch", "the body is not the one that the token covers";
    /// No claim covers the body, and one is asked for.
    BodyUnbound = "body-unbound", "no claim of the token covers the body";
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
