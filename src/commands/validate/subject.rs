//! What is checked: one body, and where it stands in what it came from.

use bytes::Bytes;

use crate::commands::notifications::{Found, HISTORY};
use crate::domain::activity::Validation;
use crate::domain::encoding;
use crate::domain::json::Place;
use crate::domain::notification::Outline;
use crate::domain::validation::{self, Diagnostic};
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

    /// What was found in it: the places in the body become those in the file.
    pub(super) fn validation(
        self,
        outline: Outline,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Validation {
        let places = diagnostics
            .iter_mut()
            .filter_map(|found| found.place.as_mut());
        if let Some(offset) = self.offset {
            let mut places = places.peekable();
            if places.peek().is_some() {
                let start = Start::of(&self.text, self.line, offset);
                places.for_each(|place| start.shift(place));
            }
        }
        let mut validation = Validation {
            source: self.source,
            id: self.id,
            line: self.line,
            valid: validation::is_valid(&diagnostics),
            version: outline.version,
            events: outline.events,
            diagnostics,
            decoded: self.offset.is_none(),
            text: self.offset.map_or(self.body, |_| self.text),
        };
        if validation.decoded && validation.has_one_line() {
            let line = usize::try_from(self.line).unwrap_or(usize::MAX);
            let places = validation.diagnostics.iter_mut();
            places
                .filter_map(|found| found.place.as_mut())
                .for_each(|place| place.line = line);
        }
        validation
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
