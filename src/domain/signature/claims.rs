//! The claims that `sign` puts into a token.
//!
//! Owns which claims cover a notification by default; refuses to know keys and the clock.

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// How long a token lives unless told otherwise, in seconds.
pub const DEFAULT_LIFETIME_SECONDS: i64 = 300;

/// The claims of a token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// Claims of a token made at `now` (`iat`) that expires `lifetime_seconds` later (`exp`); a negative lifetime makes
    /// an expired token. Both are whole Unix seconds.
    #[must_use]
    pub fn new(now: Timestamp, lifetime_seconds: i64) -> Self {
        let issued_at = now.as_second();
        let mut claims = Map::new();
        claims.insert("iat".to_owned(), issued_at.into());
        claims.insert(
            "exp".to_owned(),
            issued_at.saturating_add(lifetime_seconds).into(),
        );
        Self(claims)
    }

    /// Covers a body: `body_sha256` (lower-case hex of the exact bytes), and its `rid` where it has one.
    #[must_use]
    pub fn covering(mut self, body: &[u8], rid: Option<&str>) -> Self {
        if let Some(rid) = rid {
            self.0.insert("rid".to_owned(), rid.into());
        }
        self.0.insert(
            "body_sha256".to_owned(),
            format!("{:x}", Sha256::digest(body)).into(),
        );
        self
    }

    /// Adds the user's own claims, which replace those of the same name.
    #[must_use]
    pub fn with(mut self, own: Map<String, Value>) -> Self {
        self.0.extend(own);
        self
    }

    /// The claims as compact JSON, in a stable order.
    #[must_use]
    pub fn into_json(self) -> String {
        Value::Object(self.0).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_the_body_and_let_the_user_replace() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let own = serde_json::json!({"iss": "me", "exp": 5});
        let claims = Claims::new(now, DEFAULT_LIFETIME_SECONDS)
            .covering(b"{}", Some("r-1"))
            .with(own.as_object().unwrap().clone());
        assert_eq!(
            claims.into_json(),
            concat!(
                r#"{"body_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","#,
                r#""exp":5,"iat":1700000000,"iss":"me","rid":"r-1"}"#
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
