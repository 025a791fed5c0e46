//! `validate --fix`: repairs what is mechanical in the files themselves, and says what it did.
//!
//! What is standard input goes to standard output with its repairs, and all else to standard error.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::check::{Checking, check};
use super::start::Start;
use crate::commands::Context;
use crate::commands::notifications::{Found, Notifications};
use crate::domain::activity::{Activity, Fixed, Repair, Warning};
use crate::domain::capture::Saved;
use crate::domain::encoding;
use crate::domain::json::{Document, Spot, edit};
use crate::domain::notification::Notification;
use crate::domain::signature::{BodyBinding, Presented};
use crate::domain::validation::{self, Diagnostic, Levels};
use crate::exit::ExitStatus;
use crate::files::{self, Backlog, Item, Pace, Rewrite, STDIN, Source, Spool};
use crate::report::Report;
use crate::ui::Ui;

/// Repairs what is mechanical, and checks what is left `then`, unless this is a `dry_run`.
pub(super) fn fix(
    sources: &[Source],
    dry_run: bool,
    then: Checking,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    let fixer = Fixer {
        wanted: &then,
        dry_run,
        seen: BTreeSet::new(),
        context,
    };
    let outcome = fixer.run(sources)?;
    outcome.pass_on(&mut context.ui)?;
    if outcome.has_failed && outcome.sources.is_empty() {
        context.ui.end_report()?;
        return Ok(ExitStatus::CouldNot);
    }
    context.ui.show(&Activity::Fixed(outcome.fixed))?;
    let answer = if dry_run {
        ExitStatus::answer(outcome.fixed.fixed == 0)
    } else {
        check(Notifications::Files(outcome.sources), then, context)?
    };
    Ok(if outcome.has_failed {
        ExitStatus::CouldNot
    } else {
        answer
    })
}

/// Repairs files.
struct Fixer<'c> {
    /// The events and the rules that are meant.
    wanted: &'c Checking,
    /// Whether nothing is written.
    dry_run: bool,
    /// The files that were seen to: one that is named twice is repaired once.
    seen: BTreeSet<PathBuf>,
    context: &'c mut Context,
}

/// What came of it.
struct Outcome {
    /// What is left to be checked: every source that could be read.
    sources: Vec<Source>,
    /// How much was repaired, or would be.
    fixed: Fixed,
    /// Whether a source could not be read or written.
    has_failed: bool,
    /// What standard input said.
    spool: Option<Spool>,
}

impl Outcome {
    /// Hands standard input on, with its repairs.
    fn pass_on(&self, ui: &mut Ui) -> Result<(), Report> {
        let Some(spool) = self.spool.as_ref().filter(|_| !self.fixed.dry_run) else {
            return Ok(());
        };
        spool.each_piece(|piece| ui.stdout_alone(piece).map_err(Report::from))?;
        Ok(ui.flush()?)
    }
}

impl Fixer<'_> {
    /// Repairs these sources, one after the other. One that cannot be repaired is reported and left as it was.
    fn run(mut self, sources: &[Source]) -> Result<Outcome, Report> {
        let mut outcome = Outcome {
            sources: Vec::new(),
            fixed: Fixed {
                dry_run: self.dry_run,
                ..Fixed::default()
            },
            has_failed: false,
            spool: None,
        };
        if sources.contains(&Source::Stdin) {
            if !self.dry_run {
                self.context.ui.yield_stdout();
            }
            outcome.spool = Some(Spool::of_stdin()?);
        }
        for named in sources {
            let source = match (named, &outcome.spool) {
                (Source::Stdin, Some(spool)) => spool.source(),
                _ => named.clone(),
            };
            let files = match files::expand(&[source]) {
                Ok(files) => files,
                Err(error) => {
                    self.failed(&error.into(), &mut outcome);
                    continue;
                }
            };
            for file in files {
                // What is not there is told in the words of every command.
                if let Err(error) = files::check(std::slice::from_ref(&file)) {
                    self.failed(&error.into(), &mut outcome);
                    continue;
                }
                if self.is_new(&file)
                    && let Err(report) = self.file(&file, &mut outcome.fixed)
                {
                    self.failed(&report, &mut outcome);
                }
                // What could not be repaired is checked all the same, unless it would be waited for.
                let is_at_rest = Notifications::Files(vec![file.clone()]).can_be_read_again();
                outcome.sources.extend(is_at_rest.then_some(file));
            }
        }
        Ok(outcome)
    }

    fn is_new(&mut self, file: &Source) -> bool {
        let (Source::Path(path) | Source::Spool(path)) = file else {
            return true;
        };
        let path = path.canonicalize().unwrap_or_else(|_| path.clone());
        self.seen.insert(path)
    }

    fn failed(&mut self, report: &Report, outcome: &mut Outcome) {
        outcome.has_failed = true;
        self.context.ui.error(report);
    }

    /// Repairs one file.
    fn file(&mut self, file: &Source, fixed: &mut Fixed) -> Result<(), Report> {
        let (path, label) = match file {
            Source::Path(path) => (path, path.display().to_string()),
            Source::Spool(path) => (path, STDIN.to_owned()),
            Source::Stdin => return Ok(()),
        };
        let mut rewrite = Rewrite::open(path, &label)?;
        let notifications = Notifications::Files(vec![file.clone()]);
        // Told once the file is kept: until then nothing is repaired.
        let (mut backlog, mut count, mut unbound) = (Backlog::new(), 0, 0);
        for found in notifications.read_wanted(Pace::Exact, &self.wanted.events)? {
            let found = found?;
            // What is no capture, though it says so, is told by the check.
            let (Ok(saved), Found::Text(item)) = (found.read(), &found) else {
                continue;
            };
            let Some((text, repairs)) = repaired(item, &saved, &self.wanted.levels) else {
                continue;
            };
            if self.dry_run {
                rewrite.check()?;
            } else {
                rewrite.replace(item, &text)?;
            }
            count += repairs.len() as u64;
            for mut repair in repairs {
                repair.source.clone_from(&label);
                repair.dry_run = self.dry_run;
                let line = serde_json::to_vec(&repair).map_err(io::Error::from);
                line.and_then(|line| backlog.push(line))
                    .map_err(|error| unkept(&label, &error))?;
            }
            let binding = Presented::of(&saved.capture).claimed_binding();
            unbound += u64::from(binding == Some(BodyBinding::Bound));
        }
        if !self.dry_run {
            rewrite.keep()?;
        }
        fixed.fixed += count;
        fixed.files += u64::from(count > 0);
        for line in backlog.lines().map_err(|error| unkept(&label, &error))? {
            let repair = line.and_then(|line| Ok(serde_json::from_slice(&line)?));
            let repair = repair.map_err(|error| unkept(&label, &error))?;
            self.context.ui.show(&Activity::Fix(repair))?;
        }
        if unbound > 0 {
            let warning = no_longer_covered(&label, unbound, self.dry_run);
            self.context.ui.show(&Activity::Warning(warning))?;
        }
        Ok(())
    }
}

