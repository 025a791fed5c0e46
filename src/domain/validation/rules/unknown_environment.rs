//! The environment is neither Sandbox nor Production.
//!
//! ## What it checks
//! That `id_environment` is `574894bf7848066d138b4570` (Sandbox) or `574894bf7848066d138b4571` (Production).
//!
//! ## Why
//! Other ids are not documented. Programs that route by environment do not know where this belongs.
//!
//! ## Example
//! ```text
//! {"id_environment": "574894bf7848066d138b4579"}
//! ```
//!
//! ## Do instead
//! Use one of the two ids.

use super::Rule;
use super::object_id;
use crate::domain::json::Spot;
use crate::domain::notification::{Environment, EventView};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH209",
    "unknown-environment",
    Severity::Warning,
    include_str!("unknown_environment.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some((value, id)) = event
        .id_environment
        .and_then(|value| Some((value, value.as_str()?)))
        && Environment::from_id(id).is_none()
        && object_id::is_object_id(id)
    {
        let [sandbox, production] = Environment::ALL.map(Environment::id);
        let help = format!("`{sandbox}` is Sandbox, `{production}` is Production");
        report.add(
            Spot::value(value),
            format!("unknown environment {}", quote(id)),
            help,
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[
            Whole(CREATED),
            Edited(
                CREATED,
                "574894bf7848066d138b4571",
                "574894bf7848066d138b4570",
            ),
        ],
        bad: &[Edited(
            CREATED,
            "574894bf7848066d138b4571",
            "574894bf7848066d138b4579",
        )],
    }
};
