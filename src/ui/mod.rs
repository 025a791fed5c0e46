//! The two output streams, and how activities look on them. Nothing else in the program prints.
//!
//! Standard output carries data only; standard error carries the banner, hints and errors.

mod body;
mod diagnostics;
mod doctor;
mod drift;
mod excerpt;
mod finding;
mod github;
mod harden;
mod history;
mod human;
mod json;
mod junit;
mod key;
mod listen;
mod outlet;
mod page;
mod picture;
mod progress;
mod record;
mod replay;
mod reporter;
mod requirements;
mod rules;
mod sanitize;
mod sarif;
mod sequence;
mod stub;
mod style;
mod trigger;
mod tunnel;
mod validate;
mod verification;
mod words;
mod wrap;
mod xml;

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use self::human::{Look, Memory, Shown};
pub(crate) use self::junit::of_run as junit_of_run;
pub(crate) use self::outlet::{Outlet, Pressure};
pub use self::progress::Progress;
use self::reporter::Reporter;
pub(crate) use self::sanitize::line as one_line;
use self::style::{Role, Style};
use crate::domain::activity::{Activity, CheckResult, Warning};
use crate::report::Report;

/// How activities are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person: lines, bodies, diagnostics with excerpts, hints.
    Pretty,
    /// One or two lines for each activity.
    Compact,
    /// One JSON object for each activity.
    Json,
    /// An annotation of a GitHub workflow for each finding.
    Github,
    /// One SARIF log of all findings.
    Sarif,
    /// One JUnit report of all notifications.
    Junit,
}

/// What the user asked of the output.
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How activities are shown.
    pub format: Format,
    /// Whether standard error is for errors alone.
    pub quiet: bool,
    /// Whether more is told than most want to know.
    pub verbose: bool,
    /// Whether standard output takes colours.
    pub color_stdout: bool,
    /// Whether standard error takes colours.
    pub color_stderr: bool,
}

/// An open stream.
pub type Writer = Box<dyn Write + Send>;

fn buffered(stream: Writer) -> BufWriter<Writer> {
    BufWriter::with_capacity(64 * 1024, stream)
}

/// The streams themselves, and what is known of them.
pub struct Streams {
    /// Where data goes.
    pub stdout: Writer,
    /// Where all else goes.
    pub stderr: Writer,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// The width of the terminal, in columns.
    pub width: usize,
}

/// One output stream as a renderer needs to know it.
#[derive(Clone, Copy)]
struct Stream {
    style: Style,
    is_terminal: bool,
    /// How wide a line may become, in columns.
    width: usize,
}

/// The width of what is no terminal.
const PAGE_WIDTH: usize = 120;

impl Stream {
    /// What a person calls a source of notifications, keys or tokens.
    fn source(self, source: &str) -> Cow<'_, str> {
        match source {
            "-" => Cow::Borrowed("<stdin>"),
            file => self.foreign(file),
        }
    }

    /// One line of foreign text, made safe for this stream.
    fn foreign(self, text: &str) -> Cow<'_, str> {
        sanitize::line(text, self.is_terminal)
    }
}

/// The output of the program.
pub struct Ui {
    options: Options,
    out: Stream,
    err: Stream,
    progress: Option<Progress>,
    memory: Memory,
    reporter: Option<Box<dyn Reporter>>,
    stdout: BufWriter<Writer>,
    stderr: Writer,
    last_hints: Vec<String>,
    /// Whether standard output is for what a command puts there itself.
    stdout_is_yielded: bool,
}

/// Whoever read standard output has gone, or it cannot be written for another reason.
#[derive(Debug)]
pub struct OutputError(io::Error);

/// A JSON text with a line for each value; one that is too long to be read stays as it is.
pub(crate) fn indented(text: &[u8]) -> String {
    if text.len() > body::LONGEST_SHOWN {
        return format!("{}\n", String::from_utf8_lossy(text));
    }
    body::render(text, finding::DOCUMENT, "")
}

impl From<OutputError> for Report {
    fn from(OutputError(error): OutputError) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(
                "output-closed",
                "standard output was closed before everything was written",
            ),
            _ => Self::new(
                "output-failed",
                format!("cannot write to standard output: {error}"),
            ),
        }
    }
}

impl Ui {
    /// The output over two streams.
    #[must_use]
    pub fn new(options: Options, streams: Streams) -> Self {
        let Streams {
            stdout,
            stderr,
            stdout_is_terminal,
            stderr_is_terminal,
            width,
        } = streams;
        let width_of = |is_terminal| if is_terminal { width } else { PAGE_WIDTH };
        Self {
            options,
            out: Stream {
                style: Style::new(options.color_stdout),
                is_terminal: stdout_is_terminal,
                width: width_of(stdout_is_terminal),
            },
            err: Stream {
                style: Style::new(options.color_stderr),
                is_terminal: stderr_is_terminal,
                width: width_of(stderr_is_terminal),
            },
            progress: None,
            memory: Memory::default(),
            reporter: reporter::of(options.format),
            stdout: buffered(stdout),
            stderr,
            last_hints: Vec::new(),
            stdout_is_yielded: false,
        }
    }

    /// How activities are shown.
    #[must_use]
    pub fn format(&self) -> Format {
        self.options.format
    }

    /// Of notifications in which nothing was found, so many at most are told of.
    #[must_use]
    pub fn confirmed(&self) -> usize {
        match self.options.format {
            Format::Json | Format::Junit => usize::MAX,
            Format::Pretty => validate::CONFIRMED + 1,
            Format::Compact | Format::Github | Format::Sarif => 0,
        }
    }

