//! Forwards admitted notifications, apart from whoever waits for an answer.
//!
//! One task owns the backlog; each attempt is a task of its own, so that a slow target delays nobody else. With a history
//! what comes to a target that cannot be reached waits until it is back.

mod delivery;
mod reach;

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::sleep;

pub(super) use self::delivery::Dispatch;
use self::delivery::{Delivery, Next};
use self::reach::Reachability;
use super::event::Event;
use super::targets::Targets;
use super::waiting::Waiting;
use crate::clock::Clock;
use crate::commands::send::{End, Sender, Sent};
use crate::commands::task;
use crate::domain::activity::DeliveryState;
use crate::domain::delivery::{Backlog, Job, RetryPolicy};
use crate::domain::record::Standing;
use crate::domain::reply::Answer;
use crate::store::{Attempted, Store};

/// After so many attempts, a connection that is closed without an answer is no sign of an absent app any more.
const MOST_HANG_UPS: u32 = 50;

/// What sends.
pub(super) struct Senders {
    /// To the targets of this run.
    pub(super) named: Sender,
    /// To those of earlier runs: what is set for the targets of this one, as a secret in a header, is not for them.
    pub(super) resumed: Sender,
}

/// How deliveries are made.
pub(super) struct Settings {
    pub(super) targets: Arc<Targets>,
    pub(super) senders: Senders,
    pub(super) retry: RetryPolicy,
    pub(super) concurrency: usize,
    pub(super) ordered: bool,
    pub(super) clock: Clock,
    /// Keeps what comes of them.
    pub(super) store: Option<Store>,
    /// The newest notification that came before this run.
    pub(super) resumed_through: u64,
}

/// Makes deliveries.
pub(super) struct Forwarder {
    settings: Settings,
    waiting: Waiting,
    events: mpsc::Sender<Event>,
    backlog: Backlog<Delivery>,
    attempts: JoinSet<(Job<Delivery>, Sent)>,
    rests: JoinSet<Job<Delivery>>,
    reach: Reachability,
}

impl Forwarder {
    pub(super) fn new(settings: Settings, waiting: Waiting, events: mpsc::Sender<Event>) -> Self {
        let targets = settings.targets.list().len();
        Self {
            backlog: Backlog::new(targets, settings.concurrency),
            attempts: JoinSet::new(),
            rests: JoinSet::new(),
            reach: Reachability::new(targets),
            settings,
            waiting,
            events,
        }
    }

    /// Forwards what arrives until every sender of `arriving` is gone and every delivery has ended, or until `quit`,
    /// after which only attempts under way end.
    pub(super) async fn run(
        mut self,
        mut arriving: mpsc::UnboundedReceiver<Dispatch>,
        quit: impl Future<Output = ()>,
    ) {
        let mut quit = std::pin::pin!(quit);
        let (mut is_open, mut is_quitting) = (true, false);
        self.go_on();
        while !self.attempts.is_empty() || !is_quitting && (is_open || !self.has_ended()) {
            tokio::select! {
                () = &mut quit, if !is_quitting => is_quitting = true,
                dispatch = arriving.recv(), if is_open => match dispatch {
                    Some(dispatch) => self.take(dispatch),
                    None => is_open = false,
                },
                Some(ended) = self.rests.join_next() => {
                    if let Some(job) = task::outcome(ended) {
                        self.backlog.resume(job);
                    }
                }
                Some(ended) = self.attempts.join_next() => {
                    if let Some((job, sent)) = task::outcome(ended) {
                        self.end_attempt(job, sent).await;
                    }
                }
                Some(ended) = self.reach.probes.join_next() => {
                    if let Some((target, answers)) = task::outcome(ended) {
                        self.end_probe(target, answers).await;
                    }
                }
                Some(ended) = self.reach.loads.join_next() => {
                    if let Some(loaded) = task::outcome(ended) {
                        self.end_load(loaded).await;
                    }
                }
            }
            if !is_quitting && (is_open || !self.has_ended()) {
                self.go_on();
            }
        }
    }

