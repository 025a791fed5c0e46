//! The command line: what was typed. The only place that knows clap.
//!
//! Each command has a file with its `XArgs` and `resolve`, which makes the command's options of them.

mod completions;
mod config;
mod doctor;
mod environment;
mod forward;
mod global;
mod harden;
mod history;
mod history_source;
mod key;
mod keys;
mod levels;
mod listen;
mod man;
mod replay;
mod schema;
mod selection;
mod settings;
mod sign;
mod signature;
mod sources;
mod stop;
mod store;
mod stub;
mod trigger;
mod tunnel;
mod validate;
mod values;
mod veil;
mod verify;

pub use clap::builder::StyledStr;
use clap::error::{ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub use self::completions::CompletionsArgs;
pub use self::doctor::DoctorArgs;
pub use self::global::GlobalArgs;
pub use self::harden::HardenArgs;
pub use self::history::HistoryCommand;
pub use self::key::KeyCommand;
pub use self::listen::ListenArgs;
pub use self::man::ManArgs;
pub use self::replay::ReplayArgs;
pub use self::schema::SchemaArgs;
pub use self::sign::SignArgs;
pub use self::trigger::{TriggerArgs, Triggering};
pub use self::validate::ValidateArgs;
pub use self::veil::veiled;
pub use self::verify::{VerifyArgs, Verifying};
use crate::domain::signature::looks_like_a_key;
use crate::report::Report;
use crate::ui::{self, one_line};
use crate::world::World;

/// Receive, verify, validate, forward, replay and sign Syncfy Webhooks V3 on your own machine.
///
/// Works offline, without an account. Every option can also be set by an environment variable
/// (`SYNCFY_HOOKS_` and its name in capitals, such as `SYNCFY_HOOKS_FORWARD_TO`) or in `syncfy-hooks.toml`.
#[derive(Debug, Parser)]
#[command(
    name = "syncfy-hooks",
    bin_name = "syncfy-hooks",
    version,
    arg_required_else_help = true,
    after_help = "Examples:
  syncfy-hooks listen --demo                    see it work in one command
  syncfy-hooks listen --forward-to 3000         receive, show, and pass on to your app
  syncfy-hooks replay captures --to 3000        send saved notifications again
  syncfy-hooks trigger sync-success --to 3000   synthetic notifications, as a bank would cause them
  syncfy-hooks validate notification.json       check a notification
  syncfy-hooks sign notification.json           make the JWT for it
  syncfy-hooks verify capture.json              check the JWT of a saved one
  syncfy-hooks harden 3000/webhooks             does your endpoint stand attacks?
  syncfy-hooks history list --since 2h          what arrived lately

Exit status: 0 yes · 1 no (invalid, refused, unmet) · 2 could not · 124 timed out · 130 interrupted twice"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive notifications: verify, validate, show, save and forward them
    Listen(Box<ListenArgs>),
    /// Send saved notifications again, byte for byte
    Replay(Box<ReplayArgs>),
    /// Make a synthetic event or a whole scenario, and send or print it
    Trigger(Box<TriggerArgs>),
    /// Sign a notification: make the JWT that Syncfy would send with it
    Sign(SignArgs),
    /// Check the signature of a notification, and explain the verdict
    Verify(VerifyArgs),
    /// Make or inspect a JWT key
    #[command(subcommand)]
    Key(KeyCommand),
    /// Check notifications, and say what is wrong and where
    Validate(ValidateArgs),
    /// Attack your own endpoint with bad signatures and odd inputs, and report what it does not stand
    Harden(Box<HardenArgs>),
    /// List, show, export and prune the notifications that were kept
    #[command(subcommand)]
    History(HistoryCommand),
    /// Print the JSON Schema of a notification or its TypeScript definitions, or compare what two recordings show
    Schema(SchemaArgs),
    /// Check port, key, clock, history, targets and tunnel, and say what to mend
    Doctor(Box<DoctorArgs>),
    /// Print the completion script for a shell
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
}

