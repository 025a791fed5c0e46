//! Requests that put an endpoint to the test: each on a connection of its own, to one address that was chosen before.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::{Body, Frame, SizeHint};
use hyper::ext::on_informational;
use hyper::header::{CONTENT_LENGTH, EXPECT, HOST, HeaderValue};
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep, timeout, timeout_at};

use super::client::{self, SendError};
use super::convert;
use super::trust::{self, Trust, TrustError};
use crate::domain::harden::{Probe, Reaction, Transfer};

/// How long to wait for leave to send a body, before it is sent without.
const LEAVE: Duration = Duration::from_secs(1);

/// How many pieces a body is sent in where it has no length.
const PIECES: usize = 7;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

type Sent = UnsyncBoxBody<Bytes, std::convert::Infallible>;

/// Sends probes to one URL.
#[derive(Clone)]
pub(crate) struct Prober {
    inner: legacy::Client<HttpsConnector<HttpConnector>, Sent>,
    /// The URL, its host replaced by the address.
    url: Arc<str>,
    /// The host and port as they were typed.
    host: HeaderValue,
    timeout: Duration,
}

/// The addresses of a host.
///
/// # Errors
///
/// When there are none.
pub(crate) async fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, SendError> {
    let found = timeout(CONNECT, lookup_host((host, port))).await;
    let Ok(Ok(found)) = found else {
        return Err(SendError::HostNotFound);
    };
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        return Err(SendError::HostNotFound);
    }
    Ok(found)
}

/// Whether an address is of this machine or of a private network. The link-local addresses of IPv4 are not: clouds serve
/// the secrets of a machine on one of them.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.is_unspecified()
        }
    }
}

/// The first of these addresses where somebody takes connections.
///
/// # Errors
///
/// When there is nobody at any of them.
pub(crate) async fn reachable(addresses: &[SocketAddr]) -> Result<SocketAddr, SendError> {
    let mut failure = SendError::HostNotFound;
    for address in addresses {
        failure = match timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(*address),
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                SendError::Refused
            }
            Ok(Err(error)) => SendError::Unreachable(error.to_string()),
            Err(_) => SendError::Unreachable("it does not take connections".into()),
        };
    }
    Err(failure)
}

impl Prober {
    /// Prepares to send to this URL at this address, whatever its host means elsewhere.
    pub(crate) fn new(
        url: &str,
        address: SocketAddr,
        trust: &Trust,
        timeout: Duration,
    ) -> Result<Self, ProberError> {
        let wrong = || ProberError::Url(url.to_owned());
        let uri: hyper::Uri = url.parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        let name = authority.host().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(name).map_err(|_| wrong())?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust::config(trust)?)
            .https_or_http()
            .with_server_name_resolver(FixedServerNameResolver::new(name))
            .enable_http1()
            .wrap_connector(tcp);
        let inner = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .retry_canceled_requests(false)
            .build(connector);
        let scheme = uri.scheme_str().unwrap_or("http");
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            inner,
            url: format!("{scheme}://{address}{path}").into(),
            host: HeaderValue::from_str(authority.as_str()).map_err(|_| wrong())?,
            timeout,
        })
    }

    /// Sends one, and tells what the endpoint did, and how long that took.
    pub(crate) async fn send(&self, probe: &Probe) -> (Reaction, Duration) {
        let start = Instant::now();
        let reaction = match self.request(probe) {
            Ok(request) => self.ask(request, start + self.timeout).await,
            Err(error) => Reaction::Failed(error.to_string()),
        };
        (reaction, start.elapsed())
    }

    async fn ask(&self, request: Request<Sent>, deadline: Instant) -> Reaction {
        let response = match timeout_at(deadline, self.inner.request(request)).await {
            Err(_) => return Reaction::TimedOut,
            Ok(Err(error)) => {
                return match client::cause(&error) {
                    SendError::Closed => Reaction::Closed,
                    SendError::TimedOut(_) => Reaction::TimedOut,
                    error @ (SendError::Refused | SendError::Unreachable(_)) => {
                        Reaction::Absent(error.to_string())
                    }
                    error => Reaction::Failed(error.to_string()),
                };
            }
            Ok(Ok(response)) => response,
        };
        let status = response.status().as_u16();
        // What it says is not judged, and an answer that never ends has its head all the same.
        let _ = timeout_at(deadline, client::read(response.into_body())).await;
        Reaction::Status(status)
    }

    fn request(&self, probe: &Probe) -> Result<Request<Sent>, SendError> {
        let mut map = convert::header_map(&probe.headers)?;
        map.entry(HOST).or_insert_with(|| self.host.clone());
        let length = HeaderValue::from(probe.body.len());
        let leave = Arc::new(Notify::new());
        let body = match probe.transfer {
            Transfer::Length => Full::new(probe.body.clone()).boxed_unsync(),
            Transfer::Chunked => Pieces::of(&probe.body, None).boxed_unsync(),
            Transfer::OnContinue => {
                map.insert(EXPECT, HeaderValue::from_static("100-continue"));
                let given = Arc::clone(&leave);
                let asked = Box::pin(async move { given.notified().await });
                let wait = Wait {
                    leave: asked,
                    latest: Box::pin(sleep(LEAVE)),
                };
                Pieces::of(&probe.body, Some(wait)).boxed_unsync()
            }
        };
        if probe.transfer != Transfer::Chunked && !(probe.method == "GET" && probe.body.is_empty())
        {
            map.insert(CONTENT_LENGTH, length);
        }
        let mut request = Request::builder()
            .method(probe.method)
            .uri(&*self.url)
            .body(body)
            .map_err(|error| SendError::Url(error.to_string()))?;
        *request.headers_mut() = map;
        on_informational(&mut request, move |response| {
            if response.status() == hyper::StatusCode::CONTINUE {
                leave.notify_one();
            }
        });
        Ok(request)
    }
}

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProberError {
    #[error("the URL `{0}` cannot be called")]
    Url(String),
    #[error(transparent)]
    Trust(#[from] TrustError),
}

/// A body in pieces, perhaps once there is leave to send it.
struct Pieces {
    wait: Option<Wait>,
    /// The pieces that are left, the last one first.
    left: Vec<Bytes>,
}

struct Wait {
    leave: Pin<Box<dyn Future<Output = ()> + Send>>,
    latest: Pin<Box<Sleep>>,
}

impl Pieces {
    fn of(body: &Bytes, wait: Option<Wait>) -> Self {
        let size = body.len().div_ceil(PIECES).max(1);
        let mut left: Vec<Bytes> = body
            .chunks(size)
            .map(|piece| body.slice_ref(piece))
            .collect();
        left.reverse();
        Self { wait, left }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(wait) = &mut self.wait {
            let may = wait.leave.as_mut().poll(context).is_ready();
            if !may && wait.latest.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.wait = None;
        }
        Poll::Ready(self.left.pop().map(|piece| Ok(Frame::data(piece))))
    }

    /// Not told, so that it goes in chunks where no header tells it either.
    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_is_what_is_ones_own() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("172.32.0.1", false),
            ("192.168.1.1", true),
            ("169.254.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("8.8.8.8", false),
            ("::1", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("::ffff:10.0.0.1", true),
            ("::ffff:8.8.8.8", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_private(address.parse().unwrap()), expected, "{address}");
        }
    }
}
