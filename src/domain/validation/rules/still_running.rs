//! The recording ends before a run does.
//!
//! ## What it checks
//! Which runs had not ended when the recording did, ten minutes or less after their last event (less than a thousand
//! events where these have no time). With `validate --sequence`.
//!
//! ## Why
//! What was to come is not in the recording, so nothing can be said of how the run ended.
//!
//! ## Example
//! ```text
//! 1  credentials.created  {"is_executing": 1}
//!    (the recording ends)
//! ```
//!
//! ## Do instead
//! Nothing; or let `listen` run a little longer.

use super::Rule;
use crate::domain::sequence::{Course, Moment, On, Remark, Step, What};
use crate::domain::validation::Severity;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH510",
    "still-running",
    Severity::Note,
    include_str!("still_running.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    let What::End {
        run,
        is_settled: false,
        began_before,
    } = moment.what
    else {
        return None;
    };
    let subject = match run.course {
        Course::Credential if run.is_under_way => "the synchronisation of the credential",
        Course::Documents if !run.has(Step::Completed) && began_before => return None,
        Course::Documents => "the documents of the job",
        Course::Credential => return None,
    };
    Some(Remark {
        on: On::Earlier(&run.last),
        message: format!(
            "{subject} {} had not ended when the recording did",
            quote(&run.id)
        ),
        help: "how it went on is not in the recording",
    })
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 created 1", "4 updated 0", "22 refreshed"]),
            Recording(&["0 created 1", "900 payment"]),
            Recording(&["0 completed", "1 success"]),
        ],
        bad: &[
            Recording(&["0 created 1"]),
            Recording(&["0 created 1", "4 updated 0", "600 payment"]),
            Recording(&["0 completed", "9 payment"]),
            Recording(&["- completed", "900 payment"]),
        ],
    }
};
