//! Checks the order of notifications: all of them together, one after the other, in order of arrival.

use std::mem;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jiff::Timestamp;

use super::check::{enough, is_enough, nothing};
use super::subject::Subject;
use crate::commands::Context;
use crate::commands::notifications::{Notifications, Origin};
use crate::domain::activity::{Activity, Sequenced, Validation};
use crate::domain::capture::Saved;
use crate::domain::json::Tape;
use crate::domain::notification::{EventFilter, Notification, Version};
use crate::domain::sequence::{Observed, Position, Recording, Told, Totals};
use crate::domain::validation::{self, Levels, Severity};
use crate::exit::ExitStatus;
use crate::files::{self, Pace, Source};
use crate::report::Report;

/// What is checked, and how.
pub struct Sequence {
    /// Where the notifications are read from.
    pub origin: Origin,
    /// The events that are checked.
    pub events: EventFilter,
    /// How bad what the rules find is.
    pub levels: Levels,
    /// After so many errors nothing more is checked.
    pub max_errors: Option<NonZeroU64>,
}

/// Checks the order of all of them. One that cannot be read is reported, and the others are checked all the same.
pub(super) fn check(options: Sequence, context: &mut Context) -> Result<ExitStatus, Report> {
    let Sequence {
        origin,
        events,
        levels,
        max_errors,
    } = options;
    let mut watch = Watch {
        tape: Tape::default(),
        recording: Recording::new(levels),
        sequenced: Sequenced::default(),
    };
    let sources = origin.locate(None)?.each().into_iter();
    for source in sources.flat_map(in_order) {
        let found = match source.and_then(|source| source.read_wanted(Pace::Prompt, &events)) {
            Ok(found) => found,
            Err(report) => {
                watch.unreadable(&report, context);
                continue;
            }
        };
        for found in found {
            match found.and_then(Subject::read) {
                Ok(subject) => watch.observe(subject, context)?,
                Err(report) => watch.unreadable(&report, context),
            }
            if is_enough(max_errors, watch.sequenced.errors) {
                context.ui.show(&Activity::Warning(enough(max_errors)))?;
                let totals = watch.recording.totals();
                return watch.end(totals, context);
            }
        }
    }
    watch.finish(&events, context)
}

/// The recording, and what was said of it.
struct Watch {
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
            self.tell(subject.validation((outline, here)), context)?;
        }
        Ok(())
    }

    fn tell_earlier(&mut self, told: Told, context: &mut Context) -> Result<(), Report> {
        let validation = Validation {
            source: told.source,
            id: told.id,
            line: told.line,
            valid: validation::is_valid(&told.diagnostics),
            version: Version::V3,
            events: told.events,
            diagnostics: told.diagnostics,
            decoded: false,
            text: Bytes::new(),
        };
        self.tell(validation, context)
    }

    /// Tells of findings as soon as they are found: they are few.
    fn tell(&mut self, validation: Validation, context: &mut Context) -> Result<(), Report> {
        for diagnostic in &validation.diagnostics {
            let count = match diagnostic.severity {
                Severity::Error => &mut self.sequenced.errors,
                Severity::Warning => &mut self.sequenced.warnings,
                Severity::Note => &mut self.sequenced.notes,
            };
            *count += 1;
        }
        context.ui.show(&Activity::Sequence(validation))?;
        Ok(context.ui.flush()?)
    }

    fn unreadable(&mut self, report: &Report, context: &mut Context) {
        self.sequenced.unreadable += 1;
        context.ui.error(report);
    }

    fn finish(mut self, events: &EventFilter, context: &mut Context) -> Result<ExitStatus, Report> {
        let totals = self.recording.totals();
        for told in mem::take(&mut self.recording).finish() {
            self.tell_earlier(told, context)?;
        }
        if totals.notifications + totals.passed_over + self.sequenced.unreadable == 0 {
            context
                .ui
                .show(&Activity::Warning(nothing(events.is_empty())))?;
        }
        self.end(totals, context)
    }

    /// Tells what came of it.
    fn end(mut self, totals: Totals, context: &mut Context) -> Result<ExitStatus, Report> {
        self.sequenced.totals = totals;
        let Sequenced {
            errors, unreadable, ..
        } = self.sequenced;
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
