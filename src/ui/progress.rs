//! How far something that takes long has come. The only place that knows the `indicatif` crate.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::{Format, Options, Ui};
use crate::domain::activity::Activity;

/// What ends sooner needs no progress.
const PATIENCE: Duration = Duration::from_secs(2);

/// A line at the bottom of the terminal, which appears once the work has taken a while.
#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
    begin: Instant,
    is_wanted: bool,
    is_shown: Arc<AtomicBool>,
}

impl Progress {
    pub(super) fn new(is_wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{spinner} {human_pos} done, {per_sec}"));
        Self {
            bar,
            begin: Instant::now(),
            is_wanted,
            is_shown: Arc::default(),
        }
    }

    /// Whether there is somebody to see it.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// One more is done.
    pub fn advance(&self) {
        self.reach(self.bar.position() + 1);
    }

    /// So much is done by now.
    pub fn reach(&self, position: u64) {
        if !self.is_wanted {
            return;
        }
        self.bar.set_position(position);
        if self.begin.elapsed() > PATIENCE && !self.is_shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// How many there are in all is known.
    pub fn expect(&self, total: u64) {
        self.bar.set_length(total);
        // Short of the full width, so that the `^C` which a terminal echoes stays on this line, and is cleared with it.
        self.bar.set_style(style(
            "{bar:40} {human_pos}/{human_len}, {per_sec}, {eta} left",
        ));
    }

    /// What is done is so many bytes; how many there are in all is known, or not.
    pub fn expect_bytes(&self, total: Option<u64>) {
        self.bar.set_style(style(match total {
            Some(_) => "{bar:40} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{spinner} {bytes} done, {bytes_per_sec}",
        }));
        if let Some(total) = total {
            self.bar.set_length(total);
        }
    }

    /// Takes it off the screen.
    pub fn finish(&self) {
        self.is_shown.store(false, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }

    pub(super) fn is_shown(&self) -> bool {
        self.is_shown.load(Ordering::Relaxed)
    }

    /// Does something that writes to the terminal while it is not on the screen.
    pub(super) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

/// Writes what may reach a terminal, while no progress is on the screen.
pub(super) fn aside<T>(progress: Option<&Progress>, write: impl FnOnce() -> T) -> T {
    match progress.filter(|progress| progress.is_shown()) {
        Some(progress) => progress.suspend(write),
        None => write(),
    }
}

impl Ui {
    /// Begins to show how far something that takes long has come, on a terminal.
    pub fn progress(&mut self) -> Progress {
        let Options { format, quiet, .. } = self.options;
        let is_wanted = self.err.is_terminal && format != Format::Json && !quiet;
        let progress = Progress::new(is_wanted);
        self.progress = Some(progress.clone());
        progress
    }

    /// Whether an activity is shown. While a person watches the progress of many deliveries, only failures are.
    pub(super) fn wants(&self, activity: &Activity) -> bool {
        let is_routine =
            matches!(activity, Activity::Delivery(attempt) if attempt.outcome.is_success());
        let is_watched = self.options.format == Format::Pretty
            && self.progress.as_ref().is_some_and(Progress::is_shown);
        !(is_routine && is_watched)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the template is written correctly")
        .with_key("per_sec", |state: &ProgressState, out: &mut dyn Write| {
            // A line that cannot be drawn is drawn again soon.
            let _ = write!(out, "{:.0}/s", state.per_sec());
        })
}
