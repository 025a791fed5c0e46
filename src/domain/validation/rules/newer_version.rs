//! The version is 3, and not the documented one.
//!
//! ## What it checks
//! That `version` is `3.1` where it is `3.` and a number. Another major version is told by SH208.
//!
//! ## Why
//! Every documented example has `3.1`. A new minor version is the first sign that something was added or changed.
//!
//! ## Example
//! ```text
//! {"version": "3.2"}
//! ```
//!
//! ## Do instead
//! Nothing, if your app does not look at it; `syncfy-hooks schema diff` tells what else is new between two recordings.

use super::Rule;
use super::event_version::is_v3;
use crate::domain::json::Spot;
use crate::domain::notification::{DOCUMENTED_VERSION, EventView};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH212",
    "newer-version",
    Severity::Note,
    include_str!("newer_version.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some((value, version)) = event
        .version
        .and_then(|value| Some((value, value.as_str()?)))
        && is_v3(version)
        && version != DOCUMENTED_VERSION
    {
        report.add(
            Spot::value(value),
            format!(
                "version {} is newer than what is documented",
                quote(version)
            ),
            "look for news in Syncfy's documentation; it is read as if it were `3.1`",
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Edited(CREATED, "3.1", "4.0")],
        bad: &[
            Edited(CREATED, "3.1", "3.2"),
            Edited(CREATED, "3.1", "3.12"),
        ],
    }
};
