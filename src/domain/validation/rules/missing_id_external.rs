//! The user has no `id_external`.
//!
//! ## What it checks
//! That `header.user` has the key `id_external`, be it null.
//!
//! ## Why
//! Documented notifications always have the key. Programs that find their own user by it need to see null rather than
//! nothing.
//!
//! ## Example
//! ```text
//! {"id_environment": "574894bf7848066d138b4570", "id_user": "648a053b59f043380d473be3"}
//! ```
//!
//! ## Do instead
//! Add `id_external`, null where the user has none.

use super::Rule;
use crate::domain::json::{Kind, Spot};
use crate::domain::notification::EventView;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH210",
    "missing-id-external",
    Severity::Warning,
    include_str!("missing_id_external.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    if let Some(user) = event.user.filter(|user| user.kind() == Kind::Object)
        && event.id_external.is_none()
    {
        report.add(
            Spot::key(user),
            "`header.user` lacks `id_external`",
            "write null where the user has none",
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(PAYMENTS)],
        bad: &[Edited(PAYMENTS, "\"id_external\"", "\"external\"")],
    }
};
