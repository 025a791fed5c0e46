//! Where notifications are read from: files, folders, standard input.
//!
//! Refuses to know what a notification is: it hands out texts and where they stand.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::meter::Meter;
use super::texts::{self, Batch, Pace, Texts};
use crate::domain::compression::Compression;
use crate::domain::explain::Explain;
use crate::domain::signature::looks_like_a_key;

/// A place that the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file, or a folder whose `*.json`, `*.ndjson` and `*.jsonl` are meant.
    Path(PathBuf),
    /// What standard input said, kept in this file.
    Spool(PathBuf),
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
    #[error("cannot read `{}`: {error}", unless_a_key(label))]
    Unreadable { label: String, error: io::Error },
    #[error("there is no notification in the folder `{}`", .0.display())]
    NothingInFolder(PathBuf),
}

/// The name, unless a key was typed in its place: no message repeats that.
fn unless_a_key(label: &str) -> &str {
    if looks_like_a_key(label) {
        "[what looks like a key]"
    } else {
        label
    }
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
                "notifications are files that end in `.json`, `.ndjson` or `.jsonl`, also with `.gz` or `.zst` \
                 behind it; folders in it are not looked into"
                    .into()
            }
        }]
    }
}

/// How standard input is named.
pub(crate) const STDIN: &str = "-";

/// The endings of files with one notification to a line.
const LINE_ENDINGS: [&str; 2] = ["ndjson", "jsonl"];

/// What such an ending, or `json`, may be followed by.
const COMPRESSED_ENDINGS: [&str; 2] = ["gz", "zst"];

/// The texts of all sources, in order; those of a folder by name.
///
/// # Errors
///
/// When a folder cannot be read or has nothing to offer. Other errors come where they happen.
pub(crate) fn items(
    sources: &[Source],
    pace: Pace,
) -> Result<impl Iterator<Item = Result<Item, SourceError>> + use<>, SourceError> {
    Ok(
        batches(sources, pace, &Meter::default())?.flat_map(|batch| match batch {
            Ok(batch) => batch.into_items().into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        }),
    )
}

/// The same, many lines at a time.
///
/// # Errors
///
/// As for [`items`].
pub(crate) fn batches(
    sources: &[Source],
    pace: Pace,
    meter: &Meter,
) -> Result<impl Iterator<Item = Result<Batch, SourceError>> + use<>, SourceError> {
    let meter = meter.clone();
    Ok(expand(sources)?
        .into_iter()
        .flat_map(move |source| open(&source, pace, &meter)))
}

/// How many bytes are in the files that are meant.
///
/// # Errors
///
/// When one of them is not there.
pub(crate) fn size(sources: &[Source]) -> Result<u64, SourceError> {
    let sizes = expand(sources)?.into_iter().map(|source| match source {
        Source::Stdin => Ok(0),
        Source::Spool(path) => metadata(&path).map(|metadata| metadata.len()),
        Source::Path(path) => metadata(&path).map(|metadata| metadata.len()),
    });
    sizes.sum()
}

/// The same sources, each folder as the files in it.
///
/// # Errors
///
/// When a folder cannot be read or has nothing to offer.
pub(crate) fn expand(sources: &[Source]) -> Result<Vec<Source>, SourceError> {
    let mut files = Vec::new();
    for source in sources {
        match source {
            Source::Path(path) if path.is_dir() => {
                files.extend(folder(path)?.into_iter().map(Source::Path));
            }
            other => files.push(other.clone()),
        }
    }
    Ok(files)
}

/// Whether all that was named is there, for whoever must not begin what cannot be ended.
///
/// # Errors
///
/// At the first path that is not there.
pub(crate) fn check(sources: &[Source]) -> Result<(), SourceError> {
    for source in sources {
        if let Source::Path(path) = source {
            metadata(path)?;
        }
    }
    Ok(())
}

fn metadata(path: &Path) -> Result<fs::Metadata, SourceError> {
    fs::metadata(path).map_err(|error| SourceError::Unreadable {
        label: path.display().to_string(),
        error,
    })
}

/// Whether a file in a folder is one of its notifications, going by its name.
pub(crate) fn is_notification(path: &Path) -> bool {
    let inner = uncompressed_name(path);
    has_ending(&inner, &["json"]) || has_ending(&inner, &LINE_ENDINGS)
}

/// The name of a file without the ending that a compression has added.
fn uncompressed_name(path: &Path) -> Cow<'_, Path> {
    if has_ending(path, &COMPRESSED_ENDINGS) {
        path.with_extension("").into()
    } else {
        path.into()
    }
}

/// The notifications of a folder, by name.
///
/// # Errors
///
/// When it cannot be read, or has none.
pub(crate) fn folder(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
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

/// What is in a file, whether it is compressed or not. No more is waited for than tells that.
fn plain(mut input: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    let mut beginning = Vec::new();
    while Compression::MAGIC
        .iter()
        .any(|(_, magic)| beginning.len() < magic.len() && magic.starts_with(&beginning))
    {
        if input.by_ref().take(1).read_to_end(&mut beginning)? == 0 {
            break;
        }
    }
    let compression = Compression::of(&beginning);
    let input = Cursor::new(beginning).chain(input);
    Ok(match compression {
        Some(compression) => compression.reader(BufReader::new(input)),
        None => Box::new(input),
    })
}

fn open(source: &Source, pace: Pace, meter: &Meter) -> Texts {
    let (label, input, by_name, pace): (_, io::Result<Box<dyn Read>>, _, _) = match source {
        Source::Stdin => (STDIN.to_owned(), Ok(Box::new(io::stdin())), false, pace),
        Source::Spool(path) => (
            STDIN.to_owned(),
            File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
            false,
            Pace::Exact,
        ),
        Source::Path(path) => (
            path.display().to_string(),
            File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
            has_ending(&uncompressed_name(path), &LINE_ENDINGS),
            // Nobody waits for what comes next in a file, but in a pipe with a name.
            if path.is_file() { Pace::Exact } else { pace },
        ),
    };
    input
        .and_then(|input| plain(meter.measure(input)))
        .and_then(|input| texts::read(&label, input, by_name, pace))
        .unwrap_or_else(|error| {
            Box::new(std::iter::once(Err(SourceError::Unreadable {
                label,
                error,
            })))
        })
}
