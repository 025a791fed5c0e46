//! The way of a request that arrived whole: judge, make room, record, report, hand on, answer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use tokio::sync::mpsc::Permit;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Post;
use crate::commands::listen::Reply;
use crate::commands::listen::event::Event;
use crate::commands::listen::forwarder::Dispatch;
use crate::commands::listen::recorder::Copy;
use crate::commands::listen::waiting::Reservation;
use crate::domain::activity::{Arrival, Signature};
use crate::domain::capture::Capture;
use crate::domain::intake::{Fate, Judgement};
use crate::domain::reply::{Answer, Refusal};
use crate::http::Head;
use crate::store::{Entry, Kept};

impl Post {
    /// Takes a request in, and says what to answer.
    pub(super) async fn take_in(&self, head: Head, body: Bytes) -> Answer {
        let received_at = self.wires.clock.now();
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
        let targets = match judgement.fate {
            Fate::Admitted(_) if is_wanted => self.wires.targets.taking(&judgement.outline),
            _ => Vec::new(),
        };
        // Room to tell of it is taken beforehand: once it is kept, nothing is waited for until it is handed on, so that
        // what is told and forwarded keeps the order of numbers.
        let Ok(notice) = self.wires.events.reserve().await else {
            return Answer::from(&Refusal::Stopping);
        };
        let slot = self.recorder.turn().await;
        // The slot is used at once as well.
        let room = self.reserve(&targets, &judgement);
        if room.is_none() && !self.recorder.has_history() {
            notice.send(Event::TurnedAway);
            return self.turn_away().await;
        }
        let entry = self.entry(judgement, &targets, room.as_ref());
        let (entry, kept) = slot.keep(Box::new(entry)).await;
        let kept = match kept {
            Ok(kept) => kept,
            Err(error) => return self.fail(&error).await,
        };
        let copy = self.recorder.copy(&entry);
        let answer = match room {
            None => {
                notice.send(Event::TurnedAway);
                return self.turn_away().await;
            }
            Some(room) if is_wanted => self.proceed(kept, *entry, room, notice),
            Some(_) => {
                notice.send(Event::LeftOut);
                Ok(Answer::taken(entry.answered.unwrap_or(200), kept.id))
            }
        };
        self.recover().await;
        if let Some(copy) = copy {
            self.save(copy, kept.id).await;
        }
        match answer {
            Ok(answer) => answer,
            // A target that cannot be reached may have older deliveries to wait for first.
            Err(relayed) => match timeout(self.patience, relayed).await {
                Ok(relayed) => relayed.unwrap_or_else(|_| Answer::from(&Refusal::Stopping)),
                Err(_) => Answer::from(&Refusal::Busy),
            },
        }
    }

    /// Makes room for the deliveries of a notification, where there is some.
    fn reserve(&self, targets: &[usize], judgement: &Judgement) -> Option<Reservation> {
        let room = self
            .wires
            .waiting
            .reserve(targets, judgement.capture.body.len());
        // Nobody waits for an answer that comes some time later.
        let is_prompt = |room: &Reservation| self.reply != Reply::Target || room.is_prompt();
        room.filter(|room| !self.wires.pressure.is_high() && is_prompt(room))
    }

    /// What is to be kept. Where there is no room, what is turned away is kept as such.
    fn entry(&self, judgement: Judgement, targets: &[usize], room: Option<&Reservation>) -> Entry {
        let (answered, refused) = match (room, &judgement.fate) {
            (None, _) => (Some(Refusal::Busy.status()), Some(Refusal::Busy.code())),
            (_, Fate::Refused(refusal)) => (Some(refusal.status()), Some(refusal.code())),
            _ => (self.status(targets), None),
        };
        let left = room.into_iter().flat_map(Reservation::left);
        let name = |target: &usize| self.wires.targets.get(*target).to_string();
        Entry {
            answered,
            refused,
            targets: targets.iter().map(name).zip(left).collect(),
            // Where the target answers, a repeat comes because it did not take the first.
            drops_repeats: self.drops_repeats && answered.is_some(),
            judgement,
        }
    }

    /// What a notification that is not refused is answered with, where that does not depend on a target.
    fn status(&self, targets: &[usize]) -> Option<u16> {
        match self.reply {
            Reply::Status(status) => Some(status),
            Reply::Target if !targets.is_empty() => None,
            Reply::Recorded | Reply::Target => Some(200),
        }
    }

