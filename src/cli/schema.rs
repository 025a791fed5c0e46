//! `schema`: what is printed or compared.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::global::{FormatArg, formats};
use super::sources::{share_stdin, source};
use crate::commands::schema::{Options, diff};
use crate::files::Source;
use crate::report::Report;

/// What `--format` takes here.
const FORMATS: [FormatArg; 2] = [FormatArg::JsonSchema, FormatArg::Typescript];

/// The arguments of `schema`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks schema > syncfy-notification.schema.json
  syncfy-hooks schema --format typescript > src/syncfy.ts
  syncfy-hooks schema diff january/ june/        what has changed in between

A schema cannot say all that `syncfy-hooks validate` checks, such as that ids agree, nor why.")]
pub struct SchemaArgs {
    /// What is printed (default: `json-schema`)
    #[arg(long, value_name = "FORMAT", value_parser = formats(&FORMATS, &FormatArg::EVERYWHERE))]
    format: Option<FormatArg>,

    /// What to do in place of printing it.
    #[command(subcommand)]
    command: Option<SchemaCommand>,
}

impl SchemaArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When two recordings that are to be compared should both come from standard input, or be shown as a schema.
    pub fn resolve(self) -> Result<Options, Report> {
        Ok(match (self.command, self.format) {
            (Some(SchemaCommand::Diff(_)), Some(format)) if FORMATS.contains(&format) => {
                return Err(Report::new("usage", "a comparison is no schema")
                    .hint("use `--format` with `pretty`, `compact` or `json`"));
            }
            (Some(SchemaCommand::Diff(args)), _) => Options::Diff(args.resolve()?),
            (None, Some(FormatArg::Typescript)) => Options::Typescript,
            (None, _) => Options::JsonSchema,
        })
    }
}

/// The commands below `schema`.
#[derive(Debug, Subcommand)]
enum SchemaCommand {
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
struct DiffArgs {
    /// A recording: a file with a notification, a capture or one of them per line; a folder; `-` for standard input
    #[arg(value_name = "BEFORE")]
    before: PathBuf,

    /// The recording to compare it with
    #[arg(value_name = "AFTER")]
    after: PathBuf,

    /// How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise
    #[arg(long, value_name = "FORMAT", value_parser = formats(&FormatArg::EVERYWHERE, &[]))]
    format: Option<FormatArg>,
}

impl DiffArgs {
    fn resolve(self) -> Result<diff::Options, Report> {
        // What `--format` says is read with the global options.
        let Self {
            before,
            after,
            format: _,
        } = self;
        let (before, after) = (source(before), source(after));
        let reads_stdin = |source: &Source| *source == Source::Stdin;
        share_stdin(&[
            ("the recording before", reads_stdin(&before)),
            ("the one after", reads_stdin(&after)),
        ])?;
        Ok(diff::Options { before, after })
    }
}
