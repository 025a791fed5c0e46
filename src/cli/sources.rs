//! The operands that name where notifications are read from.

use std::path::PathBuf;

use clap::Args;

use crate::files::Source;
use crate::report::Report;
use crate::world::World;

/// Where notifications are read from.
#[derive(Args, Clone, Debug)]
pub(super) struct SourceArgs {
    /// A file with a notification, a capture or one of them per line; a folder of such files; `-` for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl SourceArgs {
    /// The sources. Without an operand that is standard input, unless a person would have to type it.
    pub(super) fn resolve(self, world: &World) -> Result<Vec<Source>, Report> {
        if self.paths.is_empty() && world.stdin_is_terminal {
            return Err(Report::new("usage", "nothing to read: no file was named")
                .hint("name a file or a folder, or pipe a notification in"));
        }
        Ok(if self.paths.is_empty() {
            vec![Source::Stdin]
        } else {
            self.paths.into_iter().map(source).collect()
        })
    }
}

/// The one source that an optional operand names. Without it that is standard input, unless a person would have to type.
pub(super) fn one(path: Option<PathBuf>, world: &World) -> Result<Source, Report> {
    match path {
        Some(path) => Ok(source(path)),
        None if world.stdin_is_terminal => {
            Err(Report::new("usage", "nothing to read: no file was named")
                .hint("name a file, or pipe a notification in"))
        }
        None => Ok(Source::Stdin),
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
