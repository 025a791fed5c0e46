//! Everything a command can report while it works. The human and the JSON output are two consumers of it.
//!
//! Each variant serialises to the JSON line that users are promised: fields may be added, never renamed.

mod doctor;
mod fix;
mod harden;
mod history;
mod recording;
mod replay;
mod requirement;
mod stub;
mod trigger;
mod tunnel;

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

pub use self::doctor::{DoctorSummary, Examined, Health};
pub use self::fix::{Fixed, Repair};
pub use self::harden::{CheckEntry, CheckResult, Checked, HardenSummary};
pub use self::history::{Exported, Pruned, Recorded, RecordedAttempt};
pub use self::recording::{Compared, Sequenced};
pub use self::replay::{Outgoing, ReplaySummary, TargetSummary, Watching};
pub use self::requirement::{Arrived, Conclusion, Replies, Requirement, RequirementKind, Slowest};
pub use self::stub::{EXPECT_PULLED, Group, NeverPulled, Pull, Pulls};
pub use self::trigger::{Answered, ChaosReport, Differing, Triggerable};
pub use self::tunnel::{TunnelStanding, TunnelState};
use super::capture::Capture;
use super::contract::Drift;
use super::instant;
use super::notification::{Environment, EventOutline, Version};
pub use super::outcome::Outcome;
use super::record::Record;
use super::signature::{Algorithm, BodyBinding, KeyDescription, Reason, Verdict, Verification};
use super::validation::{Diagnostic, Severity};

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
    /// A target went down, or came back.
    Target(TargetStanding),
    /// The public URL leads here, or does no more.
    Tunnel(TunnelStanding),
    /// The stub of the API answered a call.
    Pull(Pull),
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
    /// `trigger` can make this.
    #[serde(rename = "trigger")]
    Triggerable(Triggerable),
    /// An event that came more than once was answered differently.
    Differing(Differing),
    /// What `trigger --chaos` did.
    Chaos(ChaosReport),
    /// `validate` judged one notification.
    Validation(Validation),
    /// `validate` judged the last one.
    Validated(Validated),
    /// `validate --fix` repaired something, or would.
    Fix(Repair),
    /// `validate --fix` repaired the last one.
    Fixed(Fixed),
    /// `validate --sequence` found something about one notification.
    #[serde(rename = "validation")]
    Sequence(Validation),
    /// `validate --sequence` has seen the last one.
    Sequenced(Sequenced),
    /// `schema diff` found a difference.
    Drift(Drift),
    /// `schema diff` has told the last one.
    Compared(Compared),
    /// `harden` has made a check.
    #[serde(rename = "check")]
    Checked(Checked),
    /// `harden` ended.
    #[serde(rename = "summary")]
    Hardened(HardenSummary),
    /// `doctor` has examined a part of the setup.
    #[serde(rename = "check")]
    Examined(Examined),
    /// `doctor` ended.
    #[serde(rename = "summary")]
    Diagnosed(DoctorSummary),
    /// A check of `harden` was asked for.
    CheckEntry(CheckEntry),
    /// A validation rule was asked for.
    Rule(RuleEntry),
    /// `verify` judged one token.
    Verification(Verified),
    /// `sign` made a token.
    Signature(Signed),
    /// `key` describes a key.
    Key(KeyDescription),
    /// `history list` found a notification.
    Record(Box<Record>),
    /// `history show` tells all that is known of a notification.
    #[serde(rename = "record")]
    Recorded(Box<Recorded>),
    /// `history export` wrote files.
    Exported(Exported),
    /// `history prune` took old notifications out, or would.
    Pruned(Pruned),
}

/// How `listen` is set up.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// The URL that notifications are to be posted to.
    pub url: String,
    /// The URL of the stub of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stub_api: Option<String>,
    /// Who is to carry requests from a public URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tunnel: Option<String>,
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
    #[serde(serialize_with = "instant::milliseconds")]
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
    /// Whether it is not forwarded, because each of its events was received before.
    #[serde(skip_serializing_if = "is_false")]
    pub dropped: bool,
    /// The version of the protocol.
    pub version: Version,
    /// The status that Syncfy was answered with. `None` when it is the target's own answer that is relayed.
    pub answered: Option<u16>,
    /// Why it was refused, as a stable kebab-case word.
    pub refused: Option<&'static str>,
    /// What most likely is wrong, and what to do.
    pub hints: Vec<String>,
    /// The request.
    #[serde(flatten, serialize_with = "request")]
    pub capture: Arc<Capture>,
    /// The body as it reads: the same bytes, or what they decode to where they are compressed.
    #[serde(skip)]
    pub readable: Bytes,
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
    /// The notification's sequence number in the history; for what `replay` found elsewhere the position among the
    /// sources.
    pub id: u64,
    /// The URL that was called.
    pub target: String,
    /// When it ended.
    #[serde(serialize_with = "instant::milliseconds")]
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
    /// The environment of the notification.
    pub environment: Option<Environment>,
    /// The names of its events.
    pub events: Vec<String>,
    /// The beginning of what the target said, where it did not take the notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What most likely is wrong, and what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// Where a delivery stands after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The target answered 2xx.
    Delivered,
    /// Another attempt follows.
    Retrying,
    /// It is kept in the history until the target is back.
    Waiting,
    /// It was given up.
    Failed,
}

