//! What a sender is answered: a status and one line of JSON that says why.

use std::fmt::Display;
use std::num::NonZeroU32;

use bytes::Bytes;

use super::headers::{Header, Headers};
use super::notification::Environment;
use super::signature::Reason;

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header fields, without those of the connection.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Notifications come by POST.
    #[error("notifications come by POST; this was {0}")]
    Method(String),
    /// Requests come faster than this many a second.
    #[error("requests come faster than {0} a second; try again later")]
    TooMany(NonZeroU32),
    /// The listener answers on one path only.
    #[error("nothing is listening on this path")]
    Path,
    /// The body is longer than it may be, in bytes.
    #[error("the body is longer than {0} bytes")]
    TooLong(u64),
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The body did not arrive as its headers promised.
    #[error("the body did not arrive whole")]
    Broken,
    /// More waits already than may be kept.
    #[error("the listener cannot keep up; try again later")]
    Busy,
    /// The notification could not be recorded.
    #[error("the notification could not be recorded; try again later")]
    NotSaved,
    /// The program is stopping.
    #[error("the listener is stopping; try again later")]
    Stopping,
    /// The signature is bad or missing.
    #[error("{0}")]
    Signature(Reason),
    /// A header that the user requires is missing or has another value.
    #[error("the required header `{0}` is missing or has another value")]
    Header(String),
    /// The notification is of the other environment.
    #[error("this listener takes {0} notifications only")]
    Environment(Environment),
    /// The payload has validation errors.
    #[error("the payload is invalid: {0}")]
    Invalid(String),
}

/// After how many seconds a sender is asked to try again.
const RETRY_AFTER: &str = "5";

impl Refusal {
    /// The HTTP status that says so.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Broken | Self::Invalid(_) => 400,
            Self::Signature(_) | Self::Header(_) => 401,
            Self::Environment(_) => 403,
            Self::Path => 404,
            Self::Method(_) => 405,
            Self::TooSlow => 408,
            Self::TooLong(_) => 413,
            Self::TooMany(_) => 429,
            Self::Busy | Self::NotSaved | Self::Stopping => 503,
        }
    }

    /// A stable kebab-case word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Method(_) => "method-not-allowed",
            Self::TooMany(_) => "too-many-requests",
            Self::Path => "path-not-found",
            Self::TooLong(_) => "body-too-long",
            Self::TooSlow => "body-too-slow",
            Self::Broken => "body-broken",
            Self::Busy => "busy",
            Self::NotSaved => "not-saved",
            Self::Stopping => "stopping",
            Self::Signature(reason) => reason.code(),
            Self::Header(_) => "required-header",
            Self::Environment(_) => "wrong-environment",
            Self::Invalid(_) => "invalid-payload",
        }
    }
}

impl Answer {
    /// An answer with one line of JSON.
    #[must_use]
    pub fn json(status: u16, body: &impl Display) -> Self {
        let headers = [Header::new("content-type", "application/json")]
            .into_iter()
            .collect();
        Self {
            status,
            headers,
            body: format!("{body}\n").into(),
        }
    }

    /// The answer to a notification that was taken.
    #[must_use]
    pub fn taken(status: u16, id: u64) -> Self {
        Self::json(
            status,
            &format_args!(r#"{{"status":"recorded","id":{id}}}"#),
        )
    }
}

impl From<&Refusal> for Answer {
    fn from(refusal: &Refusal) -> Self {
        let body = serde_json::json!({ "error": refusal.code(), "message": refusal.to_string() });
        let mut answer = Self::json(refusal.status(), &body);
        match refusal.status() {
            405 => answer.headers.push(Header::new("allow", "POST")),
            429 | 503 => answer.headers.push(Header::new("retry-after", RETRY_AFTER)),
            _ => {}
        }
        answer
    }
}
