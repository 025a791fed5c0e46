//! Remote forwarding to an SSH server, as `ssh -R` does it.

mod client;
mod identity;
mod inlet;
mod known_hosts;
mod login;
mod talk;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use russh::client::{self as ssh, Handle};
use russh::keys::PublicKey;
use russh::{Disconnect, Preferred};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use self::client::{Client, Farewell, Trouble};
use self::identity::{Half, Identity};
use self::inlet::Unread;
use self::known_hosts::KnownHosts;
use self::talk::Talk;
use super::{Change, Failure, Stream};
use crate::domain::signature::Secret;
use crate::domain::tunnel::SshServer;
use crate::report::Report;
use crate::shutdown::passed;

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

/// Services that print the URL that they give. What they listen on themselves is of no use to senders.
const SERVICES: [&str; 5] = [
    "localhost.run",
    "serveo.net",
    "pico.sh",
    "tuns.sh",
    "pinggy.io",
];

/// How long a connection may take, and how long until the server has let us in.
const CONNECT: Duration = Duration::from_secs(10);
const LOGIN: Duration = Duration::from_secs(20);

/// How long the server may take to do what it is asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a polite end may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// A server that is silent for so long is asked whether it is there; so often it may fail to answer.
const KEEPALIVE: Duration = Duration::from_secs(5);
const MISSED: usize = 3;

/// How long the server may take to begin a session, which many have none of.
const TALK: Duration = Duration::from_secs(3);

/// What may be under way on one connection, in bytes.
const WINDOW: u32 = 256 * 1024;

/// How long a server may take to print a URL, before the one that can be told from its name is taken.
const PRINTS_WITHIN: Duration = Duration::from_secs(1);

/// A port that the server had given before is asked for so often, before another will do: the server may not know yet that
/// the connection before is dead.
const INSISTENCE: u8 = 6;

/// A server, and all that it takes to log in.
pub(super) struct Session {
    server: SshServer,
    user: String,
    remote: Remote,
    identities: Vec<Identity>,
    /// Whether the user has named the keys, so that no others are tried.
    has_named_keys: bool,
    agent: Option<PathBuf>,
    known_hosts: Vec<PathBuf>,
    accept_new: bool,
    memory: Mutex<Memory>,
}

/// What is known from the connection before.
#[derive(Default)]
struct Memory {
    /// The port that the server has given.
    port: Option<u16>,
    refusals: u8,
    /// Whether it has ever worked, so that a failure may be one that passes.
    has_worked: bool,
}

/// A connection to the server.
struct Connection {
    handle: Handle<Client>,
    farewell: Farewell,
    /// Whether the end of it was seen already.
    has_ended: bool,
}

impl Session {
    /// Reads the keys.
    ///
    /// # Errors
    ///
    /// When a key that the user names cannot be used.
    pub(super) async fn prepare(server: SshServer, ssh: Ssh) -> Result<Self, Report> {
        let user = server.user.clone().unwrap_or_else(|| ssh.user.clone());
        if user.is_empty() {
            let message = format!("there is no user to log in as at `{server}`");
            return Err(Report::new("usage", message).hint("name one: `ssh://USER@HOST`"));
        }
        let usual_port = if is_service(&server.host) { 80 } else { 0 };
        let remote = ssh.remote.clone().unwrap_or(Remote {
            address: None,
            port: usual_port,
        });
        Ok(Self {
            user,
            remote,
            has_named_keys: !ssh.identities.is_empty(),
            agent: ssh.agent.clone(),
            known_hosts: ssh.known_hosts.clone(),
            accept_new: ssh.accept_new,
            identities: identity::read_all(ssh).await?,
            memory: Mutex::default(),
            server,
        })
    }

    /// Has the server listen until that has ended or is stopped, and tells its URLs.
    pub(super) async fn carry(
        &self,
        streams: mpsc::Sender<Stream>,
        changes: &mpsc::Sender<Change>,
        mut stop: oneshot::Receiver<()>,
    ) {
        let connected = tokio::select! {
            biased;
            _ = &mut stop => return,
            connected = self.connect(Some(streams)) => connected,
        };
        let failure = match connected {
            Err(failure) => Some(failure),
            Ok((mut connection, _)) => {
                let failure = tokio::select! {
                    biased;
                    _ = &mut stop => None,
                    failure = self.hold(&mut connection, changes) => Some(failure),
                };
                connection.close().await;
                failure
            }
        };
        if let Some(failure) = failure {
            // Nobody listens any more when it is being stopped.
            let _ = changes.send(Change::Lost(failure)).await;
        }
    }

