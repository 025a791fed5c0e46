//! `schema`: prints the shape of a notification, for the tools of others, or compares what recordings show of it.

pub mod diff;

use super::Context;
use crate::domain::validation::{schema, typescript};
use crate::exit::ExitStatus;
use crate::report::Report;

/// What to do.
pub enum Options {
    /// Print a JSON Schema.
    JsonSchema,
    /// Print TypeScript definitions.
    Typescript,
    /// Compare two recordings.
    Diff(diff::Options),
}

/// Prints the schema, or compares.
///
/// # Errors
///
/// When standard output cannot be written, or a recording cannot be read.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    match options {
        Options::JsonSchema => context.ui.data(schema().as_bytes())?,
        Options::Typescript => context.ui.data(typescript().as_bytes())?,
        Options::Diff(options) => return diff::run(options, context),
    }
    Ok(ExitStatus::Yes)
}
