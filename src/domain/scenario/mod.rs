//! Scenarios: stories of several notifications, written in TOML.
//!
//! Owns the form of the file, the built-in ones and their meaning. Refuses to know where a file is read or where a
//! notification goes.

mod built_in;
mod production;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Deserialize;

pub use self::built_in::BUILT_IN;
pub use self::production::{Plot, PlotError, Production, Scene, Subject};

/// A story of several notifications.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is about, in one sentence.
    pub summary: String,
    /// Its notifications, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// One notification of a scenario.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// What other steps call it. Without one it is called as its event.
    pub name: Option<String>,
    /// The name of its event.
    pub event: Option<String>,
    /// The name of an earlier step whose event comes once more, with the same `eid`.
    pub again: Option<String>,
    /// How long after the step before, such as `4s`.
    pub after: SignedDuration,
    /// Steps with the same label share their ids: those of one synchronisation.
    pub sync: String,
    /// `is_executing` of a credential payload. Without it: 1 for `credentials.created`, else 0.
    pub executing: Option<bool>,
    /// How many pages the lists of a refresh have.
    pub pages: Pages,
    /// Values to put at dotted paths. `${step.path}` stands for what an earlier step has there.
    pub set: BTreeMap<String, toml::Value>,
    /// Dotted paths whose values are taken out.
    pub unset: Vec<String>,
}

/// How many pages the lists of a refresh have.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// Of transactions.
    pub transactions: u16,
    /// Of attachments.
    pub attachments: u16,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            transactions: 6,
            attachments: 2,
        }
    }
}

/// Why a scenario cannot be understood: what is wrong, and the line on which it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct BadScenario {
    line: usize,
    message: String,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    ///
    /// When it is no TOML, has what a scenario does not have, or has no step.
    pub fn parse(text: &str) -> Result<Self, BadScenario> {
        let scenario: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            BadScenario {
                line: before.matches('\n').count() + 1,
                message: error.message().lines().collect::<Vec<_>>().join(" "),
            }
        })?;
        if scenario.steps.is_empty() {
            return Err(BadScenario {
                line: 1,
                message: "it has no `[[step]]`".into(),
            });
        }
        Ok(scenario)
    }

    /// From the first step to the last.
    #[must_use]
    pub fn length(&self) -> SignedDuration {
        let gaps = self.steps.iter().map(|step| step.after);
        gaps.fold(SignedDuration::ZERO, SignedDuration::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_has_its_line() {
        let said = |text: &str| Scenario::parse(text).unwrap_err().to_string();
        assert!(said("summary = \"x\"\nstep = []\n").contains("no `[[step]]`"));
        let unknown = said("summary = \"x\"\n[[step]]\nevnt = \"a\"\n");
        assert!(
            unknown.starts_with("line 3: unknown field `evnt`"),
            "{unknown}"
        );
        assert!(said("summary = \"x\"\n[[step]]\nafter = \"soon\"\n").starts_with("line 3: "));
    }

    #[test]
    fn the_length_is_that_of_all_gaps() {
        let text = "summary = \"x\"\n[[step]]\nafter = \"1s\"\n[[step]]\nafter = \"1m 500ms\"\n";
        let length = Scenario::parse(text).unwrap().length();
        assert_eq!(length, SignedDuration::from_millis(61_500));
    }
}
