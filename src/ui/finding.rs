//! Findings as the tools of others need them: which file, which region of it, and a label where that is not enough.

use super::style::Style;
use super::{PAGE_WIDTH, Stream, diagnostics, validate};
use crate::domain::activity::Validation;
use crate::domain::json::Place;
use crate::domain::validation::Diagnostic;

/// What is in a document is no terminal, and has no colours.
pub(super) const DOCUMENT: Stream = Stream {
    style: Style::PLAIN,
    is_terminal: false,
    width: PAGE_WIDTH,
};

/// What a finding marks in its file. Lines and columns count from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: u64,
    /// `None` where only the line is known.
    pub(super) extent: Option<Extent>,
}

/// From where to where, in characters. The end is the first character behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) column: u64,
    pub(super) end_line: u64,
    pub(super) end_column: u64,
}

/// The file that was checked, where it was one.
pub(super) fn file(validation: &Validation) -> Option<&str> {
    let is_file = validation.id.is_none() && validation.source != "-";
    is_file.then_some(&validation.source)
}

/// What a place marks in the file. The places of a body that was decoded are not in it; its record is.
pub(super) fn region(validation: &Validation, place: Option<&Place>) -> Region {
    let Some(place) = place.filter(|_| !validation.decoded) else {
        return Region {
            line: validation.line,
            extent: None,
        };
    };
    Region {
        line: place.line as u64,
        extent: Some(extent(place, &validation.text)),
    }
}

fn extent(place: &Place, text: &[u8]) -> Extent {
    let marked = text.get(place.span.clone()).unwrap_or_default();
    let (before, last) = match memchr::memrchr(b'\n', marked) {
        Some(end) => (1, marked.get(end + 1..).unwrap_or_default()),
        None => (place.column, marked),
    };
    let chunks = last.utf8_chunks();
    let characters: usize = chunks.map(|chunk| chunk.valid().chars().count()).sum();
    Extent {
        column: place.column as u64,
        end_line: (place.line + memchr::memchr_iter(b'\n', marked).count()) as u64,
        end_column: (before + characters) as u64,
    }
}

/// Where a place is, in words, where file and region do not tell.
pub(super) fn elsewhere(validation: &Validation, place: Option<&Place>) -> Option<String> {
    let is_told = file(validation).is_some() && !validation.decoded;
    (!is_told).then(|| spelled(validation, place))
}

/// Where a place is, in words: `<stdin>:3:14`, `history[12]:1:9`, `a.json(body):2:5`.
pub(super) fn spelled(validation: &Validation, place: Option<&Place>) -> String {
    let label = validate::label(validation, DOCUMENT);
    format!("{label}:{}", diagnostics::place(place, validation.line))
}

/// What a finding says, and below it what to do.
pub(super) fn words(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.iter();
    help.fold(diagnostic.message.clone(), |words, help| {
        words + "\nhelp: " + help
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extent_counts_characters_and_lines() {
        let place = |span| Place {
            line: 3,
            column: 5,
            span,
        };
        let ends = |span| {
            let extent = extent(&place(span), "añ€\nñb".as_bytes());
            (extent.end_line, extent.end_column)
        };
        assert_eq!(ends(1..6), (3, 7));
        assert_eq!(ends(1..9), (4, 2));
        assert_eq!(ends(0..0), (3, 5));
        assert_eq!(ends(4..99), (3, 5));
    }
}
