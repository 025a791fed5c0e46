//! Checks notifications one after the other, in the memory of the one before.

use std::mem;

use bytes::Bytes;

use super::subject::Subject;
use crate::commands::Context;
use crate::commands::notifications::{Found, Notifications};
use crate::domain::activity::{Activity, Validated, Validation, Warning};
use crate::domain::json::Tape;
use crate::domain::notification::{EventFilter, Notification, Outline};
use crate::domain::validation::{self, Diagnostic, Severity};
use crate::exit::ExitStatus;
use crate::files::Pace;
use crate::report::Report;

/// Checks all of them. One that cannot be read is reported, and the others are checked all the same.
pub(super) fn check(
    notifications: Notifications,
    events: &EventFilter,
    strict: bool,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    let mut checker = Checker {
        strict,
        tape: Tape::default(),
        validated: Validated::default(),
    };
    for source in notifications.each() {
        let found = match source.read_wanted(Pace::Prompt, events) {
            Ok(found) => found,
            Err(report) => {
                checker.unreadable(&report, context);
                continue;
            }
        };
        for found in found {
            let may_wait = found.as_ref().is_ok_and(Found::may_wait);
            let judged = found.and_then(|found| checker.check(found));
            match judged {
                Ok(validation) => {
                    context.ui.show(&Activity::Validation(validation))?;
                    if may_wait {
                        context.ui.flush()?;
                    } else {
                        context.ui.flush_to_terminal()?;
                    }
                }
                Err(report) => checker.unreadable(&report, context),
            }
        }
    }
    let validated = checker.validated;
    if validated == Validated::default() {
        context.ui.show(&Activity::Warning(nothing(events)))?;
    }
    context.ui.show(&Activity::Validated(validated))?;
    Ok(match validated {
        Validated {
            unreadable: 1.., ..
        } => ExitStatus::CouldNot,
        Validated { valid, invalid, .. } => ExitStatus::answer(valid > 0 && invalid == 0),
    })
}

pub(super) fn nothing(events: &EventFilter) -> Warning {
    let hint = if events.is_empty() {
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

/// Checks one notification after the other, in the same memory.
struct Checker {
    strict: bool,
    tape: Tape,
    validated: Validated,
}

impl Checker {
    fn check(&mut self, found: Found) -> Result<Validation, Report> {
        let subject = Subject::read(found)?;
        let (outline, diagnostics) = self.judge(&subject.body);
        self.count(&diagnostics);
        Ok(subject.validation(outline, diagnostics))
    }

    fn judge(&mut self, body: &Bytes) -> (Outline, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let outline = match Notification::read_with(body, mem::take(&mut self.tape)) {
            Ok(notification) => {
                validation::check(&notification, &mut diagnostics);
                let outline = notification.outline();
                self.tape = notification.into_tape();
                outline
            }
            Err(error) => {
                diagnostics.push(validation::not_json(&error));
                Outline::default()
            }
        };
        super::weigh(&mut diagnostics, self.strict);
        (outline, diagnostics)
    }

    /// Counts a notification with these findings.
    fn count(&mut self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => self.validated.errors += 1,
                Severity::Warning => self.validated.warnings += 1,
                Severity::Note => {}
            }
        }
        if validation::is_valid(diagnostics) {
            self.validated.valid += 1;
        } else {
            self.validated.invalid += 1;
        }
    }

    fn unreadable(&mut self, report: &Report, context: &mut Context) {
        self.validated.unreadable += 1;
        context.ui.error(report);
    }
}
