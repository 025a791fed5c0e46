//! An event came once more, unchanged.
//!
//! ## What it checks
//! That no later notification carries an event with the same `eid` that says the same. Spacing, the order of members
//! and what is round the event, such as `rid`, may differ, and `documents.failed` is `documents.fail`. With
//! `validate --sequence`.
//!
//! ## Why
//! Syncfy sends again what it believes not to have arrived. That is no fault, but a handler that does not look at `eid`
//! does its work twice.
//!
//! ## Example
//! ```text
//! 1  documents.success  6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb
//! 2  documents.success  6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb
//! ```
//!
//! ## Do instead
//! Remember each `eid` that was handled, and answer 2xx at once when it comes again; answer the first one sooner.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::sequence::{Moment, On, Remark, What};
use crate::domain::validation::Severity;

pub(super) const RULE: Rule = Rule::new(
    "SH504",
    "eid-redelivered",
    Severity::Note,
    include_str!("eid_redelivered.rs"),
)
.on_sequence(check);

fn check<'m>(moment: &'m Moment<'m>) -> Option<Remark<'m>> {
    match &moment.what {
        What::Repeat { event, repeat } if repeat.is_same => Some(Remark {
            on: On::This(Spot::value(event.eid.unwrap_or(event.value))),
            message: format!(
                "the same event came before, at {}",
                moment.quoted(repeat.first)
            ),
            help: "a redelivery is usual; handle an `eid` only once",
        }),
        _ => None,
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures};
    Fixtures {
        good: &[Recording(&["0 completed", "1 success"])],
        bad: &[
            Recording(&["0 completed", "1 success", "0 completed #0"]),
            Recording(&["0 completed", "1 fail", "1 failed #1"]),
        ],
    }
};
