//! The commands: each a free function over its resolved options and a `Context`. None of them prints or reads the
//! environment; they report activities.

pub mod delivery;
pub mod doctor;
pub mod harden;
pub mod history;
pub mod key;
pub mod keys;
pub mod listen;
pub mod man;
pub mod notifications;
pub mod replay;
pub mod schema;
pub mod send;
pub mod sign;
pub mod snippet;
mod task;
pub mod trigger;
pub mod validate;
pub mod verify;

use crate::clock::Clock;
use crate::exit::ExitStatus;
use crate::report::Report;
pub use crate::store::{Durability, Location};
pub use crate::tunnel::{Remote, Ssh};
use crate::ui::Ui;

/// What every command may touch.
pub struct Context {
    /// The output.
    pub ui: Ui,
    /// The clock.
    pub clock: Clock,
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
