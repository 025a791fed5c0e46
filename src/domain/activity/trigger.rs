//! What `trigger` reports beside its deliveries.

use serde::Serialize;

use super::Outcome;

/// An event or a scenario that can be triggered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Triggerable {
    /// `event` or `scenario`.
    pub kind: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What it is about.
    pub summary: String,
}

/// What chaos did to the notifications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChaosReport {
    /// The seed that does the same once more.
    pub seed: u64,
    /// Notifications there were.
    pub notifications: u64,
    /// Deliveries that were planned of them.
    pub deliveries: u64,
    /// Notifications that were delivered more than once.
    pub duplicated: u64,
    /// Notifications that came behind their successor.
    pub reordered: u64,
    /// Notifications that came late.
    pub delayed: u64,
    /// Notifications that came at one moment with their neighbours.
    pub in_bursts: u64,
    /// Notifications that never came: the event, or the scenario and its step.
    pub dropped: Vec<String>,
}

/// An event whose deliveries were not all answered in the same way.
#[derive(Clone, Debug, Serialize)]
pub struct Differing {
    /// The id of the event.
    pub eid: String,
    /// Its name.
    pub event: String,
    /// The target, as a user would type it.
    pub target: String,
    /// What it answered, each once, the first one first: a status, or why there was none.
    pub answers: Vec<Answered>,
}

/// A status, or why there was none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answered {
    /// The status.
    Status(u16),
    /// Why there was none.
    Error(String),
}

impl From<Outcome> for Answered {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Status(status) => Self::Status(status),
            Outcome::Error(error) => Self::Error(error),
        }
    }
}
