//! How an attempt to send ended.

use serde::Serialize;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The target answered with this HTTP status.
    Status(u16),
    /// The target was not reached, or did not answer in time.
    Error(String),
}

impl Outcome {
    /// Whether the target took it.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Status(200..=299))
    }
}
