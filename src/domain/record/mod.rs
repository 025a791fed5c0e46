//! What the history keeps of a notification: what was found out about it, and what became of its deliveries.
//!
//! Refuses to know how records are kept. The request itself is a `Capture` beside its record.

mod query;
mod retention;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::query::{Query, Reference};
pub use self::retention::Retention;
use super::headers::Headers;
use super::instant;
use super::notification::{Environment, EventOutline, Version};
use super::outcome::Outcome;
use super::signature::{BodyBinding, Verdict};

/// A notification in the history, without its request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// Its sequence number.
    pub id: u64,
    /// Syncfy's id of the request.
    pub rid: Option<String>,
    /// When it had arrived whole.
    #[serde(serialize_with = "instant::milliseconds")]
    pub received_at: Timestamp,
    /// `sandbox`, `production`, or null when it says neither or both.
    pub environment: Option<Environment>,
    /// The version of the protocol.
    pub version: Version,
    /// Its events. Of what an outline can hold, their time and environment are not kept.
    pub events: Vec<EventOutline>,
    /// What its signature proved.
    pub signature: SignatureRecord,
    /// Whether no diagnostic was an error.
    pub valid: bool,
    /// The sequence number of an earlier notification that carried one of the same events.
    pub duplicate_of: Option<u64>,
    /// The status that Syncfy was answered with. `None` when it was the target's own answer that was relayed.
    pub answered: Option<u16>,
    /// Why it was refused, as a stable kebab-case word.
    pub refused: Option<String>,
    /// Whether it was not forwarded because each of its events had come before, and repeats were to be dropped.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    /// What became of it at each target, in the order in which the deliveries were made; those of replays come last.
    pub deliveries: Vec<DeliveryRecord>,
}

/// What the signature of a notification proved when it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureRecord {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it was not `valid`, as a stable kebab-case word.
    pub reason: Option<String>,
    /// Whether the token covered the body.
    pub body_binding: Option<BodyBinding>,
}

/// A delivery of a notification to a target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeliveryRecord {
    /// Its number among the deliveries of the notification, from 1.
    pub number: u32,
    /// The target, as a user would type it.
    pub target: String,
    /// How far it has come.
    pub state: Standing,
    /// How many attempts were made.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// Why the last attempt had no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether `replay` made it.
    pub replayed: bool,
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It has not ended: its target is not there, or takes its time.
    Waiting,
    /// The target answered 2xx.
    Delivered,
    /// It was given up.
    Failed,
}

impl Standing {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    /// `waiting`, `delivered` or `failed`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// One attempt of a delivery.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttemptRecord {
    /// 1 for the first.
    pub attempt: u32,
    /// When it ended.
    #[serde(serialize_with = "instant::milliseconds")]
    pub at: Timestamp,
    /// The URL that was called.
    pub url: String,
    /// What the target answered, or why it did not.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// From the first byte sent to the answer's head, in milliseconds.
    pub latency_ms: f64,
    /// The beginning of the answer.
    pub answer: Option<AnswerHead>,
}

/// The beginning of an answer: its header fields, and the first bytes of its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerHead {
    /// The header fields.
    pub headers: Headers,
    /// The first bytes of the body as text; what is not UTF-8 is U+FFFD.
    pub body: String,
}
