//! Takes a request from the socket to its answer: judge, record, report, hand on.

mod passage;
mod promise;

use std::collections::HashSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use self::promise::Orphans;
use super::event::Event;
use super::forwarder::Dispatch;
use super::gate::{Gate, Passage};
use super::recorder::Recorder;
use super::stub::Ledger;
use super::targets::Targets;
use super::waiting::Waiting;
use super::{Duplicates, Options, Reply};
use crate::clock::Clock;
use crate::commands::task;
use crate::domain::activity::Warning;
use crate::domain::capture::Capture;
use crate::domain::intake::{Fate, Intake, Judgement};
use crate::domain::notification::EventFilter;
use crate::domain::reply::{Answer, Refusal};
use crate::domain::signature::Verifier;
use crate::http::{Head, Receiver, Screening};
use crate::ui::Pressure;

/// So many kinds of refused requests are told of.
const MOST_TOLD: usize = 64;

/// Bodies of more bytes than this, and compressed ones, take long to judge: meanwhile others are answered.
const LONG: usize = 256 * 1024;

/// So many of them are judged at once. Each may take several times its decoded length.
const LONG_AT_ONCE: usize = 2;

/// Answers the requests of Syncfy.
pub(super) struct Post {
    path: Option<String>,
    intake: Arc<Intake>,
    /// Permits for judgements that take long.
    long: Arc<Semaphore>,
    filter: EventFilter,
    reply: Reply,
    reply_delay: Duration,
    /// How long a target may take to answer, when its answer is relayed.
    patience: Duration,
    drops_repeats: bool,
    recorder: Recorder,
    told: Mutex<HashSet<(&'static str, String)>>,
    is_full: AtomicBool,
    is_failing: AtomicBool,
    is_not_saving: AtomicBool,
    /// Requests that arrived whole are seen through, also when their senders have gone.
    orphans: Orphans,
    wires: Wires,
}

/// What connects the receiver with the other tasks.
pub(super) struct Wires {
    pub(super) targets: Arc<Targets>,
    pub(super) waiting: Waiting,
    /// Holds no more than there is room for in `waiting`.
    pub(super) dispatches: mpsc::UnboundedSender<Dispatch>,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) pressure: Pressure,
    pub(super) clock: Clock,
    /// What stands between a public URL and this.
    pub(super) gate: Option<Arc<Gate>>,
    /// Which endpoints were named, where the stub of the API wants to know.
    pub(super) ledger: Option<Arc<Ledger>>,
}

impl Post {
    pub(super) fn new(
        options: Options,
        verifier: Verifier,
        recorder: Recorder,
        wires: Wires,
    ) -> Self {
        Self {
            path: options.path,
            intake: Arc::new(Intake {
                verifier,
                enforce_signature: options.enforce_signature,
                required_headers: options.required_headers,
                environment: options.environment,
                on_invalid: options.on_invalid,
            }),
            long: Arc::new(Semaphore::new(LONG_AT_ONCE)),
            filter: options.events,
            reply: options.reply,
            reply_delay: options.reply_delay,
            patience: options.send.timeout,
            drops_repeats: options.duplicates == Duplicates::Drop,
            recorder,
            told: Mutex::default(),
            is_full: AtomicBool::new(false),
            is_failing: AtomicBool::new(false),
            is_not_saving: AtomicBool::new(false),
            orphans: Orphans::default(),
            wires,
        }
    }
}

impl Receiver for Post {
    fn screen(&self, head: &mut Head) -> Screening {
        if let Some(gate) = &self.wires.gate {
            match gate.judge(head) {
                Passage::Through => {}
                Passage::Answer(answer) => return Screening::Answer(answer),
                Passage::Refuse(refusal) => return Screening::Refuse(refusal),
            }
        }
        let path = head.target.split('?').next().unwrap_or_default();
        match head.method.as_str() {
            "GET" | "HEAD" if path == "/healthz" => {
                Screening::Answer(Answer::json(200, &r#"{"status":"ok"}"#))
            }
            _ if self.path.as_ref().is_some_and(|only| only != path) => {
                Screening::Refuse(Refusal::Path)
            }
            "POST" => Screening::Pass,
            other => Screening::Refuse(Refusal::Method(other.to_owned())),
        }
    }

    /// Says once of each kind of request and path that it was refused: a wrong path must not be a blank screen.
    fn refuse(&self, head: &Head, refusal: &Refusal) -> Answer {
        let path = head.target.split('?').next().unwrap_or_default();
        let about = format!("{} {path}", head.method);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < MOST_TOLD && told.insert((refusal.code(), about.clone())) {
            let status = refusal.status();
            let warning = Warning {
                code: refusal.code(),
                message: format!("{about} was answered with {status}: {refusal}"),
                hints: self.advice(refusal),
            };
            // Beyond a full channel there is more to read already.
            let _ = self.wires.events.try_send(Event::Warned(warning));
        }
        Answer::from(refusal)
    }

    async fn receive(self: Arc<Self>, head: Head, body: Bytes) -> Answer {
        let orphans = self.orphans.clone();
        let seen_through = orphans.promise(async move {
            let answer = self.take_in(head, body).await;
            if !self.reply_delay.is_zero() {
                sleep(self.reply_delay).await;
            }
            answer
        });
        seen_through.await
    }
}

impl Post {
    /// Judges, elsewhere when that may take long: whatever one request holds, it must not hold up the others.
    async fn judge(&self, capture: Capture, now: Timestamp) -> Judgement {
        let is_compressed = capture
            .headers
            .iter()
            .any(|header| header.is("content-encoding"));
        if !is_compressed && capture.body.len() <= LONG {
            return self.intake.judge(capture, now);
        }
        let permit = Arc::clone(&self.long).acquire_owned().await;
        let permit = permit.expect("the permits are never closed");
        let intake = Arc::clone(&self.intake);
        let judge = move || {
            let judgement = intake.judge(capture, now);
            // Only now: when the sender has gone in between, the work still goes on.
            drop(permit);
            judgement
        };
        let judged = spawn_blocking(judge).await;
        task::outcome(judged).expect("what has begun is not cancelled")
    }

    /// Whether it is shown and forwarded. What was refused or has no event is always shown.
    fn wants(&self, judgement: &Judgement) -> bool {
        matches!(judgement.fate, Fate::Refused(_))
            || judgement.outline.names().next().is_none()
            || judgement.outline.passes(&self.filter)
    }

    /// What to do about a request that was refused before it was judged.
    fn advice(&self, refusal: &Refusal) -> Vec<String> {
        let hint = match (refusal, &self.path) {
            (Refusal::Path, Some(path)) => {
                format!("`--path` lets notifications in on `{path}` only")
            }
            (Refusal::Path, None) => {
                "`--tunnel-path` lets notifications in below the secret path only".into()
            }
            (Refusal::TooMany(_), _) => "`--tunnel-rate` lets more in".into(),
            (Refusal::TooLong(_), _) => "longer bodies pass with `--max-body`".into(),
            (Refusal::Method(_), _) => {
                "a browser or a health check may have called; `GET /healthz` is for these".into()
            }
            _ => return Vec::new(),
        };
        vec![hint]
    }

    async fn warn(&self, code: &'static str, message: String, hint: &str) {
        self.tell(Event::Warned(Warning {
            code,
            message,
            hints: vec![hint.into()],
        }))
        .await;
    }

    async fn tell(&self, event: Event) {
        // The dispatcher lives longer than the server.
        let _ = self.wires.events.send(event).await;
    }
}
