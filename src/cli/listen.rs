//! `listen`: what was typed, and what it means.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use super::forward::ForwardArgs;
use super::signature::SignatureArgs;
use super::stop::StopArgs;
use super::store::StoreArgs;
use super::stub::StubArgs;
use super::tunnel::TunnelArgs;
use super::values;
use crate::commands::Durability;
use crate::commands::listen::{Duplicates, History, OnInvalid, Options, Reply};
use crate::domain::headers::Header;
use crate::domain::notification::{Environment, EventFilter};
use crate::domain::record::Retention;
use crate::domain::route::Route;
use crate::report::Report;
use crate::world::World;

/// The port that is listened on unless another is named.
pub(super) const DEFAULT_PORT: u16 = 4000;

/// The arguments of `listen`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks listen --demo                               see it work: sample events, signed with a throwaway key
  syncfy-hooks listen 3000 --key-file syncfy.jwk           verify, and pass on to http://localhost:3000
  syncfy-hooks listen -f 'documents.*=3000/docs' -f 8080   route by event name
  syncfy-hooks listen --save captures                      keep every notification as a file
  syncfy-hooks listen --json --once --within 30s           wait for one notification in a script
  syncfy-hooks listen --expect 'credentials.*=2' --expect documents.success --within 60s
  syncfy-hooks listen 3000 --key-file syncfy.jwk --tunnel cloudflared   get a public URL for the Syncfy dashboard
  syncfy-hooks listen 3000 --stub-api 4001                 let your app pull synthetic data from here
  syncfy-hooks listen 3000 --expect documents.success --within 60s --max-reply 2s --junit hooks.xml

While it runs, GET /healthz answers 200.")]
pub struct ListenArgs {
    /// Where to forward notifications: the same as `--forward-to`
    #[arg(value_name = "TARGET")]
    target: Option<String>,

    /// Forward notifications to this target; may be given more than once
    ///
    /// `3000`, `:3000/path`, `host/path`, a whole URL, `/path` on the host of the first target, or `GLOB=TARGET` for
    /// the events that match (where a `?` is no wildcard: it begins a query). A target without a path is called with
    /// the path that Syncfy called.
    #[arg(short = 'f', long, value_name = "[GLOB=]TARGET")]
    forward_to: Vec<String>,

    /// The address to listen on; port 0 picks a free one [default: 127.0.0.1:4000, with `--demo` a free port]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<SocketAddr>,

    /// Answer on this path only (default: on any path)
    #[arg(long, value_name = "PATH", value_parser = path)]
    path: Option<String>,

    /// Show and forward these events only: a glob such as `documents.*`, or with `!` in front those not to; may be
    /// given more than once
    #[arg(short = 'e', long, value_name = "GLOB")]
    events: Vec<String>,

    /// Save each notification as a capture file in this folder before it is answered
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,

    #[command(flatten)]
    history: HistoryArgs,

    /// What to do with a notification whose events were all received before: forward it all the same, or record it only
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = DuplicatesArg::Forward)]
    duplicates: DuplicatesArg,

    /// What to answer: `recorded` (200 as soon as it is saved), `target` (what your app answers), or a status
    #[arg(long, value_name = "recorded|target|STATUS", default_value = "recorded", value_parser = reply)]
    reply: Reply,

    /// Wait this long before answering
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = values::duration)]
    reply_delay: Duration,

    /// Refuse notifications of the other environment
    #[arg(long, value_enum, value_name = "NAME")]
    environment: Option<EnvironmentArg>,

    /// Refuse notifications without this header, such as the custom header set in the Syncfy dashboard
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::header)]
    require_header: Vec<Header>,

    /// Accept notifications whose signature is bad or missing (the verdict is still shown)
    #[arg(long, conflicts_with = "tunnel")]
    no_verify_signature: bool,

    #[command(flatten)]
    signature: SignatureArgs,

    /// What to do with a payload that has validation errors: forward it all the same, record it only, or answer 400
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = OnInvalidArg::Forward)]
    on_invalid: OnInvalidArg,

    /// Answer 413 to bodies longer than this
    #[arg(long, value_name = "SIZE", default_value = "10MiB", value_parser = values::size)]
    max_body: u64,

    /// Forward one at a time per `id_credential`, in order of arrival
    #[arg(long)]
    ordered: bool,

    #[command(flatten)]
    forward: ForwardArgs,

    #[command(flatten)]
    stub: StubArgs,

    #[command(flatten)]
    tunnel: TunnelArgs,

    #[command(flatten)]
    stop: StopArgs,

    /// Write the URL (with `--tunnel` the public one, once it leads here) into this file, and take it away at the end; a
    /// pipe is only written to
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,

    /// Make a throwaway key, post a signed run of sample events to this listener, and stop
    #[arg(long, conflicts_with = "tunnel")]
    demo: bool,
}

/// How the history is kept.
#[derive(Args, Debug)]
#[command(next_help_heading = "History")]
struct HistoryArgs {
    #[command(flatten)]
    store: StoreArgs,

    /// Keep no history: what waits for a target is lost when the program ends
    #[arg(long, conflicts_with_all = ["store", "durability", "resume", "no_resume", "resume_within", "keep_for"])]
    no_store: bool,

