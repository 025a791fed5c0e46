//! The claims that `sign` puts into a token.
//!
//! Owns which claims cover a notification by default; refuses to know keys and the clock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest as _, Sha256};

/// How long a token lives unless told otherwise, in seconds.
pub const DEFAULT_LIFETIME_SECONDS: i64 = 300;

/// Claims by their names. The values are text as it was written: to read a number is to lose its digits.
pub type ClaimMap = BTreeMap<String, Box<RawValue>>;

/// The claims of a token to be made.
#[derive(Debug, Clone)]
pub struct Claims(ClaimMap);

impl Claims {
    /// Claims of a token made at `now` (`iat`) that expires `lifetime_seconds` later (`exp`). Both are whole Unix seconds.
    #[must_use]
    pub fn new(now: Timestamp, lifetime_seconds: i64) -> Self {
        let issued_at = now.as_second();
        let mut claims = Self(ClaimMap::new());
        claims.insert("iat", issued_at);
        claims.insert("exp", issued_at.saturating_add(lifetime_seconds));
        claims
    }

    /// Covers a body: `body_sha256` (lower-case hex of the exact bytes), and its `rid` where it has one.
    #[must_use]
    pub fn covering(mut self, body: &[u8], rid: Option<&str>) -> Self {
        if let Some(rid) = rid {
            self.insert("rid", rid);
        }
        self.insert("body_sha256", format!("{:x}", Sha256::digest(body)));
        self
    }

    /// Adds the user's own claims, which replace those of the same name.
    #[must_use]
    pub fn with(mut self, own: ClaimMap) -> Self {
        self.0.extend(own);
        self
    }

    /// The claims as JSON, in a stable order; the user's own values as they were written.
    ///
    /// # Panics
    ///
    /// Never: names and verbatim JSON can always be written.
    #[must_use]
    pub fn into_json(self) -> String {
        serde_json::to_string(&self.0).expect("claims are names and verbatim JSON")
    }

    fn insert(&mut self, name: &str, value: impl Serialize) {
        let value = to_raw_value(&value).expect("a number or a string can always be written");
        self.0.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_the_body_and_let_the_user_replace() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let own = r#"{"iss": "me", "exp": 5, "n": [251.63999999999999, 123456789012345678901234567890, 1.50]}"#;
        let claims = Claims::new(now, DEFAULT_LIFETIME_SECONDS)
            .covering(b"{}", Some("r-1"))
            .with(serde_json::from_str(own).unwrap());
        assert_eq!(
            claims.into_json(),
            concat!(
                r#"{"body_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","#,
                r#""exp":5,"iat":1700000000,"iss":"me","#,
                r#""n":[251.63999999999999, 123456789012345678901234567890, 1.50],"rid":"r-1"}"#
            )
        );
    }

    #[test]
    fn the_default_lifetime_is_five_minutes() {
        let now = Timestamp::from_second(100).unwrap();
        assert_eq!(
            Claims::new(now, DEFAULT_LIFETIME_SECONDS).into_json(),
            r#"{"exp":400,"iat":100}"#
        );
    }
}
