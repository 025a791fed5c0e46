//! `replay`: what was typed, and what it means.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::forward::ForwardArgs;
use super::history_source::HEADING;
use super::keys::KeyArgs;
use super::sources::{SourceArgs, share_stdin};
use super::values;
use super::values::LONGEST;
use crate::commands::delivery::{self, Timing};
use crate::commands::notifications::Origin;
use crate::commands::replay::{Mode, Options};
use crate::domain::route::Route;
use crate::report::Report;
use crate::world::World;

/// Where requests that are only shown would go: where `listen` listens unless told otherwise.
const SHOWN_TARGET: &str = "http://127.0.0.1:4000";

/// The arguments of `replay`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Args, Debug)]
#[command(
    mut_arg("retries", |arg| arg.default_value("0")),
    mut_arg("concurrency", |arg| arg
        .default_value("1")
        .help("How many requests may be under way to each target at once; with 1 they arrive in order")),
    after_help = "Examples:
  syncfy-hooks replay captures --to 3000                   everything that `listen --save captures` kept
  syncfy-hooks replay --last 5 --to 3000                   the newest five of the history
  syncfy-hooks replay --since 2h -e 'documents.*' -t 3000 --speed 10x
                                                           ten times as fast as they came
  syncfy-hooks replay event.json --to 3000 --watch         again whenever the file is saved
  syncfy-hooks replay old.json --to 3000 --fresh --sign --key-file syncfy.jwk
                                                           as if Syncfy had sent it now
  syncfy-hooks replay a.ndjson -t 'documents.*=3000/docs' -t 4000
                                                           route by event name
  syncfy-hooks replay event.json --as curl                 the same as a command to paste into a bug report
  syncfy-hooks replay event.json --to 3000 --repeat 10000 --concurrency 64
                                                           a load test; slow it down with `--rate 50/s`

Method, path, query, headers and body are sent as they were recorded, the body to the byte. A notification
that is no capture is posted as `application/json`. What comes from the history is sent in order of arrival,
and its attempts are recorded there; one that was refused when it came is sent only where `--id` names it.

Exit status: 0 all were answered with 2xx · 1 one was not · 2 a target could not be reached"
)]
pub struct ReplayArgs {
    #[command(flatten)]
    sources: SourceArgs,

    /// Send to this target; may be given more than once
    ///
    /// `3000`, `:3000/path`, `host/path`, a whole URL, `/path` on the host of the first target, or `GLOB=TARGET` for
    /// the events that match (where a `?` is no wildcard: it begins a query). A target without a path is called with
    /// the recorded path.
    #[arg(short = 't', long, value_name = "[GLOB=]TARGET")]
    to: Vec<String>,

    /// Take what came behind the notification with this number
    #[arg(
        long,
        value_name = "ID",
        value_parser = values::number::<0, { i64::MAX as u64 }>,
        conflicts_with_all = ["paths", "id"],
        help_heading = HEADING
    )]
    after: Option<u64>,

    /// Give each notification a new `rid`, new `eid`s and a present time, so that your app does not take it for a repeat
    #[arg(long)]
    fresh: bool,

    /// Sign each notification with the JWT key, in place of the recorded signature
    #[arg(long)]
    sign: bool,

    #[command(flatten)]
    keys: KeyArgs,

    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Print a command that sends the same, and send nothing
    #[arg(
        long = "as",
        value_enum,
        value_name = "FORM",
        conflicts_with = "dry_run"
    )]
    form: Option<FormArg>,

    /// Send everything this many times
    #[arg(long, value_name = "N", default_value = "1", value_parser = values::number::<1, { u64::MAX }>)]
    repeat: u64,

    /// Send at most so many notifications: `50` or `50/s` per second, `10/m` per minute, `1/h` per hour
    #[arg(long, value_name = "N/s", value_parser = pace)]
    rate: Option<Duration>,

    /// Keep the gaps in which the notifications were received, but go so many times as fast: `10x`, `1x` or `0.5x`
    #[arg(long, value_name = "N", value_parser = factor, conflicts_with = "rate")]
    speed: Option<f64>,

    /// Send again whenever a file changes, until ^C
    #[arg(long, conflicts_with_all = ["dry_run", "form"])]
    watch: bool,

    /// Stop at the first delivery that fails
    #[arg(long)]
    fail_fast: bool,

    #[command(flatten)]
    forward: ForwardArgs,
}

