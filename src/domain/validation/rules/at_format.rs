//! The time of the event is written in another format.
//!
//! ## What it checks
//! That `at` looks like `2023-06-16 19:06:18.944575+0000`: a space between date and time, an offset without colon,
//! and a time that exists. The fraction may be shorter or absent.
//!
//! ## Why
//! Syncfy's format is not RFC 3339. A test notification in RFC 3339 passes in a program that then fails with real
//! ones.
//!
//! ## Example
//! ```text
//! {"at": "2023-06-16T19:06:18Z"}
//! ```
//!
//! ## Do instead
//! Write it as Syncfy does. In Python: `strftime('%Y-%m-%d %H:%M:%S.%f%z')`. `--fix` rewrites RFC 3339 where no digit
//! gets lost.

use jiff::Timestamp;

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::{EventView, time};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::{Remedy, Report};
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH204",
    "at-format",
    Severity::Error,
    include_str!("at_format.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some((value, at)) = event.at.and_then(|value| Some((value, value.as_str()?)))
        && time::parse(at).is_none()
    {
        report.add_remediable(
            Spot::value(value),
            format!("`at` is not in Syncfy's format: {}", quote(at)),
            advice(at),
            time::respelled(at).as_deref().map(Remedy::string),
        );
    }
}

fn advice(at: &str) -> String {
    match at.parse::<Timestamp>() {
        Ok(at) => format!("this is RFC 3339; Syncfy writes `{}`", time::format(at)),
        Err(_) => format!("it looks like `{}`", time::EXAMPLE),
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Edited(CREATED, ".944575+0000", "-0600")],
        bad: &[
            Edited(
                CREATED,
                "2023-06-16 19:06:18.944575+0000",
                "2023-06-16T19:06:18Z",
            ),
            Edited(
                CREATED,
                "2023-06-16 19:06:18.944575+0000",
                "2023-06-31 19:06:18.944575+0000",
            ),
            Edited(CREATED, "2023-06-16 19:06:18.944575+0000", ""),
        ],
    }
};
