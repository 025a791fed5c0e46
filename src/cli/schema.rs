//! `schema`: what was typed, and what it means.

use clap::Args;

use super::global::{FormatArg, formats};
use crate::commands::schema::Options;

/// What `--format` takes here.
const FORMATS: [FormatArg; 2] = [FormatArg::JsonSchema, FormatArg::Typescript];

/// The arguments of `schema`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks schema > syncfy-notification.schema.json
  syncfy-hooks schema --format typescript > src/syncfy.ts

A schema cannot say all that `syncfy-hooks validate` checks, such as that ids agree, nor why.")]
pub struct SchemaArgs {
    /// What is printed (default: `json-schema`)
    #[arg(long, value_name = "FORMAT", value_parser = formats(&FORMATS, &FormatArg::EVERYWHERE))]
    format: Option<FormatArg>,
}

impl SchemaArgs {
    /// The options of the command.
    #[must_use]
    pub fn resolve(&self) -> Options {
        match self.format {
            Some(FormatArg::Typescript) => Options::Typescript,
            _ => Options::JsonSchema,
        }
    }
}
