//! Agents: programs of others that carry requests, started on the listener's port and never left behind.

use tokio::sync::{mpsc, oneshot};

use super::{Agent, Change, Failure};
use crate::report::Report;

/// A program that was found.
pub(super) struct Program;

impl Program {
    pub(super) fn find(_agent: &Agent) -> Result<Self, Report> {
        Ok(Self)
    }

    pub(super) async fn carry(
        &self,
        _port: u16,
        _changes: &mpsc::Sender<Change>,
        _stop: oneshot::Receiver<()>,
    ) {
    }

    pub(super) async fn check(&self) -> Result<String, Failure> {
        Ok(String::new())
    }
}
