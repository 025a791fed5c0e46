//! The commands: each a free function over its resolved options and a `Context`. None of them prints or reads the
//! environment; they report activities.

pub mod history;
pub mod key;
pub mod keys;
pub mod listen;
pub mod man;
pub mod replay;
pub mod schema;
pub mod send;
pub mod sign;
mod task;
pub mod validate;
pub mod verify;

use crate::clock::Clock;
use crate::domain::capture::Saved;
use crate::exit::ExitStatus;
use crate::files::{Item, Source};
use crate::report::Report;
pub use crate::store::{Durability, Location};
use crate::ui::Ui;

/// What every command may touch.
pub struct Context {
    /// The output.
    pub ui: Ui,
    /// The clock.
    pub clock: Clock,
}

/// Reads what a source holds, and says which one it was where that fails.
fn saved(item: &Item) -> Result<Saved, Report> {
    Saved::read(&item.text)
        .map_err(|error| Report::from(error).about(&format!("cannot use `{}`", item.place())))
}

/// What to say of a source that can be read and holds nothing.
fn nothing_in(source: &Source) -> Report {
    let name = match source {
        Source::Stdin => "standard input".to_owned(),
        Source::Path(path) => format!("`{}`", path.display()),
    };
    Report::new(
        "source-empty",
        format!("there is no notification in {name}"),
    )
}

/// Runs a command that waits for the network, on one thread.
fn run_to_the_end(
    command: impl Future<Output = Result<ExitStatus, Report>>,
) -> Result<ExitStatus, Report> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Report::new("runtime-failed", format!("cannot start: {error}")))?;
    let result = runtime.block_on(command);
    // What did not end in time, such as a reader that waits for standard input, shall not hold up the end.
    runtime.shutdown_background();
    result
}
