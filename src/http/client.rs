//! The client: pooled connections, exact bytes, no redirects, and failures told by their cause.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::InvalidMessage;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::convert;
use super::trust::{self, Trust, TrustError};
use crate::domain::capture::Capture;
use crate::domain::headers::Headers;

/// An answer's body is read up to this many bytes.
const LONGEST_ANSWER: usize = 10 * 1024 * 1024;

/// How long to wait for a connection that is only to show that somebody takes it.
const PROBE: Duration = Duration::from_secs(3);

/// How long a target may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(20);

/// Sends requests over pooled connections.
#[derive(Clone)]
pub(crate) struct Client {
    inner: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
}

/// What a target answered.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    /// The body, or why it did not come with its head.
    pub(crate) body: Result<Bytes, SendError>,
    /// From the call to the answer's head.
    pub(crate) latency: Duration,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendError {
    #[error("connection refused")]
    Refused,
    #[error("host not found")]
    HostNotFound,
    #[error("host not reached: {0}")]
    Unreachable(String),
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    #[error("TLS failed: {0}")]
    Tls(String),
    #[error("the target speaks http, not https")]
    NotTls,
    #[error("connection closed before an answer")]
    Closed,
    #[error("the answer is longer than {LONGEST_ANSWER} bytes")]
    AnswerTooLong,
    #[error("the answer did not arrive whole")]
    AnswerBroken,
    #[error("the URL cannot be called: {0}")]
    Url(String),
    #[error("the request cannot be sent: {0}")]
    Request(#[from] convert::Unfit),
    #[error("{0}")]
    Other(String),
}

impl SendError {
    /// What to do about it.
    pub(crate) fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Refused => "nothing listens there: start your app, or check the port",
            Self::HostNotFound => "check how the host is spelled",
            Self::TimedOut(_) => {
                "your app took too long: answer first and do the work afterwards, or give it more `--timeout`"
            }
            Self::Tls(_) => {
                "name the host as its certificate does, trust its authority with `--ca FILE`, or skip the check \
                 with `--insecure`"
            }
            Self::NotTls => "name it with `http://`",
            Self::Closed => {
                "your app closed the connection: its own log may say why; check that it speaks http, not https"
            }
            Self::Request(_) => "mend the headers of the capture",
            Self::Unreachable(_)
            | Self::AnswerTooLong
            | Self::AnswerBroken
            | Self::Url(_)
            | Self::Other(_) => return Vec::new(),
        };
        vec![hint.into()]
    }
}

impl Client {
    /// A client that waits so long for each answer.
    pub(crate) fn new(
        trust: &Trust,
        timeout: Duration,
        connections: usize,
    ) -> Result<Self, TrustError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Sooner than the whole, so that who cannot be reached is told from who takes long to answer.
        tcp.set_connect_timeout(Some(CONNECT.min(timeout / 10 * 9)));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust::config(trust)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let inner = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(connections)
            .build(connector);
        Ok(Self { inner, timeout })
    }

    /// Sends the capture's method, headers and body to `url`. Redirects are answers like any other.
    pub(crate) async fn send(
        &self,
        url: &str,
        capture: &Capture,
        headers: &Headers,
    ) -> Result<Response, SendError> {
        let mut request = Request::builder()
            .method(capture.method.as_str())
            .uri(url)
            .body(Full::new(capture.body.clone()))
            .map_err(|error| SendError::Url(error.to_string()))?;
        *request.headers_mut() = convert::header_map(headers)?;
        // hyper says nothing of an empty body, and some servers answer that with 411.
        let length = HeaderValue::from(capture.body.len());
        request.headers_mut().insert(CONTENT_LENGTH, length);
        let start = Instant::now();
        let deadline = start + self.timeout;
        let response = timeout_at(deadline, self.inner.request(request))
            .await
            .map_err(|_| SendError::TimedOut(self.timeout))?
            .map_err(|error| cause(&error))?;
        let latency = start.elapsed();
        let (parts, body) = response.into_parts();
        let body = timeout_at(deadline, read(body))
            .await
            .unwrap_or(Err(SendError::TimedOut(self.timeout)));
        Ok(Response {
            status: parts.status.as_u16(),
            headers: convert::headers(&parts.headers),
            body,
            latency,
        })
    }
}

pub(super) async fn read(body: Incoming) -> Result<Bytes, SendError> {
    match Limited::new(body, LONGEST_ANSWER).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(SendError::AnswerTooLong),
        Err(_) => Err(SendError::AnswerBroken),
    }
}

/// Whether somebody takes connections there.
pub(crate) async fn answers(host: &str, port: u16) -> bool {
    matches!(
        timeout(PROBE, TcpStream::connect((host, port))).await,
        Ok(Ok(_))
    )
}

/// The cause at the bottom of hyper's error.
pub(super) fn cause(error: &legacy::Error) -> SendError {
    let mut last = error.to_string();
    for error in chain(error) {
        last = error.to_string();
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return match error {
                rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                    SendError::NotTls
                }
                error => SendError::Tls(trust::words(error)),
            };
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            match error.kind() {
                io::ErrorKind::ConnectionRefused => return SendError::Refused,
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::UnexpectedEof => return SendError::Closed,
                _ => {}
            }
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && (error.is_incomplete_message() || error.is_closed())
        {
            return SendError::Closed;
        }
    }
    match error.is_connect() {
        true if is_lookup_failure(error) => SendError::HostNotFound,
        true => SendError::Unreachable(last),
        false => SendError::Other(last),
    }
}

/// An error and all below it. What an I/O error wraps comes too, which its own `source` passes over.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        let wrapped = error.downcast_ref().and_then(io::Error::get_ref);
        wrapped
            .map(|wrapped| wrapped as &(dyn Error + 'static))
            .or_else(|| error.source())
    })
}

/// The connector has no type of its own for a name that cannot be looked up: among failures to connect it is the one that
/// wraps an error of the resolver, which has no error number.
fn is_lookup_failure(error: &legacy::Error) -> bool {
    let innermost = chain(error)
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .last();
    innermost.is_some_and(|error| error.raw_os_error().is_none())
}
