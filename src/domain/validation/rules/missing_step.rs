//! A step of the usual run is missing.
//!
//! ## What it checks
//! That `credentials.refreshed` comes after a `credentials.updated` where `credentials.created` was seen; that a
//! credential which was made while the recording ran has its `credentials.created`; that `documents.success` and
//! `documents.fail` have their `documents.completed`. When something was made is in the first eight digits of its id. With
//! `validate --sequence`.
//!
//! ## Why
//! The usual run has every step. One that is missing was not sent, or was lost on its way: handlers have to live without
//! it.
//!
//! ## Example
//! ```text
//! 1  credentials.created    648cb2a99ca1b91b0a141391
//! 2  credentials.refreshed  648cb2a99ca1b91b0a141391
//! ```
//!
//! ## Do instead
//! Look whether your endpoint refused it, or `--events` left it out; let no handler depend on the step before.

use super::Rule;
use crate::domain::sequence::{Moment, On, Remark, Step, What};
use crate::domain::validation::Severity;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH506",
    "missing-step",
    Severity::Warning,
    include_str!("missing_step.rs"),
)
.on_sequence(check);

const HELP: &str = "look whether your endpoint refused it, and let no handler depend on it";

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    match moment.what {
        What::Arrival { event, run }
            if event.step == Step::Refreshed
                && run.has(Step::Created)
                && !run.has(Step::Updated) =>
        {
            Some(Remark {
                on: On::This(event.name_spot()),
                message: "no `credentials.updated` came before `credentials.refreshed`".into(),
                help: HELP,
            })
        }
        What::End {
            run,
            began_before: false,
            is_settled,
        } => {
            let missing = if run.lacks_created() {
                "credentials.created"
            } else if run.lacks_completed() && is_settled {
                "documents.completed"
            } else {
                return None;
            };
            Some(Remark {
                on: On::Earlier(&run.first),
                message: format!("there is no `{missing}` of {}", quote(&run.id)),
                help: HELP,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 created 1", "4 updated 0", "22 refreshed"]),
            // A credential of old.
            Recording(&["-5 payment", "90000 refreshed", "99999 payment"]),
            Recording(&["-5 payment", "0 success", "1 completed", "900 payment"]),
            Recording(&["4 updated 0", "22 refreshed", "900 payment"]),
        ],
        bad: &[
            Recording(&["0 created 1", "22 refreshed", "900 payment"]),
            Recording(&["-5 payment", "4 updated 0", "22 refreshed", "900 payment"]),
            Recording(&["-5 payment", "1 success", "900 payment"]),
        ],
    }
};
