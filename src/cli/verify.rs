//! `verify`: what was typed, and what it means.

use std::path::PathBuf;

use clap::Args;

use super::history_source::HistorySourceArgs;
use super::signature::SignatureArgs;
use super::{sources, values};
use crate::commands::notifications::Origin;
use crate::commands::verify::{Moment, Options, TokenFrom};
use crate::report::Report;
use crate::world::World;

/// The arguments of `verify`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks verify capture.json --key-file syncfy.jwk          the token of a saved one
  syncfy-hooks verify --token eyJhbGciOi… --key-file syncfy.jwk   a token alone
  syncfy-hooks verify --token eyJhbGciOi… notification.json       a token and the body it may cover
  syncfy-hooks verify captures --json                             a folder, for a script
  syncfy-hooks verify --id 12 --key-file syncfy.jwk               one of the history
  syncfy-hooks verify capture.json --at now                       would it still pass?

A saved capture, in a file or the history, is judged as of when it was received, since its token has usually expired by now;
a token given with `--token` is judged as of now. `--at` says otherwise.

Exit status: 0 all valid · 1 invalid or unsigned · 2 no key, or something cannot be read")]
pub struct VerifyArgs {
    /// A file with a capture, or one of them per line; a folder of such files; `-` for standard input. With `--token`,
    /// the notification that came with it
    #[arg(id = "paths", value_name = "PATH")]
    path: Option<PathBuf>,

    /// Check this token (a JWT, which is no secret key) instead of the one in a capture; `-` for standard input
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,

    #[command(flatten)]
    history: HistorySourceArgs,

    #[command(flatten)]
    signature: SignatureArgs,

    /// Judge as of this time: `received` (now, where that is unknown), `now`, RFC 3339 or Unix seconds
    #[arg(long, value_name = "received|now|TIME", default_value = "received", value_parser = moment)]
    at: Moment,
}

impl VerifyArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When there is nothing to read.
    pub fn resolve(self, world: &World) -> Result<Options, Report> {
        let checks = self.signature.resolve(&world.env);
        let token = self.token.map(|token| match token.as_str() {
            "-" => TokenFrom::Stdin,
            _ => TokenFrom::Argument(token),
        });
        let events = self.history.events()?;
        let origin = match (self.path, &token) {
            // The token may come alone.
            (None, Some(_)) => self.history.resolve(None, world)?,
            (path, _) => Some(sources::one(path, self.history, world)?),
        };
        if checks.policy.require_binding && origin.is_none() {
            return Err(Report::new(
                "usage",
                "`--require-binding` needs the notification that the token may cover",
            )
            .hint("name it: `verify --token TOKEN --require-binding notification.json`"));
        }
        sources::share_stdin(&[
            ("the key", checks.keys.use_stdin()),
            ("the token", matches!(token, Some(TokenFrom::Stdin))),
            (
                "the notification",
                origin.as_ref().is_some_and(Origin::reads_stdin),
            ),
        ])?;
        Ok(Options {
            origin,
            events,
            token,
            checks,
            at: self.at,
        })
    }
}

fn moment(text: &str) -> Result<Moment, String> {
    match text {
        "received" => Ok(Moment::Received),
        "now" => Ok(Moment::Now),
        _ => values::time(text)
            .map(Moment::Given)
            .map_err(|error| format!("`received`, `now`, or a time: {error}")),
    }
}
