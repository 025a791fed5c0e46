//! What an SSH server may ask of this program: to trust its key, and to take connections.

use std::sync::{Arc, Mutex, PoisonError};

use russh::client::{ChannelOpenHandle, DisconnectReason, Handler, Msg, Session};
use russh::keys::PublicKeyOrCertificate;
use russh::{Channel, ChannelOpenFailure};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::inlet::{self, Unread};
use super::known_hosts::KnownHosts;
use crate::tunnel::{Failure, Stream};

/// Why a connection to an SSH server ended.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Its key is not trusted.
    Host(Box<Failure>),
    /// Anything else.
    Ssh(russh::Error),
}

impl From<russh::Error> for Trouble {
    fn from(error: russh::Error) -> Self {
        Self::Ssh(error)
    }
}

/// Answers the server.
pub(super) struct Client {
    pub(super) hosts: KnownHosts,
    /// Takes connections. `None` where none are wanted.
    pub(super) streams: Option<mpsc::Sender<Stream>>,
    /// What the server said when it ended the connection.
    pub(super) farewell: Farewell,
    pub(super) unread: Unread,
    /// What empties the channels.
    pub(super) pumps: JoinSet<()>,
}

/// What the server said when it ended the connection.
#[derive(Clone, Default)]
pub(super) struct Farewell(Arc<Mutex<Option<String>>>);

impl Farewell {
    pub(super) fn text(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Handler for Client {
    type Error = Trouble;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Trouble> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = shown else {
            // None is asked for.
            return Ok(false);
        };
        let checked = self.hosts.check(key);
        checked
            .map(|()| true)
            .map_err(|failure| Trouble::Host(Box::new(failure)))
    }

    async fn server_channel_open_forwarded_tcpip(
        &mut self,
        channel: Channel<Msg>,
        _connected_address: &str,
        _connected_port: u32,
        _originator_address: &str,
        _originator_port: u32,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Trouble> {
        let permit = self
            .streams
            .as_ref()
            .and_then(|streams| streams.try_reserve().ok());
        match permit {
            Some(permit) => {
                reply.accept().await;
                let (inlet, pump) = inlet::new(channel, &self.unread);
                // Those that have ended are forgotten.
                while self.pumps.try_join_next().is_some() {}
                self.pumps.spawn(pump.run());
                permit.send(Box::new(inlet));
            }
            // To wait here would hold up every other connection.
            None => reply.reject(ChannelOpenFailure::ResourceShortage).await,
        }
        Ok(())
    }

    async fn disconnected(&mut self, reason: DisconnectReason<Trouble>) -> Result<(), Trouble> {
        match reason {
            DisconnectReason::ReceivedDisconnect(info) => {
                *self
                    .farewell
                    .0
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = Some(info.message);
                Ok(())
            }
            DisconnectReason::Error(trouble) => Err(trouble),
        }
    }
}
