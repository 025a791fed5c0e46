//! `history`: what was typed, and what it means.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::SignedDuration;

use super::global::{FormatArg, formats};
use super::selection::{FILTERS, SelectionArgs};
use super::store::StoreArgs;
use super::values;
use crate::commands::history::{export, list, prune, show};
use crate::domain::record::{Reference, Retention};
use crate::domain::target::Target;
use crate::report::Report;
use crate::world::World;

/// Where curl commands post to: where `listen` listens unless told otherwise.
const SHOWN_TARGET: &str = "http://127.0.0.1:4000";

/// So many are listed unless told otherwise.
const SHOWN: u64 = 50;

/// The commands below `history`.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// List notifications, the newest first
    List(ListArgs),
    /// Show all that is known of one notification
    Show(ShowArgs),
    /// Write notifications in a format that other tools read
    Export(Box<ExportArgs>),
    /// Take old notifications out of the history
    Prune(PruneArgs),
}

/// Whether something is hidden of notifications that are to be shown to others.
#[derive(Args, Debug)]
struct RedactionArgs {
    /// Put pseudonyms in the place of ids, and take secrets and all but the usual header fields out, to show it to others
    #[arg(long)]
    redact: bool,
}

/// The arguments of `history list`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks history list                                     the newest 50
  syncfy-hooks history list --since 2h -e 'documents.*'         documents of the last two hours
  syncfy-hooks history list --delivery failed --limit 10        what your app did not take
  syncfy-hooks history list --all --json | jq -r .rid           for a script

On a terminal it is a table, whose first thousand rows decide how wide the columns are. Elsewhere
each notification has a line. What is in brackets is its id, for `history show`.

Exit status: 0, also when nothing matches · 2 there is no history, or it cannot be read")]
pub struct ListArgs {
    /// List at most so many
    #[arg(long, value_name = "N", default_value_t = SHOWN, value_parser = values::number::<1, { u64::MAX }>)]
    limit: u64,

    /// List every one
    #[arg(long, conflicts_with = "limit")]
    all: bool,

    #[command(flatten)]
    selection: SelectionArgs,
}

impl ListArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When a pattern is not well formed, or nothing could ever match.
    pub fn resolve(self, world: &World) -> Result<list::Options, Report> {
        let (store, query) = self.selection.resolve(world)?;
        Ok(list::Options {
            store,
            query,
            limit: (!self.all).then_some(self.limit),
        })
    }
}

/// The arguments of `history show`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks history show 12                    by its number in the history
  syncfy-hooks history show 5f0e6c1a              by the beginning of its `rid` or of an `eid`
  syncfy-hooks history show 12 --redact           to paste into a bug report
  syncfy-hooks history show 12 --json | jq .attempts

The verdict on the signature is that of when it arrived; the payload is checked again by today's rules.

Exit status: 0 · 2 there is no such notification, or several")]
pub struct ShowArgs {
    /// The number of the notification, or the beginning of its `rid` or of the `eid` of one of its events
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    redaction: RedactionArgs,

    #[command(flatten)]
    store: StoreArgs,
}

impl ShowArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When no home folder tells where the history is.
    pub fn resolve(self) -> Result<show::Options, Report> {
        Ok(show::Options {
            store: self.store.resolve()?,
            reference: Reference::new(&self.id),
            is_redacted: self.redaction.redact,
        })
    }
}

/// The formats of `history export`.
const FORMS: [FormatArg; 5] = [
    FormatArg::Capture,
    FormatArg::Ndjson,
    FormatArg::Curl,
    FormatArg::Har,
    FormatArg::Hurl,
];

/// The arguments of `history export`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks history export --since 1d > captures.ndjson           for `replay` and `validate`
  syncfy-hooks history export 12 --format curl                       a command to paste
  syncfy-hooks history export 12 --format capture --output bug.json  one capture file
  syncfy-hooks history export --format capture --output captures     a folder with a file each
  syncfy-hooks history export --format har --output hooks.har        for browsers and proxies
  syncfy-hooks history export -e 'documents.*' --format hurl --redact > documents.hurl

The oldest comes first. With `--redact` the same id always becomes the same pseudonym, and what was
valid stays valid. The curl commands post to `http://127.0.0.1:4000`, where `listen` listens; a Hurl
file posts to its variable `target`.

