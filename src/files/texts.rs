//! The texts of one file or stream: it is one document, or it has one text to a line.
//!
//! Owns how the two are told apart, and that lines are handed out as they come, many at a time. Refuses to know what a
//! notification is.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;

use bytes::Bytes;
use serde::de::IgnoredAny;

use super::source::{Item, SourceError};

/// The texts of a source, in order.
pub(super) type Texts = Box<dyn Iterator<Item = Result<Batch, SourceError>>>;

/// As much is read at once from a file, in bytes.
const BLOCK: usize = 512 * 1024;

/// As much is asked for at first: a pipe seldom has more.
const FIRST: usize = 64 * 1024;

/// A text that is no beginning of a JSON document has lines if it is longer than this, in bytes: what is held in memory
/// has to end somewhere.
const LONGEST_DOUBT: usize = 1024 * 1024;

/// No document and no line is read that is longer than this, in bytes: what is held in memory has to end somewhere.
const LONGEST: usize = 1024 * 1024 * 1024;

fn too_long() -> io::Error {
    io::Error::other("a document or a line of it is longer than 1 GiB")
}

/// What matters where it is not yet known whether the first line is followed by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// The exact bytes: the first line waits for what follows it, for its line break belongs to it if it is the only one.
    Exact,
    /// The time: a first line that is a whole JSON value is handed out at once, without its line break.
    Prompt,
}

/// A document, or some of the lines of a source, all of them whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    /// The file, or `-`.
    pub(crate) source: Arc<str>,
    /// The line of the file on which this begins, from 1.
    pub(crate) line: u64,
    /// The exact text.
    pub(crate) text: Bytes,
    /// Whether the text is all that the file holds, to the last byte, and one document.
    pub(crate) is_whole: bool,
}

impl Batch {
    /// The texts in it, each with its line, and without the line break of a line. Blank lines are passed over, and
    /// counted.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let document = self.is_whole.then_some((self.line, &self.text[..]));
        let lines = (!self.is_whole).then(|| lines(&self.text).zip(self.line..));
        let lines = lines.into_iter().flatten();
        let lines = lines.map(|(text, line)| (line, trimmed(text)));
        document
            .into_iter()
            .chain(lines.filter(|(_, text)| !text.trim_ascii().is_empty()))
    }

    /// One of its texts by itself.
    pub(crate) fn item(&self, line: u64, text: &[u8]) -> Item {
        Item {
            source: self.source.to_string(),
            line,
            text: self.text.slice_ref(text),
            is_whole: self.is_whole,
        }
    }

    /// All of them, each by itself.
    pub(super) fn into_items(self) -> Vec<Item> {
        let texts = self.texts();
        texts.map(|(line, text)| self.item(line, text)).collect()
    }
}

/// The lines of a text, with what ends them.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text).map(|end| end + 1);
    let is_cut = text.last().is_some_and(|last| *last != b'\n');
    ends.chain(is_cut.then_some(text.len())).map(move |end| {
        let line = text.get(start..end).unwrap_or_default();
        start = end;
        line
    })
}

fn trimmed(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r'] = line {
        line = rest;
    }
    line
}

/// Begins to read. A text that is sure to have lines (`by_name`) is not looked at before.
///
/// What is in memory is one document or some lines, and what it took to tell which.
pub(super) fn read(
    source: &str,
    input: Box<dyn Read>,
    by_name: bool,
    pace: Pace,
) -> io::Result<Texts> {
    let source: Arc<str> = source.into();
    let mut input = BufReader::new(input);
    let mut head = Vec::new();
    if by_name || has_lines(&mut input, &mut head, pace)? {
        return Ok(Box::new(Blocks {
            source,
            input: Cursor::new(head).chain(input),
            rest: Vec::new(),
            line: 1,
            room: FIRST,
            is_over: false,
        }));
    }
    Ok(Box::new(std::iter::once(Ok(Batch {
        source,
        line: 1,
        text: head.into(),
        is_whole: true,
    }))))
}

/// The line before, as far as it tells a document from lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// There is none but blank ones.
    Nothing,
    /// The first line, which is a whole JSON value.
    Value,
    /// A later line, which is a whole JSON object.
    Object,
    /// Neither.
    Part,
}

