//! Checks one notification after the other, in the memory of the one before.

use std::mem;
use std::sync::Arc;

use bytes::Bytes;

use super::start::Start;
use crate::commands::notifications::{Bundle, HISTORY};
use crate::domain::activity::Validation;
use crate::domain::capture::{self, Saved};
use crate::domain::encoding;
use crate::domain::json::{Place, Tape};
use crate::domain::notification::{EventFilter, Notification, Outline};
use crate::domain::validation::{self, Diagnostic, Levels};
use crate::files::Batch;
use crate::report::Report;
use crate::store::Recorded;

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

/// Where a notification comes from.
pub(super) struct Origin<'a> {
    pub(super) source: &'a str,
    pub(super) id: Option<u64>,
    pub(super) line: u64,
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
            Ok(Bundle::Record(record)) => add(self.record(*record)),
            Ok(Bundle::Texts(batch)) => {
                let may_hold_captures = capture::is_mentioned(&batch.text);
                for (number, (line, text)) in batch.texts().enumerate() {
                    let is_told = number < self.wanted.confirmed;
                    add(if may_hold_captures && capture::is_capture(text) {
                        self.capture(&batch, line, text)
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
        let origin = Origin {
            source: &batch.source,
            id: None,
            line,
        };
        self.judge(text, is_told).map(|found| {
            let text = batch.text.slice_ref(text);
            Ok(origin.validation(text.clone(), (text, Some(0)), found))
        })
    }

    fn capture(
        &mut self,
        batch: &Batch,
        line: u64,
        text: &[u8],
    ) -> Finding<Result<Validation, Report>> {
        let text = batch.text.slice_ref(text);
        let Saved {
            capture,
            body_offset,
            ..
        } = match Saved::read(&text) {
            Ok(saved) => saved,
            Err(error) => {
                let place = batch.place(line);
                let report = Report::from(error).about(&format!("cannot use `{place}`"));
                return Finding::Told(Err(report));
            }
        };
        let body = encoding::readable(&capture.headers, &capture.body);
        // A body that stands in the file as it reads can be pointed at there.
        let offset = body_offset.filter(|_| body == capture.body);
        let origin = Origin {
            source: &batch.source,
            id: None,
            line,
        };
        let told = self.judge(&body, true);
        told.map(|found| Ok(origin.validation(body, (text, offset), found)))
    }

    fn record(&mut self, record: Recorded) -> Finding<Result<Validation, Report>> {
        let Recorded { id, capture, .. } = record;
        let body = encoding::readable(&capture.headers, &capture.body);
        let offset = (body == capture.body).then_some(0);
        let origin = Origin {
            source: HISTORY,
            id: Some(id),
            line: 1,
        };
        let told = self.judge(&body, true);
        told.map(|found| Ok(origin.validation(body, (capture.body, offset), found)))
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

impl Origin<'_> {
    /// What is told of a body, and of the text that it was found in: where it stands in it as it reads, if it does.
    pub(super) fn validation(
        self,
        body: Bytes,
        (text, offset): (Bytes, Option<usize>),
        (outline, mut diagnostics): (Outline, Vec<Diagnostic>),
    ) -> Validation {
        let places = |diagnostics: &mut Vec<Diagnostic>, shift: &dyn Fn(&mut Place)| {
            let found = diagnostics.iter_mut();
            found.flat_map(Diagnostic::places_mut).for_each(shift);
        };
        if let Some(offset) = offset
            && !diagnostics.is_empty()
        {
            let start = Start::of(&text, self.line, offset);
            places(&mut diagnostics, &|place| start.shift(place));
        }
        let mut validation = Validation {
            source: self.source.to_owned(),
            id: self.id,
            line: self.line,
            valid: validation::is_valid(&diagnostics),
            version: outline.version,
            events: outline.events,
            diagnostics,
            decoded: offset.is_none(),
            text: offset.map_or(body, |_| text),
        };
        if validation.decoded && validation.has_one_line() {
            let line = usize::try_from(self.line).unwrap_or(usize::MAX);
            places(&mut validation.diagnostics, &|place| place.line = line);
        }
        validation
    }
}