/// Whether a target can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetStanding {
    /// The target, as a user would type it.
    pub target: String,
    /// Whether it can be reached.
    pub state: Reach,
    /// How many deliveries wait for it.
    pub waiting: u64,
}

/// Whether a target can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Deliveries to it wait.
    Down,
    /// They go out.
    Up,
    /// It is not known yet: they wait from an earlier run, and go out now.
    Resumed,
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
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Notifications that arrived and were recorded, refused ones among them.
    pub received: u64,
    /// Deliveries that a target answered with 2xx.
    pub forwarded: u64,
    /// Deliveries that were given up.
    pub failed: u64,
    /// Notifications that were refused or whose payload has an error.
    pub invalid: u64,
    /// Those among them that were refused.
    pub refused: u64,
    /// Notifications of events that `--events` leaves out.
    pub filtered: u64,
    /// Notifications that were answered with 503, because too much was waiting. They are in the history all the same.
    pub busy: u64,
    /// Deliveries that had not ended.
    pub waiting: u64,
    /// Requirements that were not met, as typed.
    pub unmet: Vec<String>,
    /// All requirements, and how each turned out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Requirement>,
    /// What became of the endpoints that notifications named, where the stub of the API was there to be called.
    #[serde(flatten)]
    pub pulls: Option<Pulls>,
    /// What to do about what was not delivered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// What `validate` found in one notification.
#[derive(Clone, Debug, Serialize)]
pub struct Validation {
    /// The file, `-`, or `history`.
    pub source: String,
    /// Its sequence number in the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
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
    /// Whether the body had to be decoded, from base64 or a compression: the places are then those of the body. Only the
    /// line of a body that has but one is that of the file, where the record stands that users can go to.
    #[serde(skip_serializing_if = "is_false")]
    pub decoded: bool,
    /// The text that the diagnostics' spans point into.
    #[serde(skip)]
    pub text: Bytes,
}

impl Validation {
    /// Whether the text has one line, which a line break may end.
    #[must_use]
    pub fn has_one_line(&self) -> bool {
        !self.text.trim_ascii_end().contains(&b'\n')
    }
}

/// What came of a `validate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Validated {
    /// Notifications that may pass.
    pub valid: u64,
    /// Notifications with an error.
    pub invalid: u64,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Sources and captures that could not be read.
    pub unreadable: u64,
    /// Findings by the code of their rule.
    pub by_code: BTreeMap<&'static str, u64>,
}

impl Validated {
    /// Counts one notification, and what was found in it.
    pub fn count(&mut self, validation: &Validation) {
        for diagnostic in &validation.diagnostics {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => {}
            }
            *self.by_code.entry(diagnostic.code).or_default() += 1;
        }
        if validation.valid {
            self.valid += 1;
        } else {
            self.invalid += 1;
        }
    }
}

/// A validation rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleEntry {
    /// Its stable code, such as `SH103`.
    pub code: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// The severity that they have here; `None` where they are not reported.
    pub level: Option<Severity>,
    /// Its name, such as `missing-field`.
    pub name: &'static str,
    /// What its findings have in common, in one sentence.
    pub summary: &'static str,
    /// Its manual page in Markdown, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// What `verify` found out about one token.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// The file that the token came from, with its line where it has many. `None` for a token given as an argument.
    pub source: Option<String>,
    /// The sequence number of its notification in the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The verdict and all that led to it.
    #[serde(flatten)]
    pub verification: Verification,
    /// The moment as of which its times were judged.
    pub judged_at: Timestamp,
    /// Which moment that is.
    pub judged_as_of: AsOf,
}

/// The moment as of which the times of a token are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOf {
    /// When the notification was received.
    Received,
    /// Now.
    Now,
    /// Another, which the user gave.
    Given,
}

/// What `sign` made.
#[derive(Clone, Debug, Serialize)]
pub struct Signed {
    /// The name of the header that carries the token.
    pub header: &'static str,
    /// The token.
    pub token: String,
    /// The algorithm that it is signed with.
    pub alg: Algorithm,
    /// The `kid` of the key.
    pub kid: Option<String>,
    /// The claims.
    pub claims: Box<RawValue>,
    /// The `exp` claim, where it is a time that a calendar can hold.
    pub expires_at: Option<Timestamp>,
    /// The file that was signed, with its line where it has many.
    pub source: String,
    /// The sequence number of what was signed in the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
}

fn shared<S: Serializer>(arrival: &Arc<Arrival>, serializer: S) -> Result<S::Ok, S::Error> {
    arrival.serialize(serializer)
}

/// Method, target, headers, and the exact bytes of the body as base64.
fn request<S: Serializer>(capture: &Arc<Capture>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(4))?;
    map.serialize_entry("method", &capture.method)?;
    map.serialize_entry("target", &capture.target)?;
    map.serialize_entry("headers", &capture.headers)?;
    map.serialize_entry(
        "body_b64",
        &format_args!("{}", Base64Display::new(&capture.body, &STANDARD)),
    )?;
    map.end()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_false(value: &bool) -> bool {
    !value
}
