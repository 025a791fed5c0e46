//! `history show`: all that is known of one notification.

use std::sync::Arc;

use crate::commands::{Context, Location};
use crate::domain::activity::{Activity, Recorded, RecordedAttempt};
use crate::domain::encoding;
use crate::domain::record::Reference;
use crate::domain::validation;
use crate::exit::ExitStatus;
use crate::report::Report;
use crate::store::History;

/// What to show.
pub struct Options {
    /// Where the history is.
    pub store: Location,
    /// Which notification is meant.
    pub reference: Reference,
    /// What is hidden.
    pub is_redacted: bool,
}

/// Shows a notification: the request, what was found out about it, and what became of its deliveries.
///
/// # Errors
///
/// When there is no history or no such notification, or standard output cannot be written.
pub fn run(options: &Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let history = History::open(&options.store.path)?;
    let id = history.find(&options.reference)?;
    let (mut record, mut capture) = history.record(id)?;
    let mut attempts = history.attempts(id)?;
    if options.is_redacted {
        let redactor = super::redactor(&history)?;
        for (_, attempt) in &mut attempts {
            *attempt = redactor.attempt(attempt, &capture);
        }
        record = redactor.record(&record);
        capture = redactor.capture(&capture);
    }
    // The rules may have changed since, and their findings are not kept.
    let readable = encoding::readable(&capture.headers, &capture.body);
    let diagnostics = validation::judge(&readable).diagnostics;
    let attempt = |(delivery, attempt)| RecordedAttempt { delivery, attempt };
    context.ui.show(&Activity::Recorded(Box::new(Recorded {
        record,
        diagnostics,
        capture: Arc::new(capture),
        attempts: attempts.into_iter().map(attempt).collect(),
        readable,
    })))?;
    Ok(ExitStatus::Yes)
}
