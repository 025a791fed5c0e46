//! One run that sends: the tasks, the dispatcher, and an orderly end.

use std::mem;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout};

use super::courier::Courier;
use super::event::Event;
use super::feeder::{self, Ahead, COUNTING, Chunk, Feeder};
use super::loads::Selection;
use super::pacer::Pacer;
use super::recorder::Recorder;
use super::signer::Signer;
use super::tally::{self, Tally};
use super::trail::Trail;
use super::{Mode, Options, nothing};
use crate::commands::notifications::Notifications;
use crate::commands::send::Sender;
use crate::commands::{Context, task};
use crate::domain::activity::{Activity, ReplaySummary, Warning, Watching};
use crate::domain::delivery::RetryPolicy;
use crate::exit::ExitStatus;
use crate::files::{self, Source};
use crate::report::Report;
use crate::shutdown::{DRAIN, Signals, passed};
use crate::ui::Outlet;
use crate::watch::Watcher;

/// What the dispatcher may lag behind, in events.
const EVENTS: usize = 1024;

/// How far reading may be ahead of sending, in chunks.
const LOOK_AHEAD: usize = 4;

/// Why sending ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Everything was sent, or the first failure was to be the last.
    Done,
    /// On request, or because nobody reads standard output any more.
    Stopped,
    /// A second request cut the first one's end short.
    Interrupted,
}

/// A run that is ready to begin.
pub(super) struct Session {
    signals: Signals,
    selection: Selection,
    feeder: Feeder,
    watcher: Option<Watcher>,
    tally: Tally,
    recorder: Option<Recorder>,
    quit: watch::Sender<bool>,
    is_watching: bool,
}

/// Where the dispatcher shows what it is told.
struct Screen<'a> {
    outlet: Outlet<'a>,
    failed: oneshot::Receiver<()>,
}

impl Session {
    /// Does everything that can fail before the first request.
    pub(super) fn prepare(
        options: &Options,
        notifications: Notifications,
        signer: Option<Signer>,
        may_be_stale: bool,
        context: &mut Context,
    ) -> Result<Self, Report> {
        let signals =
            Signals::listen().map_err(|error| Report::new("signals-failed", error.to_string()))?;
        let watcher = match (options.mode, &notifications) {
            (Mode::Watch, Notifications::Files(sources)) => Some(watch_sources(sources)?),
            _ => None,
        };
        let trail =
            Some(Trail::default()).filter(|_| notifications.are_in_order() && options.repeat == 1);
        let targets = options.routes.iter().map(|route| &route.target);
        let sender = Sender::new(&options.send, targets)?;
        let recorder = record(&notifications, context)?;
        let (quit, _) = watch::channel(false);
        let courier = Courier {
            routes: Arc::clone(&options.routes),
            sender,
            retry: RetryPolicy {
                retries: options.send.retries,
            },
            fail_fast: options.fail_fast,
            clock: context.clock,
            quit: quit.clone(),
        };
        let concurrency = options.send.concurrency;
        let slots = options.routes.iter();
        let feeder = Feeder {
            courier: Arc::new(courier),
            signer,
            slots: slots
                .map(|_| Arc::new(Semaphore::new(concurrency)))
                .collect(),
            pacer: Pacer::new(options.timing),
            store: recorder.as_ref().map(Recorder::store),
            is_tracked: trail.is_some(),
            may_be_stale,
            begun: 0,
            progress: context.ui.progress(),
        };
        Ok(Self {
            signals,
            selection: options.selection(notifications, context),
            feeder,
            is_watching: watcher.is_some(),
            watcher,
            tally: Tally::new(&options.routes, trail, options.fail_fast),
            recorder,
            quit,
        })
    }