    /// Shows an activity. It may stay in a buffer until `flush`.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn show(&mut self, activity: &Activity) -> Result<(), OutputError> {
        self.show_as(self.options.format, activity)
    }

    /// Shows an activity in another format than the one that was asked for.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn show_as(&mut self, format: Format, activity: &Activity) -> Result<(), OutputError> {
        if format == Format::Json {
            return match activity {
                // The lines of these are what they found, and nothing else.
                Activity::Validated(_)
                | Activity::Fixed(_)
                | Activity::Sequenced(_)
                | Activity::Compared(_) => Ok(()),
                _ => self.data(&json::line(activity, self.out.is_terminal)),
            };
        }
        let is_routine =
            matches!(activity, Activity::Checked(checked) if checked.result != CheckResult::Fail);
        if self.report(activity)? || (is_routine && self.options.quiet) {
            return Ok(());
        }
        let shown = human::show(activity, &self.look(format), &mut self.memory);
        self.data(shown.data.as_bytes())?;
        if !shown.note.is_empty() {
            self.flush()?;
            self.note(&shown.note);
        }
        self.advise(&shown)
    }

    /// What renderers need to know of the output.
    fn look(&self, format: Format) -> Look {
        Look {
            out: self.out,
            err: self.err,
            is_detailed: format == Format::Pretty,
            is_verbose: self.options.verbose,
        }
    }

    /// Gives the hints that go with what was shown. The same advice twice in a row is noise.
    fn advise(&mut self, shown: &Shown<'_>) -> Result<(), OutputError> {
        if !shown.hints.is_empty() && self.last_hints != shown.hints {
            self.flush()?;
            let apart = if shown.sets_hints_apart { "\n" } else { "" };
            let text = format!("{apart}{}", human::hints(shown.hints, self.err));
            self.note(&text);
            shown.hints.clone_into(&mut self.last_hints);
        }
        Ok(())
    }

    /// Writes exact bytes to standard output.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn data(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        if self.stdout_is_yielded {
            return self.stderr.write_all(bytes).map_err(OutputError);
        }
        let stdout = &mut self.stdout;
        progress::aside(self.progress.as_ref(), || stdout.write_all(bytes)).map_err(OutputError)
    }

    /// Shows everything on standard error from here on, and leaves standard output to [`Ui::stdout_alone`].
    pub fn yield_stdout(&mut self) {
        self.stdout_is_yielded = true;
        self.out = self.err;
    }

    /// Writes exact bytes to the standard output that was yielded.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn stdout_alone(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.stdout.write_all(bytes).map_err(OutputError)
    }

    /// Writes a foreign text of several lines to standard output: a terminal gets it with everything escaped that could
    /// mislead it.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn foreign_text(&mut self, text: &[u8]) -> Result<(), OutputError> {
        if self.out.is_terminal {
            let text = String::from_utf8_lossy(text);
            self.data(sanitize::block(&text).as_bytes())
        } else {
            self.data(text)
        }
    }

    /// Hands everything to the operating system.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        let rows = self.memory.table.take(self.out);
        self.data(rows.as_bytes())?;
        let stdout = &mut self.stdout;
        progress::aside(self.progress.as_ref(), || stdout.flush()).map_err(OutputError)
    }

    /// The same where a person is watching; elsewhere it is cheaper to wait until there is more.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn flush_to_terminal(&mut self) -> Result<(), OutputError> {
        if self.out.is_terminal {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Tells a person something, line by line, that is not data. Silent with `--quiet` and in JSON.
    pub fn note(&mut self, text: &str) {
        if self.options.format != Format::Json && !self.options.quiet {
            self.aside(text);
        }
    }

    /// Puts other streams in the place of the real ones, and gives these back, with nothing left in a buffer.
    fn exchange(&mut self, stdout: Writer, stderr: Writer) -> (Writer, Writer) {
        // What cannot be written is told by whoever writes next.
        let _ = self.flush();
        let stdout = std::mem::replace(&mut self.stdout, buffered(stdout))
            .into_parts()
            .0;
        (stdout, std::mem::replace(&mut self.stderr, stderr))
    }

    /// Warns on standard error in every format, where standard output is for results alone.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn caution(&mut self, warning: Warning) -> Result<(), OutputError> {
        if self.options.format != Format::Json {
            return self.show(&Activity::Warning(warning));
        }
        if !self.options.quiet {
            let line = json::line(&Activity::Warning(warning), self.err.is_terminal);
            // There is no other place to say that standard error is closed.
            let _ = self.stderr.write_all(&line);
        }
        Ok(())
    }

    /// Renders a failure, once, on standard error.
    pub fn error(&mut self, report: &Report) {
        // The failure itself is what matters now.
        let _ = self.report_failure(report);
        let _ = self.flush();
        if self.options.format == Format::Json {
            let line = json::line(report, self.err.is_terminal);
            // There is no other place to say that standard error is closed.
            let _ = self.stderr.write_all(&line);
            return;
        }
        let label = self.err.style.paint(Role::Bad, "error:");
        let mut text = format!("{label} {}\n", self.err.foreign(&report.message));
        if !report.hints.is_empty() {
            text += "\n";
            text += &human::hints(&report.hints, self.err);
        }
        self.aside(&text);
    }

    fn aside(&mut self, text: &str) {
        let stderr = &mut self.stderr;
        // There is no other place to say that standard error is closed.
        let _ = progress::aside(self.progress.as_ref(), || {
            stderr
                .write_all(text.as_bytes())
                .and_then(|()| stderr.flush())
        });
    }
}
