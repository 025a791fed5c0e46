//! A credential was refreshed before it was created.
//!
//! ## What it checks
//! That no `credentials.refreshed` of a credential arrives before its `credentials.created`. With
//! `validate --sequence`.
//!
//! ## Why
//! A handler of `credentials.refreshed` mostly looks up what the one of `credentials.created` has stored. Where that is
//! not there yet, the data of the refresh is lost, or stored twice.
//!
//! ## Example
//! ```text
//! 1  credentials.refreshed  648cb2a99ca1b91b0a141391
//! 2  credentials.created    648cb2a99ca1b91b0a141391
//! ```
//!
//! ## Do instead
//! Make the handler of either event store the credential if it is not there; order of arrival is not promised.

use super::Rule;
use crate::domain::sequence::{Moment, On, Remark, Step, What};
use crate::domain::validation::Severity;

pub(super) const RULE: Rule = Rule::new(
    "SH501",
    "refreshed-before-created",
    Severity::Error,
    include_str!("refreshed_before_created.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    let What::Arrival { event, run } = moment.what else {
        return None;
    };
    let refreshed = run.refreshed.filter(|_| event.step == Step::Created)?;
    Some(Remark {
        on: On::This(event.name_spot()),
        message: format!(
            "the credential is created after it was refreshed, at {}",
            moment.quoted(refreshed)
        ),
        help: "let the handler of either event store the credential if it is not there yet",
    })
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[Recording(&["0 created 1", "4 updated 0", "22 refreshed"])],
        bad: &[
            Recording(&["4 updated 0", "22 refreshed", "25 created 1"]),
            Recording(&["4 updated 0", "22 refreshed", "0 created 1"]),
        ],
    }
};