    /// Whether the server lets us in, and with what.
    pub(super) async fn check(&self) -> Result<String, Failure> {
        let (connection, with) = self.connect(None).await?;
        connection.close().await;
        Ok(format!(
            "the SSH server `{}` lets `{}` in {with}",
            self.server, self.user
        ))
    }

    /// Whether a key of the agent is to be tried.
    fn wants(&self, key: &PublicKey) -> bool {
        let is_it = |identity: &Identity| match &identity.half {
            Half::Private(named) => named.public_key().key_data() == key.key_data(),
            Half::Public(named) => named.key_data() == key.key_data(),
        };
        !self.has_named_keys || self.identities.iter().any(is_it)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A failure that is final unless it has worked before.
    fn judged(&self, failure: Failure) -> Failure {
        if self.memory().has_worked {
            failure
        } else {
            failure.for_good()
        }
    }

    /// Connects, makes sure who the server is, and logs in.
    async fn connect(
        &self,
        streams: Option<mpsc::Sender<Stream>>,
    ) -> Result<(Connection, String), Failure> {
        let server = &self.server;
        let broken = |error| connection_failure(server, error);
        let late = || Trouble::Ssh(russh::Error::ConnectionTimeout);
        let socket = timeout(
            CONNECT,
            TcpStream::connect((server.host.as_str(), server.port)),
        )
        .await;
        let socket = socket
            .map_err(|_| broken(late()))?
            .map_err(|error| broken(Trouble::Ssh(error.into())))?;
        // Answers are short: they shall not wait for more to send.
        let _ = socket.set_nodelay(true);
        let hosts = KnownHosts::read(server, &self.known_hosts, self.accept_new);
        let config = Arc::new(config(&hosts));
        let farewell = Farewell::default();
        let client = Client {
            hosts,
            streams,
            farewell: farewell.clone(),
            unread: Unread::default(),
            pumps: JoinSet::new(),
        };
        let within = async {
            let mut handle = ssh::connect_stream(config, socket, client)
                .await
                .map_err(broken)?;
            match login::log_in(self, &mut handle).await {
                Ok(with) => Ok((
                    Connection {
                        handle,
                        farewell,
                        has_ended: false,
                    },
                    with,
                )),
                Err(failure) => Err(self.judged(failure)),
            }
        };
        timeout(LOGIN, within)
            .await
            .unwrap_or_else(|_| Err(broken(late())))
    }

    /// Has the server listen, and tells the URLs, until the connection ends.
    async fn hold(&self, connection: &mut Connection, changes: &mpsc::Sender<Change>) -> Failure {
        let url = match self.forward(&connection.handle).await {
            Ok(url) => url,
            Err(failure) => return failure,
        };
        let mut talk = Talk::begin(&connection.handle, TALK).await;
        let mut due = url.is_some().then(|| Instant::now() + PRINTS_WITHIN);
        loop {
            tokio::select! {
                ended = &mut connection.handle => {
                    connection.has_ended = true;
                    let said = connection.farewell.text();
                    return self.ended(ended, said);
                }
                printed = talk.urls() => {
                    for url in printed {
                        // Nobody listens any more when it is being stopped.
                        let _ = changes.send(Change::Url(url)).await;
                    }
                    if talk.is_over() {
                        due = due.map(|_| Instant::now());
                    }
                }
                () = passed(due) => {
                    due = None;
                    let _ = changes.send(Change::Url(url.clone().unwrap_or_default())).await;
                }
            }
        }
    }

    /// Has the server listen, and says which URL that makes; none where it is the server that prints it.
    async fn forward(&self, handle: &Handle<Client>) -> Result<Option<String>, Failure> {
        let before = self.memory().port.filter(|_| self.remote.port == 0);
        let asked = before.unwrap_or(self.remote.port);
        let address = self.remote.address.as_deref().unwrap_or_default();
        let given = timeout(PATIENCE, handle.tcpip_forward(address, asked.into())).await;
        let port = match given {
            Ok(Ok(given)) if asked == 0 => u16::try_from(given).unwrap_or_default(),
            Ok(Ok(_)) => asked,
            Ok(Err(russh::Error::RequestDenied)) => return Err(self.not_forwarded(before)),
            Ok(Err(error)) => return Err(connection_failure(&self.server, error.into())),
            Err(_) => {
                return Err(connection_failure(
                    &self.server,
                    russh::Error::ConnectionTimeout.into(),
                ));
            }
        };
        *self.memory() = Memory {
            port: Some(port),
            refusals: 0,
            has_worked: true,
        };
        Ok((!is_service(&self.server.host)).then(|| url(&self.server.host, port)))
    }

    fn not_forwarded(&self, before: Option<u16>) -> Failure {
        if let Some(port) = before {
            let mut memory = self.memory();
            memory.refusals += 1;
            if memory.refusals >= INSISTENCE {
                memory.port = None;
                memory.refusals = 0;
            }
            let message = format!(
                "the SSH server `{}` does not give port {port} again yet",
                self.server
            );
            return Failure::new("tunnel-forward-refused", message);
        }
        let what = match self.remote.port {
            0 => "a port".to_owned(),
            port => format!("port {port}"),
        };
        let message = format!(
            "the SSH server `{}` does not listen on {what} for us",
            self.server
        );
        let failure = Failure::new("tunnel-forward-refused", message).hint(
            "another program may have the port (pick one with `--tunnel-remote PORT`), or its `sshd_config` may say no \
             (`AllowTcpForwarding`, `PermitListen`, `GatewayPorts`)",
        );
        self.judged(failure)
    }

    /// Why the connection has ended.
    fn ended(&self, ended: Result<(), Trouble>, said: Option<String>) -> Failure {
        if let Err(trouble) = ended {
            return connection_failure(&self.server, trouble);
        }
        let said = said.filter(|said| !said.is_empty());
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        let message = format!(
            "the SSH server `{}` has closed the connection{said}",
            self.server
        );
        Failure::new("tunnel-disconnected", message)
    }
}

impl Connection {
    /// Ends it politely, as far as the server takes part.
    async fn close(mut self) {
        let end = async {
            if !self.has_ended {
                let bye = Disconnect::ByApplication;
                let _ = self.handle.disconnect(bye, "done", "").await;
                let _ = (&mut self.handle).await;
            }
        };
        // The server may be gone already.
        let _ = timeout(FAREWELL, end).await;
    }
}

fn config(hosts: &KnownHosts) -> ssh::Config {
    let usual = Preferred::DEFAULT;
    ssh::Config {
        window_size: WINDOW,
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: MISSED,
        preferred: Preferred {
            key: hosts.order(&usual.key).into(),
            ..usual
        },
        ..ssh::Config::default()
    }
}

fn is_service(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_it = |service: &str| host == service || host.ends_with(&format!(".{service}"));
    SERVICES.into_iter().any(is_it)
}

/// The URL of a port of a host.
fn url(host: &str, port: u16) -> String {
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    match port {
        80 => format!("http://{host}"),
        443 => format!("https://{host}"),
        port => format!("http://{host}:{port}"),
    }
}

/// Why there is no connection, in words.
fn connection_failure(server: &SshServer, trouble: Trouble) -> Failure {
    use russh::Error;
    let error = match trouble {
        Trouble::Host(failure) => return *failure,
        Trouble::Ssh(error) => error,
    };
    let reason = match &error {
        Error::IO(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => "connection refused".into(),
            io::ErrorKind::TimedOut => "no answer".into(),
            // Of the resolver, which has no error number.
            _ if error.raw_os_error().is_none() && error.kind() != io::ErrorKind::UnexpectedEof => {
                "host not found".into()
            }
            _ => "the connection broke".into(),
        },
        Error::ConnectionTimeout | Error::Elapsed(_) => "no answer".into(),
        Error::KeepaliveTimeout | Error::InactivityTimeout => "it has fallen silent".into(),
        Error::HUP | Error::Disconnect | Error::SendError | Error::RecvError => {
            "it has closed the connection".into()
        }
        Error::NoCommonAlgo { .. } => "it offers nothing that is safe".into(),
        Error::Version => "what answers there does not speak SSH".into(),
        other => other.to_string(),
    };
    let message = format!("no connection to the SSH server `{server}`: {reason}");
    Failure::new("tunnel-disconnected", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_host_and_port() {
        assert_eq!(url("example.com", 8080), "http://example.com:8080");
        assert_eq!(url("example.com", 443), "https://example.com");
        assert_eq!(url("2001:db8::1", 80), "http://[2001:db8::1]");
    }

    #[test]
    fn services_are_known_by_their_names() {
        for (host, expected) in [
            ("localhost.run", true),
            ("a.pinggy.io", true),
            ("notlocalhost.run", false),
            ("example.com", false),
        ] {
            assert_eq!(is_service(host), expected, "{host}");
        }
    }
}
