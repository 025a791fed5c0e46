//! A run began before the recording did.
//!
//! ## What it checks
//! Which runs have no first step because it came before the recording: their credential or job was made, going by the
//! first eight digits of its id, before the first event of the recording happened. With `validate --sequence`.
//!
//! ## Why
//! What came before is not in the recording, so that nothing is missing is more likely than that something was lost
//! (SH506).
//!
//! ## Example
//! ```text
//!    (the recording begins)
//! 1  credentials.updated    {"is_executing": 0}
//! 2  credentials.refreshed
//! ```
//!
//! ## Do instead
//! Nothing; or begin the recording earlier.

use super::Rule;
use crate::domain::sequence::{Moment, On, Remark, What};
use crate::domain::validation::Severity;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH511",
    "began-before",
    Severity::Note,
    include_str!("began_before.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    match moment.what {
        What::End {
            run,
            began_before: true,
            ..
        } if run.lacks_created() || run.lacks_completed() => Some(Remark {
            on: On::Earlier(&run.first),
            message: format!("the run of {} began before the recording", quote(&run.id)),
            help: "its first steps are not in the recording",
        }),
        _ => None,
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 created 1", "4 updated 0", "22 refreshed"]),
            Recording(&["0 completed", "1 success"]),
            // A credential of old.
            Recording(&["90000 refreshed"]),
        ],
        bad: &[
            Recording(&["4 updated 0", "22 refreshed"]),
            Recording(&["22 refreshed"]),
            Recording(&["1 success"]),
            Recording(&["1 success", "900 payment"]),
        ],
    }
};
