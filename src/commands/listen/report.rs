//! `--junit`: the report that is written at the end, however that comes.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Typed;
use super::dispatcher::End;
use crate::commands::task;
use crate::domain::activity::{Arrived, Conclusion, Summary};
use crate::files;
use crate::report::Report;
use crate::ui;

/// A report that is still to be written.
pub(super) struct RunReport {
    path: PathBuf,
    within: Option<String>,
}

impl RunReport {
    /// Makes sure that it can be written, rather than to find out at the end.
    pub(super) fn prepare(path: PathBuf, within: Option<&Typed<Duration>>) -> Result<Self, Report> {
        files::probe_file(&path).map_err(|error| failed(&path, &error))?;
        Ok(Self {
            path,
            within: within.map(|within| within.text.clone()),
        })
    }

    /// Writes it whole or not at all. Listening has ended so; `None` for a second signal.
    pub(super) async fn write(
        self,
        summary: &Summary,
        arrived: Vec<Arrived>,
        end: Option<End>,
    ) -> Result<(), Report> {
        let ran_out = end == Some(End::TimedOut);
        let conclusion = Conclusion {
            requirements: summary.expectations.clone(),
            within: self.within.map(|within| (within, ran_out)),
            end: match end {
                Some(End::Over) => "stopped by its own conditions",
                Some(End::TimedOut) => "stopped when time ran out",
                Some(End::Signal) => "stopped by a signal",
                Some(End::TunnelLost) => "stopped because the tunnel was lost",
                Some(End::OutputClosed) => "stopped because standard output was closed",
                None => "stopped at once by a second signal",
            },
            arrived,
            received: summary.received,
        };
        let text = ui::junit_of_run(&conclusion);
        let path = self.path.clone();
        // A pipe takes nothing until somebody reads it, and a signal must be able to end that.
        let write = tokio::task::spawn_blocking(move || files::write(&path, text.as_bytes()));
        let written = task::outcome(write.await);
        written.map_or(Ok(()), |written| {
            written.map_err(|error| failed(&self.path, &error))
        })
    }
}

fn failed(path: &Path, error: &io::Error) -> Report {
    let name = path.display();
    let message = format!("cannot write the report `{name}`: {error}");
    Report::new("write-failed", message)
}
