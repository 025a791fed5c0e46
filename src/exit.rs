//! What the program's end tells a script.

use std::process::ExitCode;

/// The exit status, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// The answer is yes.
    Yes,
    /// The answer is no: an invalid payload, a bad signature, an unmet expectation, a target that refused.
    No,
    /// It could not be done: usage, unreadable input, a taken port, an unreachable target.
    CouldNot,
    /// Time ran out while waiting.
    TimedOut,
    /// Interrupted a second time, before everything under way had ended.
    Interrupted,
}

impl ExitStatus {
    /// `Yes` or `No`.
    #[must_use]
    pub fn answer(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Yes => 0,
            ExitStatus::No => 1,
            ExitStatus::CouldNot => 2,
            ExitStatus::TimedOut => 124,
            ExitStatus::Interrupted => 130,
        })
    }
}
