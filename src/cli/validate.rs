//! `validate`: what was typed, and what it means.

use std::num::{NonZeroU64, NonZeroUsize};
use std::thread;

use clap::Args;

use super::global::{FormatArg, formats};
use super::levels::LevelArgs;
use super::sources::SourceArgs;
use crate::commands::notifications::Origin;
use crate::commands::validate::{Checking, Options, Sequence};
use crate::report::Report;
use crate::world::World;

/// The formats of findings, besides those that every command has.
const REPORTS: [FormatArg; 3] = [FormatArg::Github, FormatArg::Sarif, FormatArg::Junit];

/// All that `--format` takes.
const FORMATS: [FormatArg; 6] = [
    FormatArg::Pretty,
    FormatArg::Compact,
    FormatArg::Json,
    FormatArg::Github,
    FormatArg::Sarif,
    FormatArg::Junit,
];

/// The arguments of `validate`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks validate notification.json     check one notification
  syncfy-hooks validate captures/             check every capture in a folder
  syncfy-hooks validate --last 10             the newest of the history
  pbpaste | syncfy-hooks validate             check what you copied
  syncfy-hooks validate --strict tests/*.json fail on warnings too, as in CI
  syncfy-hooks validate --sequence --since 1d check the order of events
  syncfy-hooks validate --strict --allow unknown-event tests/*.json
  syncfy-hooks validate --format github captures/ annotate a pull request
  syncfy-hooks validate --format sarif captures/ > validate.sarif
  syncfy-hooks validate --fix --dry-run captures/ what could be repaired; without `--dry-run` it is
  syncfy-hooks validate --explain SH103       what a finding means, what to do
  syncfy-hooks validate --json all.ndjson | jq -c 'select(.valid | not)'

`sarif` and `junit` are one document each, written at the end: findings are held until then, and
what was checked is not.

Exit status: 0 all valid · 1 one is not, or there was none · 2 unreadable")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ValidateArgs {
    #[command(flatten)]
    sources: SourceArgs,

    /// Check the order of all notifications together in place of each by itself: what is missing, comes twice, comes too
    /// early or never ends
    ///
    /// The order is that of arrival, so files are to be named in that order. A folder is read in order of `received_at`
    /// where every file in it is a capture that has one, and by name otherwise. With `--events`, what is left out counts
    /// as missing.
    #[arg(long, conflicts_with_all = ["explain", "list_rules", "fix"])]
    sequence: bool,

    #[command(flatten)]
    levels: LevelArgs,

    /// Repair in place what is mechanical, and check what is left: standard input goes to standard output
    #[arg(long, conflicts_with_all = ["explain", "list_rules"])]
    fix: bool,

    /// Only say what `--fix` would change; ends with 1 if there is anything
    #[arg(long, requires = "fix")]
    dry_run: bool,

    /// How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise
    #[arg(long, value_name = "FORMAT", value_parser = formats(&FORMATS, &[]))]
    format: Option<FormatArg>,

    /// Stop after so many errors
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_errors: Option<u64>,

    /// Check on so many threads: as many as there are cores, unless told otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    threads: Option<u16>,

    /// Print the manual page of a rule, named by its code or its name
    #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "list_rules", "last", "id", "since", "until"])]
    explain: Option<String>,

    /// Print every rule: its code, severity, name, and what it finds
    #[arg(long, conflicts_with_all = ["paths", "last", "id", "since", "until"])]
    list_rules: bool,
}

/// More threads would only wait for each other.
const MOST_THREADS: i64 = 1024;

impl ValidateArgs {
    /// As many as were asked for, or as there are cores. Where the system does not tell, one does it all.
    fn threads(&self) -> NonZeroUsize {
        let asked = self.threads.map(usize::from).and_then(NonZeroUsize::new);
        asked
            .or_else(|| thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN)
    }

    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When nothing was named to be checked, and nobody but a person could type it; when rules are to be shown in a
    /// format that is for findings alone.
    pub fn resolve(self, world: &World) -> Result<Options, Report> {
        let is_about_rules = self.explain.is_some() || self.list_rules;
        if is_about_rules && self.format.is_some_and(|format| REPORTS.contains(&format)) {
            return Err(
                Report::new("usage", "a rule cannot be shown in a format for findings")
                    .hint("use `--format` with `pretty`, `compact` or `json`"),
            );
        }
        let levels = self.levels.resolve()?;
        if let Some(rule) = self.explain {
            return Ok(Options::Explain { rule, levels });
        }
        if self.list_rules {
            return Ok(Options::ListRules(levels));
        }
        if self.dry_run && self.format.is_some_and(|format| REPORTS.contains(&format)) {
            return Err(
                Report::new("usage", "a repair cannot be shown in a format for findings")
                    .hint("use `--format` with `pretty`, `compact` or `json`"),
            );
        }
        let threads = self.threads();
        let (events, origin) = (self.sources.events()?, self.sources.resolve(None, world)?);
        if self.sequence {
            return Ok(Options::Sequence(Sequence {
                origin,
                events,
                levels,
                max_errors: self.max_errors.and_then(NonZeroU64::new),
            }));
        }
        let checking = Checking {
            events,
            levels,
            threads,
            max_errors: self.max_errors.and_then(NonZeroU64::new),
        };
        match (self.fix, origin) {
            (false, origin) => Ok(Options::Check(origin, checking)),
            (true, Origin::Files(sources)) => Ok(Options::Fix {
                sources,
                dry_run: self.dry_run,
                then: checking,
            }),
            (true, Origin::History(..)) => Err(Report::new(
                "usage",
                "`--fix` changes files, and what the history holds is never changed",
            )
            .hint("`syncfy-hooks history export` writes files that can be repaired")),
        }
    }
}