    /// Whether nothing is left to do of what came in this run, but to wait for targets that have been away for long
    /// enough. What is left of earlier runs holds up no end.
    fn has_ended(&self) -> bool {
        let retries = self.settings.retry.retries;
        (0..self.settings.targets.list().len())
            .all(|target| self.waiting.own(target) == 0 || self.reach.is_given_up(target, retries))
    }

    /// Begins whatever can be begun.
    fn go_on(&mut self) {
        while let Some(job) = self.backlog.take() {
            let targets = Arc::clone(&self.settings.targets);
            let senders = &self.settings.senders;
            let sender = if targets.is_named(job.target) {
                senders.named.clone()
            } else {
                senders.resumed.clone()
            };
            self.attempts.spawn(async move {
                let target = targets.get(job.target);
                let sent = sender.send(target, job.load.admitted.capture()).await;
                (job, sent)
            });
        }
        if let Some(store) = &self.settings.store {
            for (number, target) in self.settings.targets.list().iter().enumerate() {
                if let Some(mark) = self.waiting.wants_more(number) {
                    self.reach.load(number, mark, target.to_string(), store);
                }
            }
        }
    }

    fn take(&mut self, dispatch: Dispatch) {
        for job in dispatch.into_jobs(self.settings.ordered) {
            self.backlog.push(job);
        }
    }

    async fn end_attempt(&mut self, mut job: Job<Delivery>, sent: Sent) {
        let target = job.target;
        job.load.attempt += 1;
        let next = self.next(&job, &sent);
        let now = self.settings.clock.now();
        let attempt = job.load.report(&sent, &next, now);
        if let Some(store) = &self.settings.store {
            let attempted = Attempted {
                notification: attempt.id,
                delivery: job.load.number,
                attempt: sent.record(attempt.attempt, now),
                state: match attempt.state {
                    DeliveryState::Delivered => Standing::Delivered,
                    DeliveryState::Failed => Standing::Failed,
                    DeliveryState::Retrying | DeliveryState::Waiting => Standing::Waiting,
                },
            };
            store.attempted(attempted).await;
        }
        self.tell(Event::Attempted(attempt)).await;
        let (is_absence, must_wait) = (sent.end == End::Absent, matches!(next, Next::Wait));
        match next {
            Next::Again(rest) => {
                job.load.tries += 1;
                self.backlog.rest(target);
                self.rests.spawn(async move {
                    sleep(rest).await;
                    job
                });
            }
            Next::Wait => self.backlog.give_back(job),
            Next::Nothing => {
                let bytes = job.load.admitted.capture().body.len();
                self.waiting.end(target, bytes, job.load.is_own);
                self.backlog.end(target, job.lane);
                relay(job.load.relay, sent.answer);
            }
        }
        if must_wait {
            self.go_down(target).await;
        } else if !is_absence {
            self.come_back(target).await;
        }
    }

    /// What follows an attempt.
    fn next(&self, job: &Job<Delivery>, sent: &Sent) -> Next {
        // Whoever waits for the answer tries again by itself.
        let relay = job.load.relay.as_ref();
        if relay.is_some_and(|relay| !relay.is_closed()) {
            return Next::Nothing;
        }
        let has_history = self.settings.store.is_some();
        if sent.end == End::Absent && has_history {
            return Next::Wait;
        }
        let is_permanent = sent.end == End::Permanent;
        let is_hang_up = sent.end == End::HungUp;
        let retry = &self.settings.retry;
        let rest = retry.rest_after(
            job.load.tries + 1,
            &sent.outcome,
            is_permanent,
            fastrand::f64(),
        );
        match rest {
            Some(rest) => Next::Again(rest),
            // It may be a proxy in front of an app that is away; but an app that falls over this very notification must
            // not be made to do so for ever.
            None if is_hang_up && has_history && job.load.attempt <= MOST_HANG_UPS => Next::Wait,
            None => Next::Nothing,
        }
    }

    async fn tell(&self, event: Event) {
        // The dispatcher lives longer than the forwarder.
        let _ = self.events.send(event).await;
    }
}

/// Answers whoever waits for the target's answer.
fn relay(waiting: Option<oneshot::Sender<Answer>>, answer: Answer) {
    if let Some(waiting) = waiting {
        // A sender that has gone needs no answer.
        let _ = waiting.send(answer);
    }
}
