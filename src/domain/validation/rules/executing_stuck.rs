//! A credential is executing, and never stops.
//!
//! ## What it checks
//! That after `is_executing` 1 there is a `credentials.updated` with 0, or `credentials.refreshed`, of the same
//! credential, where the recording goes on for more than ten minutes after it, or for a thousand events where these have
//! no time. With `validate --sequence`.
//!
//! ## Why
//! An app that shows its user a spinner while `is_executing` is 1 shows it forever.
//!
//! ## Example
//! ```text
//! 1  credentials.created  {"is_executing": 1}
//!    (nothing more of this credential)
//! ```
//!
//! ## Do instead
//! Look whether your endpoint refused the notification that is missing, or `--events` left it out; ask
//! `/v1/credentials` how the credential stands, and give up waiting after some minutes.

use super::Rule;
use crate::domain::sequence::{Moment, On, Remark, What};
use crate::domain::validation::Severity;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH503",
    "executing-stuck",
    Severity::Error,
    include_str!("executing_stuck.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    match moment.what {
        What::End {
            run,
            is_settled: true,
            ..
        } if run.is_executing => Some(Remark {
            on: On::Earlier(&run.last),
            message: format!(
                "`is_executing` stays 1 for the credential {}",
                quote(&run.id)
            ),
            help: "look whether your endpoint refused what came next, and do not let your app wait forever",
        }),
        _ => None,
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 created 1", "4 updated 0", "900 payment"]),
            Recording(&["0 created 1", "22 refreshed", "900 payment"]),
            Recording(&["0 created 1", "9 payment"]),
            // What was overtaken does not say how things stand.
            Recording(&[
                "0 created 1",
                "9 updated 0",
                "22 refreshed",
                "4 updated 1",
                "900 payment",
            ]),
        ],
        bad: &[
            Recording(&["0 created 1", "900 payment"]),
            Recording(&["0 created 0", "4 updated 1", "900 payment"]),
        ],
    }
};
