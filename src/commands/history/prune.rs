//! `history prune`: takes old notifications out.

use crate::commands::{Context, Location};
use crate::domain::activity::{Activity, Pruned, Warning};
use crate::domain::explain::Explain as _;
use crate::domain::record::Retention;
use crate::exit::ExitStatus;
use crate::report::Report;
use crate::store::{Plan, Pruner};

/// What to take out.
pub struct Options {
    /// Where the history is.
    pub store: Location,
    /// What may go.
    pub retention: Retention,
    /// Whether nothing is to be taken out.
    pub is_rehearsal: bool,
}

/// Takes out what may go, in small steps, so that whoever else uses the history does not wait. Each of them is whole:
/// wherever this is interrupted, the history is consistent.
///
/// # Errors
///
/// When there is no history, or it cannot be written to.
pub fn run(options: &Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let path = &options.store.path;
    let mut pruner = if options.is_rehearsal {
        Pruner::rehearse(path)?
    } else {
        Pruner::open(path)?
    };
    let Plan { ids, kept, waiting } = pruner.plan(&options.retention, context.clock.now())?;
    if !options.is_rehearsal && !ids.is_empty() {
        pruner.remove(&ids)?;
        if let Err(error) = pruner.shrink() {
            context.ui.caution(Warning {
                code: "store-not-shrunk",
                message: format!("the room that was freed was not given back: {error}"),
                hints: error.hints(),
            })?;
        }
    }
    context.ui.show(&Activity::Pruned(Pruned {
        removed: ids.len() as u64,
        kept,
        waiting,
        dry_run: options.is_rehearsal,
    }))?;
    Ok(ExitStatus::Yes)
}
