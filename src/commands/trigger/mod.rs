//! `trigger`: makes a synthetic event or a whole scenario, and prints or sends it.

mod print;
mod send;
mod supply;

use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::value::RawValue;

use self::supply::Made;
use super::delivery;
use super::keys::{self, KeySources};
use super::{Context, run_to_the_end};
use crate::domain::activity::{Activity, Triggerable};
use crate::domain::chaos::Trouble;
use crate::domain::explain::Explain as _;
use crate::domain::likeness;
use crate::domain::notification::{Notification, event, sample};
use crate::domain::scenario::{BUILT_IN, Plot, Scenario, Subject};
use crate::exit::ExitStatus;
use crate::files;
use crate::report::Report;

/// What to make, and what to do with it.
pub struct Options {
    /// What is made.
    pub name: Name,
    /// How it is made; its subject is that of the name.
    pub plot: Plot,
    /// Where the payload of each event comes from, if not from us.
    pub payload: Option<PayloadSource>,
    /// What chance depends on. `None` for another every time.
    pub seed: Option<u64>,
    /// When the first notification happens. `None` for so long ago that the last one happens now.
    pub at: Option<Timestamp>,
    /// The command of the editor that the notification is opened in, where it is.
    pub editor: Option<String>,
    /// Where the keys are.
    pub keys: KeySources,
    /// What is done with it.
    pub output: Output,
}

/// What is made.
pub enum Name {
    /// An event, or a scenario that comes with the program.
    Known(String),
    /// A scenario in a file.
    File(PathBuf),
}

/// Where a payload comes from.
pub enum PayloadSource {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// What is done with what is made.
pub enum Output {
    /// It is printed.
    Print(Form),
    /// It is sent.
    Send {
        /// How it is delivered.
        delivery: delivery::Options,
        /// What happens to it on its way.
        chaos: Vec<Trouble>,
    },
}

/// How a notification is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its body.
    Body,
    /// A capture file, signed where there is a key.
    Capture,
    /// A curl command that posts it to this URL, signed where there is a key.
    Curl(String),
}

/// When everything happens that is made from a seed and at no other time: 2026-01-15 12:00:00 UTC.
const SEEDED_AT: Timestamp = Timestamp::constant(1_768_478_400, 0);

/// Longer payloads are not read, in bytes.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Longer scenarios are not read, in bytes.
const LONGEST_SCENARIO: u64 = 4 * 1024 * 1024;

/// Makes it, and prints or sends it.
///
/// # Errors
///
/// When the name is unknown, a file or key cannot be read, a change cannot be made, or it cannot be sent.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let mut plot = options.plot;
    plot.subject = subject(options.name, plot.is_v1)?;
    if let Subject::Scenario(name, _) = &plot.subject {
        refuse_for_a_scenario(name, plot.is_v1, options.payload.is_some())?;
    }
    plot.payload = options.payload.map(read_payload).transpose()?;
    let ring = keys::load(options.keys)?;
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    let end = || context.clock.now();
    let start = options.at.unwrap_or_else(|| match options.seed {
        Some(_) => SEEDED_AT,
        None => end()
            .saturating_sub(plot.length())
            .unwrap_or_else(|_| end()),
    });
    let made = Made::new(plot, seed, start, options.editor)?;
    match options.output {
        Output::Print(form) => print::run(&made, &form, &ring, context),
        Output::Send { delivery, chaos } => {
            let sending = send::Sending {
                made,
                delivery,
                chaos,
                ring,
            };
            run_to_the_end(async { sending.prepare(context)?.run(context).await })
        }
    }
}

/// Shows every event and every scenario that comes with the program.
///
/// # Errors
///
/// When the output fails.
pub fn list(context: &mut Context) -> Result<ExitStatus, Report> {
    let events = event::CATALOGUE.iter().map(|known| Triggerable {
        kind: "event",
        name: known.name,
        summary: known.meaning.to_owned(),
    });
    for entry in events.chain(scenarios()) {
        context.ui.show(&Activity::Triggerable(entry))?;
    }
    Ok(ExitStatus::Yes)
}

fn scenarios() -> impl Iterator<Item = Triggerable> {
    BUILT_IN.into_iter().filter_map(|(name, text)| {
        Some(Triggerable {
            kind: "scenario",
            name,
            summary: Scenario::parse(text).ok()?.summary,
        })
    })
}

/// What a name stands for.
fn subject(name: Name, is_v1: bool) -> Result<Subject, Report> {
    let name = match name {
        Name::Known(name) => name,
        Name::File(path) => {
            let shown = path.display().to_string();
            let file = fs::File::open(&path);
            let text = file.and_then(|file| read(file, LONGEST_SCENARIO));
            let text = text.map_err(|error| {
                Report::new(
                    "scenario-unreadable",
                    format!("cannot read the scenario `{shown}`: {error}"),
                )
            })?;
            let Some(text) = text else {
                return Err(too_long(
                    "scenario-invalid",
                    &format!("the scenario `{shown}`"),
                    LONGEST_SCENARIO,
                ));
            };
            return Ok(Subject::Scenario(
                scenario_name(&path),
                parse(&shown, &text)?,
            ));
        }
    };
    if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return Ok(Subject::Scenario(name.clone(), parse(&name, text)?));
    }
    if event::find(&name).is_some() || (is_v1 && sample::is_legacy(&name)) {
        return Ok(Subject::Event(name));
    }
    Err(unknown(&name, is_v1))
}