/// `--as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormArg {
    /// A curl command for any POSIX shell
    Curl,
}

impl ReplayArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When there is no target, one cannot be understood, or two options contradict each other.
    pub fn resolve(self, world: &World) -> Result<Options, Report> {
        let mode = match (self.watch, self.dry_run, self.form) {
            (true, _, _) => Mode::Watch,
            (_, true, _) => Mode::Show,
            (_, _, Some(FormArg::Curl)) => Mode::Curl,
            _ => Mode::Send,
        };
        let mut to = self.to;
        if to.is_empty() {
            if matches!(mode, Mode::Send | Mode::Watch) {
                return Err(Report::new("usage", "no target was given")
                    .hint("add `--to 3000`, or see what would be sent with `--dry-run`"));
            }
            to.push(SHOWN_TARGET.into());
        }
        let routes = Route::parse_all(to.iter().map(String::as_str))?;
        let events = self.sources.events()?;
        let origin = self.sources.resolve(self.after, world)?;
        let keys = self.keys.resolve(&world.env);
        let reads_stdin = origin.reads_stdin();
        let unwatched = match origin {
            Origin::History(..) => Some("the history cannot be watched"),
            Origin::Files(_) => reads_stdin.then_some("standard input cannot be watched"),
        };
        if let Some(message) = unwatched.filter(|_| mode == Mode::Watch) {
            return Err(Report::new("usage", message).hint("name a file or a folder"));
        }
        share_stdin(&[
            ("the notifications", reads_stdin),
            ("the key", self.sign && keys.use_stdin()),
        ])?;
        let timing = match (self.rate, self.speed) {
            (Some(between), _) => Timing::Every(between),
            (None, Some(factor)) => Timing::AsRecorded(factor),
            (None, None) => Timing::AtOnce,
        };
        Ok(Options {
            origin,
            events,
            delivery: delivery::Options {
                routes: routes.into(),
                send: self.forward.resolve(),
                timing,
                fail_fast: self.fail_fast,
            },
            fresh: self.fresh,
            sign: self.sign,
            keys,
            repeat: self.repeat,
            mode,
        })
    }
}

/// The time between two notifications.
pub(super) fn pace(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_once('/').unwrap_or((text, "s"));
    let seconds = match unit {
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => f64::NAN,
    };
    number
        .parse::<f64>()
        .ok()
        .filter(|number| *number > 0.0)
        .and_then(|number| Duration::try_from_secs_f64(seconds / number).ok())
        .filter(|between| !between.is_zero() && *between <= LONGEST)
        .ok_or_else(|| "a rate is written `50`, `50/s`, `10/m` or `1/h`".into())
}

/// So many times as fast.
pub(super) fn factor(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('x').unwrap_or(text).parse::<f64>().ok();
    number
        .filter(|number| number.is_finite() && *number > 0.0)
        .ok_or_else(|| "a speed is written `10x`, `10` or `0.5x`".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds() {
        for (text, number) in [("10x", 10.0), ("10", 10.0), ("0.5x", 0.5), ("1x", 1.0)] {
            assert_eq!(factor(text), Ok(number), "{text}");
        }
        for text in ["", "x", "0", "0x", "-1x", "NaN", "inf", "10 x", "1xx"] {
            assert!(factor(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rates() {
        for (text, millis) in [
            ("50", 20),
            ("50/s", 20),
            ("10/m", 6000),
            ("0.5", 2000),
            ("1/h", 3_600_000),
        ] {
            assert_eq!(pace(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in [
            "", "0", "-1", "NaN", "inf", "1/", "1/d", "/s", "1e300", "1e-300", "1e-9",
        ] {
            assert!(pace(text).is_err(), "{text}");
        }
    }
}
