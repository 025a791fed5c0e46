//! The one error that reaches a user: a stable code, one sentence, and hints. Rendered once, in `run`.

use crate::domain::explain::Explain;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Report {
    /// Something to tell the user.
    Failure {
        /// A stable kebab-case word for scripts.
        code: &'static str,
        /// What happened, in one sentence without a full stop.
        message: String,
        /// What the user can do, most useful first.
        hints: Vec<String>,
    },
    /// Whoever read standard output has gone, as in `| head -1`: nothing is wrong, and there is nobody to tell.
    OutputClosed,
}

impl Report {
    /// A failure without hints.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self::Failure {
            code,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Failure { hints, .. } = &mut self {
            hints.push(hint.into());
        }
        self
    }
}

impl<E: Explain> From<E> for Report {
    fn from(error: E) -> Self {
        Self::Failure {
            code: error.code(),
            message: error.to_string(),
            hints: error.hints(),
        }
    }
}
