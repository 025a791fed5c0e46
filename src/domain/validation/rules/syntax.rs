//! The body is not JSON.
//!
//! ## What it checks
//! That the body is UTF-8 text holding one JSON value and nothing else (RFC 8259). Trailing commas, comments, single
//! quotes, `NaN`, a printed Python dict, form-encoded data, HTML, compressed data and a body that was cut are told
//! apart.
//!
//! ## Why
//! Nothing else can be checked before this holds, and a receiver that parses JSON fails here too.
//!
//! ## Example
//! ```text
//! {'rid': 'c53b1fcb-e112-465c-ad3e-8b64cf2f602c',}
//! ```
//!
//! ## Do instead
//! Send the bytes that a JSON serialiser wrote, unchanged: not a printed dict, not a template, not a shortened log
//! line.

use super::Rule;
use crate::domain::json::SyntaxError;
use crate::domain::validation::Diagnostic;
use crate::domain::validation::Severity;

pub(super) const RULE: Rule = Rule::new(
    "SH001",
    "syntax",
    Severity::Error,
    include_str!("syntax.rs"),
)
.fixed("there is nothing else to judge in what is not JSON");

/// The diagnostic of a body that could not be read.
pub(super) fn diagnose(error: &SyntaxError) -> Diagnostic {
    Diagnostic {
        code: RULE.code,
        severity: RULE.severity,
        message: error.to_string(),
        help: error.help().map(str::to_owned),
        pointer: String::new(),
        place: Some(error.place().clone()),
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(r#"{"event":"refresh"}"#)],
        bad: &[
            Whole(""),
            Whole("{,}"),
            Whole("<html>"),
            Edited(CREATED, "\"3.1\"", "'3.1'"),
            Whole("\u{feff}"),
            Whole("\u{feff}{]"),
        ],
    }
};
