//! The dispatcher of `listen`: counts and shows what happens, decides when it is over, and sees to an orderly end.

use std::future::Future;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::Announcement;
use super::doorway::ReadyFile;
use super::event::Event;
use super::recording::Writing;
use super::report::RunReport;
use super::tally::Tally;
use super::waiting::Waiting;
use crate::domain::activity::{Activity, Summary, TunnelStanding, TunnelState, Warning};
use crate::report::Report;
use crate::shutdown::{DRAIN, Signals, passed};
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
    Over,
    /// `--within` ran out.
    TimedOut,
    /// On request.
    Signal,
    /// Nobody reads standard output any more.
    OutputClosed,
    /// No public URL leads here any more.
    TunnelLost,
}

/// So many events are shown at once.
const AT_ONCE: usize = 1024;

/// The same when the time that was given for everything has run out.
const GRACE: Duration = Duration::from_secs(1);

/// Where everything that happens comes together, so that the order on the screen is the order in which it happened.
pub(super) struct Dispatcher<'a> {
    pub(super) signals: Signals,
    pub(super) events: mpsc::Receiver<Event>,
    pub(super) output_failed: oneshot::Receiver<()>,
    pub(super) tally: Tally,
    pub(super) outlet: Outlet<'a>,
    pub(super) phase: watch::Sender<Phase>,
    pub(super) waiting: Waiting,
    pub(super) announcement: Announcement,
    /// The public URL that was told last.
    pub(super) announced: Option<String>,
    /// The file that takes the URL.
    pub(super) ready_file: Option<ReadyFile>,
    /// Why no public URL leads here any more.
    pub(super) lost: Option<Report>,
}

