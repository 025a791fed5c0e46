//! How much of the limit `listen` reaches: the same load on it and on bare hyper servers, in turn.
//!
//! The limit servers read the body and answer; with a key they also check one HS256 signature and parse the body into
//! borrowed structs, with nothing recorded, judged or shown. Compare the ratios, not the numbers:
//!
//! ```console
//! $ cargo bench --bench receive
//! ```

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark is for whoever reads it here"
)]

use std::borrow::Cow;
use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1 as client;
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::Deserialize;
use serde_json::value::RawValue;
use syncfy_hooks::domain::notification::{Environment, sample};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, LocalSet};

const SECRET: &[u8] = b"a secret of more than thirty-two bytes, for the benchmark alone";
const CONNECTIONS: usize = 64;
const REQUESTS: usize = 60_000;
const ROUNDS: usize = 3;

fn main() {
    let role = std::env::args().nth(1).unwrap_or_default();
    match role.as_str() {
        "serve" => serve(None),
        "serve-with-key" => serve(Some(DecodingKey::from_secret(SECRET))),
        _ => compare(),
    }
}

/// A server under load, and where it listens.
struct Server {
    process: Child,
    address: String,
}

fn compare() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::File::create(&key)
        .unwrap()
        .write_all(&[b"text:", SECRET].concat())
        .unwrap();
    let key = key.to_str().unwrap();
    println!("{CONNECTIONS} connections, {REQUESTS} requests, best of {ROUNDS} rounds");
    println!(
        "{:<34}{:>12}{:>16}{:>14}{:>10}",
        "", "requests/s", "CPU µs/request", "of its limit", "peak MB"
    );
    let listen = |more: &[&str]| {
        start(
            env!("CARGO_BIN_EXE_syncfy-hooks"),
            &[&["listen", "--json", "--listen", "0"], more].concat(),
        )
    };
    let this = std::env::current_exe().unwrap();
    let limit = |role| start(this.to_str().unwrap(), &[role]);
    let bare = measure("bare hyper", None, || limit("serve"));
    let with_key = measure("bare hyper, signature and parsing", None, || {
        limit("serve-with-key")
    });
    measure("listen", Some(bare), || listen(&["--format", "compact"]));
    measure("listen with a key", Some(with_key), || {
        listen(&["--format", "compact", "--key-file", key])
    });
    measure("listen with a key, JSON lines", Some(with_key), || {
        listen(&["--key-file", key])
    });
}

/// Prints a row and returns the CPU time for a request, in microseconds.
fn measure(name: &str, limit: Option<f64>, start: impl Fn() -> Server) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let mut server = start();
        let wall = load(&server.address);
        let (cpu, memory) = usage(&server.process);
        server.process.kill().unwrap();
        server.process.wait().unwrap();
        (
            cpu.as_secs_f64() * 1e6 / REQUESTS as f64,
            REQUESTS as f64 / wall.as_secs_f64(),
            memory,
        )
    });
    let (cpu, rate, memory) = rounds
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .unwrap();
    let ratio = limit.map_or(String::new(), |limit| format!("{:.2}", limit / cpu));
    println!(
        "{name:<34}{rate:>12.0}{cpu:>16.1}{ratio:>14}{:>10.1}",
        memory / 1024.0
    );
    cpu
}

/// Starts a server that prints where it listens; what it prints later is thrown away.
fn start(program: &str, args: &[&str]) -> Server {
    let mut process = Command::new(program)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut errors = BufReader::new(process.stderr.take().unwrap());
    let compact = args.contains(&"compact");
    let mut line = String::new();
    if compact {
        errors.read_line(&mut line).unwrap()
    } else {
        output.read_line(&mut line).unwrap()
    };
    let address = line
        .split_once("http://")
        .unwrap()
        .1
        .split(['"', '\n'])
        .next()
        .unwrap()
        .to_owned();
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
    Server { process, address }
}

/// CPU time and peak memory (in KiB) of a process, from Linux's /proc.
fn usage(process: &Child) -> (Duration, f64) {
    let read = |name| std::fs::read_to_string(format!("/proc/{}/{name}", process.id())).unwrap();
    let (stat, status) = (read("stat"), read("status"));
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().unwrap())
        .sum();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    (
        Duration::from_millis(ticks * 10),
        peak.trim().trim_end_matches(" kB").parse().unwrap(),
    )
}

fn load(address: &str) -> Duration {
    let now = jiff::Timestamp::from_second(1_900_000_000).unwrap();
    let body = sample::event(
        "credentials.created",
        &mut fastrand::Rng::with_seed(1),
        now,
        Environment::Sandbox,
    )
    .unwrap();
    let body = Bytes::from(body);
    let claims = serde_json::json!({ "exp": 4_000_000_000_u64, "iat": 1_700_000_000, "pad": "x".repeat(640) });
    let token = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(SECRET),
    )
    .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, async {
        let start = Instant::now();
        let mut connections = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (mut sender, connection) = client::handshake(TokioIo::new(stream)).await.unwrap();
            let (body, token, address) = (body.clone(), token.clone(), address.to_owned());
            connections.spawn_local(connection);
            connections.spawn_local(async move {
                for _ in 0..REQUESTS / CONNECTIONS {
                    let request = Request::post("/")
                        .header("host", &address)
                        .header("content-type", "application/json")
                        .header("request-signature", &token)
                        .body(Full::new(body.clone()))
                        .unwrap();
                    let response = sender.send_request(request).await?;
                    assert_eq!(response.status(), 200);
                    response.into_body().collect().await?;
                }
                Ok(())
            });
        }
        while let Some(ended) = connections.join_next().await {
            ended.unwrap().unwrap();
        }
        start.elapsed()
    })
}

#[derive(Deserialize)]
struct Claims {
    exp: u64,
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

fn serve(key: Option<DecodingKey>) {
    let key = Arc::new(key);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let key = Arc::clone(&key);
            let service = service_fn(move |request| answer(request, Arc::clone(&key)));
            connections.spawn_local(
                server::Builder::new().serve_connection(TokioIo::new(stream), service),
            );
        }
    });
}

async fn answer(
    request: Request<Incoming>,
    key: Arc<Option<DecodingKey>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    if let Some(key) = key.as_ref() {
        let token = head.headers["request-signature"].to_str().unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        assert!(
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, Algorithm::HS256)
                .unwrap()
        );
        let claims = URL_SAFE_NO_PAD
            .decode(message.split_once('.').unwrap().1)
            .unwrap();
        let claims: Claims = serde_json::from_slice(&claims).unwrap();
        let envelope: Envelope<'_> = serde_json::from_slice(&body).unwrap();
        let read = envelope
            .events
            .iter()
            .map(|event| event.header.get().len() + event.payload.get().len())
            .sum::<usize>();
        assert!(claims.exp > 0 && !envelope.rid.is_empty() && read > 0);
    }
    Ok(Response::new(Full::new(Bytes::from_static(
        b"{\"status\":\"recorded\"}\n",
    ))))
}