/// A scenario is a story of V3, and says itself what its events carry.
fn refuse_for_a_scenario(name: &str, is_v1: bool, has_payload: bool) -> Result<(), Report> {
    let (what, hint) = match (is_v1, has_payload) {
        (true, _) => (
            "`--v1` makes one event",
            "leave out `--v1`, or name an event",
        ),
        (_, true) => (
            "`--data` is the payload of one event",
            "change the payloads of a scenario with `--set`, or write a scenario of your own",
        ),
        _ => return Ok(()),
    };
    Err(Report::new("usage", format!("{what}, and `{name}` is a scenario")).hint(hint))
}

fn scenario_name(path: &std::path::Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn parse(shown: &str, text: &str) -> Result<Scenario, Report> {
    Scenario::parse(text)
        .map_err(|error| Report::from(error).about(&format!("the scenario `{shown}`")))
}

fn unknown(name: &str, is_v1: bool) -> Report {
    let report = Report::new(
        "unknown-name",
        format!("there is no event or scenario `{name}`"),
    );
    if !is_v1 && sample::is_legacy(name) {
        return report.hint(format!(
            "V1 has it: add `--v1`, as in `trigger {name} --v1`"
        ));
    }
    let events = event::CATALOGUE.iter().map(|known| known.name);
    let known = events.chain(BUILT_IN.iter().map(|(name, _)| *name));
    let report = match likeness::nearest(name, known.map(|name| (name, [name, name]))) {
        Some(nearest) => report.hint(format!("did you mean `{nearest}`?")),
        None => report,
    };
    report
        .hint("`syncfy-hooks trigger --list` shows all; a scenario of your own is a file that ends in `.toml`")
        .hint("an event of another name is made with `--set header.event.name=NAME`")
}

fn read_payload(source: PayloadSource) -> Result<Box<RawValue>, Report> {
    let (shown, text) = match source {
        PayloadSource::File(path) => {
            let shown = path.display().to_string();
            let file = fs::File::open(path);
            (shown, file.and_then(|file| read(file, LONGEST)))
        }
        PayloadSource::Stdin => ("-".into(), read(std::io::stdin().lock(), LONGEST)),
    };
    let text = text.map_err(|error| {
        Report::new(
            "data-unreadable",
            format!("cannot read the payload in `{shown}`: {error}"),
        )
    })?;
    let Some(text) = text else {
        return Err(too_long(
            "data-too-long",
            &format!("the payload in `{shown}`"),
            LONGEST,
        ));
    };
    RawValue::from_string(text.trim().to_owned()).map_err(|error| {
        Report::new(
            "data-invalid",
            format!("the payload in `{shown}` is not JSON: {error}"),
        )
        .hint("`--data` takes the `payload` of the event only; what is round it is made")
    })
}

/// The text, or `None` where it is longer than so many bytes.
fn read(reader: impl std::io::Read, longest: u64) -> std::io::Result<Option<String>> {
    let mut text = Vec::new();
    let length = reader.take(longest + 1).read_to_end(&mut text)?;
    if length as u64 > longest {
        return Ok(None);
    }
    let unreadable = |_| {
        std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "stream did not contain valid UTF-8",
        )
    };
    String::from_utf8(text).map(Some).map_err(unreadable)
}

fn too_long(code: &'static str, what: &str, longest: u64) -> Report {
    let limit = longest / (1024 * 1024);
    Report::new(code, format!("{what} is longer than {limit} MiB"))
}

/// What the user made of a notification in the editor.
fn edited(body: &[u8], editor: &str) -> Result<Bytes, Report> {
    let failed = |error: std::io::Error| {
        Report::new(
            "editor-failed",
            format!("the editor `{editor}` did not end well: {error}"),
        )
        .hint("set `VISUAL` or `EDITOR` to the command of your editor; nothing was sent")
    };
    let text = files::edit(crate::ui::indented(body).as_bytes(), editor).map_err(failed)?;
    if text.trim_ascii().is_empty() {
        return Err(
            Report::new("edit-empty", "the edited notification is empty").hint("nothing was sent"),
        );
    }
    let body = Bytes::copy_from_slice(text.trim_ascii_end());
    match Notification::read(&body) {
        Ok(_) => Ok(body),
        Err(error) => {
            let place = error.place();
            let message = format!(
                "the edited notification is not JSON: line {}, column {}: {error}",
                place.line, place.column
            );
            let hints = error.hints().into_iter();
            let report = hints.fold(Report::new("edit-invalid", message), Report::hint);
            Err(report.hint("nothing was sent; `replay` sends a file of any bytes"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_told_from_what_is_cut_off() {
        assert_eq!(read(&b"\xC3\xA9"[..], 2).unwrap().unwrap(), "é");
        assert_eq!(read(&b"{}\xC3\xA9"[..], 3).unwrap(), None);
        assert_eq!(read(std::io::repeat(b' '), 3).unwrap(), None);
        assert!(read(&b"\xC3"[..], 3).is_err());
    }
}
