//! A run stands still for more than an hour.
//!
//! ## What it checks
//! That no more than an hour lies between the `at` of two events of one run, as long as it has not ended. With
//! `validate --sequence`.
//!
//! ## Why
//! The usual run takes less than a minute. A hole of an hour hints at events that were lost in it, or at deliveries that
//! were held up.
//!
//! ## Example
//! ```text
//! 1  credentials.created    "at": "2023-06-16 19:06:18.944575+0000"
//! 2  credentials.refreshed  "at": "2023-06-16 23:30:01.112233+0000"
//! ```
//!
//! ## Do instead
//! Look what happened at your endpoint in that time. Where the site waited for its user there is nothing to do.

use jiff::SignedDuration;

use super::Rule;
use crate::domain::sequence::{LONG, Moment, On, Remark, What};
use crate::domain::validation::Severity;

pub(super) const RULE: Rule = Rule::new(
    "SH507",
    "time-hole",
    Severity::Warning,
    include_str!("time_hole.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    let What::Arrival { event, run } = moment.what else {
        return None;
    };
    let pause = run.pause(event).filter(|pause| *pause > LONG)?;
    run.goes_on_with(event).then(|| Remark {
        on: On::This(event.at_spot()),
        message: format!(
            "this is {} after `{}`, at {}",
            words(pause),
            run.last.name,
            moment.quoted(run.last.place)
        ),
        help: "the usual run takes less than a minute; look what happened at your endpoint meanwhile",
    })
}

/// Hours, and days where there are many.
fn words(pause: SignedDuration) -> String {
    match pause.as_hours() {
        1 => "more than an hour".into(),
        hours @ ..48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&[
                "0 created 1",
                "4 updated 0",
                "22 refreshed",
                "90000 updated 1",
                "90004 updated 0",
                "90022 refreshed",
            ]),
            Recording(&["0 created 1", "600 updated 0", "3000 refreshed"]),
            // Another login, after one that failed.
            Recording(&[
                "0 created 1",
                "4 updated 0",
                "90000 updated 1",
                "90004 updated 0",
                "90022 refreshed",
            ]),
        ],
        bad: &[
            Recording(&["0 created 1", "4 updated 0", "3700 refreshed"]),
            Recording(&["0 created 1", "90000 updated 0", "90010 refreshed"]),
            Recording(&["0 completed", "900000 success"]),
        ],
    }
};
