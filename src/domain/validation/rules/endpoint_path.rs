//! An endpoint is no path of the API.
//!
//! ## What it checks
//! That every endpoint is a string that begins with `/v1/`.
//!
//! ## Why
//! Programs put the host of the API (`api.syncfy.com`) before it and fetch the result.
//!
//! ## Example
//! ```text
//! {"endpoints": ["https://api.syncfy.com/v1/documents"]}
//! ```
//!
//! ## Do instead
//! Send the path alone, with its query.

use super::Rule;
use crate::domain::json::{Spot, Value};
use crate::domain::notification::EventView;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH304",
    "endpoint-path",
    Severity::Warning,
    include_str!("endpoint_path.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some(endpoints) = event.fields.endpoints.filter(|_| event.has_known_payload()) {
        let listed = endpoints.members().flat_map(|(_, paths)| paths.items());
        for path in endpoints.items().chain(listed) {
            check_path(path, report);
        }
    }
}

fn check_path(path: Value<'_, '_>, report: &mut Report<'_>) {
    let message = match path.as_str() {
        Some(text) if text.starts_with("/v1/") => return,
        Some(text) => format!("the endpoint {} does not begin with `/v1/`", quote(text)),
        None => format!("an endpoint is {}, expected a string", path.kind()),
    };
    report.add(
        Spot::value(path),
        message,
        "an endpoint is a path such as `/v1/credentials/648cb2a99ca1b91b0a141391`",
    );
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(REFRESHED), Whole(DOCUMENTS)],
        bad: &[
            Edited(
                CREATED,
                "/v1/credentials",
                "https://api.syncfy.com/v1/credentials",
            ),
            Edited(
                DOCUMENTS,
                "\"/v1/documents?id_job_webhook=648cb2a9718d6c796e4091c1\"",
                "7",
            ),
        ],
    }
};
