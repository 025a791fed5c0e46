//! From places in a body to places in the file that it stands in.

use crate::domain::json::Place;

/// Where a body begins in its file.
pub(super) struct Start {
    offset: usize,
    /// How many lines of the file stand before it.
    lines: usize,
    /// How many characters of its first line stand before it.
    columns: usize,
}

impl Start {
    pub(super) fn of(text: &[u8], line: u64, offset: usize) -> Self {
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
    pub(super) fn shift(&self, place: &mut Place) {
        if place.line == 1 {
            place.column += self.columns;
        }
        place.line += self.lines;
        place.span = place.span.start + self.offset..place.span.end + self.offset;
    }
}
