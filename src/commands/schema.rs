//! `schema`: prints the shape of a notification, for the tools of others.

use super::Context;
use crate::domain::validation::{schema, typescript};
use crate::exit::ExitStatus;
use crate::report::Report;

/// What to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Options {
    /// A JSON Schema.
    JsonSchema,
    /// TypeScript definitions.
    Typescript,
}

/// Prints the schema.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    match options {
        Options::JsonSchema => context.ui.data(schema().as_bytes())?,
        Options::Typescript => context.ui.data(typescript().as_bytes())?,
    }
    Ok(ExitStatus::Yes)
}
