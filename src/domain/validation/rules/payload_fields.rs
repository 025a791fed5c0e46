//! The payload lacks fields that the event has.
//!
//! ## What it checks
//! That credential and documents payloads have the fields of the documented examples. `is_executing` is checked by
//! `is-executing`.
//!
//! ## Why
//! Programs read these fields; a test notification without them tests less than it seems.
//!
//! ## Example
//! ```text
//! {"endpoints": {"credential": []}, "event": "credential_create"}
//! ```
//!
//! ## Do instead
//! Add the fields that the message names.

use super::Rule;
use crate::domain::json::{Kind, Spot};
use crate::domain::notification::EventView;
use crate::domain::notification::event::PayloadKind;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::list;

pub(super) const RULE: Rule = Rule::new(
    "SH302",
    "payload-fields",
    Severity::Warning,
    include_str!("payload_fields.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let Some(payload) = event
        .payload
        .filter(|payload| payload.kind() == Kind::Object && event.has_known_payload())
    else {
        return;
    };
    let kind = event.known.map(|known| known.payload);
    let fields = &event.fields;
    let of_credentials = [("event", fields.event), ("id_external", fields.id_external)];
    let absent: Vec<&str> = [("endpoints", fields.endpoints)]
        .into_iter()
        .chain(
            of_credentials
                .into_iter()
                .filter(|_| kind != Some(PayloadKind::Documents)),
        )
        .chain(fields.ids().filter(|(name, _)| has_id(kind, name)))
        .filter(|(_, value)| value.is_none())
        .map(|(name, _)| name)
        .collect();
    if !absent.is_empty() {
        let help = "documented payloads of this event have it";
        report.add(
            Spot::key(payload),
            format!("`payload` lacks {}", list(&absent)),
            help,
        );
    }
}

fn has_id(kind: Option<PayloadKind>, name: &str) -> bool {
    match name {
        "id_job_type" | "id_job_uuid_type" => kind == Some(PayloadKind::RefreshedCredential),
        "id_credential" | "id_user" => kind != Some(PayloadKind::Documents),
        _ => true,
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[
            Whole(CREATED),
            Whole(REFRESHED),
            Whole(DOCUMENTS),
            Whole(PAYMENTS),
        ],
        bad: &[
            Edited(CREATED, "\"id_job\"", "\"job\""),
            Edited(DOCUMENTS, "\"endpoints\"", "\"paths\""),
            Edited(REFRESHED, "\"id_job_type\"", "\"job\""),
        ],
    }
};
