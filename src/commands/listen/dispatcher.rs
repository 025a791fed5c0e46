//! The dispatcher of `listen`: counts and shows what happens, decides when it is over, and sees to an orderly end.

use std::future::Future;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::event::Event;
use super::tally::{Over, Tally};
use crate::domain::activity::Activity;
use crate::shutdown::Signals;
use crate::ui::Outlet;

/// How far the end has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Requests are taken.
    Open,
    /// No more requests are taken, and deliveries go on to their end.
    Draining,
    /// No more attempts are begun, and those under way have a limited time.
    Quitting,
}

/// Why listening ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By its own conditions.
    Over(Over),
    /// `--within` ran out.
    TimedOut,
    /// On request.
    Signal,
    /// Nobody reads standard output any more.
    OutputClosed,
}

/// So many events are shown at once.
const AT_ONCE: usize = 1024;

/// How long requests and attempts under way may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// Where everything that happens comes together, so that the order on the screen is the order in which it happened.
pub(super) struct Dispatcher<'a> {
    pub(super) signals: Signals,
    pub(super) events: mpsc::Receiver<Event>,
    pub(super) output_failed: oneshot::Receiver<()>,
    pub(super) tally: Tally,
    pub(super) outlet: Outlet<'a>,
    pub(super) phase: watch::Sender<Phase>,
}

impl Dispatcher<'_> {
    /// Shows what happens until there is a reason to stop.
    pub(super) async fn until_the_end(&mut self, deadline: Option<Instant>) -> End {
        let mut batch = Vec::new();
        loop {
            if let Some(over) = self.tally.over() {
                return End::Over(over);
            }
            tokio::select! {
                biased;
                () = self.signals.next() => return End::Signal,
                () = passed(deadline) => return End::TimedOut,
                Ok(()) = &mut self.output_failed => return End::OutputClosed,
                _ = self.events.recv_many(&mut batch, AT_ONCE) => self.show(&mut batch),
            }
        }
    }

    /// Lets what is under way end. False when a signal cut that short.
    pub(super) async fn drain(&mut self, end: End) -> bool {
        let mut batch = Vec::new();
        // What was waited for has come: its deliveries shall reach their end, and have their own limits.
        let mut phase = if matches!(end, End::Over(_)) {
            Phase::Draining
        } else {
            Phase::Quitting
        };
        loop {
            self.phase.send_replace(phase);
            let deadline = (phase == Phase::Quitting).then(|| Instant::now() + DRAIN);
            loop {
                tokio::select! {
                    biased;
                    () = self.signals.next() => break,
                    () = passed(deadline) => return true,
                    count = self.events.recv_many(&mut batch, AT_ONCE) => match count {
                        0 => return true,
                        _ => self.show(&mut batch),
                    },
                }
            }
            if phase == Phase::Quitting {
                return false;
            }
            phase = Phase::Quitting;
        }
    }

    /// Counts and shows what happened together.
    fn show(&mut self, events: &mut Vec<Event>) {
        let activities: Vec<Activity> = events
            .drain(..)
            .filter_map(|event| self.count(event))
            .collect();
        self.outlet.show(&activities);
    }

    fn count(&mut self, event: Event) -> Option<Activity> {
        Some(match event {
            Event::LeftOut => {
                self.tally.leave_out();
                return None;
            }
            Event::Warned(warning) => Activity::Warning(warning),
            Event::Arrived(arrival) => {
                self.tally.arrive(&arrival);
                Activity::Notification(arrival)
            }
            Event::Attempted(attempt) => {
                self.tally.deliver(&attempt);
                Activity::Delivery(attempt)
            }
        })
    }
}

/// Resolves when the deadline has passed; never, where there is none.
async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Resolves when the end has come this far.
pub(super) fn reached(
    phase: &watch::Sender<Phase>,
    wanted: Phase,
) -> impl Future<Output = ()> + Send + 'static {
    let mut phase = phase.subscribe();
    async move {
        // When the dispatcher is gone, so is the reason to go on.
        let _ = phase.wait_for(|phase| *phase >= wanted).await;
    }
}
