//! `validate`: what was typed, and what it means.

use clap::Args;

use super::sources::SourceArgs;
use crate::commands::validate::Options;
use crate::report::Report;
use crate::world::World;

/// The arguments of `validate`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks validate notification.json     check one notification
  syncfy-hooks validate captures/             check every capture in a folder
  syncfy-hooks validate --last 10             the newest of the history
  pbpaste | syncfy-hooks validate             check what you copied
  syncfy-hooks validate --strict tests/*.json fail on warnings too, as in CI
  syncfy-hooks validate --explain SH103       what a finding means, what to do
  syncfy-hooks validate --json all.ndjson | jq -c 'select(.valid | not)'

Exit status: 0 all valid · 1 one is not, or there was none · 2 unreadable")]
pub struct ValidateArgs {
    #[command(flatten)]
    sources: SourceArgs,

    /// Count warnings as errors
    #[arg(long)]
    strict: bool,

    /// Print the manual page of a rule, named by its code or its name
    #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "list_rules", "last", "id", "since", "until"])]
    explain: Option<String>,

    /// Print every rule: its code, severity, name, and what it finds
    #[arg(long, conflicts_with_all = ["paths", "last", "id", "since", "until"])]
    list_rules: bool,
}

impl ValidateArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When nothing was named to be checked, and nobody but a person could type it.
    pub fn resolve(self, world: &World) -> Result<Options, Report> {
        if let Some(rule) = self.explain {
            return Ok(Options::Explain(rule));
        }
        if self.list_rules {
            return Ok(Options::ListRules);
        }
        Ok(Options::Check {
            events: self.sources.events()?,
            origin: self.sources.resolve(None, world)?,
            strict: self.strict,
        })
    }
}
