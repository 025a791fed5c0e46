//! Checks notifications one after the other, in the memory of the one before.

use std::mem;

use bytes::Bytes;

use crate::commands::Context;
use crate::commands::notifications::{Found, HISTORY, Notifications};
use crate::domain::activity::{Activity, Validated, Validation, Warning};
use crate::domain::encoding;
use crate::domain::json::{Place, Tape};
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

fn nothing(events: &EventFilter) -> Warning {
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
        let saved = found.saved()?;
        let id = found.id();
        let (source, line, text, body_offset) = match found {
            Found::Text(item) => (item.source, item.line, item.text, saved.body_offset),
            Found::Record(record) => (HISTORY.to_owned(), 1, record.capture.body, Some(0)),
        };
        let body = encoding::readable(&saved.capture.headers, &saved.capture.body);
        let (outline, mut diagnostics) = self.judge(&body);
        // A body that stands in the file as it reads can be pointed at there.
        let offset = body_offset.filter(|_| !saved.is_capture || body == saved.capture.body);
        if let Some(offset) = offset
            && !diagnostics.is_empty()
        {
            let start = Start::of(&text, line, offset);
            let found = diagnostics.iter_mut();
            found
                .flat_map(Diagnostic::places_mut)
                .for_each(|place| start.shift(place));
        }
        let mut validation = Validation {
            source,
            id,
            line,
            valid: self.count(&diagnostics),
            version: outline.version,
            events: outline.events,
            diagnostics,
            decoded: offset.is_none(),
            text: offset.map_or(body, |_| text),
        };
        if validation.decoded && validation.has_one_line() {
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            let found = validation.diagnostics.iter_mut();
            found
                .flat_map(Diagnostic::places_mut)
                .for_each(|place| place.line = line);
        }
        Ok(validation)
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
        if self.strict {
            for diagnostic in &mut diagnostics {
                if diagnostic.severity == Severity::Warning {
                    diagnostic.severity = Severity::Error;
                }
            }
        }
        (outline, diagnostics)
    }

    /// Counts a notification with these findings, and says whether it is valid.
    fn count(&mut self, diagnostics: &[Diagnostic]) -> bool {
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => self.validated.errors += 1,
                Severity::Warning => self.validated.warnings += 1,
                Severity::Note => {}
            }
        }
        let valid = validation::is_valid(diagnostics);
        if valid {
            self.validated.valid += 1;
        } else {
            self.validated.invalid += 1;
        }
        valid
    }

    fn unreadable(&mut self, report: &Report, context: &mut Context) {
        self.validated.unreadable += 1;
        context.ui.error(report);
    }
}

/// Where a body begins in its file.
struct Start {
    offset: usize,
    /// How many lines of the file stand before it.
    lines: usize,
    /// How many characters of its first line stand before it.
    columns: usize,
}

impl Start {
    fn of(text: &[u8], line: u64, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or_default();
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
        let beginning = before.get(line_start..).unwrap_or_default();
        let earlier = usize::try_from(line - 1).unwrap_or(usize::MAX);
        Self {
            offset,
            lines: memchr::memchr_iter(b'\n', before).count() + earlier,
            columns: beginning
                .utf8_chunks()
                .map(|chunk| chunk.valid().chars().count())
                .sum(),
        }
    }

    /// Turns a place in the body into the place in the file.
    fn shift(&self, place: &mut Place) {
        if place.line == 1 {
            place.column += self.columns;
        }
        place.line += self.lines;
        place.span = place.span.start + self.offset..place.span.end + self.offset;
    }
}
