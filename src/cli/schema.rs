//! `schema`: what is printed or compared.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::sources::{share_stdin, source};
use crate::commands::schema::diff;
use crate::files::Source;
use crate::report::Report;

/// The arguments of `schema`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks schema > syncfy-notification.schema.json
  syncfy-hooks schema diff january/ june/        what has changed in between

A schema cannot say all that `syncfy-hooks validate` checks, such as that ids agree, nor why.")]
pub struct SchemaArgs {
    /// What to do in place of printing it.
    #[command(subcommand)]
    pub command: Option<SchemaCommand>,
}

/// The commands below `schema`.
#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// Compare what two recordings show: events, fields, types, versions
    Diff(DiffArgs),
}

/// The arguments of `schema diff`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks schema diff january.ndjson june.ndjson
  syncfy-hooks history export --since 1d | syncfy-hooks schema diff captures/ -
  syncfy-hooks schema diff --json a.ndjson b.ndjson | jq -r .path

What a recording shows is all that is known of it: an event that did not happen is told as gone,
and a field that is there by chance as one that is always there.

Exit status: 0 the same · 1 they differ · 2 unreadable, or no notification in one of them")]
pub struct DiffArgs {
    /// A recording: a file with a notification, a capture or one of them per line; a folder; `-` for standard input
    #[arg(value_name = "BEFORE")]
    before: PathBuf,

    /// The recording to compare it with
    #[arg(value_name = "AFTER")]
    after: PathBuf,
}

impl DiffArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When both recordings are to come from standard input.
    pub fn resolve(self) -> Result<diff::Options, Report> {
        let (before, after) = (source(self.before), source(self.after));
        let reads_stdin = |source: &Source| *source == Source::Stdin;
        share_stdin(&[
            ("the recording before", reads_stdin(&before)),
            ("the one after", reads_stdin(&after)),
        ])?;
        Ok(diff::Options { before, after })
    }
}
