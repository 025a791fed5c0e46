//! The endpoints are of another kind than the event has.
//!
//! ## What it checks
//! That `endpoints` is an object of arrays in credential payloads, and an array in documents payloads.
//!
//! ## Why
//! The two families differ here, and a program written for one fails with the other.
//!
//! ## Example
//! ```text
//! {"header": {"event": {"name": "documents.success"}}, "payload": {"endpoints": {}}}
//! ```
//!
//! ## Do instead
//! Send the kind that the event has: `{"credential": ["/v1/…"]}` or `["/v1/…"]`.

use super::Rule;
use crate::domain::json::{Kind, Spot};
use crate::domain::notification::EventView;
use crate::domain::notification::event::PayloadKind;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH303",
    "endpoints-kind",
    Severity::Error,
    include_str!("endpoints_kind.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let Some(endpoints) = event.fields.endpoints.filter(|_| event.has_known_payload()) else {
        return;
    };
    let is_documents = event
        .known
        .is_some_and(|known| known.payload == PayloadKind::Documents);
    let wanted = if is_documents {
        Kind::Array
    } else {
        Kind::Object
    };
    if endpoints.kind() != wanted {
        let example = if is_documents {
            "[\"/v1/…\"]"
        } else {
            "{\"credential\": [\"/v1/…\"]}"
        };
        let message = format!("`endpoints` is {}, expected {wanted}", endpoints.kind());
        report.add(
            Spot::value(endpoints),
            message,
            format!("in this event it looks like `{example}`"),
        );
    }
    for (name, paths) in endpoints
        .members()
        .filter(|(_, paths)| !is_documents && paths.kind() != Kind::Array)
    {
        let message = format!(
            "{} of `endpoints` is {}, expected an array",
            quote(name),
            paths.kind()
        );
        report.add(
            Spot::value(paths),
            message,
            "send an array of paths, even for a single one",
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(REFRESHED), Whole(DOCUMENTS)],
        bad: &[
            Edited(
                DOCUMENTS,
                "[\"/v1/documents?id_job_webhook=648cb2a9718d6c796e4091c1\"]",
                "{}",
            ),
            Edited(
                REFRESHED,
                "[\"/v1/credentials/648cb2a99ca1b91b0a141391\"]",
                "\"/v1/credentials\"",
            ),
            Edited(
                DOCUMENTS,
                "[\"/v1/documents?id_job_webhook=648cb2a9718d6c796e4091c1\"]",
                "null",
            ),
        ],
    }
};
