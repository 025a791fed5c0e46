//! `is_executing` is missing, or stands where the event has none.
//!
//! ## What it checks
//! That `is_executing` is there in `credentials.created` and `credentials.updated`, and absent in
//! `credentials.refreshed`.
//!
//! ## Why
//! Programs wait while it is 1. Where it is missing they may wait for ever, or not at all.
//!
//! ## Example
//! ```text
//! {"event": "refresh", "is_executing": 0}
//! ```
//!
//! ## Do instead
//! Send it with `credentials.created` and `credentials.updated`, and leave it out of `credentials.refreshed`.

use super::Rule;
use crate::domain::json::{Kind, Spot};
use crate::domain::notification::EventView;
use crate::domain::notification::event::PayloadKind;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH306",
    "is-executing-place",
    Severity::Warning,
    include_str!("is_executing_place.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let Some(payload) = event
        .payload
        .filter(|payload| payload.kind() == Kind::Object)
    else {
        return;
    };
    match (
        event.known.map(|known| known.payload),
        event.fields.is_executing,
    ) {
        (Some(PayloadKind::Credential), None) => {
            report.add(
                Spot::key(payload),
                "`payload` lacks `is_executing`",
                "send 1 while the work goes on, else 0",
            );
        }
        (Some(PayloadKind::RefreshedCredential), Some(value)) => {
            let message = "`is_executing` in an event that does not have it";
            report.add(
                Spot::key(value),
                message,
                "leave it out: `credentials.refreshed` comes when the work is done",
            );
        }
        _ => {}
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(REFRESHED)],
        bad: &[
            Edited(CREATED, "\"is_executing\": 1", "\"executing\": 1"),
            Edited(REFRESHED, "\"id_job\"", "\"is_executing\": 0, \"id_job\""),
        ],
    }
};
