//! A synchronisation never came to `credentials.refreshed`.
//!
//! ## What it checks
//! That a credential which was executing, and stopped, is refreshed before the next synchronisation begins an hour or
//! more later, or before the recording has gone on for ten minutes (a thousand events where these have no time). One
//! that did not even stop is told by SH503. With `validate --sequence`.
//!
//! ## Why
//! Only `credentials.refreshed` says that there is something to fetch. A login that fails ends without it, and so does a
//! run of which a notification was lost: the data of that one is there and nobody fetches it.
//!
//! ## Example
//! ```text
//! 1  credentials.created  {"is_executing": 1}
//! 2  credentials.updated  {"is_executing": 0}
//!    (nothing more of this credential)
//! ```
//!
//! ## Do instead
//! Ask `/v1/credentials` how the credential stands: if its login failed the user has to act, else fetch what is there.

use super::Rule;
use crate::domain::sequence::{LONG, Moment, On, Remark, Run, What};
use crate::domain::validation::Severity;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH509",
    "never-ended",
    Severity::Warning,
    include_str!("never_ended.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    let run: &Run = match &moment.what {
        What::Arrival { event, run } if run.begins_anew_with(event) => {
            run.pause(event).filter(|pause| *pause > LONG)?;
            run
        }
        What::End {
            run,
            is_settled: true,
            ..
        } if run.is_under_way && !run.is_executing => run,
        _ => return None,
    };
    Some(Remark {
        on: On::Earlier(&run.last),
        message: format!(
            "no `credentials.refreshed` came for the credential {}",
            quote(&run.id)
        ),
        help: "a login that fails ends like this; otherwise a notification was lost",
    })
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 created 1", "4 updated 0", "22 refreshed", "900 payment"]),
            // Somebody gave the credential another name.
            Recording(&[
                "0 created 1",
                "4 updated 0",
                "22 refreshed",
                "200 updated 0",
                "900 payment",
            ]),
            Recording(&[
                "0 created 1",
                "4 updated 0",
                "6 updated 1",
                "9 updated 0",
                "22 refreshed",
                "900 payment",
            ]),
            Recording(&["0 created 1", "4 updated 0"]),
        ],
        bad: &[
            Recording(&["0 created 1", "4 updated 0", "900 payment"]),
            Recording(&[
                "0 created 1",
                "4 updated 0",
                "90000 updated 1",
                "90004 updated 0",
                "90022 refreshed",
            ]),
        ],
    }
};
