//! `harden`: what was typed, and what it means.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::global::{FormatArg, formats};
use super::keys::KeyArgs;
use super::values;
use crate::commands::harden::{Assault, Options};
use crate::domain::harden::{Selection, Terms};
use crate::domain::headers::Header;
use crate::domain::notification::Environment;
use crate::domain::signature::{Algorithm, DEFAULT_NAMES};
use crate::domain::target::Target;
use crate::report::Report;
use crate::world::Env;

/// All that `--format` takes.
const FORMATS: [FormatArg; 4] = [
    FormatArg::Pretty,
    FormatArg::Compact,
    FormatArg::Json,
    FormatArg::Junit,
];

/// The arguments of `harden`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks harden 3000/webhooks --key-file syncfy.jwk   every check
  syncfy-hooks harden 3000 --only unsigned,H304             two of them
  syncfy-hooks harden 3000 --skip stale -q                  all but one; show what failed
  syncfy-hooks harden 3000 --format junit > harden.xml      for a CI
  syncfy-hooks harden --explain tampered-body               what a check is about, what to do
  syncfy-hooks harden --list

A plainly right notification goes first: where it is not accepted, what is refused later proves nothing.
What is not this machine or in a private network is attacked only with `--i-own-this-host`.

Exit status: 0 all passed or were skipped · 1 one failed, or it was stopped · 2 not reached, or not yours")]
pub struct HardenArgs {
    /// The endpoint: a port, `:3000/path`, `host/path` or a whole URL
    #[arg(value_name = "URL", required_unless_present_any = ["explain", "list"])]
    url: Option<String>,

    #[command(flatten)]
    keys: KeyArgs,

    /// The algorithm of right tokens (default: that of the key, else HS256)
    #[arg(long, value_name = "NAME", ignore_case = true, value_parser = values::algorithm())]
    alg: Option<Algorithm>,

    /// The header that carries the token
    #[arg(long, value_name = "NAME", default_value = DEFAULT_NAMES[0], value_parser = header_name)]
    signature_header: String,

    /// The environment that the endpoint is for
    #[arg(long, value_name = "ENVIRONMENT", default_value = "sandbox", value_parser = values::one_of(&Environment::ALL, Environment::name))]
    environment: Environment,

    /// Make only these checks: codes or names, several with commas; may be given more than once
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    only: Vec<String>,

    /// Leave these checks out; as `--only`
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    skip: Vec<String>,

    /// How long each answer may take
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = values::duration)]
    timeout: Duration,

    /// How long 95 of 100 answers to right notifications may take at most
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = values::duration)]
    budget: Duration,

    /// Attack this host though it is neither this machine nor in a private network: repeat the host of the URL
    #[arg(long, value_name = "HOST")]
    i_own_this_host: Option<String>,

    /// Add this header to each request, in place of one of the same name; may be given more than once
    #[arg(short = 'H', long, value_name = "NAME: VALUE", value_parser = values::header)]
    header: Vec<Header>,

    /// Trust the certificate of an https endpoint whatever it says
    #[arg(short = 'k', long)]
    insecure: bool,

    /// Trust one more certificate authority, from a PEM file
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    ca: Option<PathBuf>,

    /// How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise
    #[arg(long, value_name = "FORMAT", value_parser = formats(&FORMATS, &[]))]
    format: Option<FormatArg>,

    /// Print the manual page of a check, named by its code or its name
    #[arg(long, value_name = "CHECK", conflicts_with_all = ["url", "list"])]
    explain: Option<String>,

    /// Print every check: its code, what is expected, its name, and what is wrong where it fails
    #[arg(long, conflicts_with = "url")]
    list: bool,
}

impl HardenArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When the target or the name of a check cannot be understood.
    pub fn resolve(self, env: &Env) -> Result<Options, Report> {
        let is_report = self.format == Some(FormatArg::Junit);
        if is_report && (self.explain.is_some() || self.list) {
            let message = "a check cannot be shown in a format for findings";
            return Err(Report::new("usage", message)
                .hint("use `--format` with `pretty`, `compact` or `json`"));
        }
        if let Some(name) = self.explain {
            return Ok(Options::Explain(name));
        }
        let Some(url) = self.url.filter(|_| !self.list) else {
            return Ok(Options::List);
        };
        Ok(Options::Attack(Box::new(Assault {
            target: Target::parse(&url, None)?,
            own_host: self.i_own_this_host,
            keys: self.keys.resolve(env),
            algorithm: self.alg,
            signature_header: self.signature_header,
            headers: self.header,
            environment: self.environment,
            selection: Selection::new(&self.only, &self.skip)?,
            terms: Terms {
                timeout: self.timeout,
                budget: self.budget,
            },
            insecure: self.insecure,
            ca: self.ca,
        })))
    }
}

fn header_name(text: &str) -> Result<String, String> {
    values::header_name(text).ok_or_else(|| "the name of a header has no spaces".into())
}
