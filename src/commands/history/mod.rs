//! `history`: lists, shows, exports and prunes what was kept.

pub mod export;
pub mod list;
pub mod prune;
pub mod show;

use crate::domain::record::Query;
use crate::domain::redact::Redactor;
use crate::report::Report;
use crate::store::{History, Order};

/// What hides what is private, in the same way whenever this history is asked.
fn redactor(history: &History) -> Result<Redactor, Report> {
    Ok(Redactor::new(history.salt()?))
}

/// What to say where no notification is meant.
fn nothing(history: &History) -> Result<&'static str, Report> {
    let everything = Query::default();
    let first = history.records(&everything, Order::NewestFirst).next();
    Ok(match first.transpose()? {
        Some(_) => "No notification in the history matches\n",
        None => "The history is empty\n",
    })
}
