//! An event arrived after one of its run that happened later.
//!
//! ## What it checks
//! That the `at` of the events of one run grows in order of arrival. That a credential is created after it was refreshed
//! has a rule of its own (SH501). With `validate --sequence`.
//!
//! ## Why
//! Who takes what came last for what is newest goes back in time: `is_executing` is 1 again, and nothing ever sets it
//! to 0.
//!
//! ## Example
//! ```text
//! 1  credentials.refreshed  "at": "2023-06-16 19:06:40.944575+0000"
//! 2  credentials.updated    "at": "2023-06-16 19:06:22.944575+0000"
//! ```
//!
//! ## Do instead
//! Keep the `at` of what was handled last for a credential, and let nothing that is older overwrite it.

use super::Rule;
use crate::domain::sequence::{Moment, On, Remark, Step, What};
use crate::domain::validation::Severity;

pub(super) const RULE: Rule = Rule::new(
    "SH508",
    "out-of-order",
    Severity::Warning,
    include_str!("out_of_order.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    let What::Arrival { event, run } = moment.what else {
        return None;
    };
    if event.step == Step::Created && run.refreshed.is_some() {
        return None;
    }
    let overtaker = run.overtaken_by(event)?;
    Some(Remark {
        on: On::This(event.at_spot()),
        message: format!(
            "an event of this run that happened later had come already, at {}",
            moment.quoted(overtaker)
        ),
        help: "let nothing that is older overwrite what is newer: compare `at`",
    })
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 created 1", "0 updated 0", "22 refreshed"]),
            Recording(&["0 completed", "- success"]),
        ],
        bad: &[
            Recording(&["0 created 1", "4 updated 0", "22 refreshed", "21 updated 0"]),
            Recording(&["1 success", "0 completed"]),
            Recording(&[
                "0 created 1",
                "9 updated 0",
                "22 refreshed",
                "4 updated 1",
                "900 payment",
            ]),
        ],
    }
};
