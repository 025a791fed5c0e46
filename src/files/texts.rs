//! The texts of one file or stream: it is one document, or it has one text to a line.
//!
//! Owns how the two are told apart, and that lines are handed out as they come. Refuses to know what a notification is.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use serde::de::IgnoredAny;

use super::source::{Item, SourceError};

/// The texts of a source, in order.
pub(super) type Texts = Box<dyn Iterator<Item = Result<Item, SourceError>>>;

/// What matters where it is not yet known whether the first line is followed by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// The exact bytes: the first line waits for what follows it, for its line break belongs to it if it is the only one.
    Exact,
    /// The time: a first line that is a whole JSON value is handed out at once, without its line break.
    Prompt,
}

/// Begins to read. A text that is sure to have lines (`by_name`) is not looked at before.
///
/// What is in memory is one document or one line, and what it took to tell which.
pub(super) fn read(
    source: String,
    input: Box<dyn Read>,
    by_name: bool,
    pace: Pace,
) -> io::Result<Texts> {
    let mut input = BufReader::new(input);
    let mut head = Vec::new();
    if by_name || has_lines(&mut input, &mut head, pace)? {
        return Ok(Box::new(Lines {
            source,
            input: Cursor::new(head).chain(input),
            line: 0,
            failed: false,
        }));
    }
    Ok(Box::new(std::iter::once(Ok(Item {
        source,
        line: 1,
        text: head.into(),
        is_whole: true,
        may_wait: false,
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
    loop {
        let start = head.len();
        if input.read_until(b'\n', head)? == 0 {
            break;
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

/// One text to a line. Blank lines are passed over, and counted.
struct Lines {
    source: String,
    /// What was read to tell that there are lines, and what comes after it.
    input: io::Chain<Cursor<Vec<u8>>, BufReader<Box<dyn Read>>>,
    line: u64,
    failed: bool,
}

impl Lines {
    /// Whether no other whole line is at hand.
    fn may_wait(&self) -> bool {
        let (head, input) = self.input.get_ref();
        let is_over = head.position() >= head.get_ref().len() as u64;
        is_over && memchr::memchr(b'\n', input.buffer()).is_none()
    }
}

impl Iterator for Lines {
    type Item = Result<Item, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            let mut text = Vec::new();
            match self.input.read_until(b'\n', &mut text) {
                Ok(0) => return None,
                Ok(_) => self.line += 1,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(SourceError::Unreadable {
                        label: self.source.clone(),
                        error,
                    }));
                }
            }
            while text
                .last()
                .is_some_and(|last| matches!(last, b'\n' | b'\r'))
            {
                text.pop();
            }
            if !text.trim_ascii().is_empty() {
                return Some(Ok(Item {
                    source: self.source.clone(),
                    line: self.line,
                    text: text.into(),
                    is_whole: false,
                    may_wait: self.may_wait(),
                }));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &'static str, by_name: bool) -> Vec<(u64, String)> {
        texts_of(input.as_bytes(), by_name, Pace::Exact)
    }

    fn texts_of(input: impl Read + 'static, by_name: bool, pace: Pace) -> Vec<(u64, String)> {
        let items = read("-".into(), Box::new(input), by_name, pace).unwrap();
        items
            .map(|item| item.unwrap())
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
        let mut items = read("-".into(), Box::new(input), false, Pace::Prompt).unwrap();
        assert_eq!(items.next().unwrap().unwrap().text, "{}");
        assert_eq!(
            texts_of(Cursor::new("{}"), false, Pace::Prompt),
            [(1, "{}".to_owned())]
        );
    }
}
