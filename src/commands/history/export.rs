//! `history export`: writes notifications in formats that other tools read.

use std::io;
use std::path::{Path, PathBuf};

use crate::commands::{Context, Location, send};
use crate::domain::activity::{Activity, Exported};
use crate::domain::capture::{Capture, Layout};
use crate::domain::curl;
use crate::domain::export::{har::Har, hurl};
use crate::domain::record::{Query, Record, Reference};
use crate::domain::target::Target;
use crate::exit::ExitStatus;
use crate::files::{Draft, Folder};
use crate::report::Report;
use crate::store::{History, Order};
use crate::ui::Ui;

/// What to export, and how.
pub struct Options {
    /// Where the history is.
    pub store: Location,
    /// Which notifications are meant.
    pub query: Query,
    /// These instead, where there are any.
    pub references: Vec<Reference>,
    /// The format.
    pub form: Form,
    /// The file or folder; standard output unless there is one.
    pub output: Option<PathBuf>,
    /// Whether files that are there already are replaced.
    pub replace: bool,
    /// What is hidden.
    pub is_redacted: bool,
    /// Where curl commands post to.
    pub target: Target,
}

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A capture file for each notification.
    Capture,
    /// Captures, one per line.
    Ndjson,
    /// Shell commands.
    Curl,
    /// One HTTP archive.
    Har,
    /// One Hurl file.
    Hurl,
}

/// A notification of the history.
type Found = Result<(Record, Capture), Report>;

/// Exports notifications, the oldest first, one at a time.
///
/// # Errors
///
/// When there is no history or a notification that was named, or the output cannot be written.
pub fn run(options: &Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let history = History::open(&options.store.path)?;
    let redactor = options.is_redacted.then(|| super::redactor(&history));
    let redactor = redactor.transpose()?;
    let mut found = found(options, &history)?.map(|found| {
        let (record, capture) = found?;
        Ok(match &redactor {
            Some(redactor) => (redactor.record(&record), redactor.capture(&capture)),
            None => (record, capture),
        })
    });
    let notifications = match (options.form, &options.output) {
        (Form::Capture, None) => print_one(&mut found, context)?,
        (Form::Capture, Some(path)) => save_each(&mut found, path, options.replace)?,
        (form, path) => {
            let mut sink = match path {
                Some(path) => Sink::File(begin(path, options.replace)?, path),
                None => Sink::Stdout(&mut context.ui),
            };
            let written = write_all(&mut found, Encoder::new(form, &options.target), &mut sink)?;
            sink.finish()?;
            written
        }
    };
    context.ui.flush()?;
    if notifications == 0 {
        context.ui.note(super::nothing(&history)?);
    }
    // Of no captures there is no file; of everything else there is one, though it may be empty.
    let is_written = notifications > 0 || options.form != Form::Capture;
    if let Some(path) = options.output.as_ref().filter(|_| is_written) {
        context.ui.show(&Activity::Exported(Exported {
            notifications,
            output: path.display().to_string(),
        }))?;
    }
    Ok(ExitStatus::Yes)
}

/// The notifications that are meant, the oldest first. Those that somebody prunes in the meantime are left out.
fn found<'a>(
    options: &'a Options,
    history: &'a History,
) -> Result<Box<dyn Iterator<Item = Found> + 'a>, Report> {
    if options.references.is_empty() {
        let records = history.records(&options.query, Order::OldestFirst);
        return Ok(Box::new(records.filter_map(|record| {
            let read = record.and_then(|record| {
                let capture = history.capture(&record)?;
                Ok(capture.map(|capture| (record, capture)))
            });
            read.map_err(Report::from).transpose()
        })));
    }
    let ids = options.references.iter().map(|named| history.find(named));
    let mut ids: Vec<u64> = ids.collect::<Result<_, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(Box::new(ids.into_iter().map(|id| Ok(history.record(id)?))))
}

/// Prints one capture. More of them would make no capture file.
fn print_one(
    found: &mut impl Iterator<Item = Found>,
    context: &mut Context,
) -> Result<u64, Report> {
    let Some((_, capture)) = found.next().transpose()? else {
        return Ok(0);
    };
    if found.next().transpose()?.is_some() {
        let message = "standard output takes one capture, and several notifications are meant";
        return Err(Report::new("usage", message)
            .hint("write a file for each with `--output FOLDER`")
            .hint(
                "`--as ndjson` prints them one per line, which `replay` and `validate` read too",
            ));
    }
    context.ui.foreign_text(&document(&capture))?;
    Ok(1)
}

fn document(capture: &Capture) -> Vec<u8> {
    let mut text = capture.write(Layout::Document);
    text.push(b'\n');
    text
}

