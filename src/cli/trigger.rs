//! `trigger`: what was typed, and what it means.

use std::time::Duration;

use clap::builder::ArgPredicate;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::forward::ForwardArgs;
use super::keys::KeyArgs;
use super::replay::{factor, pace};
use super::sources::share_stdin;
use super::values;
use crate::commands::delivery::{self, Timing};
use crate::commands::trigger::{Form, Name, Options, Output, PayloadSource};
use crate::domain::chaos::Trouble;
use crate::domain::notification::Environment;
use crate::domain::notification::amend::{Change, Path};
use crate::domain::route::Route;
use crate::domain::scenario::Plot;
use crate::domain::target::Target;
use crate::report::Report;
use crate::world::Env;

/// Where a command of `--as curl` posts to.
const SHOWN_TARGET: &str = "http://127.0.0.1:4000";

/// The arguments of `trigger`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Args, Debug)]
#[command(
    mut_arg("retries", |arg| arg.default_value("0")),
    mut_arg("concurrency", |arg| arg
        .default_value("1")
        .default_value_if("chaos", ArgPredicate::IsPresent, "64")
        .help("How many requests may be under way to each target at once; with 1 they arrive in order [with `--chaos`: 64]")
        .hide_default_value(true)),
    after_help = "Examples:
  syncfy-hooks trigger documents.success                       print one
  syncfy-hooks trigger credentials.created --to 3000 --key-file syncfy.jwk
                                                               sign it, and send it to your app
  syncfy-hooks trigger sync-success --to 3000 --speed 1x       a whole run in the pace of a real one
  syncfy-hooks trigger sync-success --to 3000 --chaos all      twice, late, in another order, at once, or never
  syncfy-hooks trigger documents.fail --set payload.id_site=null --unset payload.id_job
  syncfy-hooks trigger refresh --v1                            as Webhooks V1 had it
  syncfy-hooks trigger mine.toml --seed 7                      a scenario of your own, the same bytes every time
  syncfy-hooks trigger --list

What is made is signed wherever there is a key. Without `--to` it is printed: one on a terminal is indented, else
each is a line.

Exit status: 0 all were answered with 2xx · 1 one was not, or a repeat was answered differently · 2 not reached, or
nothing could be made")]
pub struct TriggerArgs {
    /// An event, a scenario, or a file with a scenario that ends in `.toml`
    #[arg(value_name = "NAME", required_unless_present = "list")]
    name: Option<String>,

    /// Print every event and every scenario there is
    #[arg(long, conflicts_with = "name")]
    list: bool,

    /// Send to this target; may be given more than once
    ///
    /// `3000`, `:3000/path`, `host/path`, a whole URL, `/path` on the host of the first target, or `GLOB=TARGET` for
    /// the events that match.
    #[arg(short = 't', long, value_name = "[GLOB=]TARGET")]
    to: Vec<String>,

    /// Put a value at a dotted path of each event, such as `payload.id_site`, or from the root, such as `rid` or
    /// `events.0.payload`; it is JSON where it parses as JSON, else a string; may be given more than once
    #[arg(long, value_name = "PATH=VALUE", value_parser = Change::parse_set)]
    set: Vec<Change>,

    /// Take out what is at a dotted path; may be given more than once
    #[arg(long, value_name = "PATH", value_parser = Path::parse)]
    unset: Vec<Path>,

    /// Take the payload of the event from this file, or from standard input
    #[arg(long, value_name = "FILE|-")]
    data: Option<String>,

    /// Open the notification in your editor first (`VISUAL`, else `EDITOR`)
    #[arg(long)]
    edit: bool,

    /// The environment of the events
    #[arg(long, value_name = "ENVIRONMENT", default_value = "sandbox", value_parser = values::one_of(&Environment::ALL, Environment::name))]
    environment: Environment,

    /// Make it so many times, each with ids of its own
    #[arg(long, value_name = "N", default_value = "1", value_parser = values::number::<1, { u64::MAX }>)]
    count: u64,

    /// Put so many events into one notification
    #[arg(long, value_name = "N", default_value = "1", value_parser = values::number::<1, 10_000>)]
    batch: u64,

    /// Make a notification of Webhooks V1: `credential_create`, `credential_update`, `refresh`, `documents_completed`
    #[arg(long)]
    v1: bool,

    /// Make the same ids and times, and the same chaos, for the same number
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// When the first notification happens: RFC 3339 or Unix seconds (default: so long ago that the last one happens
    /// now; with `--seed` a fixed time)
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    at: Option<Timestamp>,

    #[command(flatten)]
    keys: KeyArgs,

    /// What to print: the body, a capture that `verify` and `replay` read, or a command that posts it
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<FormArg>,

    /// Go so many times as fast as the gaps of the scenario: `10x`, `1x` or `0.5x`
    #[arg(long, value_name = "N", default_value = "10x", value_parser = factor)]
    speed: f64,

    /// Send at most so many notifications, whatever the gaps: `50` or `50/s` per second, `10/m` per minute, `1/h` per hour
    #[arg(long, value_name = "N/s", value_parser = pace)]
    rate: Option<Duration>,

