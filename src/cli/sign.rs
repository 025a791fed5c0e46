//! `sign`: what was typed, and what it means.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::history_source::HistorySourceArgs;
use super::keys::KeyArgs;
use super::{sources, values};
use crate::commands::sign::{Options, Output, OwnClaims};
use crate::domain::signature::Algorithm;
use crate::domain::target::Target;
use crate::report::Report;
use crate::world::World;

/// The arguments of `sign`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks sign notification.json --key-file syncfy.jwk      print the token
  syncfy-hooks sign notification.json --output curl --to 3000    a command that posts it to your app
  syncfy-hooks sign notification.json --claims '{\"iss\":\"me\"}'    add a claim
  syncfy-hooks sign notification.json --at 2020-01-01T00:00:00Z  does your app refuse an old token?
  syncfy-hooks sign body.json | syncfy-hooks verify --token - body.json

The token covers the exact bytes: `body_sha256` is their SHA-256, `rid` the id of the notification,
`iat` the time and `exp` five minutes later. Of several keys the first one signs.")]
pub struct SignArgs {
    /// A file with a notification, a capture or one of them per line; `-` for standard input
    #[arg(id = "paths", value_name = "PATH")]
    path: Option<PathBuf>,

    #[command(flatten)]
    history: HistorySourceArgs,

    #[command(flatten)]
    keys: KeyArgs,

    /// Add these claims, in place of those of the same name: a JSON object, or a file with one
    #[arg(long, value_name = "JSON|FILE", value_parser = claims)]
    claims: Option<OwnClaims>,

    /// The algorithm (default: that of the key, else HS256)
    #[arg(long, value_name = "NAME", ignore_case = true, value_parser = values::algorithm())]
    alg: Option<Algorithm>,

    /// How long the token is to be valid
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = values::duration)]
    expires_in: Duration,

    /// Sign as if it were this time: RFC 3339 or Unix seconds; the same input then gives the same token
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    at: Option<Timestamp>,

    /// What to print for each notification (default: `token`, or `json` with `--json`)
    #[arg(long, value_enum, value_name = "FORM")]
    output: Option<OutputArg>,

    /// Where the command of `--output curl` posts to: a port, `host/path` or a whole URL
    #[arg(long, value_name = "TARGET", default_value = "http://127.0.0.1:4000/")]
    to: String,
}

/// `--output`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum OutputArg {
    /// The token
    Token,
    /// The header line that carries it
    Header,
    /// A command for a shell that posts the notification with it
    Curl,
    /// The token and its claims, as one JSON object per line
    Json,
}

impl SignArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When there is nothing to read, or the target cannot be understood.
    pub fn resolve(self, world: &World) -> Result<Options, Report> {
        let keys = self.keys.resolve(&world.env);
        let events = self.history.events()?;
        let origin = sources::one(self.path, self.history, world)?;
        sources::share_stdin(&[
            ("the key", keys.use_stdin()),
            ("the notification", origin.reads_stdin()),
        ])?;
        let output = match self.output {
            None => None,
            Some(OutputArg::Token) => Some(Output::Token),
            Some(OutputArg::Header) => Some(Output::Header),
            Some(OutputArg::Curl) => Some(Output::Curl {
                url: Target::parse(&self.to, None)?.url("/"),
            }),
            Some(OutputArg::Json) => Some(Output::Json),
        };
        Ok(Options {
            origin,
            events,
            keys,
            claims: self.claims,
            algorithm: self.alg,
            lifetime_seconds: self.expires_in.as_secs().try_into().unwrap_or(i64::MAX),
            at: self.at,
            output,
        })
    }
}

fn claims(text: &str) -> Result<OwnClaims, String> {
    if text.trim_start().starts_with('{') {
        serde_json::from_str(text)
            .map(OwnClaims::Given)
            .map_err(|error| format!("claims are a JSON object: {error}"))
    } else {
        Ok(OwnClaims::File(text.into()))
    }
}
