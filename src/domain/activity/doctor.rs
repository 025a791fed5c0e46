//! What `doctor` reports.

use serde::Serialize;

/// What was found out about one part of the setup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Examined {
    /// The part: `port`, `key`, `clock`, `store`, `target` or `tunnel`.
    pub name: &'static str,
    /// Which one of several, as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// How it is.
    pub result: Health,
    /// What was found, in one sentence.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

/// How a part of the setup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Pass,
    /// It works, and could be better.
    Warn,
    /// It does not work.
    Fail,
    /// There was nothing to examine.
    Skip,
}

/// How the setup is as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DoctorSummary {
    /// Parts that are as they should be.
    pub passed: u64,
    /// Parts that could be better.
    pub warned: u64,
    /// Parts that do not work.
    pub failed: u64,
    /// Parts of which there was nothing to examine.
    pub skipped: u64,
}

impl Examined {
    /// A part that is so.
    #[must_use]
    pub fn new(name: &'static str, result: Health, message: impl Into<String>) -> Self {
        Self {
            name,
            subject: None,
            result,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The same of one of several.
    #[must_use]
    pub fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The same with this advice.
    #[must_use]
    pub fn advised(mut self, hints: Vec<String>) -> Self {
        self.hints = hints;
        self
    }
}

impl DoctorSummary {
    /// Counts one part.
    pub fn count(&mut self, examined: &Examined) {
        *match examined.result {
            Health::Pass => &mut self.passed,
            Health::Warn => &mut self.warned,
            Health::Fail => &mut self.failed,
            Health::Skip => &mut self.skipped,
        } += 1;
    }
}
