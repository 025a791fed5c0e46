//! `verify`: what was typed, and what it means.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::history_source::HistorySourceArgs;
use super::signature::SignatureArgs;
use super::{sources, values};
use crate::commands::notifications::Origin;
use crate::commands::snippet;
use crate::commands::verify::{Moment, Options, TokenFrom};
use crate::domain::signature::DEFAULT_NAMES;
use crate::domain::snippet::Language;
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
  syncfy-hooks verify --snippet node > handler.mjs                the check for your own app

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

    /// Judge nothing, and print a complete handler for your own app that receives notifications and checks their
    /// signature as `--signature-header`, `--leeway` and `--require-binding` say. Where a key is given, it takes the
    /// algorithms that the key allows
    #[arg(
        long,
        value_enum,
        value_name = "LANGUAGE",
        conflicts_with_all = [
            "paths", "token", "events", "last", "id", "since", "until", "delivery", "store", "at", "max_age",
        ],
        help_heading = "For your own app"
    )]
    snippet: Option<LanguageArg>,
}

/// `--snippet`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageArg {
    /// JavaScript on Node.js, with `jose`
    Node,
    /// Python, with Flask and `PyJWT`
    Python,
    /// PHP, with nothing else
    Php,
    /// Ruby, as a Rack application on Puma
    Ruby,
    /// Go, with nothing else
    Go,
    /// Java, with Jackson
    Java,
    /// C#, with ASP.NET Core
    Csharp,
}

/// Where tokens are to be judged.
pub enum Verifying {
    /// Those of saved notifications, by this program.
    Here(Box<Options>),
    /// Those that an app will receive, by a handler in it.
    InAnApp(snippet::Options),
}

impl VerifyArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When there is nothing to read, or the header cannot be one.
    pub fn resolve(self, world: &World) -> Result<Verifying, Report> {
        match self.snippet {
            Some(language) => self.for_an_app(language, world).map(Verifying::InAnApp),
            None => self.here(world).map(|here| Verifying::Here(Box::new(here))),
        }
    }

    fn for_an_app(self, language: LanguageArg, world: &World) -> Result<snippet::Options, Report> {
        let checks = self.signature.resolve(&world.env);
        let header = match checks.headers.as_slice() {
            [] => DEFAULT_NAMES[0],
            [header] => header,
            _ => {
                return Err(Report::new(
                    "usage",
                    "a handler reads one header, and several were named",
                )
                .hint("name one with `--signature-header`"));
            }
        };
        let signature_header = values::header_name(header)
            .ok_or_else(|| Report::new("usage", format!("`{header}` is no name of a header")))?;
        Ok(snippet::Options {
            language: language.into(),
            signature_header,
            keys: checks.keys,
            leeway_seconds: checks.policy.leeway_seconds,
            requires_binding: checks.policy.require_binding,
        })
    }

    fn here(self, world: &World) -> Result<Options, Report> {
        let checks = self.signature.resolve(&world.env);
        let token = self.token.map(|token| match token.as_str() {
            "-" => TokenFrom::Stdin,
            _ => TokenFrom::Argument(token),
        });
        if let Some(path) = &self.path
            && is_token(path)
        {
            let report = Report::new("usage", "a token was given in the place of a file");
            return Err(report.hint("name it with `--token TOKEN`"));
        }
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

impl From<LanguageArg> for Language {
    fn from(language: LanguageArg) -> Self {
        match language {
            LanguageArg::Node => Self::Node,
            LanguageArg::Python => Self::Python,
            LanguageArg::Php => Self::Php,
            LanguageArg::Ruby => Self::Ruby,
            LanguageArg::Go => Self::Go,
            LanguageArg::Java => Self::Java,
            LanguageArg::Csharp => Self::CSharp,
        }
    }
}

/// Whether the name of a file is a token: these begin with `{"` in base64url.
fn is_token(path: &Path) -> bool {
    let is_like_one = |text: &str| text.starts_with("eyJ") && text.matches('.').count() == 2;
    path.to_str().is_some_and(is_like_one)
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
