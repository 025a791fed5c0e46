//! The version is not 3.x.
//!
//! ## What it checks
//! That `version` is `3.` and a number.
//!
//! ## Why
//! Every documented example has `3.1`. Another major version may have other fields, of which this program knows
//! nothing.
//!
//! ## Example
//! ```text
//! {"version": "4.0"}
//! ```
//!
//! ## Do instead
//! Use `3.1` in test notifications; for a real one, look for news in Syncfy's documentation.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::EventView;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH208",
    "event-version",
    Severity::Warning,
    include_str!("event_version.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some((value, version)) = event
        .version
        .and_then(|value| Some((value, value.as_str()?)))
        && !is_v3(version)
    {
        let help = "documented examples have `3.1`; other versions are read as if they were 3";
        report.add(
            Spot::value(value),
            format!("unknown version {}", quote(version)),
            help,
        );
    }
}

pub(super) fn is_v3(version: &str) -> bool {
    version.strip_prefix("3.").is_some_and(|minor| {
        !minor.is_empty()
            && minor
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Edited(CREATED, "3.1", "3.12")],
        bad: &[Edited(CREATED, "3.1", "4.0"), Edited(CREATED, "3.1", "")],
    }
};