    /// What a recorded notification survives: `full` a loss of power, `normal` the death of the program only
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = DurabilityArg::Full)]
    durability: DurabilityArg,

    /// Make the deliveries that earlier runs have left waiting (the default)
    #[arg(long, overrides_with = "no_resume")]
    resume: bool,

    /// Leave alone the deliveries that earlier runs have left waiting
    #[arg(long, overrides_with = "resume")]
    no_resume: bool,

    /// Give up the deliveries of earlier runs that wait for longer than this; `forever` gives none up
    #[arg(long, value_name = "AGE", default_value = "7d", value_parser = limit, conflicts_with = "no_resume")]
    resume_within: Limit,

    /// Take out of the history what is older than this and not among the newest 1,000; `forever` takes nothing out
    #[arg(long, value_name = "AGE", default_value = "30d", value_parser = limit)]
    keep_for: Limit,
}

/// An age, or none for `forever`.
#[derive(Clone, Copy, Debug)]
struct Limit(Option<SignedDuration>);

/// So many of the newest notifications are never taken out by themselves.
const KEPT_ANYWAY: u64 = 1000;

impl HistoryArgs {
    /// How the history is kept. The demo leaves none behind, unless a file is named.
    fn resolve(self, is_demo: bool) -> Result<Option<History>, Report> {
        if self.no_store || is_demo && !self.store.is_named() {
            return Ok(None);
        }
        Ok(Some(History {
            location: self.store.resolve()?,
            durability: match self.durability {
                DurabilityArg::Full => Durability::Full,
                DurabilityArg::Normal => Durability::Normal,
            },
            resume: (!self.no_resume)
                .then_some(self.resume_within.0.unwrap_or(SignedDuration::MAX)),
            retention: self.keep_for.0.map(|age| Retention {
                older_than: Some(age),
                keep: KEPT_ANYWAY,
            }),
        }))
    }
}

/// `--durability`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DurabilityArg {
    /// A loss of power
    Full,
    /// The death of the program
    Normal,
}

/// `--duplicates`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DuplicatesArg {
    /// Record, show and forward it
    Forward,
    /// Record and show it only
    Drop,
}

/// `--environment`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum EnvironmentArg {
    /// Syncfy's test data
    Sandbox,
    /// Real data
    Production,
}

/// `--on-invalid`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnInvalidArg {
    /// Record, show and forward it
    Forward,
    /// Record and show it only
    Hold,
    /// Record and show it, and answer 400
    Reject,
}

impl ListenArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When a target or a glob cannot be understood, or two options contradict each other.
    pub fn resolve(self, world: &World) -> Result<Options, Report> {
        let routes = Route::parse_all(
            self.target
                .iter()
                .chain(&self.forward_to)
                .map(String::as_str),
        )?;
        if routes.is_empty() && self.reply == Reply::Target {
            return Err(Report::new(
                "usage",
                "`--reply target` relays the answer of a target, and none was given",
            )
            .hint("add `--forward-to 3000`"));
        }
        let address = self.listen.unwrap_or_else(|| {
            let port = if self.demo { 0 } else { DEFAULT_PORT };
            (Ipv4Addr::LOCALHOST, port).into()
        });
        Ok(Options {
            announcement: self.tunnel.announcement(),
            tunnel: self.tunnel.resolve(address, world)?,
            history: self.history.resolve(self.demo)?,
            duplicates: match self.duplicates {
                DuplicatesArg::Forward => Duplicates::Forward,
                DuplicatesArg::Drop => Duplicates::Drop,
            },
            address,
            path: self.path,
            events: EventFilter::new(&self.events)?,
            save: self.save,
            reply: self.reply,
            reply_delay: self.reply_delay,
            environment: self.environment.map(|environment| match environment {
                EnvironmentArg::Sandbox => Environment::Sandbox,
                EnvironmentArg::Production => Environment::Production,
            }),
            required_headers: self.require_header,
            enforce_signature: !self.no_verify_signature,
            checks: self.signature.resolve(&world.env),
            on_invalid: match self.on_invalid {
                OnInvalidArg::Forward => OnInvalid::Forward,
                OnInvalidArg::Hold => OnInvalid::Hold,
                OnInvalidArg::Reject => OnInvalid::Reject,
            },
            max_body: self.max_body,
            ordered: self.ordered,
            send: self.forward.resolve(),
            stub: self.stub.resolve(),
            junit: self.stop.junit(),
            stop: self
                .stop
                .resolve(!routes.is_empty(), self.stub.expects_pulls())?,
            routes: routes.into(),
            ready_file: self.ready_file,
            demo: self.demo,
        })
    }
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let with_host = match text.strip_prefix(':') {
        Some(port) => format!("127.0.0.1:{port}"),
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => format!("127.0.0.1:{text}"),
        None => text.replacen("localhost:", "127.0.0.1:", 1),
    };
    with_host
        .parse()
        .map_err(|_| "an address is written `127.0.0.1:4000`, `[::1]:4000` or just `4000`".into())
}

fn path(text: &str) -> Result<String, String> {
    if text.starts_with('/') && !text.contains(['?', '#']) {
        Ok(text.to_owned())
    } else {
        Err("a path begins with `/` and has no query".into())
    }
}

fn reply(text: &str) -> Result<Reply, String> {
    match text {
        "recorded" => Ok(Reply::Recorded),
        "target" => Ok(Reply::Target),
        _ => text
            .parse()
            .ok()
            .filter(|status| (200..=599).contains(status))
            .map(Reply::Status)
            .ok_or_else(|| "`recorded`, `target` or a status from 200 to 599".into()),
    }
}

fn limit(text: &str) -> Result<Limit, String> {
    if text == "forever" {
        return Ok(Limit(None));
    }
    let age = values::age(text).map_err(|error| format!("{error}, or `forever`"))?;
    Ok(Limit(Some(age)))
}
