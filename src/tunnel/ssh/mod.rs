//! Remote forwarding to an SSH server, as `ssh -R` does it.

use std::path::PathBuf;

use tokio::sync::{mpsc, oneshot};

use super::{Change, Failure, Stream};
use crate::domain::signature::Secret;
use crate::domain::tunnel::SshServer;
use crate::report::Report;

/// How to use an SSH server.
#[derive(Clone, Default)]
pub struct Ssh {
    /// The user to log in as, where the server is named without one.
    pub user: String,
    /// Where the server shall listen.
    pub remote: Option<Remote>,
    /// Private keys that the user names: these alone are tried.
    pub identities: Vec<PathBuf>,
    /// Private keys that are tried where they are there, unless some are named.
    pub usual_identities: Vec<PathBuf>,
    /// The socket of the SSH agent.
    pub agent: Option<PathBuf>,
    /// What the private keys are encrypted with; asked for on the terminal otherwise.
    pub passphrase: Option<Secret>,
    /// Whether the passphrase can be asked for.
    pub can_ask: bool,
    /// Files of known hosts. New hosts are added to the first.
    pub known_hosts: Vec<PathBuf>,
    /// Whether hosts that are not known yet are taken at their word, and remembered.
    pub accept_new: bool,
}

/// Where an SSH server listens for the senders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// The address or name to listen on; the server's own choice where there is none.
    pub address: Option<String>,
    /// The port; 0 for the server's choice.
    pub port: u16,
}

/// A server, and all that it takes to log in.
pub(super) struct Session;

impl Session {
    pub(super) async fn prepare(_server: SshServer, _ssh: Ssh) -> Result<Self, Report> {
        Ok(Self)
    }

    pub(super) async fn carry(
        &self,
        _streams: mpsc::Sender<Stream>,
        _changes: &mpsc::Sender<Change>,
        _stop: oneshot::Receiver<()>,
    ) {
    }

    pub(super) async fn check(&self) -> Result<String, Failure> {
        Ok(String::new())
    }
}