/// Saves one capture as a file, and several as files of a folder, named as `listen --save` names them.
fn save_each(
    found: &mut impl Iterator<Item = Found>,
    path: &Path,
    replace: bool,
) -> Result<u64, Report> {
    let Some(first) = found.next().transpose()? else {
        return Ok(0);
    };
    let second = found.next().transpose()?;
    let ends_as_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if second.is_none() && !ends_as_folder && !path.is_dir() {
        let mut file = begin(path, replace)?;
        let written = file.write(&document(&first.1)).and_then(|()| file.keep());
        written.map_err(|error| unwritten(path, &error))?;
        return Ok(1);
    }
    let (folder, _) = Folder::open(path).map_err(|error| unwritten(path, &error))?;
    let mut saved = 0;
    for notification in [Ok(first)].into_iter().chain(second.map(Ok)).chain(found) {
        let (record, capture) = notification?;
        let name = record.events.iter().find_map(|event| event.name.as_deref());
        let name = name.unwrap_or("unknown");
        let text = document(&capture);
        let written = if replace {
            folder.replace(record.id, name, &text)
        } else {
            folder.save(record.id, name, &text)
        };
        written.map_err(|error| unwritten(&folder.path(record.id, name), &error))?;
        saved += 1;
    }
    Ok(saved)
}

fn begin(path: &Path, replace: bool) -> Result<Draft, Report> {
    Draft::begin(path, replace).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &io::Error) -> Report {
    let name = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Report::new("file-exists", format!("`{name}` is there already"))
                .hint("name another one, or replace it with `--force`")
        }
        io::ErrorKind::IsADirectory => Report::new("write-failed", format!("`{name}` is a folder"))
            .hint("name a file; only captures (`--as capture`) go to a folder"),
        io::ErrorKind::NotFound => Report::new(
            "write-failed",
            format!("cannot write `{name}`: its folder is not there"),
        ),
        _ => Report::new("write-failed", format!("cannot write `{name}`: {error}")),
    }
}

/// Where the text of an export goes.
enum Sink<'a> {
    Stdout(&'a mut Ui),
    File(Draft, &'a Path),
}

impl Sink<'_> {
    fn write(&mut self, text: &[u8]) -> Result<(), Report> {
        match self {
            Self::Stdout(ui) => Ok(ui.foreign_text(text)?),
            Self::File(file, path) => file.write(text).map_err(|error| unwritten(path, &error)),
        }
    }

    fn finish(self) -> Result<(), Report> {
        match self {
            Self::Stdout(_) => Ok(()),
            Self::File(file, path) => file.keep().map_err(|error| unwritten(path, &error)),
        }
    }
}

/// Writes them all as one text, and says how many there were.
fn write_all(
    found: &mut impl Iterator<Item = Found>,
    (mut encoder, beginning): (Encoder<'_>, Vec<u8>),
    sink: &mut Sink<'_>,
) -> Result<u64, Report> {
    sink.write(&beginning)?;
    let mut written = 0;
    for notification in found {
        let (record, capture) = notification?;
        sink.write(&encoder.entry(&record, &capture))?;
        written += 1;
    }
    sink.write(encoder.end())?;
    Ok(written)
}

/// Turns notifications into one text, piece by piece.
enum Encoder<'a> {
    Ndjson,
    Curl(&'a Target),
    Har(Har),
    Hurl,
}

impl<'a> Encoder<'a> {
    /// The encoder, and what stands before the first notification.
    fn new(form: Form, target: &'a Target) -> (Self, Vec<u8>) {
        match form {
            Form::Capture | Form::Ndjson => (Self::Ndjson, Vec::new()),
            Form::Curl => (Self::Curl(target), Vec::new()),
            Form::Har => {
                let (har, beginning) = Har::begin(env!("CARGO_PKG_VERSION"));
                (Self::Har(har), beginning)
            }
            Form::Hurl => (Self::Hurl, Vec::new()),
        }
    }

    fn entry(&mut self, record: &Record, capture: &Capture) -> Vec<u8> {
        match self {
            Self::Ndjson => {
                let mut line = capture.write(Layout::Line);
                line.push(b'\n');
                line
            }
            Self::Curl(target) => {
                let mut sent = capture.clone();
                sent.headers = send::outgoing(capture, &[]);
                let url = target.url(&capture.target);
                (curl::command(&url, &sent, &[], None) + "\n").into_bytes()
            }
            Self::Har(har) => har.entry(capture, record),
            Self::Hurl => hurl::entry(capture).into_bytes(),
        }
    }

    /// What stands after the last notification.
    fn end(self) -> &'static [u8] {
        match self {
            Self::Har(har) => har.end(),
            Self::Ndjson | Self::Curl(_) | Self::Hurl => b"",
        }
    }
}
