//! `schema`: prints the JSON Schema of a notification.

pub mod diff;

use super::Context;
use crate::domain::validation::schema;
use crate::exit::ExitStatus;
use crate::report::Report;

/// Prints the schema.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn run(context: &mut Context) -> Result<ExitStatus, Report> {
    context.ui.data(schema().as_bytes())?;
    Ok(ExitStatus::Yes)
}
