//! Takes a request from the socket to its answer: judge, record, report, hand on.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::event::Event;
use super::forwarder::{Dispatch, Waiting};
use super::tally::Seen;
use super::{Options, Reply};
use crate::clock::Clock;
use crate::commands::task;
use crate::domain::activity::{Arrival, Signature, Warning};
use crate::domain::capture::{Capture, Layout};
use crate::domain::intake::{Fate, Intake, Judgement};
use crate::domain::notification::EventFilter;
use crate::domain::reply::{Answer, Refusal};
use crate::domain::route::Route;
use crate::domain::signature::{DEFAULT_NAMES, Verifier};
use crate::files::Folder;
use crate::http::{Head, Receiver};

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
    routes: Arc<[Route]>,
    reply: Reply,
    reply_delay: Duration,
    recorder: Recorder,
    seen: Mutex<Seen>,
    is_full: AtomicBool,
    wires: Wires,
}

/// What numbers notifications and keeps them.
pub(super) struct Recorder {
    pub(super) folder: Option<Folder>,
    pub(super) last_id: Arc<AtomicU64>,
    pub(super) clock: Clock,
}

/// What connects the receiver with the other tasks.
pub(super) struct Wires {
    pub(super) waiting: Waiting,
    pub(super) dispatches: mpsc::Sender<Dispatch>,
    pub(super) events: mpsc::Sender<Event>,
}

impl Post {
    pub(super) fn new(
        options: Options,
        verifier: Verifier,
        recorder: Recorder,
        wires: Wires,
    ) -> Self {
        let signature_headers = match options.signature_headers {
            names if names.is_empty() => DEFAULT_NAMES.map(str::to_owned).to_vec(),
            names => names,
        };
        Self {
            path: options.path,
            intake: Arc::new(Intake {
                verifier,
                signature_headers,
                enforce_signature: options.enforce_signature,
                required_headers: options.required_headers,
                environment: options.environment,
                on_invalid: options.on_invalid,
            }),
            long: Arc::new(Semaphore::new(LONG_AT_ONCE)),
            filter: options.events,
            routes: options.routes,
            reply: options.reply,
            reply_delay: options.reply_delay,
            recorder,
            seen: Mutex::default(),
            is_full: AtomicBool::new(false),
            wires,
        }
    }
}

impl Receiver for Post {
    fn screen(&self, head: &Head) -> Option<Answer> {
        let path = head.target.split('?').next().unwrap_or_default();
        let refusal = match head.method.as_str() {
            "GET" | "HEAD" if path == "/healthz" => {
                return Some(Answer::json(200, &serde_json::json!({ "status": "ok" })));
            }
            _ if self.path.as_ref().is_some_and(|only| only != path) => Refusal::Path,
            "POST" => return None,
            other => Refusal::Method(other.to_owned()),
        };
        Some(Answer::from(&refusal))
    }