    /// Reports the arrival and hands it to the forwarder. Returns the answer, or who will have it.
    fn proceed(
        &self,
        kept: Kept,
        entry: Entry,
        room: Reservation,
        notice: Permit<'_, Event>,
    ) -> Result<Answer, oneshot::Receiver<Answer>> {
        let Entry {
            judgement,
            answered,
            ..
        } = entry;
        let is_delivered = !kept.is_dropped && !room.is_empty();
        let answer = match (&judgement.fate, answered) {
            (Fate::Refused(refusal), _) => Some(Answer::from(refusal)),
            (_, Some(status)) => Some(Answer::taken(status, kept.id)),
            (_, None) if !is_delivered => Some(Answer::taken(200, kept.id)),
            (_, None) => None,
        };
        let (relay, relayed) = oneshot::channel();
        let dispatch = match &judgement.fate {
            Fate::Admitted(admitted) if is_delivered => Some(Dispatch {
                id: kept.id,
                admitted: admitted.clone(),
                outline: judgement.outline.clone(),
                relay: answer.is_none().then_some(relay),
                reservation: room,
            }),
            _ => None,
        };
        // Before anybody can hear of it, and pull.
        self.note_endpoints(&judgement, kept.id);
        notice.send(Event::Arrived(arrival(kept, judgement, answer.as_ref())));
        if let Some(dispatch) = dispatch {
            // The forwarder lives longer than the server.
            let _ = self.wires.dispatches.send(dispatch);
        }
        answer.ok_or(relayed)
    }

    /// Notes which endpoints are there to be pulled, where the stub of the API wants to know. What is refused names none.
    fn note_endpoints(&self, judgement: &Judgement, id: u64) {
        if let Some(ledger) = &self.wires.ledger
            && !matches!(judgement.fate, Fate::Refused(_))
            && let Some(warning) = ledger.note(&judgement.readable, id)
        {
            // Beyond a full channel there is more to read already.
            let _ = self.wires.events.try_send(Event::Warned(warning));
        }
    }

    /// Answers what there is no room for. The user is told when that begins.
    async fn turn_away(&self) -> Answer {
        if !self.is_full.swap(true, Ordering::Relaxed) {
            let (reason, hint) = if self.wires.pressure.is_high() {
                (
                    "the output is read too slowly".to_owned(),
                    "see what reads standard output, or write it to a file",
                )
            } else {
                (
                    format!("{} deliveries are waiting", self.wires.waiting.count()),
                    "see why the target is slow, or raise `--concurrency`",
                )
            };
            let message = format!("notifications are answered with 503 for now: {reason}");
            self.warn("busy", message, hint).await;
        }
        Answer::from(&Refusal::Busy)
    }

    /// Answers what could not be kept. The user is told when that begins.
    async fn fail(&self, error: &str) -> Answer {
        if !self.is_failing.swap(true, Ordering::Relaxed) {
            let message = format!(
                "notifications cannot be recorded, and are answered with 503 for now: {error}"
            );
            let hint = "free some space, or check the rights on the file or folder";
            self.warn("not-saved", message, hint).await;
        }
        Answer::from(&Refusal::NotSaved)
    }

    /// Saves a copy of what is in the history. The user is told when that begins to fail: nothing is lost.
    async fn save(&self, copy: Copy, id: u64) {
        let saved = self.recorder.save(copy, id).await;
        if let Err(error) = &saved
            && !self.is_not_saving.load(Ordering::Relaxed)
        {
            let message = format!("notifications are recorded, but not saved as files: {error}");
            let hint = "`syncfy-hooks history export --as capture` saves them later";
            self.warn("not-saved", message, hint).await;
        }
        self.is_not_saving.store(saved.is_err(), Ordering::Relaxed);
    }

    /// A notification was kept. The user is told when that had failed.
    async fn recover(&self) {
        self.is_full.store(false, Ordering::Relaxed);
        if self.is_failing.swap(false, Ordering::Relaxed) {
            let message = "notifications are recorded again".to_owned();
            self.warn(
                "recorded-again",
                message,
                "Syncfy sends again what was answered with 503",
            )
            .await;
        }
    }
}

fn arrival(kept: Kept, judgement: Judgement, answer: Option<&Answer>) -> Arc<Arrival> {
    let Judgement {
        capture,
        verification,
        outline,
        diagnostics,
        valid,
        readable,
        fate,
    } = judgement;
    Arc::new(Arrival {
        id: kept.id,
        rid: outline.rid,
        received_at: capture.received_at.unwrap_or_default(),
        environment: outline.environment,
        signature: Signature {
            verdict: verification.verdict,
            reason: verification.reason,
            body_binding: verification.body_binding,
        },
        valid,
        diagnostics,
        duplicate_of: kept.repeat.of,
        dropped: kept.is_dropped,
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
