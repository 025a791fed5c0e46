//! `validate`: checks notifications, and says what is wrong and where.

mod check;
mod fix;
mod rules;

use self::fix::Fixer;
use super::Context;
use super::notifications::{Notifications, Origin};
use crate::domain::activity::Activity;
use crate::domain::notification::EventFilter;
use crate::exit::ExitStatus;
use crate::files::Source;
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
    /// Repair what is mechanical, and check what is left.
    Fix {
        /// The files, folders or standard input.
        sources: Vec<Source>,
        /// The events whose notifications are repaired and checked.
        events: EventFilter,
        /// Whether warnings count as errors.
        strict: bool,
        /// Whether nothing is written, and only what would be is told.
        dry_run: bool,
    },
    /// Print the page of the rule with this code or name.
    Explain(String),
    /// Print a line for each rule.
    ListRules,
}

/// Checks notifications, repairs them, or tells about rules.
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
        Options::Fix {
            sources,
            events,
            strict,
            dry_run,
        } => {
            let fixer = Fixer {
                events,
                dry_run: *dry_run,
                context,
            };
            let outcome = fixer.run(sources)?;
            outcome.pass_on(&mut context.ui)?;
            if outcome.has_failed && outcome.sources.is_empty() {
                context.ui.end_report()?;
                return Ok(ExitStatus::CouldNot);
            }
            context.ui.show(&Activity::Fixed(outcome.fixed))?;
            let answer = if *dry_run {
                ExitStatus::answer(outcome.fixed.fixed == 0)
            } else {
                let left = Notifications::Files(outcome.sources.clone());
                check::check(left, events, *strict, context)?
            };
            Ok(if outcome.has_failed {
                ExitStatus::CouldNot
            } else {
                answer
            })
        }
        Options::Explain(name) => rules::explain(name, context),
        Options::ListRules => rules::list(context),
    }
}
