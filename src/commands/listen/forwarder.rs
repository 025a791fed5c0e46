//! Forwards admitted notifications, apart from whoever waits for an answer.
//!
//! One task owns the backlog; each attempt is a task of its own, so that a slow target delays nobody else.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::clock::Clock;
use crate::commands::send::{Sender, Sent, Subject};
use crate::commands::task;
use crate::domain::activity::Attempt;
use crate::domain::delivery::{Backlog, Job, RetryPolicy};
use crate::domain::intake::Admitted;
use crate::domain::notification::Outline;
use crate::domain::reply::Answer;
use crate::domain::route::Route;

use super::event::Event;

/// An admitted notification on its way to its targets.
pub(super) struct Dispatch {
    pub(super) id: u64,
    pub(super) admitted: Admitted,
    pub(super) outline: Outline,
    /// Takes the answer of the first target, when somebody waits for it.
    pub(super) relay: Option<oneshot::Sender<Answer>>,
    /// Room for its deliveries.
    pub(super) reservation: Reservation,
}

/// How deliveries are made.
pub(super) struct Settings {
    pub(super) routes: Arc<[Route]>,
    pub(super) sender: Sender,
    pub(super) retry: RetryPolicy,
    pub(super) concurrency: usize,
    pub(super) ordered: bool,
    pub(super) clock: Clock,
}

/// One delivery: a notification on its way to one target.
struct Delivery {
    subject: Subject,
    admitted: Admitted,
    attempt: u32,
    relay: Option<oneshot::Sender<Answer>>,
}

/// Deliveries that have not ended, for whoever must not take more than can be kept.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<Load>);

#[derive(Default)]
struct Load {
    deliveries: AtomicUsize,
    bytes: AtomicUsize,
}

/// So many deliveries may wait, and bodies of so many bytes. Then senders are asked to come back later.
pub(super) const MOST_WAITING: usize = 10_000;
const MOST_BYTES: usize = 256 * 1024 * 1024;

impl Waiting {
    /// How many have not ended.
    pub(super) fn count(&self) -> usize {
        self.0.deliveries.load(Ordering::Relaxed)
    }

    /// Makes room for so many deliveries of a body of so many bytes, or `None` where that is too much.
    pub(super) fn reserve(&self, deliveries: usize, bytes: usize) -> Option<Reservation> {
        let bytes = deliveries * bytes;
        let reservation = Reservation {
            waiting: self.clone(),
            deliveries,
            bytes,
        };
        let Load {
            deliveries: waiting,
            bytes: held,
        } = &*self.0;
        let before = waiting.fetch_add(deliveries, Ordering::Relaxed);
        let held_before = held.fetch_add(bytes, Ordering::Relaxed);
        let has_room = before + deliveries <= MOST_WAITING && held_before + bytes <= MOST_BYTES;
        (deliveries == 0 || has_room).then_some(reservation)
    }

