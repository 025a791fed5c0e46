//! `validate`: checks notifications, and says what is wrong and where.

mod check;
mod checker;
mod rules;
mod sequence;
mod subject;
mod workers;

pub use self::check::Check;
pub use self::rules::named;
pub use self::sequence::Sequence;
use super::Context;
use crate::domain::validation::Levels;
use crate::exit::ExitStatus;
use crate::report::Report;

/// What to do.
pub enum Options {
    /// Check notifications.
    Check(Check),
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

/// Checks notifications, or tells about rules.
///
/// # Errors
///
/// When there is no such rule or no history, or standard output cannot be written. A source that cannot be read is reported, and the
/// others are checked all the same.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    match options {
        Options::Check(options) => check::check(options, context),
        Options::Sequence(options) => sequence::check(options, context),
        Options::Explain { rule, levels } => rules::explain(&rule, &levels, context),
        Options::ListRules(levels) => rules::list(&levels, context),
    }
}
