//! `validate`: checks notifications, and says what is wrong and where.

mod check;
mod rules;
mod sequence;
mod subject;

use super::Context;
use super::notifications::Origin;
use crate::domain::notification::EventFilter;
use crate::domain::validation::{Diagnostic, Severity};
use crate::exit::ExitStatus;
use crate::report::Report;

/// What to do.
pub enum Options {
    /// Check notifications.
    Check {
        /// Where they are read from.
        origin: Origin,
        /// The events that are checked.
        events: EventFilter,
        /// Whether warnings count as errors.
        strict: bool,
    },
    /// Check the order of notifications.
    Sequence {
        /// Where they are read from.
        origin: Origin,
        /// The events that are checked.
        events: EventFilter,
        /// Whether warnings count as errors.
        strict: bool,
    },
    /// Print the page of the rule with this code or name.
    Explain(String),
    /// Print a line for each rule.
    ListRules,
}

/// Checks notifications, or tells about rules.
///
/// # Errors
///
/// When there is no such rule or no history, or standard output cannot be written. A source that cannot be read is reported, and the
/// others are checked all the same.
pub fn run(options: &Options, context: &mut Context) -> Result<ExitStatus, Report> {
    match options {
        Options::Check {
            origin,
            events,
            strict,
        } => {
            let notifications = origin.clone().locate(None)?;
            check::check(notifications, events, *strict, context)
        }
        Options::Sequence {
            origin,
            events,
            strict,
        } => {
            let notifications = origin.clone().locate(None)?;
            sequence::check(notifications, events, *strict, context)
        }
        Options::Explain(name) => rules::explain(name, context),
        Options::ListRules => rules::list(context),
    }
}

/// How bad findings are, as the user wants it.
fn weigh(diagnostics: &mut [Diagnostic], strict: bool) {
    for diagnostic in diagnostics {
        if strict && diagnostic.severity == Severity::Warning {
            diagnostic.severity = Severity::Error;
        }
    }
}