    /// Sends until there is a reason to stop.
    pub(super) async fn run(mut self, context: &mut Context) -> Result<ExitStatus, Report> {
        let (outlet, failed) = Outlet::open(&mut context.ui);
        let mut screen = Screen { outlet, failed };
        let (mut end, mut result) = self.send(&mut screen).await;
        if let Some(mut watcher) = self.watcher.take() {
            while end == End::Done {
                if let Err(report) = mem::replace(&mut result, Ok(())) {
                    screen.warn(report);
                }
                screen.show(watching(&watcher));
                let changed = tokio::select! {
                    biased;
                    () = self.signals.next() => break,
                    Ok(()) = &mut screen.failed => break,
                    changed = watcher.changed(files::is_notification) => changed,
                };
                let changed = changed.into_iter().map(Source::Path).collect();
                self.selection.notifications = Notifications::Files(changed);
                (end, result) = self.send(&mut screen).await;
            }
        }
        self.feeder.progress.finish();
        if end == End::Interrupted || self.keep(&mut screen).await.is_err() {
            return Ok(ExitStatus::Interrupted);
        }
        let summary = self.summary();
        let is_empty = summary.sent == 0 && end == End::Done;
        let status = if self.is_watching {
            ExitStatus::Yes
        } else {
            tally::status(&summary)
        };
        if result.is_ok() && is_empty && !self.is_watching {
            let is_history = self.selection.notifications.history().is_some();
            result = Err(nothing(summary.filtered, is_history));
        } else if !is_empty {
            screen.show(Activity::Replayed(summary));
        }
        tokio::select! {
            closed = screen.outlet.close() => closed?,
            () = self.signals.next() => return Ok(ExitStatus::Interrupted),
        }
        result?;
        Ok(status)
    }

    /// Waits until what came of it all is kept. An error is a request to stop at once.
    async fn keep(&mut self, screen: &mut Screen<'_>) -> Result<(), ()> {
        let Some(recorder) = self.recorder.take() else {
            return Ok(());
        };
        self.feeder.store = None;
        let warning = tokio::select! {
            warning = recorder.end() => warning,
            () = self.signals.next() => return Err(()),
        };
        if let Some(warning) = warning {
            screen.show(Activity::Warning(warning));
        }
        Ok(())
    }

    fn summary(&self) -> ReplaySummary {
        let mut summary = self.tally.summary();
        if *self.quit.borrow()
            && let Some(after) = self.tally.done()
        {
            summary.after = Some(after);
            let hint = self.selection.notifications.going_on_after(after);
            summary.hints = hint.into_iter().collect();
        }
        summary
    }

    /// Sends what is selected, once.
    async fn send(&mut self, screen: &mut Screen<'_>) -> (End, Result<(), Report>) {
        let start = Instant::now();
        self.quit.send_replace(false);
        let begun_before = self.feeder.begun;
        let ahead = Arc::new(Ahead::default());
        let (events_in, mut events) = mpsc::channel(EVENTS);
        let (requests_in, requests) = mpsc::channel(LOOK_AHEAD);
        let reading = self.read(requests_in, &ahead);
        let mut batch = Vec::new();
        let (mut end, mut result, mut deadline) = (End::Done, Ok(()), None);
        {
            let mut feeding = pin!(self.feeder.run(requests, events_in));
            let mut is_feeding = true;
            loop {
                let mut must_stop = false;
                tokio::select! {
                    biased;
                    () = self.signals.next() => match end {
                        End::Done => must_stop = true,
                        _ => return (End::Interrupted, Ok(())),
                    },
                    Ok(()) = &mut screen.failed, if end == End::Done => must_stop = true,
                    () = passed(deadline) => {
                        self.tally.unsent_and_more = true;
                        break;
                    }
                    count = next(&mut events, &mut batch, &screen.outlet) => match count {
                        0 => break,
                        _ => show(&mut batch, &mut self.tally, screen),
                    },
                    fed = &mut feeding, if is_feeding => (result, is_feeding) = (fed, false),
                }
                if must_stop {
                    end = End::Stopped;
                    self.quit.send_replace(true);
                    deadline = Some(Instant::now() + DRAIN);
                }
            }
        }
        self.tally.elapsed += start.elapsed();
        if *self.quit.borrow() {
            // A reader that waits for standard input cannot tell what is still to come.
            let _ = timeout(COUNTING * 2, reading).await;
            let begun = self.feeder.begun - begun_before;
            self.tally.unsent += ahead.wanted().saturating_sub(begun);
            self.tally.unsent_and_more |= !ahead.is_at_the_end();
        } else if result.is_ok() {
            // It has hung up already.
            task::outcome(reading.await);
        }
        self.tally.filtered += ahead.left_out();
        (end, result)
    }

