//! Tunnels: a public URL that leads to the listener. The only place that knows SSH, and that starts the agents of others.

mod agent;
mod ssh;

use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

pub use self::ssh::{Remote, Ssh};
use crate::domain::tunnel::{Agent, Carrier};
use crate::report::Report;

/// What comes through a tunnel that needs no hop on this machine: one connection of a sender.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// A connection of a sender.
pub(crate) type Stream = Box<dyn Connection>;

/// Who carries, with all that it takes to begin.
pub(crate) struct Tunnel(Way);

enum Way {
    Ssh(Arc<ssh::Session>),
    Agent(Arc<agent::Program>),
}

/// What a tunnel tells of itself.
#[derive(Debug)]
pub(crate) enum Change {
    /// This URL may lead here: carriers also print others, and not each that they print works at once.
    Url(String),
    /// It has ended, and tells nothing more.
    Lost(Failure),
}

/// Why a tunnel has ended.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What happened, and what to do.
    pub(crate) report: Report,
    /// Whether it makes no sense to try again, as with a host key that has changed.
    pub(crate) is_final: bool,
}

/// Asks the APIs that agents serve on this machine.
pub(crate) trait LocalApi: Send + Sync {
    /// The body of an answer with status 200; nothing where there is no such answer soon.
    fn get(&self, url: String) -> Pin<Box<dyn Future<Output = Option<Bytes>> + Send + '_>>;
}

/// A tunnel that is being opened, or is open.
pub(crate) struct Link {
    changes: mpsc::Receiver<Change>,
    stop: oneshot::Sender<()>,
    driver: JoinSet<()>,
}

impl Tunnel {
    /// Does what can be done before anything is opened: finds the program, reads the keys, asks for a passphrase.
    ///
    /// # Errors
    ///
    /// When the program is not installed, or a key cannot be used.
    pub(crate) async fn prepare(carrier: &Carrier, ssh: Ssh) -> Result<Self, Report> {
        Ok(Self(match carrier {
            Carrier::Ssh(server) => {
                Way::Ssh(Arc::new(ssh::Session::prepare(server.clone(), ssh).await?))
            }
            Carrier::Agent(agent) => Way::Agent(Arc::new(agent::Program::find(agent)?)),
        }))
    }

    /// Begins to open it. SSH hands connections to `streams`; agents connect to `port` of the loopback address, and are
    /// asked over `http`.
    pub(crate) fn open(
        &self,
        port: u16,
        streams: mpsc::Sender<Stream>,
        http: Arc<dyn LocalApi>,
    ) -> Link {
        match &self.0 {
            Way::Ssh(session) => {
                let session = Arc::clone(session);
                Link::new(
                    |changes, stop| async move { session.carry(streams, &changes, stop).await },
                )
            }
            Way::Agent(program) => {
                let program = Arc::clone(program);
                Link::new(|changes, stop| async move {
                    program.carry(port, &*http, &changes, stop).await;
                })
            }
        }
    }

    /// Whether it could be opened, for `doctor`: a sentence about who carries.
    ///
    /// # Errors
    ///
    /// Why it could not.
    pub(crate) async fn check(&self) -> Result<String, Failure> {
        match &self.0 {
            Way::Ssh(session) => session.check().await,
            Way::Agent(program) => program.check().await,
        }
    }
}

impl Link {
    /// `drive` tells what happens until it has failed, which it tells last, or until it is stopped.
    fn new<D: Future<Output = ()> + Send + 'static>(
        drive: impl FnOnce(mpsc::Sender<Change>, oneshot::Receiver<()>) -> D,
    ) -> Self {
        let (sender, changes) = mpsc::channel(16);
        let (stop, stopped) = oneshot::channel();
        let mut driver = JoinSet::new();
        driver.spawn(drive(sender, stopped));
        Self {
            changes,
            stop,
            driver,
        }
    }

    /// The next change. Can be dropped and called again without losing one.
    pub(crate) async fn next(&mut self) -> Change {
        match self.changes.recv().await {
            Some(change) => change,
            None => Change::Lost(Failure::new(
                "tunnel-failed",
                "the tunnel ended without a word",
            )),
        }
    }

    /// Closes it, and waits until nothing is left of it.
    pub(crate) async fn close(mut self) {
        // It may have ended already.
        let _ = self.stop.send(());
        self.changes.close();
        while let Some(ended) = self.driver.join_next().await {
            // A bug must not pass for a tunnel that was lost.
            if let Err(error) = ended
                && error.is_panic()
            {
                resume_unwind(error.into_panic());
            }
        }
    }
}

impl Failure {
    /// One after which it makes sense to try again.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            report: Report::new(code, message),
            is_final: false,
        }
    }

    /// The same with one more hint.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.report = self.report.hint(hint);
        self
    }

    /// The same, after which it makes no sense to try again.
    fn for_good(mut self) -> Self {
        self.is_final = true;
        self
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self {
            report,
            is_final: false,
        }
    }
}
