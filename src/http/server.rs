//! The server: a bound listener, limits on everything, and an end that lets requests under way finish.

use std::convert::Infallible;
use std::future::Future;
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
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
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
    /// What is to become of a request, as far as its head tells.
    fn screen(&self, head: &Head) -> Screening;

    /// The answer to a request that is refused before it arrived whole.
    fn refuse(&self, head: &Head, refusal: &Refusal) -> Answer;

    /// The answer to a request that arrived whole.
    fn receive(self: Arc<Self>, head: Head, body: Bytes) -> impl Future<Output = Answer> + Send;
}

/// Serves until `stop` resolves, then lets requests under way finish, however long that takes.
pub(crate) async fn serve<R: Receiver>(
    listener: TcpListener,
    limits: Limits,
    receiver: Arc<R>,
    stop: impl Future<Output = ()>,
) {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accept = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, stream) = tokio::select! {
            biased;
            () = &mut stop => break,
            // A bug that one request met is told on standard error and closes its connection: the others live.
            Some(_) = connections.join_next() => continue,
            (permit, Ok((stream, _))) = accept => (permit, stream),
            else => { sleep(ACCEPT_REST).await; continue }
        };
        // Answers are short: they shall not wait for more to send.
        let _ = stream.set_nodelay(true);
        let receiver = Arc::clone(&receiver);
        let service = service_fn(move |request| answer(request, limits, Arc::clone(&receiver)));
        let connection =
            graceful.watch(protocol(limits).serve_connection(TokioIo::new(stream), service));
        connections.spawn(async move {
            // A connection that ends badly concerns its peer alone.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    graceful.shutdown().await;
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
    let head = Head {
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
    let answer = match receiver.screen(&head) {
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
