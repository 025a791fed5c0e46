//! One run that sends: the tasks, the dispatcher, and an orderly end.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout};

use super::courier::Courier;
use super::feeder::{self, Ahead, COUNTING, Chunk, Feeder};
use super::pacer::Pacer;
use super::recorder::Recorder;
use super::screen::{Screen, next};
use super::signer::Signer;
use super::tally::Tally;
use super::trail::Trail;
use super::{Options, Supply};
use crate::commands::send::Sender;
use crate::commands::{Context, Location, task};
use crate::domain::activity::{Activity, Differing, ReplaySummary, Warning};
use crate::domain::delivery::RetryPolicy;
use crate::report::Report;
use crate::shutdown::{DRAIN, Signals, passed};

/// What the dispatcher may lag behind, in events.
const EVENTS: usize = 1024;

/// How far reading may be ahead of sending, in chunks.
const LOOK_AHEAD: usize = 4;

/// Why sending ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum End {
    /// Everything was sent, or the first failure was to be the last.
    Done,
    /// On request, or because nobody reads standard output any more.
    Stopped,
    /// A second request cut the first one's end short.
    Interrupted,
}

/// A run that is ready to begin.
pub(in crate::commands) struct Run {
    pub(in crate::commands) signals: Signals,
    feeder: Feeder,
    tally: Tally,
    recorder: Option<Recorder>,
    quit: watch::Sender<bool>,
}

impl Run {
    /// Does everything that can fail before the first request.
    pub(in crate::commands) fn prepare(
        options: &Options,
        signer: Option<Signer>,
        context: &mut Context,
    ) -> Result<Self, Report> {
        let signals =
            Signals::listen().map_err(|error| Report::new("signals-failed", error.to_string()))?;
        let targets = options.routes.iter().map(|route| &route.target);
        let sender = Sender::new(&options.send, targets)?;
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
            store: None,
            is_tracked: false,
            may_be_stale: false,
            begun: 0,
            progress: context.ui.progress(),
        };
        Ok(Self {
            signals,
            feeder,
            tally: Tally::new(&options.routes, options.fail_fast),
            recorder: None,
            quit,
        })
    }

    /// Keeps in the history what becomes of what comes from there. Where that cannot be, there is a word of warning.
    pub(in crate::commands) fn record(&mut self, location: &Location) -> Result<(), Warning> {
        let recorder = Recorder::begin(location)?;
        self.feeder.store = Some(recorder.store());
        self.recorder = Some(recorder);
        Ok(())
    }

    /// Follows how far it has come without a gap.
    pub(in crate::commands) fn follow(&mut self) {
        self.feeder.is_tracked = true;
        self.tally.follow(Trail::default());
    }

    /// Compares the answers to what comes more than once.
    pub(in crate::commands) fn compare(&mut self) {
        self.feeder.is_tracked = true;
        self.tally.compare();
    }

    /// What came more than once and was answered differently.
    pub(in crate::commands) fn differing(&self) -> Vec<Differing> {
        self.tally.differing()
    }

    /// Says so when a recorded signature no longer fits its body.
    pub(in crate::commands) fn warn_if_stale(&mut self) {
        self.feeder.may_be_stale = true;
    }

    /// Sends everything, once.
    pub(in crate::commands) async fn send(
        &mut self,
        supply: &impl Supply,
        screen: &mut Screen<'_>,
    ) -> (End, Result<(), Report>) {
        let start = Instant::now();
        self.quit.send_replace(false);
        let begun_before = self.feeder.begun;
        let ahead = Arc::new(Ahead::default());
        let (events_in, mut events) = mpsc::channel(EVENTS);
        let (requests_in, requests) = mpsc::channel(LOOK_AHEAD);
        let reading = self.read(supply, requests_in, &ahead);
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
                        _ => screen.show_all(&mut batch, &mut self.tally),
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

    /// Starts to make the requests, on a thread of its own.
    fn read(
        &self,
        supply: &impl Supply,
        requests: mpsc::Sender<Chunk>,
        ahead: &Arc<Ahead>,
    ) -> JoinHandle<()> {
        let progress = &self.feeder.progress;
        if progress.is_wanted() {
            let (supply, progress) = (supply.clone(), progress.clone());
            spawn_blocking(move || {
                if let Some(total) = supply.count() {
                    progress.expect(total);
                }
            });
        }
        let (supply, progress) = (supply.clone(), progress.clone());
        let ahead = Arc::clone(ahead);
        spawn_blocking(move || feeder::read(supply, &requests, &ahead, &progress))
    }

    /// Ends the progress, and waits until what came of it all is kept. False when a signal cut that short.
    pub(in crate::commands) async fn end(&mut self, screen: &mut Screen<'_>) -> bool {
        self.feeder.progress.finish();
        let Some(recorder) = self.recorder.take() else {
            return true;
        };
        self.feeder.store = None;
        let warning = tokio::select! {
            warning = recorder.end() => warning,
            () = self.signals.next() => return false,
        };
        if let Some(warning) = warning {
            screen.show(Activity::Warning(warning));
        }
        true
    }

    /// What came of the deliveries.
    pub(in crate::commands) fn summary(&self) -> ReplaySummary {
        self.tally.summary()
    }

    /// Where it was stopped: the last notification that has ended with all before it.
    pub(in crate::commands) fn stopped_after(&self) -> Option<u64> {
        let was_stopped = *self.quit.borrow();
        self.tally.done().filter(|_| was_stopped)
    }
}
