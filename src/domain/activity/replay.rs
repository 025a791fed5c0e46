//! What `replay` reports beside its deliveries.

use std::sync::Arc;

use serde::Serialize;

use crate::domain::capture::Capture;

/// A request as it would be sent.
#[derive(Clone, Debug, Serialize)]
pub struct Outgoing {
    /// Its sequence number in the history; elsewhere its position among the sources.
    pub id: u64,
    /// The file, or `-`. `None` for one from the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The line in that file, where it has many.
    pub line: Option<u64>,
    /// The URL that would be called.
    pub url: String,
    /// The names of the events.
    pub events: Vec<String>,
    /// Method, headers and body: the headers as they are sent.
    #[serde(flatten, serialize_with = "super::request")]
    pub capture: Arc<Capture>,
    /// The same as a command for a POSIX shell, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
}

/// What `replay --watch` waits for.
#[derive(Clone, Debug, Serialize)]
pub struct Watching {
    /// The files and folders whose changes are sent.
    pub paths: Vec<String>,
}

/// What came of a `replay`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReplaySummary {
    /// Deliveries that ended: one for each notification and target.
    pub sent: u64,
    /// Deliveries that a target answered with 2xx.
    pub succeeded: u64,
    /// Deliveries that a target answered otherwise.
    pub refused: u64,
    /// Deliveries whose target was not reached, or did not answer in time.
    pub unreachable: u64,
    /// Notifications that `--events` or the targets' globs leave out, and those of the history that were refused.
    pub filtered: u64,
    /// Notifications that were not sent, because sending was stopped.
    pub unsent: u64,
    /// Whether more than those were not sent, which had not been read.
    pub unsent_and_more: bool,
    /// Where another `replay --after` goes on: the sequence number in the history up to which everything has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// How to go on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: f64,
    /// The same for each target.
    pub targets: Vec<TargetSummary>,
}

/// What came of the deliveries to one target.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TargetSummary {
    /// The target, as a user would type it, with its event glob in front where it has one.
    pub target: String,
    /// Deliveries that ended.
    pub sent: u64,
    /// Those that were answered with 2xx.
    pub succeeded: u64,
    /// Those that were answered otherwise.
    pub refused: u64,
    /// Those that were not answered.
    pub unreachable: u64,
    /// Half of the answers took no longer, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 95 of 100 answers took no longer, in milliseconds.
    pub p95_ms: Option<f64>,
}
