//! Where the dispatcher shows what it is told.

use tokio::sync::{mpsc, oneshot};

use super::event::Event;
use super::tally::Tally;
use crate::domain::activity::{Activity, Warning};
use crate::report::Report;
use crate::ui::{Outlet, OutputError, Ui};

/// So many events are taken at once.
const AT_ONCE: usize = 1024;

/// Where the dispatcher shows what it is told.
pub(in crate::commands) struct Screen<'a> {
    pub(super) outlet: Outlet<'a>,
    pub(super) failed: oneshot::Receiver<()>,
}

impl<'a> Screen<'a> {
    pub(in crate::commands) fn open(ui: &'a mut Ui) -> Self {
        let (outlet, failed) = Outlet::open(ui);
        Self { outlet, failed }
    }

    pub(in crate::commands) fn show(&mut self, activity: Activity) {
        self.outlet.show(&[activity]);
    }

    /// Shows as a warning what would otherwise end the run.
    pub(in crate::commands) fn warn(&mut self, report: Report) {
        self.show(Activity::Warning(Warning {
            code: report.code,
            message: report.message,
            hints: report.hints,
        }));
    }

    /// Resolves when nobody reads standard output any more.
    pub(in crate::commands) async fn closed(&mut self) {
        if (&mut self.failed).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until everything is written.
    pub(in crate::commands) async fn close(self) -> Result<(), OutputError> {
        self.outlet.close().await
    }

    /// Counts and shows what happened together.
    pub(super) fn show_all(&mut self, batch: &mut Vec<Event>, tally: &mut Tally) {
        let activities: Vec<Activity> = batch
            .drain(..)
            .filter_map(|event| tally.take(event))
            .collect();
        self.outlet.show(&activities);
    }
}

/// The next events, once the reader of the output is not too far behind: nothing is left out of what is shown.
pub(super) async fn next(
    events: &mut mpsc::Receiver<Event>,
    batch: &mut Vec<Event>,
    outlet: &Outlet<'_>,
) -> usize {
    outlet.caught_up().await;
    events.recv_many(batch, AT_ONCE).await
}
