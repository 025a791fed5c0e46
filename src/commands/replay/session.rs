//! One replay: sends, and again whenever a file changes, and says what came of it.

use std::mem;

use super::loads::Selection;
use super::{Mode, Options, nothing};
use crate::commands::Context;
use crate::commands::delivery::{End, Run, Screen, Signer, status};
use crate::commands::notifications::Notifications;
use crate::domain::activity::{Activity, ReplaySummary, Watching};
use crate::exit::ExitStatus;
use crate::files::{self, Source};
use crate::report::Report;
use crate::watch::Watcher;

/// A replay that is ready to begin.
pub(super) struct Session {
    selection: Selection,
    run: Run,
    watcher: Option<Watcher>,
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
        let mut run = Run::prepare(&options.delivery, signer, context)?;
        let watcher = match (options.mode, &notifications) {
            (Mode::Watch, Notifications::Files(sources)) => Some(watch_sources(sources)?),
            _ => None,
        };
        if notifications.are_in_order() && options.repeat == 1 {
            run.follow();
        }
        if may_be_stale {
            run.warn_if_stale();
        }
        if let Some(location) = notifications.history()
            && let Err(warning) = run.record(location)
        {
            context.ui.show(&Activity::Warning(warning))?;
        }
        Ok(Self {
            selection: options.selection(notifications, context),
            run,
            watcher,
        })
    }

    /// Sends until there is a reason to stop.
    pub(super) async fn run(mut self, context: &mut Context) -> Result<ExitStatus, Report> {
        let mut screen = Screen::open(&mut context.ui);
        let (mut end, mut result) = self.run.send(&self.selection, &mut screen).await;
        let is_watching = self.watcher.is_some();
        if let Some(mut watcher) = self.watcher.take() {
            while end == End::Done {
                if let Err(report) = mem::replace(&mut result, Ok(())) {
                    screen.warn(report);
                }
                screen.show(watching(&watcher));
                let changed = tokio::select! {
                    biased;
                    () = self.run.signals.next() => break,
                    () = screen.closed() => break,
                    changed = watcher.changed(files::is_notification) => changed,
                };
                let changed = changed.into_iter().map(Source::Path).collect();
                self.selection.notifications = Notifications::Files(changed);
                (end, result) = self.run.send(&self.selection, &mut screen).await;
            }
        }
        if !self.run.end(&mut screen).await || end == End::Interrupted {
            return Ok(ExitStatus::Interrupted);
        }
        let summary = self.summary();
        let is_empty = summary.sent == 0 && end == End::Done;
        let status = if is_watching {
            ExitStatus::Yes
        } else {
            status(&summary)
        };
        if result.is_ok() && is_empty && !is_watching {
            let is_history = self.selection.notifications.history().is_some();
            result = Err(nothing(summary.filtered, is_history));
        } else if !is_empty {
            screen.show(Activity::Replayed(summary));
        }
        tokio::select! {
            closed = screen.close() => closed?,
            () = self.run.signals.next() => return Ok(ExitStatus::Interrupted),
        }
        result?;
        Ok(status)
    }

    fn summary(&self) -> ReplaySummary {
        let mut summary = self.run.summary();
        if let Some(after) = self.run.stopped_after() {
            summary.after = Some(after);
            let hint = self.selection.notifications.going_on_after(after);
            summary.hints = hint.into_iter().collect();
        }
        summary
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
