//! Header and payload disagree.
//!
//! ## What it checks
//! That `id_user` and `id_external` of a credential or documents payload, where it has them, are those of the header.
//! `null` is a value like another, and differs from every string.
//!
//! ## Why
//! They name one user twice. A program that reads one of them and another that reads the other act for different
//! users.
//!
//! ## Example
//! ```text
//! {"header": {"user": {"id_external": "a"}}, "payload": {"id_external": "b"}}
//! ```
//!
//! ## Do instead
//! Send the same value in both places.

use super::{Rule, object_id};
use crate::domain::json::{Kind, Spot, Value};
use crate::domain::notification::EventView;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH401",
    "header-mismatch",
    Severity::Warning,
    include_str!("header_mismatch.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if event.has_known_payload() {
        // An id that is none has its own finding.
        let [of_header, of_payload] = [event.id_user, event.fields.id_user]
            .map(|id| id.filter(|id| id.as_str().is_some_and(object_id::is_object_id)));
        compare("id_user", of_header, of_payload, report);
        compare(
            "id_external",
            event.id_external,
            event.fields.id_external,
            report,
        );
    }
}

fn compare(
    name: &str,
    header: Option<Value<'_, '_>>,
    payload: Option<Value<'_, '_>>,
    report: &mut Report<'_>,
) {
    if let Some((value, of_payload)) = payload.and_then(|value| Some((value, id(value)?)))
        && let Some(of_header) = header.and_then(id)
        && of_header != of_payload
    {
        let [here, there] = [of_payload, of_header].map(|id| id.map_or("null".to_owned(), quote));
        report.add(
            Spot::value(value),
            format!("`{name}` is {here} here and {there} in the header"),
            "both name the same user: send the same value",
        );
    }
}

/// What can be compared: a string, or the `null` of a user without id. What is neither has its own finding.
#[expect(
    clippy::option_option,
    reason = "no comparison and no id are two things"
)]
fn id<'d>(value: Value<'d, '_>) -> Option<Option<&'d str>> {
    match value.kind() {
        Kind::Null => Some(None),
        _ => value.as_str().map(Some),
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(REFRESHED), Whole(DOCUMENTS)],
        bad: &[
            Edited(
                REFRESHED,
                "\"id_external\": null, \"id_user\"",
                "\"id_external\": \"a\", \"id_user\"",
            ),
            Edited(
                REFRESHED,
                "\"id_external\": null,\n",
                "\"id_external\": \"a\",\n",
            ),
            Edited(
                CREATED,
                "648a053b59f043380d473be3\",",
                "648a053b59f043380d473be4\",",
            ),
            Edited(
                CREATED,
                "20230614-DEMO\",\n        \"id_job\"",
                "other\",\n        \"id_job\"",
            ),
        ],
    }
};
