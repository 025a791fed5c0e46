//! The operands that name where notifications are read from.

use std::path::PathBuf;

use clap::Args;

use super::history_source::HistorySourceArgs;
use crate::commands::notifications::Origin;
use crate::domain::notification::EventFilter;
use crate::files::Source;
use crate::report::Report;
use crate::world::World;

/// Where notifications are read from.
#[derive(Args, Clone, Debug)]
pub(super) struct SourceArgs {
    /// A file with a notification, a capture or one of them per line; a folder of such files; `-` for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    history: HistorySourceArgs,
}

impl SourceArgs {
    /// The events that are meant.
    pub(super) fn events(&self) -> Result<EventFilter, Report> {
        self.history.events()
    }

    /// Where they are. Without an operand and what tells of the history that is standard input, unless a person would
    /// have to type it.
    pub(super) fn resolve(self, after: Option<u64>, world: &World) -> Result<Origin, Report> {
        if let Some(origin) = self.history.resolve(after, world)? {
            return Ok(origin);
        }
        if self.paths.is_empty() && world.stdin_is_terminal {
            return Err(Report::new("usage", "nothing to read: no file was named")
                .hint("name a file or a folder, or pipe a notification in; `--last` takes the newest of the history"));
        }
        Ok(Origin::Files(if self.paths.is_empty() {
            vec![Source::Stdin]
        } else {
            self.paths.into_iter().map(source).collect()
        }))
    }
}

/// Where an optional operand or the options say. Without them that is standard input, unless a person would have to
/// type.
pub(super) fn one(
    path: Option<PathBuf>,
    history: HistorySourceArgs,
    world: &World,
) -> Result<Origin, Report> {
    if let Some(origin) = history.resolve(None, world)? {
        return Ok(origin);
    }
    match path {
        Some(path) => Ok(Origin::Files(vec![source(path)])),
        None if world.stdin_is_terminal => Err(Report::new(
            "usage",
            "nothing to read: no file was named",
        )
        .hint("name a file, or pipe a notification in; `--last` takes the newest of the history")),
        None => Ok(Origin::Files(vec![Source::Stdin])),
    }
}

/// Refuses to read two things from standard input. Each reader comes with whether it does.
pub(super) fn share_stdin(readers: &[(&str, bool)]) -> Result<(), Report> {
    let names: Vec<&str> = readers
        .iter()
        .filter(|(_, reads)| *reads)
        .map(|(name, _)| *name)
        .collect();
    if names.len() < 2 {
        return Ok(());
    }
    let message = format!(
        "standard input can only be one thing, and is to be {}",
        names.join(" and ")
    );
    Err(Report::new("usage", message).hint("name files for all but one of them"))
}

/// The source that an operand names.
pub(super) fn source(path: PathBuf) -> Source {
    if path.as_os_str() == "-" {
        Source::Stdin
    } else {
        Source::Path(path)
    }
}
