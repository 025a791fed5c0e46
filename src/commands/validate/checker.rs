//! Checks one notification after the other, in the memory of the one before.

use std::mem;
use std::sync::Arc;

use super::subject::Subject;
use crate::commands::notifications::{Bundle, Found};
use crate::domain::activity::Validation;
use crate::domain::capture;
use crate::domain::json::Tape;
use crate::domain::notification::{EventFilter, Notification, Outline};
use crate::domain::validation::{self, Diagnostic, Levels};
use crate::files::Batch;
use crate::report::Report;

/// What a checker looks for, and what of it is wanted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The events that are checked.
    pub(super) events: EventFilter,
    /// How bad what the rules find is.
    pub(super) levels: Levels,
    /// Of each bundle, so many notifications are told of although nothing was found in them.
    pub(super) confirmed: usize,
}

/// Some notifications in which nothing was found, and then one to tell of.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// How many are passed over.
    pub(super) clean: u64,
    /// `None` at the end of a bundle.
    pub(super) told: Option<Result<Validation, Report>>,
}

/// Checks bundles of notifications. Each thread has its own.
pub(super) struct Checker {
    wanted: Arc<Wanted>,
    tape: Tape,
}

/// What was found in one notification.
enum Finding<T> {
    /// It has none of the wanted events.
    Unwanted,
    /// There is nothing to tell.
    Clean,
    Told(T),
}

impl Checker {
    pub(super) fn new(wanted: Arc<Wanted>) -> Self {
        Self {
            wanted,
            tape: Tape::default(),
        }
    }

    /// Checks all that is in a bundle.
    pub(super) fn check(&mut self, bundle: Result<Bundle, Report>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut open = Step::default();
        let mut add = |finding| match finding {
            Finding::Unwanted => {}
            Finding::Clean => open.clean += 1,
            Finding::Told(told) => steps.push(Step {
                told: Some(told),
                ..mem::take(&mut open)
            }),
        };
        match bundle {
            Err(report) => add(Finding::Told(Err(report))),
            Ok(Bundle::Record(record)) => {
                add(self.kept(Subject::read(Found::Record(*record))));
            }
            Ok(Bundle::Texts(batch)) => {
                let may_hold_captures = capture::is_mentioned(&batch.text);
                for (number, (line, text)) in batch.texts().enumerate() {
                    let is_told = number < self.wanted.confirmed;
                    add(if may_hold_captures && capture::is_capture(text) {
                        self.kept(Subject::read(Found::Text(batch.item(line, text))))
                    } else {
                        self.bare(&batch, line, text, is_told)
                    });
                }
            }
        }
        steps.push(open);
        steps
    }

    fn bare(
        &mut self,
        batch: &Batch,
        line: u64,
        text: &[u8],
        is_told: bool,
    ) -> Finding<Result<Validation, Report>> {
        let found = self.judge(text, is_told);
        found.map(|found| Ok(Subject::bare(batch.item(line, text)).validation(found)))
    }

    fn kept(&mut self, subject: Result<Subject, Report>) -> Finding<Result<Validation, Report>> {
        match subject {
            Ok(subject) => {
                let found = self.judge(&subject.body, true);
                found.map(|found| Ok(subject.validation(found)))
            }
            Err(report) => Finding::Told(Err(report)),
        }
    }

    /// What the rules find in a body. When it `is_told` of, then also where that is nothing.
    fn judge(&mut self, body: &[u8], is_told: bool) -> Finding<(Outline, Vec<Diagnostic>)> {
        let notification = match Notification::read_with(body, mem::take(&mut self.tape)) {
            Ok(notification) => notification,
            Err(error) => {
                let found = vec![validation::not_json(&error)];
                return Finding::Told((Outline::default(), found));
            }
        };
        let mut diagnostics = Vec::new();
        let finding = if self.wanted.wants(&notification) {
            validation::check(&notification, &self.wanted.levels, &mut diagnostics);
            if diagnostics.is_empty() && !is_told {
                Finding::Clean
            } else {
                Finding::Told((notification.outline(), diagnostics))
            }
        } else {
            Finding::Unwanted
        };
        self.tape = notification.into_tape();
        finding
    }
}

impl Wanted {
    /// Whether a notification has a wanted event, or names none.
    fn wants(&self, notification: &Notification<'_>) -> bool {
        self.events.is_empty() || {
            let outline = notification.outline();
            outline.names().next().is_none() || outline.passes(&self.events)
        }
    }
}

impl<T> Finding<T> {
    fn map<U>(self, tell: impl FnOnce(T) -> U) -> Finding<U> {
        match self {
            Self::Unwanted => Finding::Unwanted,
            Self::Clean => Finding::Clean,
            Self::Told(found) => Finding::Told(tell(found)),
        }
    }
}
