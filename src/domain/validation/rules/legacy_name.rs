//! The two names of the event disagree.
//!
//! ## What it checks
//! That `payload.event` is the legacy name of `header.event.name`: `credential_create`, `credential_update` or
//! `refresh`.
//!
//! ## Why
//! Programs that moved from V1 still read `payload.event`; they would take this for another event.
//!
//! ## Example
//! ```text
//! {"header": {"event": {"name": "credentials.created"}}, "payload": {"event": "refresh"}}
//! ```
//!
//! ## Do instead
//! Change one of the names so that they belong together.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::EventView;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH402",
    "legacy-name",
    Severity::Warning,
    include_str!("legacy_name.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some((value, found)) = event
        .fields
        .event
        .and_then(|value| Some((value, value.as_str()?)))
        && let Some((known, legacy)) = event.known.and_then(|known| Some((known, known.legacy?)))
        && found != legacy
    {
        let message = format!(
            "`event` is {}, but the event is `{}`",
            quote(found),
            known.name
        );
        report.add(
            Spot::value(value),
            message,
            format!("its legacy name is `{legacy}`"),
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(REFRESHED)],
        bad: &[Edited(CREATED, "credential_create", "refresh")],
    }
};
