//! `history list`: what was kept, the newest first.

use crate::commands::{Context, Location};
use crate::domain::activity::Activity;
use crate::domain::record::Query;
use crate::exit::ExitStatus;
use crate::report::Report;
use crate::store::{History, Order};

/// What to list.
pub struct Options {
    /// Where the history is.
    pub store: Location,
    /// Which notifications are meant.
    pub query: Query,
    /// At most so many.
    pub limit: Option<u64>,
}

/// Lists notifications, one at a time: as many as there are, never more than a page of them is in memory.
///
/// # Errors
///
/// When there is no history, it cannot be read, or standard output cannot be written.
pub fn run(options: &Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let history = History::open(&options.store.path)?;
    let mut listed = 0;
    let mut has_more = false;
    for record in history.records(&options.query, Order::NewestFirst) {
        let record = record?;
        if options.limit == Some(listed) {
            has_more = true;
            break;
        }
        context.ui.show(&Activity::Record(Box::new(record)))?;
        listed += 1;
    }
    context.ui.flush()?;
    if listed == 0 {
        context.ui.note(super::nothing(&history)?);
    } else if has_more {
        let listed = match listed {
            1 => "Only the newest is listed".to_owned(),
            listed => format!("The newest {listed} are listed"),
        };
        context.ui.note(&format!(
            "{listed}; more with `--limit N`, all with `--all`\n"
        ));
    }
    Ok(ExitStatus::Yes)
}
