//! `key`: making and inspecting JWT keys.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::keys::KeyArgs;
use super::values;
use crate::commands::key::{NewOptions, ShowOptions};
use crate::domain::signature::Algorithm;
use crate::world::Env;

/// The commands below `key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a fresh random key
    New(NewArgs),
    /// Describe the configured keys without showing them
    Show(ShowArgs),
}

/// The arguments of `key new`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks key new --output syncfy.jwk          save a key where only you can read it
  syncfy-hooks key new --alg HS512 --kid staging    print another one
  syncfy-hooks listen --key-file syncfy.jwk         use it

Syncfy signs with the key that its dashboard shows; a new one is for your own tests.")]
pub struct NewArgs {
    /// The algorithm that the key is for
    #[arg(long, value_name = "NAME", default_value = "HS256", ignore_case = true, value_parser = values::hmac_algorithm())]
    alg: Algorithm,

    /// Give the key this id; tokens made with it carry it as `kid`
    #[arg(long, value_name = "ID")]
    kid: Option<String>,

    /// Write the key into this file, readable by you alone (mode 0600), instead of printing it
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace the file when it is there already; the key in it is lost
    #[arg(long)]
    force: bool,
}

impl NewArgs {
    /// The options of the command.
    #[must_use]
    pub fn resolve(self) -> NewOptions {
        NewOptions {
            algorithm: self.alg,
            kid: self.kid,
            output: self.output.filter(|path| path.as_os_str() != "-"),
            replace: self.force,
        }
    }
}

/// The arguments of `key show`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks key show                                 the key in the environment
  syncfy-hooks key show --key-file syncfy.jwk           how a file is understood
  pbpaste | syncfy-hooks key show --key-file -          what was copied from the dashboard
  syncfy-hooks key show --key-file syncfy.txt --reveal  turn it into a plain JWK")]
pub struct ShowArgs {
    #[command(flatten)]
    keys: KeyArgs,

    /// Print the keys themselves, each as a JWK on one line: whoever sees that can sign as Syncfy
    #[arg(long)]
    reveal: bool,
}

impl ShowArgs {
    /// The options of the command.
    #[must_use]
    pub fn resolve(self, env: &Env) -> ShowOptions {
        ShowOptions {
            keys: self.keys.resolve(env),
            reveal: self.reveal,
        }
    }
}
