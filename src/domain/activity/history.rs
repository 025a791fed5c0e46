//! What `history` reports.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use super::super::capture::Capture;
use super::super::record::{AttemptRecord, Record};
use super::super::validation::Diagnostic;
use super::request;

/// All that is known of a notification in the history.
#[derive(Clone, Debug, Serialize)]
pub struct Recorded {
    /// What was found out about it when it arrived, and what became of it.
    #[serde(flatten)]
    pub record: Record,
    /// What the rules find in it now, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// The request.
    #[serde(flatten, serialize_with = "request")]
    pub capture: Arc<Capture>,
    /// Every attempt to deliver it, in the order of the deliveries.
    pub attempts: Vec<RecordedAttempt>,
    /// The body as it reads: the same bytes, or what they decode to where they are compressed.
    #[serde(skip)]
    pub readable: Bytes,
}

/// An attempt of one of several deliveries.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedAttempt {
    /// The number of the delivery.
    pub delivery: u32,
    /// The attempt.
    #[serde(flatten)]
    pub attempt: AttemptRecord,
}

/// Where an export went, where that is not standard output.
#[derive(Clone, Debug, Serialize)]
pub struct Exported {
    /// How many notifications were written.
    pub notifications: u64,
    /// The file or the folder.
    pub output: String,
}

/// What came of a `history prune`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Pruned {
    /// How many notifications were taken out, or would be.
    pub removed: u64,
    /// How many are left, or would be.
    pub kept: u64,
    /// Those among them that are old enough to go and still wait to be delivered.
    pub waiting: u64,
    /// Whether nothing was taken out.
    pub dry_run: bool,
}
