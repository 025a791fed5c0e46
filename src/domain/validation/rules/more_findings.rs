//! There are more findings than are shown.
//!
//! ## What it checks
//! Nothing by itself: it stands at the end of a report that was cut after 100 findings, with the severity of the
//! worst of those left out. What is allowed counts nowhere.
//!
//! ## Why
//! A body can be made so that nearly every byte of it is wrong; a report must stay readable, and memory bounded.
//!
//! ## Example
//! ```text
//! note[SH004]: 1900 more findings are not shown
//! ```
//!
//! ## Do instead
//! Repair the first findings and check again; they often share one cause.

use super::Rule;
use crate::domain::validation::Severity;

pub(super) const RULE: Rule = Rule::new(
    "SH004",
    "more-findings",
    Severity::Note,
    include_str!("more_findings.rs"),
)
.fixed("it is as bad as the worst finding that it stands for");

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED)],
        bad: &[Whole(TOO_MANY)],
    }
};
