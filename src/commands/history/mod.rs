//! `history`: lists, shows, exports and prunes what was kept.

pub mod export;
pub mod list;
pub mod prune;
pub mod show;

use crate::domain::record::Query;
use crate::domain::redact::Redactor;
use crate::report::Report;
use crate::store::{History, Order};

/// What is hidden of notifications that are to be shown to others.
pub struct Redaction {
    /// Headers that are secret besides those that are known to be.
    pub headers: Vec<String>,
}

impl Redaction {
    /// What hides it, in the same way whenever this history is asked.
    fn redactor(&self, history: &History) -> Result<Redactor, Report> {
        let redactor = Redactor::new(history.salt()?);
        Ok(redactor.hiding_headers(&self.headers))
    }
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
