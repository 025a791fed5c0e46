//! What is reported of whole recordings.

use serde::Serialize;

use crate::domain::sequence::Totals;

/// What came of a `validate --sequence`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sequenced {
    /// How much was looked at.
    #[serde(flatten)]
    pub totals: Totals,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are notes.
    pub notes: u64,
    /// Sources and captures that could not be read.
    pub unreadable: u64,
}

/// What came of a `schema diff`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The notifications of the recording before.
    pub before: u64,
    /// The notifications of the one after.
    pub after: u64,
    /// How many differences there are.
    pub drifts: u64,
}
