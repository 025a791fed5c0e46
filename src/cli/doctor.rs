//! `doctor`: what was typed, and what it means.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

use super::listen::{DEFAULT_PORT, address};
use super::signature::SignatureArgs;
use super::store::StoreArgs;
use super::tunnel::CarrierArgs;
use crate::commands::doctor::Options;
use crate::domain::route::Route;
use crate::report::Report;
use crate::world::World;

/// The arguments of `doctor`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks doctor                                          port, key, clock and history as `listen` would have them
  syncfy-hooks doctor 3000 --key-file syncfy.jwk               and your app
  syncfy-hooks doctor --tunnel ssh://me@example.com --json     and a tunnel, for a script

Give it what you give to `listen` of these options. It changes nothing, and calls nobody but what you name.

Exit status: 0 nothing failed · 1 something failed")]
pub struct DoctorArgs {
    /// Where `listen` is to forward notifications: the same as `--forward-to`
    #[arg(value_name = "TARGET")]
    target: Option<String>,

    /// Where `listen` is to forward notifications; may be given more than once
    #[arg(short = 'f', long, value_name = "[GLOB=]TARGET")]
    forward_to: Vec<String>,

    /// The address that `listen` is to listen on [default: 127.0.0.1:4000]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<SocketAddr>,

    #[command(flatten)]
    signature: SignatureArgs,

    #[command(flatten)]
    store: StoreArgs,

    /// No history is to be kept
    #[arg(long, conflicts_with = "store")]
    no_store: bool,

    /// Trust the certificate of an https target whatever it says
    #[arg(short = 'k', long)]
    insecure: bool,

    /// Trust one more certificate authority, from a PEM file
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    ca: Option<PathBuf>,

    #[command(flatten)]
    carrier: CarrierArgs,
}

impl DoctorArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When a target cannot be understood.
    pub fn resolve(self, world: &World) -> Result<Options, Report> {
        let typed = self.target.iter().chain(&self.forward_to);
        let routes = Route::parse_all(typed.map(String::as_str))?;
        let default = (Ipv4Addr::LOCALHOST, DEFAULT_PORT).into();
        Ok(Options {
            address: self.listen.unwrap_or(default),
            checks: self.signature.resolve(&world.env),
            store: (!self.no_store).then(|| self.store.resolve()),
            targets: routes.into_iter().map(|route| route.target).collect(),
            insecure: self.insecure,
            ca: self.ca,
            tunnel: self.carrier.resolve(world),
        })
    }
}
