//! Everything a command can report while it works. The human and the JSON output are two consumers of it.
//!
//! Each variant serialises to the JSON line that users are promised: fields may be added, never renamed.

use std::sync::Arc;

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::headers::Headers;
use super::notification::{Environment, EventOutline, Version};
use super::signature::{BodyBinding, Reason, Verdict, Verification};
use super::validation::Diagnostic;

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Activity {
    /// `listen` accepts connections.
    Ready(Ready),
    /// A notification arrived and was judged.
    #[serde(serialize_with = "shared")]
    Notification(Arc<Arrival>),
    /// One attempt to deliver a notification to a target ended.
    Delivery(Attempt),
    /// Something the user should know, which stops nothing.
    Warning(Warning),
    /// `listen` ended.
    Summary(Summary),
    /// A request that `replay` would send.
    Request(Outgoing),
    /// `replay` waits for files to change.
    Watching(Watching),
    /// `replay` ended.
    #[serde(rename = "summary")]
    Replayed(ReplaySummary),
    /// `validate` judged one notification.
    Validation(Validation),
    /// `verify` judged one token.
    Verification(Verified),
}

/// How `listen` is set up.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// The URL that notifications are to be posted to.
    pub url: String,
    /// The process id.
    pub pid: u32,
    /// Where notifications are kept durably. `None` when they are not.
    pub store: Option<String>,
    /// The folder that takes one capture file for each notification.
    pub save: Option<String>,
    /// Every target, as a user would type it, with its event glob in front where it has one.
    pub targets: Vec<String>,
    /// Where the keys came from, in the order in which they are tried.
    pub keys: Vec<String>,
}

/// A notification that arrived, with everything that was found out about it before it was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    /// Its sequence number.
    pub id: u64,
    /// Syncfy's id of the request.
    pub rid: Option<String>,
    /// When it had arrived whole.
    pub received_at: Timestamp,
    /// `sandbox`, `production`, or null when it says neither or both.
    pub environment: Option<Environment>,
    /// What its signature proves.
    pub signature: Signature,
    /// Whether no diagnostic is an error.
    pub valid: bool,
    /// What the validation rules found, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// Its events.
    pub events: Vec<EventOutline>,
    /// The sequence number of an earlier notification that carried one of the same events.
    pub duplicate_of: Option<u64>,
    /// The version of the protocol.
    pub version: Version,
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The status that Syncfy was answered with. `None` when it is the target's own answer that is relayed.
    pub answered: Option<u16>,
    /// Why it was refused, as a stable kebab-case word.
    pub refused: Option<&'static str>,
    /// What most likely is wrong, and what to do.
    pub hints: Vec<String>,
    /// The exact bytes of the body.
    #[serde(rename = "body_b64", serialize_with = "as_base64")]
    pub body: Bytes,
    /// The body as it reads: the same bytes, or what they decode to where they are compressed.
    #[serde(skip)]
    pub readable: Bytes,
    /// The header fields.
    pub headers: Headers,
}

/// What the signature of a notification proves.
#[derive(Clone, Debug, Serialize)]
pub struct Signature {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not `valid`.
    pub reason: Option<Reason>,
    /// Whether the token covers the body.
    pub body_binding: Option<BodyBinding>,
}

/// One attempt to deliver.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    /// The notification's sequence number; for `replay` the position among the sources.
    pub id: u64,
    /// The URL that was called.
    pub target: String,
    /// When it ended.
    pub at: Timestamp,
    /// 1 for the first.
    pub attempt: u32,
    /// What the target answered, or why it did not.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// From the first byte sent to the answer's head, in milliseconds.
    pub latency_ms: f64,
    /// Whether this ends the delivery, and how.
    pub state: DeliveryState,
    /// How long until the next attempt, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_in_ms: Option<f64>,
    /// The file that a replayed notification came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The line in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The names of the events.
    pub events: Vec<String>,
    /// What most likely is wrong, and what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The target answered with this HTTP status.
    Status(u16),
    /// The target was not reached, or did not answer in time.
    Error(String),
}

impl Outcome {
    /// Whether the target took it.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Status(200..=299))
    }
}

/// Where a delivery stands after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The target answered 2xx.
    Delivered,
    /// Another attempt follows.
    Retrying,
    /// It was given up.
    Failed,
}

/// Something the user should know.
#[derive(Clone, Debug, Serialize)]
pub struct Warning {
    /// A stable kebab-case word.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

/// What came of a `listen`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Notifications that arrived and were recorded, refused ones among them.
    pub received: u64,
    /// Deliveries that a target answered with 2xx.
    pub forwarded: u64,
    /// Deliveries that were given up.
    pub failed: u64,
    /// Notifications that were refused or whose payload has an error.
    pub invalid: u64,
    /// Notifications of events that `--events` leaves out.
    pub filtered: u64,
    /// Deliveries that had not ended.
    pub waiting: u64,
    /// Expectations that were not met, as typed.
    pub unmet: Vec<String>,
}

/// A request as it would be sent.
#[derive(Clone, Debug, Serialize)]
pub struct Outgoing {
    /// Its position among the sources.
    pub id: u64,
    /// The file, or `-`.
    pub source: String,
    /// The line in that file, where it has many.
    pub line: Option<u64>,
    /// The HTTP method.
    pub method: String,
    /// The URL that would be called.
    pub url: String,
    /// The names of the events.
    pub events: Vec<String>,
    /// The header fields, without those that belong to one connection.
    pub headers: Headers,
    /// The exact bytes of the body.
    #[serde(rename = "body_b64", serialize_with = "as_base64")]
    pub body: Bytes,
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
    /// Notifications that `--events` or the targets' globs leave out.
    pub filtered: u64,
    /// Notifications that were not sent, because sending was stopped.
    pub unsent: u64,
    /// Whether more than those were not sent, which had not been read.
    pub unsent_and_more: bool,
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

/// What `validate` found in one notification.
#[derive(Clone, Debug, Serialize)]
pub struct Validation {
    /// The file, or `-`.
    pub source: String,
    /// The line in that file on which the notification begins, from 1.
    pub line: u64,
    /// Whether it may pass.
    pub valid: bool,
    /// The version of the protocol.
    pub version: Version,
    /// Its events.
    pub events: Vec<EventOutline>,
    /// The findings, whose places are those of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The text that the diagnostics' spans point into, and the line of the file on which it begins.
    #[serde(skip)]
    pub text: Bytes,
}

/// What `verify` found out about one token.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// The file that the token came from, with its line where it has many. `None` for a token given as an argument.
    pub source: Option<String>,
    /// The verdict and all that led to it.
    #[serde(flatten)]
    pub verification: Verification,
}

fn shared<S: Serializer>(arrival: &Arc<Arrival>, serializer: S) -> Result<S::Ok, S::Error> {
    arrival.serialize(serializer)
}

fn as_base64<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Base64Display::new(bytes, &STANDARD))
}
