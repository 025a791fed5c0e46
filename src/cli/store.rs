//! The option that names the history.

use std::path::PathBuf;

use clap::Args;
use etcetera::BaseStrategy as _;

use crate::commands::Location;
use crate::report::Report;

/// Where the history is.
#[derive(Args, Clone, Debug)]
pub(super) struct StoreArgs {
    /// The file of the history [default: `syncfy-hooks/history.db` in the user's folder for state, such as
    /// `~/.local/state`]
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
}

impl StoreArgs {
    /// Where the history is: in the file that was named, or else in the user's folder for state.
    pub(super) fn resolve(self) -> Result<Location, Report> {
        if let Some(path) = self.store {
            return Ok(Location {
                path,
                is_default: false,
            });
        }
        let base = etcetera::choose_base_strategy().map_err(|_| {
            Report::new(
                "store-unopened",
                "there is no home folder that the history could be in",
            )
            .hint("name a file with `--store FILE`; `listen --no-store` keeps no history")
        })?;
        let folder = base.state_dir().unwrap_or_else(|| base.data_dir());
        Ok(Location {
            path: folder.join("syncfy-hooks/history.db"),
            is_default: true,
        })
    }

    /// Whether a file was named.
    pub(super) fn is_named(&self) -> bool {
        self.store.is_some()
    }
}
