//! Documents were completed, and whether they are there is not told.
//!
//! ## What it checks
//! That for every job with `documents.completed` there is `documents.success` or `documents.fail` (also as
//! `documents.failed`), where the recording goes on for more than ten minutes after it, or for a thousand events where
//! these have no time. With `validate --sequence`.
//!
//! ## Why
//! `documents.completed` says that the work ended, with or without errors. An app that waits for the other event to know
//! which waits forever.
//!
//! ## Example
//! ```text
//! 1  documents.completed  648cb2a9718d6c796e4091c2
//!    (nothing more of this job)
//! ```
//!
//! ## Do instead
//! Look whether your endpoint refused the other notification, or `--events` left it out; fetch the documents by the
//! paths in `endpoints` if it never came.

use super::Rule;
use crate::domain::sequence::{Course, Moment, On, Remark, Step, What};
use crate::domain::validation::Severity;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH502",
    "documents-without-outcome",
    Severity::Error,
    include_str!("documents_without_outcome.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    let What::End {
        run,
        is_settled: true,
        ..
    } = moment.what
    else {
        return None;
    };
    let lacks_outcome = run.has(Step::Completed) && !run.has_outcome();
    (run.course == Course::Documents && lacks_outcome).then(|| Remark {
        on: On::Earlier(&run.last),
        message: format!(
            "neither `documents.success` nor `documents.fail` came for the job {}",
            quote(&run.id)
        ),
        help: "look whether your endpoint refused it, and fetch the documents by the paths in `endpoints`",
    })
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 completed", "1 success", "900 payment"]),
            Recording(&["0 completed", "1 failed", "900 payment"]),
            Recording(&["1 success", "0 completed", "900 payment"]),
            Recording(&["0 completed", "9 payment"]),
        ],
        bad: &[Recording(&["0 completed", "900 payment"])],
    }
};