/// How reading the command line ended, where there is nothing left to do.
pub enum Early {
    /// Help or the version, for standard output.
    Print(StyledStr),
    /// Help, for standard error: there was no command.
    Help(StyledStr),
    /// The command line is wrong.
    Usage(Report),
}

/// The whole command line as clap sees it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// The same without the command `help`, which would have a copy of every command below it.
fn described() -> clap::Command {
    command().disable_help_subcommand(true)
}

/// Reads the arguments, the environment and the configuration files, in this order of precedence.
///
/// # Errors
///
/// When help was asked for, or when something cannot be understood.
pub fn parse(world: &World) -> Result<Cli, Early> {
    let mut command = command();
    // Only then every command has the options that are for all.
    command.build();
    let typed = command
        .clone()
        .try_get_matches_from(&world.args)
        .map_err(early)?;
    let settings = settings::untyped(&command, &typed, world).map_err(Early::Usage)?;
    if settings.are_none() {
        return Cli::from_arg_matches(&typed).map_err(early);
    }
    let matches = command
        .try_get_matches_from(settings.insert_into(&world.args))
        .map_err(|error| settings.blame(error))?;
    Cli::from_arg_matches(&matches).map_err(early)
}

/// How errors are to be shown when the command line itself cannot be read.
#[must_use]
pub fn output_before_parsing(world: &World, streams: &ui::Streams) -> ui::Options {
    GlobalArgs::guess(world).output(&world.env, streams)
}

/// Options that count only where they are typed, because they show a secret, change or lose a file, or allow an attack.
const TYPED_ONLY: [&str; 4] = ["fix", "force", "i-own-this-host", "reveal"];

fn early(error: clap::Error) -> Early {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Early::Help(error.render());
    }
    if error.use_stderr() {
        Early::Usage(usage(error))
    } else {
        Early::Print(error.render())
    }
}

/// Escapes the line breaks of what was typed: those that are left are clap's. A key is not repeated at all.
fn escape(error: &mut clap::Error) {
    let contexts: Vec<_> = error
        .context()
        .map(|(kind, value)| (kind, value.clone()))
        .collect();
    for (kind, value) in contexts {
        let is_split = |text: &StyledStr| text.to_string().contains(char::is_control);
        let escaped = match value {
            ContextValue::String(text) if looks_like_a_key(&text) => {
                ContextValue::String(veil::VEIL.to_owned())
            }
            ContextValue::String(text) => ContextValue::String(one_line(&text, false).into()),
            // A suggestion that cannot be typed is of no use.
            ContextValue::StyledStrs(texts) if texts.iter().any(is_split) => ContextValue::None,
            other => other,
        };
        error.insert(kind, escaped);
    }
}

/// clap's message in our words: one sentence, and the rest as hints.
fn usage(mut error: clap::Error) -> Report {
    escape(&mut error);
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    let mut paragraphs = text.split("\n\n");
    let message: Vec<&str> = paragraphs
        .next()
        .unwrap_or_default()
        .lines()
        .map(str::trim)
        .collect();
    let mut report = Report::new("usage", message.join(" "));
    for paragraph in paragraphs {
        for line in paragraph
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            let line = line.strip_prefix("tip: ").unwrap_or(line);
            let line = line
                .strip_prefix("For more information, try '--help'.")
                .map_or(line, |_| "try `--help`");
            let is_sentence = !line.ends_with("..");
            report = report.hint(
                line.strip_suffix('.')
                    .filter(|_| is_sentence)
                    .unwrap_or(line),
            );
        }
    }
    report
}

/// The command line for what is wrong: as much as can be read of it counts.
fn lenient() -> clap::Command {
    described()
        .ignore_errors(true)
        .subcommand_required(false)
        .arg_required_else_help(false)
        .disable_help_flag(true)
        .disable_version_flag(true)
}
