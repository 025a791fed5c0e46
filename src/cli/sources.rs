//! The operands that name where notifications are read from.

use std::path::PathBuf;

use clap::Args;

use crate::files::Source;
use crate::report::Report;
use crate::world::World;

/// Where notifications are read from.
#[derive(Args, Clone, Debug)]
pub struct SourceArgs {
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

/// The source that an operand names.
pub(super) fn source(path: PathBuf) -> Source {
    if path.as_os_str() == "-" {
        Source::Stdin
    } else {
        Source::Path(path)
    }
}
