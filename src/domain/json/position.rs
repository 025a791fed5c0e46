//! From byte offsets to lines and columns as an editor shows them.

use std::ops::Range;

/// Where something stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1; a line ends with LF or CRLF.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In bytes of the text, from 0.
    pub span: Range<usize>,
}

/// Turns spans into places in one sweep, when they are asked for in the order of the text.
#[derive(Debug)]
pub struct Places<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> Places<'a> {
    /// Stands at the beginning of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    /// The place of `span`, cut to whole characters inside the text. Going back costs a new sweep.
    pub fn place(&mut self, span: Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end).max(start);
        if start < self.offset {
            *self = Self::new(self.text);
        }
        let passed = self.text.get(self.offset..start).unwrap_or_default();
        self.offset = start;
        if let Some(last) = memchr::memrchr(b'\n', passed.as_bytes()) {
            self.line += memchr::memchr_iter(b'\n', passed.as_bytes()).count();
            self.column = 1;
            self.column += passed.get(last + 1..).unwrap_or_default().chars().count();
        } else {
            self.column += passed.chars().count();
        }
        Place {
            line: self.line,
            column: self.column,
            span: start..end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let mut places = Places::new("añb\r\nc\nd");
        let mut at = |offset| {
            let place = places.place(offset..offset + 1);
            (place.line, place.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(6), (2, 1));
        assert_eq!(at(8), (3, 1));
        assert_eq!(at(9), (3, 2));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(2), (1, 2));
    }

    #[test]
    fn stays_inside_the_text() {
        let place = Places::new("é").place(1..900);
        assert_eq!((place.line, place.column, place.span), (1, 1, 0..2));
        assert_eq!(Places::new("").place(7..9).span, 0..0);
    }
}
