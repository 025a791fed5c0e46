//! What can only be examined by a call: the port, targets, the tunnel.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

use super::{Options, failed};
use crate::commands::Ssh;
use crate::commands::listen::{bind, refuse_a_loop};
use crate::domain::activity::{Examined, Health};
use crate::domain::capture::Capture;
use crate::domain::headers::Headers;
use crate::domain::target::Target;
use crate::domain::tunnel::Carrier;
use crate::http::{Client, Response, SendError, Trust, addresses, reachable};
use crate::report::Report;
use crate::tunnel::Tunnel;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a listener answers to who asks for its health.
const HEALTHY: &[u8] = b"{\"status\":\"ok\"}\n";

/// Calls servers.
pub(super) struct Caller {
    /// What makes sure of https targets.
    client: Result<Client, Report>,
    /// What calls this machine itself.
    local: Result<Client, Report>,
    /// Where `listen` is to listen.
    own: SocketAddr,
}

impl Caller {
    pub(super) fn new(options: &Options) -> Self {
        let trust = match options.targets.iter().any(Target::is_https) {
            false => Trust::Unneeded,
            true if options.insecure => Trust::Anything,
            true => Trust::System(options.ca.clone()),
        };
        let client = |trust: &Trust| Client::new(trust, PATIENCE, 1).map_err(Report::from);
        Self {
            client: client(&trust),
            local: client(&Trust::Unneeded),
            own: options.address,
        }
    }

    /// Whether a target answers, and what: over https to HEAD, over http only by taking the connection.
    async fn reach(&self, target: &Target) -> Result<Option<Response>, Report> {
        refuse_a_loop([target].into_iter(), self.own)?;
        let url = target.url("/");
        if target.is_https() {
            let client = self.client.as_ref().map_err(Report::clone)?;
            return call(client, "HEAD", &url).await.map(Some);
        }
        let (host, port) = target
            .host_and_port()
            .ok_or_else(|| unreachable(&url, &SendError::HostNotFound))?;
        let reached = async { reachable(&addresses(&host, port).await?).await };
        match reached.await {
            Ok(_) => Ok(None),
            Err(error) => Err(unreachable(&url, &error)),
        }
    }
}

async fn call(client: &Client, method: &str, url: &str) -> Result<Response, Report> {
    let mut capture = Capture::bare(Bytes::new());
    method.clone_into(&mut capture.method);
    let answer = client.send(url, &capture, &Headers::default()).await;
    answer.map_err(|error| unreachable(url, &error))
}

fn unreachable(url: &str, error: &SendError) -> Report {
    let report = Report::new(
        "target-unreachable",
        format!("`{url}` cannot be reached: {error}"),
    );
    // `doctor` has no `--timeout`.
    let hints = match error {
        SendError::TimedOut(_) => Vec::new(),
        error => error.hints(),
    };
    hints.into_iter().fold(report, Report::hint)
}

/// The address to listen on.
pub(super) async fn port(address: SocketAddr, caller: &Caller) -> Examined {
    let examined = match bind("--listen", address, "").await {
        Ok(_) if !address.ip().is_loopback() => {
            let message =
                format!("`{address}` is free, and open to the network: whoever is on it can post");
            let hint = "listen on `127.0.0.1` unless that is what you want";
            Examined::new("port", Health::Warn, message).advised(vec![hint.into()])
        }
        Ok(_) => Examined::new("port", Health::Pass, format!("`{address}` is free")),
        Err(report) if is_ours(address, caller).await => {
            let message = format!("a `syncfy-hooks listen` listens on `{address}` already");
            Examined::new("port", Health::Warn, message).advised(report.hints)
        }
        Err(report) => failed("port", report),
    };
    examined.of(address.to_string())
}

/// Whether it is a listener of this program that has the address.
async fn is_ours(address: SocketAddr, caller: &Caller) -> bool {
    let Ok(client) = &caller.local else {
        return false;
    };
    let answer = call(client, "GET", &format!("http://{address}/healthz")).await;
    let body = answer.and_then(|answer| answer.body.map_err(|error| unreachable("", &error)));
    body.is_ok_and(|body| *body == *HEALTHY)
}

/// Every target, and how far the clock of one is ahead.
///
/// A target over http only has to take the connection, so that no app is called before it wants to be; over https it is asked
/// with HEAD, and any answer will do.
pub(super) async fn targets(
    targets: &[Target],
    caller: &Caller,
    now: Timestamp,
) -> (Vec<Examined>, Option<SignedDuration>) {
    if targets.is_empty() {
        let skipped = Examined::new("target", Health::Skip, "there is none to forward to");
        return (vec![skipped], None);
    }
    let mut found = Vec::new();
    let mut ahead = None;
    for target in targets {
        let examined = match caller.reach(target).await {
            Err(report) => failed("target", report),
            Ok(None) => Examined::new(
                "target",
                Health::Pass,
                format!("`{target}` takes connections"),
            ),
            Ok(Some(answer)) => {
                ahead = ahead.or(clock_of(&answer, now));
                let message = format!("`{target}` answers, and its certificate is trusted");
                Examined::new("target", Health::Pass, message)
            }
        };
        found.push(examined.of(target.to_string()));
    }
    (found, ahead)
}

fn clock_of(answer: &Response, now: Timestamp) -> Option<SignedDuration> {
    let date = rfc2822::parse(answer.headers.get("date")?).ok()?;
    Some(date.timestamp().duration_since(now))
}

/// The tunnel.
pub(super) async fn tunnel(tunnel: Option<(Carrier, Ssh)>) -> Examined {
    let Some((carrier, ssh)) = tunnel else {
        return Examined::new(
            "tunnel",
            Health::Skip,
            "there is none: Syncfy cannot reach this machine",
        );
    };
    let examined = match Tunnel::prepare(&carrier, ssh).await {
        Err(report) => failed("tunnel", report),
        Ok(tunnel) => match tunnel.check().await {
            Err(failure) => failed("tunnel", failure.report),
            Ok(message) => Examined::new("tunnel", Health::Pass, message),
        },
    };
    examined.of(carrier.name())
}
