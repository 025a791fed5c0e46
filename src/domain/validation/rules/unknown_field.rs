//! A field is not in the catalogue.
//!
//! ## What it checks
//! That the notification, its headers, credential and documents payloads and the `endpoints` of a credential have no fields
//! but those that are documented for the event. Payments have a free shape. `is_executing` is checked by SH306. No
//! more than ten fields of one object are told.
//!
//! ## Why
//! Syncfy adds fields without notice, so a new one is accepted; here you see it first. In a test notification it is mostly
//! a typing error, and no program ever reads it.
//!
//! ## Example
//! ```text
//! {"id_sites": "56cf5728784806f72b8b456f"}
//! ```
//!
//! ## Do instead
//! Use the name that is suggested, or nothing if the field is new.

use super::Rule;
use crate::domain::json::{Kind, Spot, Value};
use crate::domain::notification::{EventView, Notification, Version, catalogue};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH307",
    "unknown-field",
    Severity::Note,
    include_str!("unknown_field.rs"),
)
.on_document(check_notification)
.on_event(check);

/// So many are told of one object: a flood must not drown what is wrong.
const MOST: usize = 10;

/// From here on a name is taken for a typing error of another.
const LIKE: f64 = 0.8;

fn check_notification(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::V3 {
        check_object(
            "the notification",
            Some(notification.root()),
            catalogue::NOTIFICATION,
            report,
        );
    }
}

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let EventView { header, user, .. } = *event;
    check_object("the event", Some(event.value), catalogue::EVENT, report);
    check_object("`header`", header, catalogue::HEADER, report);
    let known = catalogue::HEADER_EVENT;
    check_object("`header.event`", event.event, known, report);
    check_object("`header.user`", user, catalogue::HEADER_USER, report);
    let Some(fields) = event
        .known
        .and_then(|known| catalogue::payload(known.payload))
    else {
        return;
    };
    check_object("`payload`", event.payload, fields, report);
    check_object(
        "`endpoints`",
        event.fields.endpoints,
        catalogue::ENDPOINTS,
        report,
    );
}

fn check_object(
    owner: &str,
    object: Option<Value<'_, '_>>,
    known: &[&str],
    report: &mut Report<'_>,
) {
    let members = object
        .filter(|object| object.kind() == Kind::Object)
        .into_iter()
        .flat_map(Value::members);
    // Members mostly come in the order of the catalogue: the next name is tried before all others.
    let mut next = 0;
    let unknown = members.filter(|(name, _)| {
        let is_next = known.get(next) == Some(name);
        let position = if is_next {
            Some(next)
        } else {
            known.iter().position(|known| known == name)
        };
        next = position.map_or(next, |position| position + 1);
        position.is_none() && *name != "is_executing"
    });
    let mut told = Vec::new();
    for (name, value) in unknown {
        // That a key is repeated is for SH003 to say.
        if told.contains(&name) {
            continue;
        }
        if told.len() == MOST {
            break;
        }
        told.push(name);
        let help = nearest(name, known).map_or_else(
            || "it is accepted: Syncfy adds fields without notice".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        report.add(
            Spot::key(value),
            format!("{owner} has {}, which is not in the catalogue", quote(name)),
            help,
        );
    }
}

/// The known name that someone who wrote `name` most likely meant.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    // Longer than any name by more than a typing error; keeps the cost of foreign text small.
    if name.len() > 40 {
        return None;
    }
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(name, known);
    let known = known.iter().map(|known| (likeness(known), *known));
    let (likeness, nearest) = known.max_by(|(left, _), (right, _)| left.total_cmp(right))?;
    (likeness >= LIKE).then_some(nearest)
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
            Whole(V1),
        ],
        bad: &[
            Edited(CREATED, "\"rid\"", "\"attempt\": 1, \"rid\""),
            Edited(CREATED, "\"header\"", "\"hedaer\": 1, \"header\""),
            Edited(CREATED, "\"eid\"", "\"region\": 1, \"eid\""),
            Edited(
                CREATED,
                "\"id_job\"",
                "\"id_job_type\": \"648cb2a9718d6c796e4091c1\", \"id_job\"",
            ),
            Edited(
                DOCUMENTS,
                "\"id_job\"",
                "\"id_credential\": \"648cb2a9718d6c796e4091c1\", \"id_job\"",
            ),
            Edited(REFRESHED, "\"accounts\"", "\"account\": [], \"accounts\""),
            Edited(PAYMENTS, "\"header\"", "\"trace\": null, \"header\""),
        ],
    }
};
