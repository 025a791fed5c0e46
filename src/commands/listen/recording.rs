//! The history of one run: opened before anything begins, written to while it lasts, closed at its end.

use std::path::Path;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::History;
use super::event::Event;
use crate::clock::Clock;
use crate::commands::task;
use crate::domain::activity::{Activity, Reach, TargetStanding, Warning};
use crate::domain::record::Retention;
use crate::report::Report;
use crate::store::{self, Committer, Location, Pruner, Resumed, Store, StoreError};

/// How often what is too old is taken out.
const PRUNING: Duration = Duration::from_hours(1);

/// How long the history may take to be closed.
const CLOSING: Duration = Duration::from_secs(10);

/// The history of one run.
pub(super) struct Recording {
    pub(super) store: Store,
    committer: Committer,
    location: Location,
    retention: Option<Retention>,
    pub(super) resumed: Resumed,
}

/// The task that writes, for whoever waits for its end.
pub(super) struct Writing {
    stop: oneshot::Sender<()>,
    task: JoinHandle<usize>,
}

impl Recording {
    /// Opens the history, and takes over what waits from earlier runs. Numbers go on behind `last_id`.
    pub(super) fn open(history: History, last_id: u64, clock: Clock) -> Result<Self, Report> {
        let History {
            location,
            durability,
            resume,
            retention,
        } = history;
        let (store, mut committer) = store::open(&location, durability)?;
        committer.go_on_behind(last_id)?;
        let resumed = committer.begin_run(clock.now(), resume)?;
        Ok(Self {
            store,
            committer,
            location,
            retention,
            resumed,
        })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.location.path
    }

    /// The targets that earlier runs have left deliveries for.
    pub(super) fn resumed_targets(&self) -> impl Iterator<Item = &str> {
        self.resumed
            .targets
            .iter()
            .map(|(target, _)| target.as_str())
    }

    /// What to say of what was taken over.
    pub(super) fn describe(&self) -> Vec<Activity> {
        let resumed = self.resumed.targets.iter();
        let mut activities: Vec<Activity> = resumed
            .map(|(target, waiting)| {
                Activity::Target(TargetStanding {
                    target: target.clone(),
                    state: Reach::Resumed,
                    waiting: *waiting,
                })
            })
            .collect();
        if self.resumed.given_up > 0 {
            activities.push(Activity::Warning(Warning {
                code: "given-up",
                message: format!(
                    "deliveries of an earlier run were given up, because they have waited too long: {}",
                    self.resumed.given_up
                ),
                hints: vec![
                    "`syncfy-hooks replay --delivery failed --to TARGET` sends them all the same; `--resume-within` sets the limit".into(),
                ],
            }));
        }
        activities
    }

    /// Begins to write, and to take out what is too old.
    pub(super) fn begin(
        self,
        tasks: &mut JoinSet<()>,
        events: &mpsc::Sender<Event>,
        clock: Clock,
    ) -> (Store, Writing) {
        if let Some(retention) = self.retention {
            tasks.spawn(keep_small(
                self.location,
                retention,
                events.downgrade(),
                clock,
            ));
        }
        let (stop, stopped) = oneshot::channel();
        let committer = self.committer;
        #[expect(
            clippy::disallowed_methods,
            reason = "it is waited for in `Writing::end`"
        )]
        let task = tokio::spawn(committer.run(async {
            // Whoever has gone has no more to write either.
            let _ = stopped.await;
        }));
        (self.store, Writing { stop, task })
    }
}

impl Writing {
    /// Writes what is still to be written. What to say when that fails.
    pub(super) async fn end(self) -> Option<Warning> {
        // It may have ended by a panic, which comes out below.
        let _ = self.stop.send(());
        let unwritten = match timeout(CLOSING, self.task).await {
            Ok(ended) => task::outcome(ended).unwrap_or_default(),
            Err(_) => return Some(unfinished("it took too long")),
        };
        (unwritten > 0).then(|| unfinished(&format!("{unwritten} attempts are missing")))
    }
}

fn unfinished(why: &str) -> Warning {
    Warning {
        code: "not-saved",
        message: format!("the history was not brought up to date: {why}"),
        hints: vec![
            "the next `listen` makes the deliveries again whose end is not recorded".into(),
        ],
    }
}

/// Takes out what is too old, now and again.
async fn keep_small(
    location: Location,
    retention: Retention,
    events: mpsc::WeakSender<Event>,
    clock: Clock,
) {
    let mut pace = interval(PRUNING);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        let path = location.path.clone();
        let now = clock.now();
        let prune = move || -> Result<(), StoreError> {
            let mut pruner = Pruner::open(&path)?;
            let planned = pruner.plan(&retention, now)?;
            pruner.remove(&planned.ids)
        };
        let pruned = task::outcome(spawn_blocking(prune).await).unwrap_or(Ok(()));
        let Some(events) = events.upgrade() else {
            return;
        };
        if let Err(error) = pruned {
            let report = Report::from(error);
            let warning = Warning {
                code: report.code,
                message: format!("old notifications were not taken out: {}", report.message),
                hints: report.hints,
            };
            // Who listens no more need not know.
            let _ = events.send(Event::Warned(warning)).await;
        }
    }
}
