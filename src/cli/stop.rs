//! When `listen` stops, what it insists on, and how it reports that.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values;
use crate::commands::listen::{Expectation, Stop, Typed};
use crate::report::Report;

/// When to stop, and what has to be so for the answer to be yes.
#[derive(Args, Debug)]
pub(super) struct StopArgs {
    /// Stop after one notification
    #[arg(long, conflicts_with = "count")]
    once: bool,

    /// Stop after this many notifications
    #[arg(long, value_name = "N", value_parser = values::number::<1, { u64::MAX }>)]
    count: Option<u64>,

    /// Expect this many events that match (1 unless told); stop when all were received, exit 1 if that never happens
    #[arg(long, value_name = "GLOB[=N]", value_parser = expectation)]
    expect: Vec<Expectation>,

    /// Stop with exit status 124 when this time has passed
    #[arg(long, value_name = "DURATION", value_parser = typed_duration)]
    within: Option<Typed<Duration>>,

    /// Exit 1 at the end if a target has not answered each attempt within this time
    ///
    /// An attempt that fails was not answered in time, nor was what has not come to its end when listening ends. How long
    /// a target may take (`--timeout`), and when to stop, are not changed by it.
    #[arg(long, value_name = "DURATION", value_parser = allowance)]
    max_reply: Option<Typed<Duration>>,

    /// Warn when nothing has arrived for this time, and exit 1 at the end
    ///
    /// It is told once, and again when something has come in between. Whatever arrives counts, also what is refused or
    /// left out. This ends nothing: `--within` does.
    #[arg(long, value_name = "DURATION", value_parser = allowance)]
    max_silence: Option<Typed<Duration>>,

    /// Write a JUnit report of what was expected into this file at the end, however that comes
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl StopArgs {
    /// The file that takes the report.
    pub(super) fn junit(&self) -> Option<PathBuf> {
        self.junit.clone()
    }

    /// What the command has to know, where there is a target or there is none.
    ///
    /// # Errors
    ///
    /// When an option is about what there is not.
    pub(super) fn resolve(self, has_target: bool) -> Result<Stop, Report> {
        if self.max_reply.is_some() && !has_target {
            let message = "`--max-reply` limits the time of a target, and none was given";
            return Err(Report::new("usage", message).hint("add `--forward-to 3000`"));
        }
        let counted = |text: String, value| Typed { text, value };
        let count = self
            .count
            .map(|count| counted(format!("--count {count}"), count));
        let stop = Stop {
            count: if self.once {
                Some(counted("--once".into(), 1))
            } else {
                count
            },
            expect: self.expect,
            within: self.within,
            max_reply: self.max_reply,
            max_silence: self.max_silence,
        };
        if self.junit.is_some() && !stop.asks_for_something() {
            let message = "`--junit` reports what was asked for, and nothing was";
            let hint = "add `--expect GLOB`, `--count N`, `--max-reply 2s`, `--max-silence 30s` or `--within 60s`";
            return Err(Report::new("usage", message).hint(hint));
        }
        Ok(stop)
    }
}

fn expectation(text: &str) -> Result<Expectation, String> {
    Expectation::parse(text).map_err(|error| error.to_string())
}

fn typed_duration(text: &str) -> Result<Typed<Duration>, String> {
    Ok(Typed {
        text: text.to_owned(),
        value: values::duration(text)?,
    })
}

/// A time that something is given. None at all would ask for what cannot be.
fn allowance(text: &str) -> Result<Typed<Duration>, String> {
    typed_duration(text).and_then(|typed| match typed.value {
        Duration::ZERO => Err("a duration above zero is needed here".into()),
        _ => Ok(typed),
    })
}
