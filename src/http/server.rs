//! The server: a bound listener, limits on everything, and an end that lets requests under way finish.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::header::EXPECT;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::convert;
use crate::domain::headers::Headers;
use crate::domain::reply::{Answer, Refusal};

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Connections at once. More of them wait in the kernel.
    pub(crate) connections: usize,
    /// How long a request's head may take, the wait for it on an idle connection included.
    pub(crate) head: Duration,
    /// How long a body may take.
    pub(crate) body: Duration,
    /// How long a body may be, in bytes.
    pub(crate) body_length: u64,
}

/// A head of more bytes than this is refused by hyper with 431.
const LONGEST_HEAD: usize = 64 * 1024;

/// What of a body that is too long is still read, as a multiple of the limit, so that the sender lives to see the answer.
const READ_AND_DROPPED: u64 = 8;

/// The rest after a connection could not be accepted, as when there are no more file descriptors.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// A request before its body.
pub(crate) struct Head {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Headers,
}

/// What is to become of a request, as far as its head tells.
pub(crate) enum Screening {
    /// Its body is read, and it is received.
    Pass,
    /// It is answered at once.
    Answer(Answer),
    /// It is refused.
    Refuse(Refusal),
}

/// Answers requests.
pub(crate) trait Receiver: Send + Sync + 'static {
    /// What is to become of a request, as far as its head tells, which may be amended.
    fn screen(&self, head: &mut Head) -> Screening;

    /// The answer to a request that is refused before it arrived whole.
    fn refuse(&self, head: &Head, refusal: &Refusal) -> Answer;

    /// The answer to a request that arrived whole.
    fn receive(self: Arc<Self>, head: Head, body: Bytes) -> impl Future<Output = Answer> + Send;
}

/// Where connections come in.
pub(crate) struct Doors<S> {
    listener: TcpListener,
    /// Connections that somebody else accepts. `None` once there are no more.
    streams: Option<mpsc::Receiver<S>>,
}

/// Where connections come from.
enum Connection<S> {
    Tcp(TcpStream),
    Other(S),
}

impl<S> Doors<S> {
    /// A listener alone.
    pub(crate) fn of(listener: TcpListener) -> Self {
        Self {
            listener,
            streams: None,
        }
    }

    /// A listener, and connections that somebody else accepts.
    pub(crate) fn and(listener: TcpListener, streams: mpsc::Receiver<S>) -> Self {
        Self {
            listener,
            streams: Some(streams),
        }
    }

    /// The next connection. Can be dropped and called again without losing one.
    async fn accept(&mut self) -> io::Result<Connection<S>> {
        loop {
            let Some(streams) = &mut self.streams else {
                return self
                    .listener
                    .accept()
                    .await
                    .map(|(stream, _)| Connection::Tcp(stream));
            };
            tokio::select! {
                accepted = self.listener.accept() => {
                    return accepted.map(|(stream, _)| Connection::Tcp(stream));
                }
                received = streams.recv() => match received {
                    Some(stream) => return Ok(Connection::Other(stream)),
                    None => self.streams = None,
                },
            }
        }
    }
}

/// Serves until `stop` resolves, then lets requests under way finish, however long that takes.
pub(crate) async fn serve<R, S>(
    mut doors: Doors<S>,
    limits: Limits,
    receiver: Arc<R>,
    stop: impl Future<Output = ()>,
) where
    R: Receiver,
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let permits = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accept = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, doors.accept().await)
        };
        let (permit, stream) = tokio::select! {
            biased;
            () = &mut stop => break,
            // A bug that one request met is told on standard error and closes its connection: the others live.
            Some(_) = connections.join_next() => continue,
            (permit, Ok(stream)) = accept => (permit, stream),
            else => { sleep(ACCEPT_REST).await; continue }
        };
        let receiver = Arc::clone(&receiver);
        let service = service_fn(move |request| answer(request, limits, Arc::clone(&receiver)));
        let protocol = protocol(limits);
        match stream {
            Connection::Tcp(stream) => {
                // Answers are short: they shall not wait for more to send.
                let _ = stream.set_nodelay(true);
                let connection = protocol.serve_connection(TokioIo::new(stream), service);
                connections.spawn(see_through(graceful.watch(connection), permit));
            }
            Connection::Other(stream) => {
                let connection = protocol.serve_connection(TokioIo::new(stream), service);
                connections.spawn(see_through(graceful.watch(connection), permit));
            }
        }
    }
    drop(doors);
    graceful.shutdown().await;
}

/// Lets a connection come to its end.
async fn see_through<T, P>(connection: impl Future<Output = T>, permit: P) {
    // A connection that ends badly concerns its peer alone.
    let _ = connection.await;
    drop(permit);
}

fn protocol(limits: Limits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(LONGEST_HEAD)
        .half_close(true);
    protocol
}

async fn answer<R: Receiver>(
    request: Request<Incoming>,
    limits: Limits,
    receiver: Arc<R>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let mut head = Head {
        method: parts.method.to_string(),
        target: parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
        headers: convert::headers(&parts.headers),
    };
    // Whoever asks before sending has sent nothing yet that would have to be read before it sees a refusal.
    let asks_first = parts.headers.contains_key(EXPECT);
    let answer = match receiver.screen(&mut head) {
        Screening::Answer(answer) => answer,
        Screening::Refuse(refusal) => receiver.refuse(&head, &refusal),
        Screening::Pass => match read(body, limits, asks_first).await {
            Ok(body) => receiver.receive(head, body).await,
            Err(refusal) => receiver.refuse(&head, &refusal),
        },
    };
    Ok(convert::response(answer))
}

/// The whole body, within the limits of length and time.
async fn read(mut body: Incoming, limits: Limits, asks_first: bool) -> Result<Bytes, Refusal> {
    let too_long = Refusal::TooLong(limits.body_length);
    if body.size_hint().lower() > limits.body_length {
        if !asks_first {
            discard(body, limits).await;
        }
        return Err(too_long);
    }
    let length = usize::try_from(limits.body_length).unwrap_or(usize::MAX);
    match timeout(limits.body, Limited::new(&mut body, length).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            discard(body, limits).await;
            Err(too_long)
        }
        Ok(Err(_)) => Err(Refusal::Broken),
        Err(_) => Err(Refusal::TooSlow),
    }
}

/// Reads on for a while, keeping nothing: a sender that is cut off in mid-body never sees why.
async fn discard(mut body: Incoming, limits: Limits) {
    let mut left = limits.body_length.saturating_mul(READ_AND_DROPPED);
    let rest = async {
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len() as u64));
            if left == 0 {
                break;
            }
        }
    };
    // Whether it ended or not, the answer is the same.
    let _ = timeout(limits.body, rest).await;
}
