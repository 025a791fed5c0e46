//! Checks the order of notifications: all of them together, one after the other, in order of arrival.

use std::mem;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jiff::Timestamp;

use super::check::nothing;
use super::subject::Subject;
use crate::commands::Context;
use crate::commands::notifications::{Found, Notifications};
use crate::domain::activity::{Activity, Sequenced, Validation};
use crate::domain::capture::Saved;
use crate::domain::json::Tape;
use crate::domain::notification::{EventFilter, Notification, Version};
use crate::domain::sequence::{Observed, Position, Recording, Told};
use crate::domain::validation::{self, Diagnostic, Severity};
use crate::exit::ExitStatus;
use crate::files::{self, Pace, Source};
use crate::report::Report;

/// Checks the order of all of them. One that cannot be read is reported, and the others are checked all the same.
pub(super) fn check(
    notifications: Notifications,
    events: &EventFilter,
    strict: bool,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    let mut watch = Watch {
        strict,
        tape: Tape::default(),
        recording: Recording::default(),
        sequenced: Sequenced::default(),
    };
    for source in notifications.each().into_iter().flat_map(in_order) {
        let found = match source.and_then(|source| source.read_wanted(Pace::Prompt, events)) {
            Ok(found) => found,
            Err(report) => {
                watch.unreadable(&report, context);
                continue;
            }
        };
        for found in found {
            let may_wait = found.as_ref().is_ok_and(Found::may_wait);
            match found.and_then(Subject::read) {
                Ok(subject) => watch.observe(subject, context)?,
                Err(report) => watch.unreadable(&report, context),
            }
            if may_wait {
                context.ui.flush()?;
            } else {
                context.ui.flush_to_terminal()?;
            }
        }
    }
    watch.finish(events, context)
}

/// The recording, and what was said of it.
struct Watch {
    strict: bool,
    tape: Tape,
    recording: Recording,
    sequenced: Sequenced,
}

impl Watch {
    fn observe(&mut self, subject: Subject, context: &mut Context) -> Result<(), Report> {
        let position = Position {
            source: &subject.source,
            line: subject.line,
            id: subject.id,
        };
        // What is no JSON is for `validate` without `--sequence` to explain.
        let Ok(notification) = Notification::read_with(&subject.body, mem::take(&mut self.tape))
        else {
            self.recording.pass_over();
            return Ok(());
        };
        let Observed { here, earlier } = self.recording.observe(&notification, &position);
        let outline = (!here.is_empty()).then(|| notification.outline());
        self.tape = notification.into_tape();
        for told in earlier {
            self.tell_earlier(told, context)?;
        }
        if let Some(outline) = outline {
            let validation = subject.validation(outline, self.weighed(here));
            context.ui.show(&Activity::Sequence(validation))?;
        }
        Ok(())
    }

    fn tell_earlier(&mut self, told: Told, context: &mut Context) -> Result<(), Report> {
        let diagnostics = self.weighed(told.diagnostics);
        let validation = Validation {
            source: told.source,
            id: told.id,
            line: told.line,
            valid: validation::is_valid(&diagnostics),
            version: Version::V3,
            events: told.events,
            diagnostics,
            decoded: false,
            text: Bytes::new(),
        };
        Ok(context.ui.show(&Activity::Sequence(validation))?)
    }

    /// The findings as bad as the user wants them, counted.
    fn weighed(&mut self, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        super::weigh(&mut diagnostics, self.strict);
        for diagnostic in &diagnostics {
            let count = match diagnostic.severity {
                Severity::Error => &mut self.sequenced.errors,
                Severity::Warning => &mut self.sequenced.warnings,
                Severity::Note => &mut self.sequenced.notes,
            };
            *count += 1;
        }
        diagnostics
    }

    fn unreadable(&mut self, report: &Report, context: &mut Context) {
        self.sequenced.unreadable += 1;
        context.ui.error(report);
    }

    fn finish(mut self, events: &EventFilter, context: &mut Context) -> Result<ExitStatus, Report> {
        for told in self.recording.finish() {
            self.tell_earlier(told, context)?;
        }
        self.sequenced.totals = self.recording.totals();
        let Sequenced {
            totals,
            errors,
            unreadable,
            ..
        } = self.sequenced;
        if totals.notifications + totals.passed_over + unreadable == 0 {
            context.ui.show(&Activity::Warning(nothing(events)))?;
        }
        context.ui.show(&Activity::Sequenced(self.sequenced))?;
        Ok(match unreadable {
            0 => ExitStatus::answer(totals.notifications > 0 && errors == 0),
            _ => ExitStatus::CouldNot,
        })
    }
}

/// The files of a folder in order of arrival: by the time at which the first capture of each was received, where every one
/// has it. Anything else is as it was.
fn in_order(source: Notifications) -> Vec<Result<Notifications, Report>> {
    let folder = match &source {
        Notifications::Files(sources) => match sources.as_slice() {
            [Source::Path(path)] if path.is_dir() => path,
            _ => return vec![Ok(source)],
        },
        Notifications::History(..) => return vec![Ok(source)],
    };
    let mut files = match files::folder(folder) {
        Ok(files) => files,
        Err(error) => return vec![Err(error.into())],
    };
    let times: Option<Vec<Timestamp>> = files.iter().map(|file| received_at(file)).collect();
    if let Some(times) = times {
        let mut captures: Vec<(Timestamp, PathBuf)> = times.into_iter().zip(files).collect();
        // Of those of the same time the name tells, as it did before.
        captures.sort_by_key(|(received_at, _)| *received_at);
        files = captures.into_iter().map(|(_, file)| file).collect();
    }
    let each = |file| Ok(Notifications::Files(vec![Source::Path(file)]));
    files.into_iter().map(each).collect()
}

fn received_at(file: &Path) -> Option<Timestamp> {
    let source = Source::Path(file.to_path_buf());
    let first = files::items(&[source], Pace::Exact).ok()?.next()?.ok()?;
    Saved::read(&first.text).ok()?.capture.received_at
}