    /// Deliver as a network does: `duplicates`, `reorder`, `delay`, `burst`, `drop`, several with commas, or `all`
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = trouble)]
    chaos: Vec<ChaosArg>,

    /// Stop at the first delivery that fails
    #[arg(long)]
    fail_fast: bool,

    #[command(flatten)]
    forward: ForwardArgs,
}

/// A value of `--chaos`.
#[derive(Clone, Copy, Debug)]
enum ChaosArg {
    All,
    One(Trouble),
}

/// `--as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormArg {
    /// The bytes of the notification
    Body,
    /// A capture on one line
    Capture,
    /// A curl command for any POSIX shell
    Curl,
}

/// What was asked for.
pub enum Triggering {
    /// What there is.
    List,
    /// Something to make.
    Make(Box<Options>),
}

/// A time that the first four bytes of an id can hold.
fn moment(text: &str) -> Result<Timestamp, String> {
    let at = values::time(text)?;
    if u32::try_from(at.as_second()).is_ok() {
        Ok(at)
    } else {
        Err("ids hold the times from 1970 to 2106-02-07 only".into())
    }
}

impl TriggerArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When a target cannot be understood, or two options contradict each other.
    pub fn resolve(self, env: &Env) -> Result<Triggering, Report> {
        let Some(name) = self.name.clone() else {
            return Ok(Triggering::List);
        };
        let name = named(name);
        self.refuse_contradictions(&name)?;
        let keys = self.keys.resolve(env);
        let payload = self.data.map(|data| match data.as_str() {
            "-" => PayloadSource::Stdin,
            _ => PayloadSource::File(data.into()),
        });
        share_stdin(&[
            ("the payload", matches!(payload, Some(PayloadSource::Stdin))),
            ("the key", keys.use_stdin()),
        ])?;
        let unset = self.unset.into_iter().map(Change::Unset);
        let output = match self.form {
            None if self.to.is_empty() => Output::Print(Form::Body),
            None => Output::Send {
                delivery: delivery::Options {
                    routes: Route::parse_all(self.to.iter().map(String::as_str))?.into(),
                    send: self.forward.resolve(),
                    timing: self
                        .rate
                        .map_or(Timing::AsRecorded(self.speed), Timing::Every),
                    fail_fast: self.fail_fast,
                },
                chaos: troubles(&self.chaos),
            },
            Some(FormArg::Body) => Output::Print(Form::Body),
            Some(FormArg::Capture) => Output::Print(Form::Capture),
            Some(FormArg::Curl) => {
                let target = self.to.first().map_or(SHOWN_TARGET, String::as_str);
                Output::Print(Form::Curl(Target::parse(target, None)?.url("/")))
            }
        };
        Ok(Triggering::Make(Box::new(Options {
            name,
            plot: Plot {
                changes: self.set.into_iter().chain(unset).collect(),
                environment: self.environment,
                count: self.count,
                batch: usize::try_from(self.batch).unwrap_or(usize::MAX),
                is_v1: self.v1,
                ..Plot::default()
            },
            payload,
            seed: self.seed,
            at: self.at,
            editor: self.edit.then(|| editor(env)),
            keys,
            output,
        })))
    }

    fn refuse_contradictions(&self, name: &Name) -> Result<(), Report> {
        let usage = |message: &str, hint: &str| Err(Report::new("usage", message).hint(hint));
        if self.v1 && self.batch > 1 {
            return usage("V1 has no batches", "leave out `--batch`, or `--v1`");
        }
        if !self.chaos.is_empty() && (self.to.is_empty() || self.form.is_some()) {
            return usage(
                "`--chaos` is what happens on the way to a target",
                "add `--to 3000`",
            );
        }
        if self.data.is_some() && matches!(name, Name::File(_)) {
            return usage(
                "a scenario makes its own payloads",
                "change them with `--set`, or in the file",
            );
        }
        Ok(())
    }
}

/// What a name stands for: whatever looks like a file is one.
fn named(name: String) -> Name {
    let is_file = std::path::Path::new(&name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_file || name.contains(['/', '\\']) {
        Name::File(name.into())
    } else {
        Name::Known(name)
    }
}

fn editor(env: &Env) -> String {
    let named = ["VISUAL", "EDITOR"].iter().find_map(|name| env.get(name));
    named.map_or_else(
        || "vi".into(),
        |editor| editor.to_string_lossy().into_owned(),
    )
}

fn trouble(text: &str) -> Result<ChaosArg, String> {
    if text == "all" {
        return Ok(ChaosArg::All);
    }
    let trouble = text.parse().map(ChaosArg::One);
    trouble.map_err(|error: crate::domain::chaos::UnknownTrouble| error.to_string())
}

fn troubles(chaos: &[ChaosArg]) -> Vec<Trouble> {
    let named = |trouble: &Trouble| {
        let is_named = |arg: &ChaosArg| match arg {
            ChaosArg::All => true,
            ChaosArg::One(one) => one == trouble,
        };
        chaos.iter().any(is_named)
    };
    Trouble::ALL.into_iter().filter(named).collect()
}
