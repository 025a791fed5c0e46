//! Why a text is not JSON, and where: `serde_json`'s verdict in characters, with advice.

use std::fmt;
use std::ops::Range;

use super::explanation::{self, Explanation};
use super::position::{Place, Places};
use crate::domain::explain::Explain;

/// The bytes of a UTF-8 byte order mark.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A body that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    message: String,
    help: Option<String>,
    place: Place,
}

impl SyntaxError {
    /// From `serde_json`'s verdict about `text`.
    pub(super) fn new(text: &str, error: &serde_json::Error) -> Self {
        let offset = offset_of(text, error);
        let explanation = explanation::of_text(text, offset, error);
        let offset = if error.is_eof() {
            text.trim_end().len()
        } else {
            offset
        };
        Self::at(text, offset..offset + 1, explanation)
    }

    fn at(text: &str, span: Range<usize>, Explanation { message, help }: Explanation) -> Self {
        Self {
            message,
            help,
            place: Places::new(text).place(span),
        }
    }

    /// What to do about it, where the cause is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where the text stops being JSON; the span counts bytes of the body.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The same error, in a text that begins `bytes` later.
    #[must_use]
    pub fn moved(mut self, bytes: usize) -> Self {
        self.place.span = self.place.span.start + bytes..self.place.span.end + bytes;
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

impl Explain for SyntaxError {
    fn code(&self) -> &'static str {
        "not-json"
    }

    fn hints(&self) -> Vec<String> {
        self.help.clone().into_iter().collect()
    }
}

/// The text of a body without its byte order mark, and the number of bytes that the mark takes (0 or 3).
///
/// # Errors
/// A body that is empty, compressed or not UTF-8 (RFC 8259 section 8.1).
pub fn read_text(body: &[u8]) -> Result<(&str, usize), SyntaxError> {
    if let Some(explanation) = explanation::of_bytes(body) {
        return Err(SyntaxError::at("", 0..0, explanation));
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        let (valid, rest) = body
            .split_at_checked(error.valid_up_to())
            .unwrap_or((body, &[]));
        // The bytes before the error are UTF-8, as `valid_up_to` promises; `place` cuts spans to that text.
        let before = std::str::from_utf8(valid).unwrap_or_default();
        let length = error.error_len().unwrap_or(rest.len());
        let explanation = explanation::of_invalid_utf8(rest.first().copied(), valid.len());
        let mut error = SyntaxError::at(before, valid.len()..valid.len(), explanation);
        error.place.span.end += length;
        error
    })?;
    Ok(text
        .strip_prefix(BYTE_ORDER_MARK)
        .map_or((text, 0), |rest| (rest, BYTE_ORDER_MARK.len())))
}

/// `serde_json` tells the line, and the number of bytes read in it: the last of them is the one that does not fit.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(line - 2)
            .map_or(text.len(), |end| end + 1),
    };
    text.floor_char_boundary(line_start + error.column().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::Document;

    fn at(text: &str) -> (usize, usize, usize) {
        let error = Document::parse(text).unwrap_err();
        (error.place.line, error.place.column, error.place.span.start)
    }

    #[test]
    fn places_count_characters() {
        assert_eq!(at("{\"ñandú\": x}"), (1, 11, 12));
        assert_eq!(at("{\r\n  \"a\": 1,\r\n}"), (3, 1, 14));
        assert_eq!(at("[1,2"), (1, 5, 4));
        assert_eq!(at("[1]\n]"), (2, 1, 4));
    }

    #[test]
    fn invalid_utf8_is_found_first() {
        let error = read_text(b"{\"a\": \n\"\xff\"}").unwrap_err();
        assert_eq!((error.place.line, error.place.column), (2, 2));
        assert_eq!(error.place.span, 8..9);
        assert!(error.to_string().contains("0xff"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_set_apart() {
        assert_eq!(read_text(b"\xef\xbb\xbf{}").unwrap(), ("{}", 3));
        assert_eq!(read_text(b"{}").unwrap(), ("{}", 0));
    }
}
