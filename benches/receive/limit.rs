//! The limit servers: hyper with the least that each piece of work needs.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinSet, LocalSet, spawn_blocking};

use crate::SECRET;

/// How many notifications may wait to be written, and how many are written at a time.
const BATCH: usize = 1024;

/// What is done with a request before it is answered.
#[derive(Default)]
struct Work {
    key: Option<DecodingKey>,
    committer: Option<mpsc::Sender<Entry>>,
}

/// Listens on a free port, which it prints, until it is killed.
pub(crate) fn serve(work: &str, folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = JoinSet::new();
        let key = (work != "bare").then(|| DecodingKey::from_secret(SECRET));
        let committer = work.ends_with("file").then(|| {
            let file = File::create_new(folder.join("file")).unwrap();
            let (sender, waiting) = mpsc::channel(BATCH);
            tasks.spawn_local(commit(waiting, file, work == "synced-file"));
            sender
        });
        let work = Rc::new(Work { key, committer });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let work = Rc::clone(&work);
            let service = service_fn(move |request| answer(request, Rc::clone(&work)));
            tasks.spawn_local(async move {
                // A load that ends may leave a connection in the middle.
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
}

async fn answer(
    request: Request<Incoming>,
    work: Rc<Work>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    if let Some(key) = &work.key {
        verify(&head.headers, key);
        parse(&body);
    }
    if let Some(committer) = &work.committer {
        let (done, written) = oneshot::channel();
        let entry = Entry {
            headers: head.headers,
            body,
            done,
        };
        assert!(committer.send(entry).await.is_ok());
        written.await.unwrap();
    }
    Ok(Response::new(Full::new(Bytes::from_static(
        b"{\"status\":\"recorded\"}\n",
    ))))
}

#[derive(Deserialize)]
struct Claims {
    exp: u64,
}

fn verify(headers: &HeaderMap, key: &DecodingKey) {
    let token = headers["request-signature"].to_str().unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    assert!(
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, Algorithm::HS256).unwrap()
    );
    let claims = message.split_once('.').unwrap().1;
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Claims = serde_json::from_slice(&claims).unwrap();
    assert!(claims.exp > 0);
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    rid: Cow<'a, str>,
    #[serde(borrow)]
    events: Vec<Event<'a>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    header: &'a RawValue,
    #[serde(borrow)]
    payload: &'a RawValue,
}

fn parse(body: &[u8]) {
    let envelope: Envelope<'_> = serde_json::from_slice(body).unwrap();
    let read = envelope
        .events
        .iter()
        .map(|event| event.header.get().len() + event.payload.get().len())
        .sum::<usize>();
    assert!(!envelope.rid.is_empty() && read > 0);
}

/// A request to be written, and whom to tell.
struct Entry {
    headers: HeaderMap,
    body: Bytes,
    done: oneshot::Sender<()>,
}

/// Appends all that waits, with one sync where that is wanted, then has all of it answered.
async fn commit(mut waiting: mpsc::Receiver<Entry>, mut file: File, sync: bool) {
    let mut entries = Vec::new();
    let mut bytes = Vec::new();
    while waiting.recv_many(&mut entries, BATCH).await > 0 {
        let write = move || {
            bytes.clear();
            for entry in &entries {
                append(entry, &mut bytes);
            }
            file.write_all(&bytes).unwrap();
            if sync {
                file.sync_data().unwrap();
            }
            (entries, bytes, file)
        };
        (entries, bytes, file) = spawn_blocking(write).await.unwrap();
        for entry in entries.drain(..) {
            // Nobody listens where the connection has ended.
            let _ = entry.done.send(());
        }
    }
}

fn append(entry: &Entry, bytes: &mut Vec<u8>) {
    for (name, value) in &entry.headers {
        bytes.extend_from_slice(name.as_ref());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(&(entry.body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&entry.body);
}
