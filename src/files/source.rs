//! Where notifications are read from: files, folders, standard input; one to a file, or one to a line.
//!
//! Refuses to know what a notification is: it hands out texts and where they stand.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::domain::explain::Explain;

/// A place that the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file, or a folder whose `*.json`, `*.ndjson` and `*.jsonl` are meant.
    Path(PathBuf),
}

/// One text that should be a notification or a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// The file, or `-`.
    pub(crate) source: String,
    /// The line of the file on which the text begins, from 1.
    pub(crate) line: u64,
    /// The exact text, without the line break of a line.
    pub(crate) text: Bytes,
    /// Whether the text is all that the file holds, to the last byte.
    pub(crate) is_whole: bool,
}

impl Item {
    /// Where the text stands, as people write it: the file, and the line where it has many.
    pub(crate) fn place(&self) -> String {
        if self.is_whole {
            self.source.clone()
        } else {
            format!("{}:{}", self.source, self.line)
        }
    }
}

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("cannot read `{label}`: {error}")]
    Unreadable { label: String, error: io::Error },
    #[error("there is no notification in the folder `{}`", .0.display())]
    NothingInFolder(PathBuf),
}

impl Explain for SourceError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "source-unreadable",
            Self::NothingInFolder(_) => "folder-empty",
        }
    }

    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::Unreadable { error, .. } if error.kind() == io::ErrorKind::NotFound => {
                "check how the path is spelled; `-` stands for standard input".into()
            }
            Self::Unreadable { .. } => return Vec::new(),
            Self::NothingInFolder(_) => {
                "notifications are files that end in `.json`, `.ndjson` or `.jsonl`".into()
            }
        }]
    }
}

/// How standard input is named.
pub(crate) const STDIN: &str = "-";

/// The endings of files with one notification to a line.
const LINE_ENDINGS: [&str; 2] = ["ndjson", "jsonl"];

/// What is looked at, in bytes, to tell one document from one notification to a line.
const GLANCE: u64 = 256 * 1024;

/// The texts of all sources, in order; those of a folder by name. Lines are read one at a time.
///
/// # Errors
///
/// When a folder cannot be read or has nothing to offer. Other errors come where they happen.
pub(crate) fn items(
    sources: &[Source],
) -> Result<impl Iterator<Item = Result<Item, SourceError>> + use<>, SourceError> {
    let mut files = Vec::new();
    for source in sources {
        match source {
            Source::Path(path) if path.is_dir() => {
                files.extend(folder(path)?.into_iter().map(Source::Path));
            }
            other => files.push(other.clone()),
        }
    }
    Ok(files.into_iter().flat_map(|source| open(&source)))
}

/// Whether all that was named is there, for whoever must not begin what cannot be ended.
///
/// # Errors
///
/// At the first path that is not there.
pub(crate) fn check(sources: &[Source]) -> Result<(), SourceError> {
    for source in sources {
        if let Source::Path(path) = source {
            fs::metadata(path).map_err(|error| SourceError::Unreadable {
                label: path.display().to_string(),
                error,
            })?;
        }
    }
    Ok(())
}

/// Whether a file in a folder is one of its notifications, going by its name.
pub(crate) fn is_notification(path: &Path) -> bool {
    has_ending(path, &["json"]) || has_ending(path, &LINE_ENDINGS)
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let unreadable = |error| SourceError::Unreadable {
        label: path.display().to_string(),
        error,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if is_notification(&file) && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        Err(SourceError::NothingInFolder(path.to_owned()))
    } else {
        Ok(files)
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|found| {
        endings
            .iter()
            .any(|ending| found.eq_ignore_ascii_case(ending))
    })
}

/// Either one text, or a stream of lines, or an error.
type Texts = Box<dyn Iterator<Item = Result<Item, SourceError>>>;

fn open(source: &Source) -> Texts {
    let (label, input, by_name): (_, io::Result<Box<dyn Read>>, _) = match source {
        Source::Stdin => (STDIN.to_owned(), Ok(Box::new(io::stdin())), false),
        Source::Path(path) => (
            path.display().to_string(),
            File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
            has_ending(path, &LINE_ENDINGS),
        ),
    };
    input
        .and_then(|input| read(label.clone(), input, by_name))
        .unwrap_or_else(|error| {
            Box::new(std::iter::once(Err(SourceError::Unreadable {
                label,
                error,
            })))
        })
}

fn read(source: String, mut input: Box<dyn Read>, by_name: bool) -> io::Result<Texts> {
    let mut head = Vec::new();
    let is_whole = (&mut input).take(GLANCE).read_to_end(&mut head)?
        < usize::try_from(GLANCE).unwrap_or(usize::MAX);
    if by_name || has_lines(&head, is_whole) {
        let input = BufReader::new(io::Cursor::new(head).chain(input));
        return Ok(Box::new(Lines {
            source,
            input,
            line: 0,
            failed: false,
        }));
    }
    input.read_to_end(&mut head)?;
    Ok(Box::new(std::iter::once(Ok(Item {
        source,
        line: 1,
        text: head.into(),
        is_whole: true,
    }))))
}

/// Whether there is one notification to a line, going by the beginning of a text, which may be cut off.
///
/// So it is when the first line is a whole JSON value and others follow, or when at least half of the lines look like
/// objects: a first line that is damaged must not turn the whole stream into one damaged document.
fn has_lines(head: &[u8], is_whole: bool) -> bool {
    let is_json = |text: &[u8]| serde_json::from_slice::<&RawValue>(text).is_ok();
    let mut lines: Vec<&[u8]> = head
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .collect();
    if !is_whole {
        lines.pop();
    }
    lines.retain(|line| !line.is_empty());
    let Some((first, others)) = lines.split_first() else {
        return false;
    };
    if is_whole && (others.is_empty() || is_json(head)) {
        return false;
    }
    let objects = lines
        .iter()
        .filter(|line| line.starts_with(b"{") && line.ends_with(b"}"))
        .count();
    is_json(first) || objects * 2 >= lines.len()
}

/// One text to a line. Blank lines are passed over, and counted.
struct Lines<R> {
    source: String,
    input: R,
    line: u64,
    failed: bool,
}

impl<R: BufRead> Iterator for Lines<R> {
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
        let items = read("-".into(), Box::new(input.as_bytes()), by_name).unwrap();
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
}
