//! `validate`: checks notifications, and says what is wrong and where.

mod check;
mod checker;
mod fix;
mod rules;
mod sequence;
mod start;
mod subject;
mod workers;

pub use self::check::Checking;
pub use self::rules::named;
pub use self::sequence::Sequence;
use super::Context;
use super::notifications::Origin;
use crate::domain::validation::Levels;
use crate::exit::ExitStatus;
use crate::files::Source;
use crate::report::Report;

/// What to do.
pub enum Options {
    /// Check notifications.
    Check(Origin, Checking),
    /// Repair what is mechanical, and check what is left.
    Fix {
        /// The files, folders or standard input.
        sources: Vec<Source>,
        /// Whether nothing is written, and only what would be is told.
        dry_run: bool,
        /// How what is left is checked.
        then: Checking,
    },
    /// Check the order of notifications.
    Sequence(Sequence),
    /// Print the page of a rule.
    Explain {
        /// Its code or name.
        rule: String,
        /// How bad what it finds is.
        levels: Levels,
    },
    /// Print a line for each rule, and how bad what it finds is.
    ListRules(Levels),
}

/// Checks notifications, repairs them, or tells about rules.
///
/// # Errors
///
/// When there is no such rule or no history, or standard output cannot be written. A source that cannot be read is reported, and the
/// others are checked all the same.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    match options {
        Options::Check(origin, options) => check::check(origin.locate(None)?, options, context),
        Options::Fix {
            sources,
            dry_run,
            then,
        } => fix::fix(&sources, dry_run, then, context),
        Options::Sequence(options) => sequence::check(options, context),
        Options::Explain { rule, levels } => rules::explain(&rule, &levels, context),
        Options::ListRules(levels) => rules::list(&levels, context),
    }
}
