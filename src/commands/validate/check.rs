//! Checks notifications on all cores, and tells of them in their order.

use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::Arc;

use super::checker::{Checker, Step, Wanted};
use super::workers::{Panicked, Workers};
use crate::commands::Context;
use crate::commands::notifications::{Bundle, Notifications};
use crate::domain::activity::{Activity, Validated, Validation, Warning};
use crate::domain::notification::EventFilter;
use crate::domain::validation::Levels;
use crate::exit::ExitStatus;
use crate::files::{Meter, Pace};
use crate::report::Report;
use crate::ui::Progress;

/// How notifications are checked.
pub struct Checking {
    /// The events that are checked.
    pub events: EventFilter,
    /// How bad what the rules find is.
    pub levels: Levels,
    /// So many threads check.
    pub threads: NonZeroUsize,
    /// After so many errors nothing more is checked.
    pub max_errors: Option<NonZeroU64>,
}

/// Checks all of them. One that cannot be read is reported, and the others are checked all the same.
pub(super) fn check(
    notifications: Notifications,
    options: Checking,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    let meter = Meter::default();
    let progress = context.ui.progress();
    progress.expect_bytes(notifications.size());
    let is_empty = options.events.is_empty();
    let wanted = Arc::new(Wanted {
        events: options.events,
        levels: options.levels,
        confirmed: context.ui.confirmed(),
    });
    let bundles = {
        let meter = meter.clone();
        move || bundles(notifications, &meter)
    };
    let checkers = (0..options.threads.get()).map(|_| {
        let mut checker = Checker::new(Arc::clone(&wanted));
        move |bundle| checker.check(bundle)
    });
    let workers = Workers::start(bundles, checkers)
        .map_err(|error| Report::new("threads-failed", format!("cannot start: {error}")))?;
    let mut tally = Tally {
        validated: Validated::default(),
        most: options.max_errors,
        meter,
        progress,
    };
    let result = tally.show(workers, context);
    tally.progress.finish();
    result?;
    let validated = tally.validated;
    if validated == Validated::default() {
        context.ui.show(&Activity::Warning(nothing(is_empty)))?;
    }
    let status = match validated {
        Validated {
            unreadable: 1.., ..
        } => ExitStatus::CouldNot,
        Validated { valid, invalid, .. } => ExitStatus::answer(valid > 0 && invalid == 0),
    };
    context.ui.show(&Activity::Validated(validated))?;
    Ok(status)
}

/// All that is to be checked. What cannot be read is in its place.
fn bundles(
    notifications: Notifications,
    meter: &Meter,
) -> impl Iterator<Item = Result<Bundle, Report>> + use<> {
    let meter = meter.clone();
    let sources = notifications.each().into_iter();
    sources.flat_map(move |source| {
        source
            .bundles(Pace::Prompt, &meter)
            .unwrap_or_else(|report| Box::new(std::iter::once(Err(report))))
    })
}

/// What was told of until now.
struct Tally {
    validated: Validated,
    most: Option<NonZeroU64>,
    meter: Meter,
    progress: Progress,
}

impl Tally {
    fn show(
        &mut self,
        mut workers: Workers<Vec<Step>>,
        context: &mut Context,
    ) -> Result<(), Report> {
        let mut flushed = Ok(());
        while let Some(steps) = workers.next(|| flushed = context.ui.flush()) {
            std::mem::replace(&mut flushed, Ok(()))?;
            let steps = steps.map_err(|Panicked| {
                Report::new("internal", "a thread that checks ended before its work did")
            })?;
            for step in steps {
                self.validated.valid += step.clean;
                match step.told {
                    None => {}
                    Some(Ok(validation)) => self.tell(validation, context)?,
                    Some(Err(report)) => {
                        self.validated.unreadable += 1;
                        context.ui.error(&report);
                    }
                }
                if is_enough(self.most, self.validated.errors) {
                    context.ui.show(&Activity::Warning(enough(self.most)))?;
                    return Ok(());
                }
            }
            self.progress.reach(self.meter.get());
        }
        flushed.map_err(Report::from)
    }

    fn tell(&mut self, validation: Validation, context: &mut Context) -> Result<(), Report> {
        self.validated.count(&validation);
        context.ui.show(&Activity::Validation(validation))?;
        Ok(context.ui.flush_to_terminal()?)
    }
}

/// Whether nothing more is to be checked after so many errors.
pub(super) fn is_enough(most: Option<NonZeroU64>, errors: u64) -> bool {
    most.is_some_and(|most| errors >= most.get())
}

pub(super) fn enough(most: Option<NonZeroU64>) -> Warning {
    let most = most.map_or(0, NonZeroU64::get);
    Warning {
        code: "too-many-errors",
        message: format!("nothing more was checked after {most} errors"),
        hints: vec!["`--max-errors` says after how many; without it all is checked".into()],
    }
}

pub(super) fn nothing(all_events: bool) -> Warning {
    let hint = if all_events {
        "check that what writes the file or the stream got that far"
    } else {
        "check the globs of `--events`; `*` matches every event"
    };
    Warning {
        code: "nothing-to-validate",
        message: "there was no notification to validate".into(),
        hints: vec![hint.into()],
    }
}
