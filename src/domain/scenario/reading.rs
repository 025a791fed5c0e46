//! Reads scenarios, and says what is wrong with one and where.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::assignments::Assignments;
use super::production::{Misstep, Plot, PlotError};
use super::{Scenario, Step, Subject};
use crate::domain::explain::Explain;
use crate::domain::json::Places;

/// A scenario has no more steps than this.
const MOST_STEPS: usize = 10_000;

/// Why a scenario cannot be understood: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct BadScenario {
    line: usize,
    column: usize,
    message: String,
    hints: Vec<String>,
}

impl BadScenario {
    fn new(text: &str, start: usize, message: impl Into<String>) -> Self {
        let place = Places::new(text).place(start..start);
        Self {
            line: place.line,
            column: place.column,
            message: message.into(),
            hints: Vec::new(),
        }
    }
}

impl Explain for BadScenario {
    fn code(&self) -> &'static str {
        "scenario-invalid"
    }

    fn hints(&self) -> Vec<String> {
        self.hints.clone()
    }
}

impl Scenario {
    /// Reads a scenario, and makes sure that it can be performed.
    ///
    /// # Errors
    ///
    /// When it is no TOML, has what a scenario does not have or has no step; when a step has an event that is unknown, or
    /// refers to what no earlier step has.
    pub fn parse(text: &str) -> Result<Self, BadScenario> {
        let unreadable = |error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start);
            let message: Vec<&str> = error.message().lines().collect();
            BadScenario::new(text, start, message.join(" "))
        };
        let table = DeTable::parse(text).map_err(unreadable)?;
        let mut scenario: Self = toml::from_str(text).map_err(unreadable)?;
        let steps = table.get_ref().get("step").map(Spanned::get_ref);
        let steps = steps.and_then(DeValue::as_array).into_iter().flatten();
        let steps: Vec<&Spanned<DeValue<'_>>> = steps.collect();
        if let Some(step) = steps.get(MOST_STEPS) {
            let message = format!("a scenario has at most {MOST_STEPS} steps");
            return Err(BadScenario::new(text, step.span().start, message));
        }
        for (step, written) in scenario.steps.iter_mut().zip(&steps) {
            if let Some(set) = written.get_ref().get("set") {
                let fault = |(start, message)| BadScenario::new(text, start, message);
                step.set = Assignments::read(set).map_err(fault)?;
            }
        }
        if scenario.steps.is_empty() {
            let mut bad = BadScenario::new(text, 0, "the scenario has no `[[step]]`");
            bad.hints = vec!["a step has at least `event = \"credentials.created\"`".into()];
            return Err(bad);
        }
        scenario.rehearse().map_err(|Misstep { index, error }| {
            let start = steps.get(index).map_or(0, |step| blame(step, &error).start);
            BadScenario {
                hints: error.hints(),
                ..BadScenario::new(text, start, error.to_string())
            }
        })?;
        Ok(scenario)
    }

    /// Whatever goes wrong when it is performed goes wrong whenever it is.
    fn rehearse(&self) -> Result<(), Misstep> {
        let mut names: Vec<&str> = Vec::new();
        for (index, Step { name, .. }) in self.steps.iter().enumerate() {
            let Some(name) = name else { continue };
            if names.contains(&name.as_str()) {
                let error = PlotError::Twice(name.clone());
                return Err(Misstep { index, error });
            }
            names.push(name);
        }
        let plot = Plot {
            subject: Subject::Scenario(String::new(), self.clone()),
            ..Plot::default()
        };
        plot.perform(0, jiff::Timestamp::UNIX_EPOCH).rehearse(self)
    }
}

/// The part of a step that an error is about.
fn blame(step: &Spanned<DeValue<'_>>, error: &PlotError) -> Range<usize> {
    let keys: &[&str] = match error {
        PlotError::UnknownEvent(_) | PlotError::NotInV1(_) => &["event"],
        PlotError::Twice(_) => &["name"],
        PlotError::Reference { .. } => &["again", "set"],
        PlotError::NoEvent(_) | PlotError::Repeated(_) => &["again"],
        PlotError::Amend(_) => &["set", "unset"],
    };
    let named = keys.iter().find_map(|key| step.get_ref().get(*key));
    named.unwrap_or(step).span()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn said(text: &str) -> (String, Vec<String>) {
        let bad = Scenario::parse(text).unwrap_err();
        (bad.to_string(), bad.hints())
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        for (step, expected) in [
            ("evnt = 1", "line 3, column 1: unknown field `evnt`"),
            ("event = 1", "line 3, column 9: invalid type: integer `1`"),
            (
                "after = \"soon\"",
                "line 3, column 9: a length of time is written",
            ),
            (
                "after = \"-1s\"",
                "line 3, column 9: a length of time is written",
            ),
            ("event =", "line 3, column 8: "),
            (
                "event = \"documents.fial\"",
                "line 3, column 9: `documents.fial` is not in the catalogue",
            ),
            ("after = \"1s\"", "line 2, column 1: the step `1` needs"),
            (
                "again = \"later\"",
                "line 3, column 9: the step `1` refers to `later`",
            ),
            (
                "event = \"documents.fail\"\nset = { \"payload.x\" = \"${later.rid}\" }",
                "line 4, column 7: the step `documents.fail` refers to `later.rid`",
            ),
            (
                "event = \"documents.fail\"\nset = { \"payload.x\" = inf }",
                "line 4, column 23: JSON has no number `inf`",
            ),
            (
                "event = \"documents.fail\"\nset = { \"payload..x\" = 1 }",
                "line 4, column 9: a path is",
            ),
            (
                "event = \"documents.fail\"\nunset = [\"payload.\"]",
                "line 4, column 9: a path is",
            ),
            (
                "event = \"documents.fail\"\nunset = [\"payload.x\"]",
                "line 4, column 9: `payload.x` cannot be taken out",
            ),
            (
                "event = \"documents.fail\"\nname = \"a\"\n[[step]]\nname = \"a\"",
                "line 6, column 8: two steps are called `a`",
            ),
        ] {
            let (said, _) = said(&format!("summary = \"é\"\n[[step]]\n{step}\n"));
            assert!(said.starts_with(expected), "{step}: {said}");
        }
        for text in ["summary = \"x\"\n", "summary = \"x\"\nstep = []\n"] {
            assert!(said(text).0.ends_with("has no `[[step]]`"), "{text}");
        }
        assert!(said("").0.contains("missing field `summary`"));
        let steps = "[[step]]\nevent = \"documents.fail\"\n".repeat(MOST_STEPS + 1);
        let (said, _) = said(&format!("summary = \"x\"\n{steps}"));
        assert_eq!(
            said,
            "line 20002, column 1: a scenario has at most 10000 steps"
        );
    }

    #[test]
    fn the_length_is_that_of_all_gaps() {
        let step = "[[step]]\nevent = \"documents.fail\"\nafter = ";
        let text = format!("summary = \"x\"\n{step}\"1s\"\n{step}\"1m 500ms\"\n{step}\"1d\"\n");
        let length = Scenario::parse(&text).unwrap().length();
        assert_eq!(length, SignedDuration::from_millis(86_460_500));
    }

    #[test]
    fn an_unknown_event_has_a_hint_or_a_payload() {
        let step = |step: &str| format!("summary = \"x\"\n[[step]]\nevent = {step}\n");
        let (_, hints) = said(&step("\"document.success\""));
        assert_eq!(hints[0], "did you mean `documents.success`?");
        assert!(Scenario::parse(&step("\"invoice.paid\"\nset = { payload = {} }")).is_ok());
    }
}
