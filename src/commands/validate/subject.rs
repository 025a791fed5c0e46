//! What is checked: one body, and where it stands in what it came from.

use bytes::Bytes;

use super::start::Start;
use crate::commands::notifications::{Found, HISTORY};
use crate::domain::activity::Validation;
use crate::domain::encoding;
use crate::domain::json::Place;
use crate::domain::notification::Outline;
use crate::domain::validation::{Diagnostic, is_valid};
use crate::files::Item;
use crate::report::Report;

/// A body that is to be checked.
pub(super) struct Subject {
    pub(super) source: String,
    pub(super) id: Option<u64>,
    /// The line of the source on which the text begins.
    pub(super) line: u64,
    /// The body as it reads.
    pub(super) body: Bytes,
    /// The text that the body came in.
    text: Bytes,
    /// Where in the text the body stands as it reads.
    offset: Option<usize>,
}

impl Subject {
    /// Reads what was found.
    ///
    /// # Errors
    ///
    /// When it is a capture that cannot be read.
    pub(super) fn read(found: Found) -> Result<Self, Report> {
        let saved = found.saved()?;
        let id = found.id();
        let (source, line, text, body_offset) = match found {
            Found::Text(item) => (item.source, item.line, item.text, saved.body_offset),
            Found::Record(record) => (HISTORY.to_owned(), 1, record.capture.body, Some(0)),
        };
        let body = encoding::readable(&saved.capture.headers, &saved.capture.body);
        // A body that stands in the file as it reads can be pointed at there.
        let offset = body_offset.filter(|_| !saved.is_capture || body == saved.capture.body);
        Ok(Self {
            source,
            id,
            line,
            body,
            text,
            offset,
        })
    }

    /// What is known to be a bare notification.
    pub(super) fn bare(item: Item) -> Self {
        Self {
            source: item.source,
            id: None,
            line: item.line,
            body: item.text.clone(),
            text: item.text,
            offset: Some(0),
        }
    }

    /// What was found in it: the places in the body become those in the text that it came in.
    pub(super) fn validation(
        self,
        (outline, mut diagnostics): (Outline, Vec<Diagnostic>),
    ) -> Validation {
        let places = |diagnostics: &mut Vec<Diagnostic>, shift: &dyn Fn(&mut Place)| {
            let found = diagnostics.iter_mut();
            found.flat_map(Diagnostic::places_mut).for_each(shift);
        };
        if let Some(offset) = self.offset
            && !diagnostics.is_empty()
        {
            let start = Start::of(&self.text, self.line, offset);
            places(&mut diagnostics, &|place| start.shift(place));
        }
        let mut validation = Validation {
            source: self.source,
            id: self.id,
            line: self.line,
            valid: is_valid(&diagnostics),
            version: outline.version,
            events: outline.events,
            diagnostics,
            decoded: self.offset.is_none(),
            text: self.offset.map_or(self.body, |_| self.text),
        };
        if validation.decoded && validation.has_one_line() {
            let line = usize::try_from(self.line).unwrap_or(usize::MAX);
            places(&mut validation.diagnostics, &|place| place.line = line);
        }
        validation
    }
}