/// Whether there is one text to a line. Reads on until that is certain, and leaves in `head` what it has read.
///
/// Two things stand in no JSON document: a first line that is a whole value, with something after it; and a later line
/// that is a whole object, where neither `,` nor a closing bracket comes next. So there are lines whatever else there is:
/// damage in one line must not turn the whole stream into one damaged document. Only an object that begins its line
/// counts, for one that is indented is most likely part of a pretty-printed document with a comma missing.
fn has_lines(input: &mut impl BufRead, head: &mut Vec<u8>, pace: Pace) -> io::Result<bool> {
    let mut before = Before::Nothing;
    let mut doubt = LONGEST_DOUBT;
    loop {
        let start = head.len();
        let room = (LONGEST + 1 - start) as u64;
        if input.by_ref().take(room).read_until(b'\n', head)? == 0 {
            break;
        }
        if head.len() > LONGEST {
            return Err(too_long());
        }
        let line = head.get(start..).unwrap_or_default();
        let text = line.trim_ascii();
        let Some(first) = text.first() else {
            continue;
        };
        before = match before {
            Before::Nothing if is_json(text) => Before::Value,
            Before::Value => return Ok(true),
            Before::Object if !b",]}".contains(first) => return Ok(true),
            _ if line.starts_with(b"{") && text.ends_with(b"}") && is_json(text) => Before::Object,
            _ => Before::Part,
        };
        if before == Before::Value && pace == Pace::Prompt && line.ends_with(b"\n") {
            return Ok(true);
        }
        // Asked again at twice the length, so that a long document is not read more than twice for it.
        if head.len() > doubt {
            if !is_cut_short(head) {
                return Ok(true);
            }
            doubt = head.len() * 2;
        }
    }
    // What ends with a whole object has lines too, unless it is a document that was cut short after it.
    Ok(before == Before::Object && !is_cut_short(head))
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

fn is_cut_short(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

/// The lines of a stream, as many at a time as there are.
struct Blocks {
    source: Arc<str>,
    /// What was read to tell that there are lines, and what comes after it.
    input: io::Chain<Cursor<Vec<u8>>, BufReader<Box<dyn Read>>>,
    /// The beginning of a line that has not come to its end.
    rest: Vec<u8>,
    /// The line on which that stands.
    line: u64,
    /// As much is asked for next.
    room: usize,
    is_over: bool,
}

impl Blocks {
    /// Reads until a line ends, and gives back the whole lines.
    fn fill(&mut self) -> io::Result<Vec<u8>> {
        let mut block = std::mem::take(&mut self.rest);
        loop {
            let filled = block.len();
            if filled > LONGEST {
                return Err(too_long());
            }
            block.resize(filled + self.room, 0);
            let room = block.get_mut(filled..).unwrap_or_default();
            let read = match self.input.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) => return Err(error),
                Ok(0) => {
                    block.truncate(filled);
                    self.is_over = true;
                    return Ok(block);
                }
                Ok(read) => read,
            };
            block.truncate(filled + read);
            if read == self.room {
                self.room = (self.room * 2).min(BLOCK);
            }
            let fresh = block.get(filled..).unwrap_or_default();
            if let Some(end) = memchr::memrchr(b'\n', fresh) {
                self.rest = block.split_off(filled + end + 1);
                return Ok(block);
            }
        }
    }
}

