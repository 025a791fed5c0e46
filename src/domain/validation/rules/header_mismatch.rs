//! Header and payload disagree.
//!
//! ## What it checks
//! That `id_user` and `id_external` of a credential or documents payload, where it has them, are those of the header.
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
use crate::domain::json::{Spot, Value};
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
    if let Some((value, of_payload)) = payload.and_then(|value| Some((value, value.as_str()?)))
        && let Some(of_header) = header.and_then(Value::as_str)
        && of_header != of_payload
    {
        let message = format!(
            "`{name}` is {} here and {} in the header",
            quote(of_payload),
            quote(of_header)
        );
        report.add(
            Spot::value(value),
            message,
            "both name the same user: send the same value",
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(DOCUMENTS)],
        bad: &[
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
