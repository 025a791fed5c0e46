//! A notification of Webhooks V1.
//!
//! ## What it checks
//! Whether the body is a bare credential payload with `event` and no envelope.
//!
//! ## Why
//! V1 is the first version of Webhooks, managed through the API. It is valid, but it has no `eid` to tell repetitions
//! by, and Syncfy recommends V3.
//!
//! ## Example
//! ```text
//! {"event": "credential_create", "id_credential": "648cb2a99ca1b91b0a141391"}
//! ```
//!
//! ## Do instead
//! Nothing, if V1 is what you use. Else set up a V3 webhook in the Syncfy dashboard.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::{Notification, Version};
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH102",
    "legacy-v1",
    Severity::Note,
    include_str!("legacy_v1.rs"),
)
.on_document(check);

fn check(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.version() == Version::V1 {
        let help = "Syncfy recommends Webhooks V3, set up in its dashboard";
        report.add(
            Spot::key(notification.root()),
            "a notification of Webhooks V1, without envelope",
            help,
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED)],
        bad: &[Whole(V1), Whole(r#"{"event":"documents_completed"}"#)],
    }
};