impl Dispatcher<'_> {
    /// Shows what happens until everything has come to its end, and says why it did; `None` when a second signal cut that
    /// short.
    pub(super) async fn run(&mut self, deadline: Option<Instant>) -> Option<End> {
        let end = self.until_the_end(deadline).await;
        let end = self.drain(end, deadline).await;
        if let Some(file) = self.ready_file.take() {
            file.take_back();
        }
        end
    }

    /// Shows what happens until there is a reason to stop.
    async fn until_the_end(&mut self, deadline: Option<Instant>) -> End {
        let mut batch = Vec::new();
        loop {
            if self.tally.is_over() {
                return End::Over;
            }
            if self.lost.is_some() {
                return End::TunnelLost;
            }
            let silence = self.tally.silence_due();
            tokio::select! {
                biased;
                () = self.signals.next() => return End::Signal,
                () = passed(deadline) => return End::TimedOut,
                Ok(()) = &mut self.output_failed => return End::OutputClosed,
                _ = self.events.recv_many(&mut batch, AT_ONCE) => self.show(&mut batch),
                () = passed(silence) => {
                    let warning = self.tally.fall_silent().map(Activity::Warning);
                    self.outlet.show(warning.as_slice());
                }
            }
        }
    }

    /// Lets what is under way end, and says why listening ended; `None` when a signal cut that short.
    ///
    /// What was waited for has come by then: its deliveries shall reach their end, within the time that was given.
    async fn drain(&mut self, mut end: End, deadline: Option<Instant>) -> Option<End> {
        let mut batch = Vec::new();
        if end == End::Over {
            self.phase.send_replace(Phase::Draining);
            end = loop {
                tokio::select! {
                    biased;
                    () = self.signals.next() => break End::Signal,
                    () = passed(deadline) => break End::TimedOut,
                    count = self.events.recv_many(&mut batch, AT_ONCE) => match count {
                        0 => return Some(end),
                        _ => self.show(&mut batch),
                    },
                }
            };
        }
        self.phase.send_replace(Phase::Quitting);
        if end == End::Signal {
            self.say_what_is_under_way();
        }
        let time = if end == End::TimedOut { GRACE } else { DRAIN };
        let deadline = Instant::now() + time;
        loop {
            tokio::select! {
                biased;
                () = self.signals.next() => return None,
                () = sleep_until(deadline) => return Some(end),
                count = self.events.recv_many(&mut batch, AT_ONCE) => match count {
                    0 => return Some(end),
                    _ => self.show(&mut batch),
                },
            }
        }
    }

    /// A person who pressed ^C shall know what is waited for.
    fn say_what_is_under_way(&mut self) {
        let count = self.waiting.count();
        if count > 0 {
            let message = format!(
                "stopping; of the deliveries that have not ended ({count}), those under way have {} s",
                DRAIN.as_secs()
            );
            let hints = vec!["^C again stops at once".into()];
            self.outlet.show(&[Activity::Warning(Warning {
                code: "stopping",
                message,
                hints,
            })]);
        }
    }

    /// Waits until the history is up to date, and says so where that fails. False when a signal cut that short.
    pub(super) async fn end_writing(&mut self, writing: Writing) -> bool {
        let unfinished = tokio::select! {
            unfinished = writing.end() => unfinished,
            () = self.signals.next() => return false,
        };
        if let Some(warning) = unfinished {
            self.outlet.show(&[Activity::Warning(warning)]);
        }
        true
    }

    /// What came of it all.
    pub(super) fn summary(&self, has_history: bool) -> Summary {
        let waiting = &self.waiting;
        let mut summary = self.tally.summary(waiting.count(), waiting.count_own());
        if has_history {
            summary.hints = advice(&summary);
        }
        summary
    }

    /// Writes the report that a CI reads. False when a signal cut that short.
    pub(super) async fn report(
        &mut self,
        report: RunReport,
        summary: &Summary,
        end: Option<End>,
    ) -> Result<bool, Report> {
        let arrived = self.tally.arrived().to_vec();
        tokio::select! {
            written = report.write(summary, arrived, end) => written.map(|()| true),
            () = self.signals.next() => Ok(false),
        }
    }

    /// Shows the last word and waits until everything is written. False when a signal cut that short.
    pub(super) async fn close(mut self, summary: Summary) -> Result<bool, Report> {
        self.outlet.show(&[Activity::Summary(summary)]);
        tokio::select! {
            closed = self.outlet.close() => closed.map(|()| true).map_err(Report::from),
            () = self.signals.next() => Ok(false),
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

    /// Tells a public URL beyond the screen, once it leads here.
    fn announce(&mut self, standing: &TunnelStanding) {
        let Some(url) = standing
            .url
            .as_ref()
            .filter(|_| standing.state == TunnelState::Up)
        else {
            return;
        };
        if self.announced.as_ref() == Some(url) {
            return;
        }
        self.announced = Some(url.clone());
        self.announcement.make(&mut self.outlet, url);
        let written = self.ready_file.as_mut().map(|file| file.write(url));
        if let Some(Err(report)) = written {
            self.outlet.show(&[Activity::Warning(Warning {
                code: report.code,
                message: report.message,
                hints: report.hints,
            })]);
        }
    }

    fn count(&mut self, event: Event) -> Option<Activity> {
        Some(match event {
            Event::LeftOut => {
                self.tally.leave_out();
                return None;
            }
            Event::TurnedAway => {
                self.tally.turn_away();
                return None;
            }
            Event::Posted => {
                self.tally.end_demo();
                return None;
            }
            Event::TunnelLost(report) => {
                self.lost = Some(report);
                return None;
            }
            Event::Tunnel(standing) => {
                self.announce(&standing);
                Activity::Tunnel(standing)
            }
            Event::Target(standing) => Activity::Target(standing),
            Event::Warned(warning) => Activity::Warning(warning),
            Event::Pulled(pull) => Activity::Pull(pull),
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

/// What to do about what was not delivered, as long as it is in the history.
fn advice(summary: &Summary) -> Vec<String> {
    let waiting = "what waits is delivered by the next `listen` that starts on this history";
    let failed =
        "`syncfy-hooks replay --delivery failed --to TARGET` sends again what was given up";
    [(summary.waiting, waiting), (summary.failed, failed)]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(_, hint)| hint.to_owned())
        .collect()
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
