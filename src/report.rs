//! The one error that reaches a user: a stable code, one sentence, and hints. Rendered once, in `run`.

use serde::Serialize;

use crate::domain::explain::Explain;

/// Why a command could not do its work. Serialises to the line of JSON that users are promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "error")]
pub struct Report {
    /// A stable kebab-case word for scripts.
    pub code: &'static str,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// What the user can do, most useful first.
    pub hints: Vec<String>,
}

impl Report {
    /// A failure without hints.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same about something that has a name.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }
}

impl<E: Explain> From<E> for Report {
    fn from(error: E) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            hints: error.hints(),
        }
    }
}