    async fn receive(&self, head: Head, body: Bytes) -> Answer {
        let received_at = self.recorder.clock.now();
        let Head {
            method,
            target,
            headers,
        } = head;
        let capture = Capture {
            received_at: Some(received_at),
            method,
            target,
            headers,
            body,
        };
        let judgement = self.judge(capture, received_at).await;
        let is_wanted = judgement.outline.passes(&self.filter);
        let (deliveries, bytes) = (
            self.deliveries(&judgement, is_wanted),
            judgement.capture.body.len(),
        );
        if !self.reserve(deliveries, bytes).await {
            return Answer::from(&Refusal::Busy);
        }
        let answer = match self.record(&judgement).await {
            Ok(id) if is_wanted => self.proceed(id, judgement, deliveries).await,
            Ok(id) => {
                self.tell(Event::LeftOut).await;
                self.answer(id, &judgement)
                    .unwrap_or_else(|| Answer::taken(200, id))
            }
            Err(refusal) => {
                self.wires.waiting.release(deliveries, bytes);
                Answer::from(&refusal)
            }
        };
        if !self.reply_delay.is_zero() {
            sleep(self.reply_delay).await;
        }
        answer
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

    /// Numbers the notification, and keeps its capture durably, where it is to be kept.
    async fn record(&self, judgement: &Judgement) -> Result<u64, Refusal> {
        let Some(folder) = self.recorder.folder.clone() else {
            return Ok(next(&self.recorder.last_id));
        };
        let last_id = Arc::clone(&self.recorder.last_id);
        let capture = Arc::clone(&judgement.capture);
        let event = judgement
            .outline
            .names()
            .next()
            .unwrap_or("unknown")
            .to_owned();
        let save = move || {
            let text = capture.write(Layout::Document);
            loop {
                let id = next(&last_id);
                match folder.save(id, &event, &text) {
                    // Another listener saves to the same folder.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    saved => return saved.map(|()| id),
                }
            }
        };
        let saved = spawn_blocking(save)
            .await
            .unwrap_or_else(|panic| Err(panic.into()));
        match saved {
            Ok(id) => Ok(id),
            Err(error) => {
                let message = format!(
                    "a notification could not be saved, and was answered with 503: {error}"
                );
                self.warn(
                    "not-saved",
                    message,
                    "free some space, or check the rights on the folder",
                )
                .await;
                Err(Refusal::NotSaved)
            }
        }
    }

    /// How many targets the notification goes to.
    fn deliveries(&self, judgement: &Judgement, is_wanted: bool) -> usize {
        match judgement.fate {
            Fate::Admitted(_) if is_wanted => self
                .routes
                .iter()
                .filter(|route| route.takes(&judgement.outline))
                .count(),
            _ => 0,
        }
    }

    /// The answer, as far as it does not depend on a target.
    fn answer(&self, id: u64, judgement: &Judgement) -> Option<Answer> {
        match (&judgement.fate, self.reply) {
            (Fate::Refused(refusal), _) => Some(Answer::from(refusal)),
            (_, Reply::Status(status)) => Some(Answer::taken(status, id)),
            (_, Reply::Recorded) => Some(Answer::taken(200, id)),
            (_, Reply::Target) => None,
        }
    }

    /// Reports the arrival, hands it to the forwarder, and answers.
    async fn proceed(&self, id: u64, judgement: Judgement, deliveries: usize) -> Answer {
        let answer = self
            .answer(id, &judgement)
            .or_else(|| (deliveries == 0).then(|| Answer::taken(200, id)));
        let (relay, relayed) = oneshot::channel();
        let dispatch = match &judgement.fate {
            Fate::Admitted(admitted) if deliveries > 0 => Some(Dispatch {
                id,
                admitted: admitted.clone(),
                outline: judgement.outline.clone(),
                relay: answer.is_none().then_some(relay),
            }),
            _ => None,
        };
        self.tell(Event::Arrived(self.arrival(id, judgement, answer.as_ref())))
            .await;
        if let Some(dispatch) = dispatch {
            // The forwarder lives longer than the server.
            let _ = self.wires.dispatches.send(dispatch).await;
        }
        match answer {
            Some(answer) => answer,
            None => relayed
                .await
                .unwrap_or_else(|_| Answer::from(&Refusal::Stopping)),
        }
    }

    fn arrival(&self, id: u64, judgement: Judgement, answer: Option<&Answer>) -> Arc<Arrival> {
        let Judgement {
            capture,
            verification,
            outline,
            diagnostics,
            valid,
            readable,
            fate,
        } = judgement;
        let eids = outline
            .events
            .iter()
            .filter_map(|event| event.eid.as_deref());
        let duplicate_of = match &fate {
            Fate::Refused(_) => None,
            _ => self
                .seen
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .before(eids, id),
        };
        Arc::new(Arrival {
            id,
            rid: outline.rid.clone(),
            received_at: capture.received_at.unwrap_or_default(),
            environment: outline.environment,
            signature: Signature {
                verdict: verification.verdict,
                reason: verification.reason,
                body_binding: verification.body_binding,
            },
            valid,
            diagnostics,
            duplicate_of,
            version: outline.version,
            events: outline.events,
            answered: answer.map(|answer| answer.status),
            refused: match &fate {
                Fate::Refused(refusal) => Some(refusal.code()),
                Fate::Admitted(_) | Fate::Held => None,
            },
            hints: verification.hints,
            capture,
            readable,
        })
    }

    /// Makes room for deliveries. False when there is none; the user is told when that begins.
    async fn reserve(&self, deliveries: usize, bytes: usize) -> bool {
        let waiting = &self.wires.waiting;
        let is_full = !waiting.reserve(deliveries, bytes);
        let was_full = self.is_full.swap(is_full, Ordering::Relaxed);
        if is_full && !was_full {
            let count = waiting.count();
            let message = format!(
                "{count} deliveries are waiting; notifications are answered with 503 until fewer are"
            );
            self.warn(
                "busy",
                message,
                "see why the target is slow, or raise `--concurrency`",
            )
            .await;
        }
        !is_full
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

/// The next number.
fn next(last_id: &AtomicU64) -> u64 {
    last_id.fetch_add(1, Ordering::Relaxed) + 1
}