    /// Takes away what has ended, or never began.
    fn release(&self, deliveries: usize, bytes: usize) {
        self.0.deliveries.fetch_sub(deliveries, Ordering::Relaxed);
        self.0.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Room for the deliveries of one notification. It is given back when it is dropped, as when the sender goes before it
/// was answered.
pub(super) struct Reservation {
    waiting: Waiting,
    deliveries: usize,
    bytes: usize,
}

impl Reservation {
    /// How many deliveries there is room for.
    pub(super) fn deliveries(&self) -> usize {
        self.deliveries
    }

    /// Keeps the room until each delivery has ended by itself.
    fn keep(mut self) {
        (self.deliveries, self.bytes) = (0, 0);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.waiting.release(self.deliveries, self.bytes);
    }
}

/// Forwards what arrives until every sender of `arriving` is gone and every delivery has ended, or until `quit`, after
/// which only attempts under way end.
pub(super) async fn forward(
    settings: Settings,
    mut arriving: mpsc::Receiver<Dispatch>,
    waiting: Waiting,
    events: mpsc::Sender<Event>,
    quit: impl Future<Output = ()>,
) {
    let mut backlog = Backlog::new(settings.routes.len(), settings.concurrency);
    let mut attempts: JoinSet<(Job<Delivery>, Sent)> = JoinSet::new();
    let mut rests: JoinSet<Job<Delivery>> = JoinSet::new();
    let mut quit = std::pin::pin!(quit);
    let (mut is_open, mut is_quitting) = (true, false);
    while !attempts.is_empty() || !is_quitting && (is_open || !backlog.is_empty()) {
        tokio::select! {
            () = &mut quit, if !is_quitting => is_quitting = true,
            dispatch = arriving.recv(), if is_open => match dispatch {
                Some(dispatch) => settings.jobs(dispatch).into_iter().for_each(|job| backlog.push(job)),
                None => is_open = false,
            },
            Some(ended) = rests.join_next() => task::outcome(ended).into_iter().for_each(|job| backlog.resume(job)),
            Some(ended) = attempts.join_next() => {
                let Some((job, sent)) = task::outcome(ended) else { continue };
                let (attempt, rest) = settings.judge(&job, &sent);
                if let Some(rest) = rest {
                    backlog.rest(job.target);
                    rests.spawn(async move {
                        sleep(rest).await;
                        job
                    });
                } else {
                    waiting.release(1, job.load.admitted.capture().body.len());
                    backlog.end(job.target, job.lane);
                    relay(job.load.relay, sent.answer);
                }
                // The dispatcher lives longer than the forwarder.
                let _ = events.send(Event::Attempted(attempt)).await;
            }
        }
        while !is_quitting && let Some(job) = backlog.take() {
            attempts.spawn(attempt(
                job,
                settings.sender.clone(),
                Arc::clone(&settings.routes),
            ));
        }
    }
}

async fn attempt(
    mut job: Job<Delivery>,
    sender: Sender,
    routes: Arc<[Route]>,
) -> (Job<Delivery>, Sent) {
    job.load.attempt += 1;
    let target = &routes
        .get(job.target)
        .expect("a job is for one of the routes")
        .target;
    let sent = sender.send(target, job.load.admitted.capture()).await;
    (job, sent)
}

/// Answers whoever waits for the target's answer.
fn relay(waiting: Option<oneshot::Sender<Answer>>, answer: Answer) {
    if let Some(waiting) = waiting {
        // A sender that has gone needs no answer.
        let _ = waiting.send(answer);
    }
}

impl Settings {
    /// One job for each target of the notification. The first one answers whoever waits.
    fn jobs(&self, dispatch: Dispatch) -> Vec<Job<Delivery>> {
        let Dispatch {
            id,
            admitted,
            outline,
            mut relay,
            reservation,
        } = dispatch;
        reservation.keep();
        let subject = Subject {
            id,
            source: None,
            line: None,
            environment: outline.environment,
            events: outline.names().map(str::to_owned).collect(),
        };
        let lane = outline
            .credential()
            .filter(|_| self.ordered)
            .map(str::to_owned);
        let taking = self
            .routes
            .iter()
            .enumerate()
            .filter(|(_, route)| route.takes(&outline));
        taking
            .map(|(target, _)| Job {
                target,
                lane: lane.clone(),
                load: Delivery {
                    subject: subject.clone(),
                    admitted: admitted.clone(),
                    attempt: 0,
                    relay: relay.take(),
                },
            })
            .collect()
    }

    /// What to report of an attempt that ended, and how long to rest before the next, if there is to be one.
    fn judge(&self, job: &Job<Delivery>, sent: &Sent) -> (Attempt, Option<Duration>) {
        let Delivery {
            subject,
            attempt,
            relay,
            ..
        } = &job.load;
        // Whoever waits for the answer tries again by itself.
        let rest = match relay {
            Some(_) => None,
            None => {
                self.retry
                    .rest_after(*attempt, &sent.outcome, sent.is_permanent, fastrand::f64())
            }
        };
        (
            subject.attempt(*attempt, sent, rest, self.clock.now()),
            rest,
        )
    }
}
