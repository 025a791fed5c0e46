//! Two different events have the same `eid`.
//!
//! ## What it checks
//! That no later notification carries an event with the `eid` of an earlier one that says something else. One that
//! only has its members in another order, or another name of the same event, is a redelivery (SH504). With
//! `validate --sequence`.
//!
//! ## Why
//! `eid` is the idempotency key: a handler that takes each only once never sees the second event.
//!
//! ## Example
//! ```text
//! 1  documents.completed  6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb
//! 2  documents.success    6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb
//! ```
//!
//! ## Do instead
//! Give every event of a test its own UUID; tell Syncfy if a real one does not have its own.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::sequence::{Moment, On, Remark, What};
use crate::domain::validation::Severity;

pub(super) const RULE: Rule = Rule::new(
    "SH505",
    "eid-reused",
    Severity::Error,
    include_str!("eid_reused.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    match &moment.what {
        What::Repeat { event, repeat } if !repeat.is_same => Some(Remark {
            on: On::This(Spot::value(event.eid.unwrap_or(event.value))),
            message: format!(
                "another event had this `eid`, at {}",
                moment.quoted(repeat.first)
            ),
            help: "every event needs an `eid` of its own: handlers take each only once",
        }),
        _ => None,
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[
            Recording(&["0 completed", "1 success"]),
            Recording(&["0 completed", "1 success", "0 completed #0"]),
            Recording(&["0 completed", "1 failed", "1 fail #1"]),
        ],
        bad: &[
            Recording(&["0 completed", "1 success #0"]),
            Recording(&["0 payment", "1 payment #0"]),
        ],
    }
};