    /// Starts to read on a thread of its own.
    fn read(&self, requests: mpsc::Sender<Chunk>, ahead: &Arc<Ahead>) -> JoinHandle<()> {
        let progress = &self.feeder.progress;
        if progress.is_wanted() {
            let (selection, progress) = (self.selection.clone(), progress.clone());
            spawn_blocking(move || {
                if let Some(total) = selection.count() {
                    progress.expect(total);
                }
            });
        }
        let (selection, progress) = (self.selection.clone(), progress.clone());
        let ahead = Arc::clone(ahead);
        spawn_blocking(move || feeder::read(selection, &requests, &ahead, &progress))
    }
}

impl Screen<'_> {
    fn show(&mut self, activity: Activity) {
        self.outlet.show(&[activity]);
    }

    /// Shows as a warning what would end a run that does not wait for changes.
    fn warn(&mut self, report: Report) {
        self.show(Activity::Warning(Warning {
            code: report.code,
            message: report.message,
            hints: report.hints,
        }));
    }
}

/// The next events, once the reader of the output is not too far behind: `replay` leaves nothing out of what it shows.
async fn next(
    events: &mut mpsc::Receiver<Event>,
    batch: &mut Vec<Event>,
    outlet: &Outlet<'_>,
) -> usize {
    outlet.caught_up().await;
    events.recv_many(batch, EVENTS).await
}

fn show(batch: &mut Vec<Event>, tally: &mut Tally, screen: &mut Screen<'_>) {
    let activities: Vec<Activity> = batch
        .drain(..)
        .filter_map(|event| match event {
            Event::Attempted(route, attempt) => {
                tally.attempt(route, &attempt);
                Some(Activity::Delivery(attempt))
            }
            Event::GivenUp(route, outcome) => {
                tally.end(route, &outcome);
                None
            }
            Event::Begun(id, deliveries) => {
                tally.begin(id, deliveries);
                None
            }
            Event::Warned(warning) => Some(Activity::Warning(warning)),
        })
        .collect();
    screen.outlet.show(&activities);
}

/// Begins to keep what becomes of notifications of the history.
fn record(
    notifications: &Notifications,
    context: &mut Context,
) -> Result<Option<Recorder>, Report> {
    let Some(location) = notifications.history() else {
        return Ok(None);
    };
    match Recorder::begin(location) {
        Ok(recorder) => Ok(Some(recorder)),
        Err(warning) => {
            context.ui.show(&Activity::Warning(warning))?;
            Ok(None)
        }
    }
}

/// Watches every file and folder that was named.
fn watch_sources(sources: &[Source]) -> Result<Watcher, Report> {
    let paths: Vec<_> = sources
        .iter()
        .filter_map(|source| match source {
            Source::Path(path) => Some(path.as_path()),
            Source::Stdin | Source::Spool(_) => None,
        })
        .collect();
    Watcher::open(&paths)
        .map_err(|error| Report::new("watch-failed", format!("cannot watch for changes: {error}")))
}

fn watching(watcher: &Watcher) -> Activity {
    Activity::Watching(Watching {
        paths: watcher
            .paths()
            .map(|path| path.display().to_string())
            .collect(),
    })
}
