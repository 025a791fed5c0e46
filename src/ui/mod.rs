//! The two output streams, and how activities look on them. Nothing else in the program prints.
//!
//! Standard output carries data only; standard error carries the banner, hints and errors.

mod body;
mod json;
mod listen;
mod outlet;
mod progress;
mod replay;
mod sanitize;
mod style;

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

pub use self::outlet::{Outlet, Printer};
pub use self::progress::Progress;
use self::style::{Role, Style};
use crate::domain::activity::Activity;
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
}

/// What the user asked of the output.
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

/// The streams themselves, and what is known of them.
pub struct Streams {
    /// Where data goes.
    pub stdout: Box<dyn Write + Send>,
    /// Where all else goes.
    pub stderr: Box<dyn Write + Send>,
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
}

impl Stream {
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
    width: usize,
    progress: Option<Progress>,
    stdout: BufWriter<Box<dyn Write + Send>>,
    stderr: Box<dyn Write + Send>,
}

/// Whoever read standard output has gone, or it cannot be written for another reason.
#[derive(Debug)]
pub struct OutputError(io::Error);

impl From<OutputError> for Report {
    fn from(OutputError(error): OutputError) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
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
        Self {
            options,
            out: Stream {
                style: Style::new(options.color_stdout),
                is_terminal: stdout_is_terminal,
            },
            err: Stream {
                style: Style::new(options.color_stderr),
                is_terminal: stderr_is_terminal,
            },
            width,
            progress: None,
            stdout: BufWriter::with_capacity(64 * 1024, stdout),
            stderr,
        }
    }

    /// An output that goes nowhere, for where the real one is elsewhere.
    #[must_use]
    pub fn silent() -> Self {
        let options = Options {
            format: Format::Compact,
            quiet: true,
            verbose: false,
            color_stdout: false,
            color_stderr: false,
        };
        let streams = Streams {
            stdout: Box::new(io::sink()),
            stderr: Box::new(io::sink()),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            width: 0,
        };
        Self::new(options, streams)
    }

    /// How activities are shown.
    #[must_use]
    pub fn format(&self) -> Format {
        self.options.format
    }

    /// Shows an activity. It may stay in a buffer until `flush`.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn show(&mut self, activity: &Activity) -> Result<(), OutputError> {
        self.show_as(self.options.format, activity)
    }

    fn show_as(&mut self, format: Format, activity: &Activity) -> Result<(), OutputError> {
        if format == Format::Json {
            return self.data(&json::line(activity, self.out.is_terminal));
        }
        let detailed = format == Format::Pretty;
        match activity {
            Activity::Ready(ready) => {
                self.note(&listen::banner(ready, self.err));
                Ok(())
            }
            Activity::Notification(arrival) => {
                let mut text = listen::arrival(arrival, self.out);
                if detailed {
                    text += &listen::details(arrival, self.out, self.options.verbose);
                }
                self.data(text.as_bytes())?;
                self.hints_if(detailed, &arrival.hints)
            }
            Activity::Delivery(attempt) => {
                self.data(listen::attempt(attempt, self.out).as_bytes())?;
                self.hints_if(detailed, &attempt.hints)
            }
            Activity::Warning(warning) => self.warn(&warning.message, &warning.hints),
            Activity::Summary(summary) => {
                self.flush()?;
                self.note(&listen::summary(summary, self.err));
                Ok(())
            }
            Activity::Request(request) => {
                let text = replay::request(request, self.out, detailed);
                self.data(text.as_bytes())
            }
            Activity::Watching(watching) => {
                self.flush()?;
                self.note(&replay::watching(watching, self.err));
                Ok(())
            }
            Activity::Replayed(summary) => {
                self.flush()?;
                self.note(&replay::summary(summary, self.err));
                Ok(())
            }
            Activity::Validation(_) | Activity::Verification(_) => Ok(()),
        }
    }

    /// Begins to show how far something that takes long has come, on a terminal.
    pub fn progress(&mut self) -> Progress {
        let Options { format, quiet, .. } = self.options;
        let is_wanted = self.err.is_terminal && format != Format::Json && !quiet;
        let progress = Progress::new(is_wanted);
        self.progress = Some(progress.clone());
        progress
    }

    /// Whether an activity is shown. While a person watches the progress of many deliveries, only failures are.
    fn wants(&self, activity: &Activity) -> bool {
        let is_routine =
            matches!(activity, Activity::Delivery(attempt) if attempt.outcome.is_success());
        let is_watched = self.options.format == Format::Pretty
            && self.progress.as_ref().is_some_and(Progress::is_shown);
        !(is_routine && is_watched)
    }

    /// Writes while no progress is on the screen.
    fn beside_progress<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        match self.progress.clone() {
            Some(progress) => progress.suspend(|| write(self)),
            None => write(self),
        }
    }

    /// Writes exact bytes to standard output.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn data(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.stdout.write_all(bytes).map_err(OutputError)
    }

    /// Hands everything to the operating system.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        self.stdout.flush().map_err(OutputError)
    }

    /// Tells a person something, line by line, that is not data. Silent with `--quiet` and in JSON.
    pub fn note(&mut self, text: &str) {
        if self.options.format != Format::Json && !self.options.quiet {
            self.aside(text);
        }
    }

    /// Warns: a line and its hints, which `--quiet` silences.
    fn warn(&mut self, message: &str, hints: &[String]) -> Result<(), OutputError> {
        self.flush()?;
        let label = self.err.style.paint(Role::Warn, "warning:");
        let text = format!(
            "{label} {}\n{}",
            self.err.foreign(message),
            self.hint_lines(hints)
        );
        self.note(&text);
        Ok(())
    }

    fn hints_if(&mut self, wanted: bool, hints: &[String]) -> Result<(), OutputError> {
        if wanted && !hints.is_empty() && !self.options.quiet {
            self.flush()?;
            let text = self.hint_lines(hints);
            self.note(&text);
        }
        Ok(())
    }

    /// Renders a failure, once, on standard error.
    pub fn error(&mut self, report: &Report) {
        // The failure itself is what matters now.
        let _ = self.flush();
        let Report::Failure { message, hints, .. } = report else {
            return;
        };
        if self.options.format == Format::Json {
            let line = json::error(report, self.err.is_terminal).unwrap_or_default();
            // There is no other place to say that standard error is closed.
            let _ = self.stderr.write_all(&line);
            return;
        }
        let label = self.err.style.paint(Role::Bad, "error:");
        let mut text = format!("{label} {}\n", sanitize::block(message));
        if !hints.is_empty() {
            text += "\n";
            text += &self.hint_lines(hints);
        }
        self.aside(&text);
    }

    fn hint_lines(&self, hints: &[String]) -> String {
        let label = self.err.style.paint(Role::Strong, "hint:");
        hints
            .iter()
            .map(|hint| format!("{label} {}\n", self.err.foreign(hint)))
            .collect()
    }

    fn aside(&mut self, text: &str) {
        // There is no other place to say that standard error is closed.
        let _ = self
            .stderr
            .write_all(text.as_bytes())
            .and_then(|()| self.stderr.flush());
    }
}
