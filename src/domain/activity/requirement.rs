//! What `listen` was told to wait for or to insist on, and how that turned out.

use serde::Serialize;

use super::Outcome;

/// A requirement of a run, and how it turned out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Requirement {
    /// As typed, with its option where it is not an `--expect`.
    pub expect: String,
    /// What it is about.
    pub kind: RequirementKind,
    /// Of what it is about there are to be so many; for answers and silence none.
    pub wanted: u64,
    /// So many there were.
    pub seen: u64,
    /// What else is known of answers.
    #[serde(flatten)]
    pub replies: Option<Replies>,
    /// Whether all is as it was wanted.
    pub met: bool,
}

/// What a requirement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    /// Events that match a glob.
    Events,
    /// Notifications.
    Count,
    /// Attempts to deliver that were not answered in time.
    Reply,
    /// Endpoints that notifications named, which handlers are to pull.
    Pulled,
    /// Times in which nothing arrived for too long.
    Silence,
}

/// How a target answered that was given a limited time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Replies {
    /// Attempts that have ended.
    pub attempts: u64,
    /// Deliveries that had not ended when listening did.
    pub unanswered: u64,
    /// The slowest of the attempts that were not answered in time: one without any answer, or else the one that took
    /// the longest.
    pub slowest: Option<Slowest>,
}

/// An attempt that was not answered in time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slowest {
    /// The notification's sequence number.
    pub id: u64,
    /// The names of its events.
    pub events: Vec<String>,
    /// The URL that was called.
    pub target: String,
    /// What was answered, or why nothing was.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How long that took, in milliseconds.
    pub latency_ms: f64,
}

/// What a report for the test results of a CI tells of a run.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// The requirements, as in the summary.
    pub requirements: Vec<Requirement>,
    /// `--within` as typed, and whether that time ran out.
    pub within: Option<(String, bool)>,
    /// Why listening ended, in words.
    pub end: &'static str,
    /// The first notifications that arrived.
    pub arrived: Vec<Arrived>,
    /// How many arrived in all.
    pub received: u64,
}

/// A notification that arrived, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Its sequence number.
    pub id: u64,
    /// The names of its events.
    pub events: Vec<String>,
    /// Why it was refused.
    pub refused: Option<&'static str>,
}