impl Iterator for Blocks {
    type Item = Result<Batch, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let block = match self.fill() {
            Ok(block) if block.is_empty() => return None,
            Ok(block) => block,
            Err(error) => {
                self.is_over = true;
                return Some(Err(SourceError::Unreadable {
                    label: self.source.to_string(),
                    error,
                }));
            }
        };
        let batch = Batch {
            source: Arc::clone(&self.source),
            line: self.line,
            text: block.into(),
            is_whole: false,
        };
        self.line += memchr::memchr_iter(b'\n', &batch.text).count() as u64;
        Some(Ok(batch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &'static str, by_name: bool) -> Vec<(u64, String)> {
        texts_of(input.as_bytes(), by_name, Pace::Exact)
    }

    fn texts_of(input: impl Read + 'static, by_name: bool, pace: Pace) -> Vec<(u64, String)> {
        let batches = read("-", Box::new(input), by_name, pace).unwrap();
        batches
            .flat_map(|batch| batch.unwrap().into_items())
            .map(|item| (item.line, String::from_utf8(item.text.to_vec()).unwrap()))
            .collect()
    }

    #[test]
    fn one_document_is_taken_whole() {
        for document in [
            "",
            "{}",
            "{}\n",
            "{\n}\n",
            "\n{\"a\":\n1}",
            "[\n{},\n{}\n]",
            "nonsense",
            "non\nsense",
            "{\n\"a\":1,\n}\n",
            "[\n{}\n]",
            "{\"a\":[\n{}\n,{}\n],}",
            "{\"a\":[\n{},\n{}",
            "{\n  \"a\": [\n    {}\n    {}\n  ]\n}",
        ] {
            assert_eq!(
                texts(document, false),
                [(1, document.to_owned())],
                "{document:?}"
            );
        }
    }

    #[test]
    fn lines_are_told_apart_whatever_the_first_one_holds() {
        let line = |number, text: &str| (number, text.to_owned());
        assert_eq!(
            texts("{}\r\n\n{\"a\":1}\n", false),
            [line(1, "{}"), line(3, "{\"a\":1}")]
        );
        assert_eq!(
            texts("nonsense\n{}\n", false),
            [line(1, "nonsense"), line(2, "{}")]
        );
        assert_eq!(
            texts("{\"a\":\n{}\n{}", false),
            [line(1, "{\"a\":"), line(2, "{}"), line(3, "{}")]
        );
        assert_eq!(
            texts("{}\nnonsense", false),
            [line(1, "{}"), line(2, "nonsense")]
        );
        assert_eq!(texts("{", true), [line(1, "{")]);
    }

    #[test]
    fn what_is_no_document_is_not_held_for_ever() {
        struct Endless(Cursor<&'static [u8]>, usize);
        impl Read for Endless {
            fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
                assert!(self.1 < 4 * LONGEST_DOUBT, "all of it is read");
                if self.0.position() == self.0.get_ref().len() as u64 {
                    self.0.set_position(0);
                }
                let read = self.0.read(room)?;
                self.1 += read;
                Ok(read)
            }
        }
        let input = Endless(Cursor::new(b"garbage\n"), 0);
        let mut batches = read("-", Box::new(input), false, Pace::Exact).unwrap();
        assert!(!batches.next().unwrap().unwrap().is_whole);
    }

    #[test]
    fn a_line_may_be_longer_than_a_block() {
        let long = format!("\"{}\"", "x".repeat(3 * BLOCK));
        let text = format!("1\n{long}\r\n\n2");
        let found = texts_of(Cursor::new(text), false, Pace::Exact);
        let expected = [(1, "1".to_owned()), (2, long), (4, "2".to_owned())];
        assert!(found == expected);
    }

    #[test]
    fn nothing_before_a_whole_line_is_too_long_or_too_much() {
        for before in [
            "x\ny\nz\n".to_owned(),
            "{\"a\":\"b,\n".to_owned(),
            "x\n".repeat(160_000),
            format!("{}\n", "x".repeat(320_000)),
            format!("{{\"a\":\"{}\"}}\n", "x".repeat(320_000)),
        ] {
            let count = u64::try_from(before.lines().count()).unwrap();
            let input = Cursor::new(format!("{before}{{}}\n"));
            let found = texts_of(input, false, Pace::Exact);
            assert_eq!(found.last(), Some(&(count + 1, "{}".to_owned())));
            assert_eq!(found.len() as u64, count + 1);
        }
    }

    #[test]
    fn a_first_line_is_handed_out_at_once_where_time_matters() {
        struct Silence;
        impl Read for Silence {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic!("somebody waits for what comes next")
            }
        }
        let input = Cursor::new("{}\n").chain(Silence);
        let mut batches = read("-", Box::new(input), false, Pace::Prompt).unwrap();
        assert_eq!(batches.next().unwrap().unwrap().text, "{}\n");
        assert_eq!(
            texts_of(Cursor::new("{}"), false, Pace::Prompt),
            [(1, "{}".to_owned())]
        );
    }
}