/// Why the repairs of a file cannot be told.
fn unkept(label: &str, error: &io::Error) -> Report {
    let message = format!("cannot keep in mind what is repaired in `{label}`: {error}");
    Report::new("fix-untold", message)
        .hint("it takes room in the folder for temporary files (`TMPDIR`)")
}

/// The text of an item with its repairs, and these; nothing where there are none.
fn repaired(item: &Item, saved: &Saved, levels: &Levels) -> Option<(Vec<u8>, Vec<Repair>)> {
    let body = &saved.capture.body;
    if encoding::readable(&saved.capture.headers, body) != body {
        return None;
    }
    let findings = validation::fixable(&Notification::read(body).ok()?, levels);
    if findings.is_empty() {
        return None;
    }
    let body_repaired = validation::repair(body, &findings);
    let text = match saved.body_offset {
        Some(offset) => {
            let (before, rest) = item.text.split_at_checked(offset)?;
            let after = rest.get(body.len()..)?;
            [before, &body_repaired, after].concat()
        }
        None => with_encoded(&item.text, &body_repaired)?,
    };
    let start = saved
        .body_offset
        .map(|offset| Start::of(&item.text, item.line, offset));
    let repairs = findings.into_iter();
    let repairs = repairs.filter_map(|finding| repair(finding, body, start.as_ref(), item.line));
    Some((text, repairs.collect()))
}

/// The text of a capture with another body in base64.
fn with_encoded(text: &Bytes, body: &[u8]) -> Option<Vec<u8>> {
    let capture = Notification::read(text).ok()?;
    let document: &Document<'_> = capture.document();
    let encoded = Spot::value(capture.root().get("body_base64")?);
    let value = format!("\"{}\"", STANDARD.encode(body));
    let mark = text.get(..capture.byte_order_mark())?;
    let edited = edit(document, vec![(encoded, value)]);
    Some([mark, edited.as_bytes()].concat())
}

/// What is told of the repair that a finding offers. `start` is where the body begins in the file.
fn repair(finding: Diagnostic, body: &[u8], start: Option<&Start>, line: u64) -> Option<Repair> {
    let (fix, mut place) = (finding.fix?, finding.place?);
    let mut record = None;
    match start {
        Some(start) => start.shift(&mut place),
        None if !body.trim_ascii_end().contains(&b'\n') => {
            place.line = usize::try_from(line).unwrap_or(usize::MAX);
        }
        None => record = Some(line),
    }
    Some(Repair {
        line: place.line,
        column: place.column,
        code: finding.code.into(),
        from: String::from_utf8_lossy(body.get(fix.span)?).into_owned(),
        to: fix.text,
        decoded: start.is_none(),
        record,
        ..Repair::default()
    })
}

fn no_longer_covered(label: &str, captures: u64, dry_run: bool) -> Warning {
    let whose = match captures {
        1 => "a capture".to_owned(),
        _ => format!("{captures} captures"),
    };
    let covers = if dry_run {
        "would no longer cover"
    } else {
        "no longer covers"
    };
    Warning {
        code: "signature-outdated",
        message: format!("the signature of {whose} in `{label}` {covers} the body"),
        hints: vec![
            "`syncfy-hooks sign` makes another; the headers of the capture were left as they are"
                .into(),
        ],
    }
}
