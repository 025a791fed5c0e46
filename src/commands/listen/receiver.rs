//! Takes a request from the socket to its answer: judge, record, report, hand on.

use std::collections::HashSet;
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
use super::forwarder::{Dispatch, Reservation, Waiting};
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
    routes: Arc<[Route]>,
    reply: Reply,
    reply_delay: Duration,
    recorder: Recorder,
    seen: Mutex<Seen>,
    told: Mutex<HashSet<(&'static str, String)>>,
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
    pub(super) pressure: Pressure,
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
            told: Mutex::default(),
            is_full: AtomicBool::new(false),
            wires,
        }
    }
}

impl Receiver for Post {
    fn screen(&self, head: &Head) -> Screening {
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
        let is_wanted = self.wants(&judgement);
        let Some(reservation) = self.reserve(&judgement, is_wanted).await else {
            return Answer::from(&Refusal::Busy);
        };
        let answer = match self.record(&judgement).await {
            Ok(id) if is_wanted => self.proceed(id, judgement, reservation).await,
            Ok(id) => {
                self.tell(Event::LeftOut).await;
                self.answer(id, &judgement)
                    .unwrap_or_else(|| Answer::taken(200, id))
            }
            Err(refusal) => Answer::from(&refusal),
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
            (Refusal::TooLong(_), _) => "longer bodies pass with `--max-body`".into(),
            (Refusal::Method(_), _) => {
                "a browser or a health check may have called; `GET /healthz` is for these".into()
            }
            _ => return Vec::new(),
        };
        vec![hint]
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
    async fn proceed(&self, id: u64, judgement: Judgement, reservation: Reservation) -> Answer {
        let deliveries = reservation.deliveries();
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
                reservation,
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

    /// Makes room for the deliveries of a notification. Where there is none, the user is told when that begins.
    async fn reserve(&self, judgement: &Judgement, is_wanted: bool) -> Option<Reservation> {
        let Wires {
            waiting, pressure, ..
        } = &self.wires;
        let deliveries = self.deliveries(judgement, is_wanted);
        let is_behind = pressure.is_high();
        let room = waiting
            .reserve(deliveries, judgement.capture.body.len())
            .filter(|_| !is_behind);
        let was_full = self.is_full.swap(room.is_none(), Ordering::Relaxed);
        if room.is_none() && !was_full {
            let (reason, hint) = if is_behind {
                (
                    "the output is read too slowly".to_owned(),
                    "see what reads standard output, or write it to a file",
                )
            } else {
                (
                    format!("{} deliveries are waiting", waiting.count()),
                    "see why the target is slow, or raise `--concurrency`",
                )
            };
            let message = format!("notifications are answered with 503 for now: {reason}");
            self.warn("busy", message, hint).await;
        }
        room
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