Exit status: 0, also when nothing matches · 2 there is no history, or it cannot be read or written")]
pub struct ExportArgs {
    /// Numbers of notifications, or beginnings of a `rid` or `eid`
    #[arg(value_name = "ID", conflicts_with_all = FILTERS)]
    ids: Vec<String>,

    /// The same, as `replay` and others name it; may be given more than once
    #[arg(long, value_name = "ID", conflicts_with_all = FILTERS)]
    id: Vec<String>,

    /// The format to write [default: ndjson]
    #[arg(long = "as", value_name = "FORMAT", value_parser = formats(&FORMS, &[]))]
    form: Option<FormatArg>,

    /// The same as `--as`
    #[arg(long, value_name = "FORMAT", value_parser = formats(&FORMS, &FormatArg::EVERYWHERE))]
    format: Option<FormatArg>,

    /// Write into this file, readable by you alone, instead of to standard output; several captures into this folder
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Replace files that are there already
    #[arg(long, requires = "output")]
    force: bool,

    #[command(flatten)]
    redaction: RedactionArgs,

    #[command(flatten)]
    selection: SelectionArgs,
}

impl ExportArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When two formats are named, a pattern is not well formed, or nothing could ever match.
    pub fn resolve(self, world: &World) -> Result<export::Options, Report> {
        let own = |format: Option<FormatArg>| format.and_then(form);
        let form = match (own(self.form), own(self.format)) {
            (Some(one), Some(other)) if one != other => {
                return Err(
                    Report::new("usage", "`--as` and `--format` name two formats")
                        .hint("leave one of them out"),
                );
            }
            (one, other) => one.or(other).unwrap_or(export::Form::Ndjson),
        };
        let (store, query) = self.selection.resolve(world)?;
        Ok(export::Options {
            store,
            query,
            references: self
                .ids
                .iter()
                .chain(&self.id)
                .map(|id| Reference::new(id))
                .collect(),
            form,
            output: self.output.filter(|path| path.as_os_str() != "-"),
            replace: self.force,
            is_redacted: self.redaction.redact,
            target: Target::parse(SHOWN_TARGET, None)?,
        })
    }
}

/// The format of an export, where it is one.
fn form(format: FormatArg) -> Option<export::Form> {
    match format {
        FormatArg::Capture => Some(export::Form::Capture),
        FormatArg::Ndjson => Some(export::Form::Ndjson),
        FormatArg::Curl => Some(export::Form::Curl),
        FormatArg::Har => Some(export::Form::Har),
        FormatArg::Hurl => Some(export::Form::Hurl),
        _ => None,
    }
}

/// The arguments of `history prune`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks history prune --older-than 30d --dry-run         how many would go
  syncfy-hooks history prune --older-than 30d --keep 1000       what is old, but never one of the newest 1000
  syncfy-hooks history prune --keep 1000                        all but the newest 1000

What still waits to be delivered always stays. Interrupted, it leaves a history that is whole: what
was not taken out yet is still there.

Exit status: 0 · 2 there is no history, or it cannot be written to")]
pub struct PruneArgs {
    /// Take out what was received longer ago than this, such as `30d`, `2w` or `36h`
    #[arg(long, value_name = "AGE", value_parser = values::age)]
    older_than: Option<SignedDuration>,

    /// Keep the newest N, whatever their age
    #[arg(long, value_name = "N", value_parser = values::number::<0, { u64::MAX }>)]
    keep: Option<u64>,

    /// Say what would go, and take nothing out
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    store: StoreArgs,
}

impl PruneArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When nothing says what may go.
    pub fn resolve(self) -> Result<prune::Options, Report> {
        if self.older_than.is_none() && self.keep.is_none() {
            return Err(Report::new("usage", "nothing says what may go").hint(
                "add `--older-than 30d`, `--keep 1000` or both; with `--dry-run` to see how many that are",
            ));
        }
        Ok(prune::Options {
            store: self.store.resolve()?,
            retention: Retention {
                older_than: self.older_than,
                keep: self.keep.unwrap_or(0),
            },
            is_rehearsal: self.dry_run,
        })
    }
}
