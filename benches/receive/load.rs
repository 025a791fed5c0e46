//! The load: signed notifications, no two alike, from connections that each wait for an answer before the next.
//!
//! Written by hand rather than with an HTTP client, for the load must cost less than the servers that it measures.

use std::cell::Cell;
use std::io::Write as _;
use std::rc::Rc;
use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use syncfy_hooks::domain::notification::{Environment, sample};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, LocalSet};

use crate::SECRET;
use crate::server::Server;

/// One in so many notifications is of the rare event.
const RARE: u64 = 100_000;

/// What is sent: one event again and again, now and then another, each with a `rid` and an `eid` of its own.
#[derive(Clone)]
pub(crate) struct Notifications {
    common: Request,
    rare: Request,
    /// How many were made; as many as there are, over all connections.
    made: Rc<Cell<u64>>,
}

impl Notifications {
    pub(crate) fn new(address: &str) -> Self {
        Self {
            common: Request::new("credentials.created", address),
            rare: Request::new("payments.chargeback_created", address),
            made: Rc::default(),
        }
    }

    fn next(&mut self) -> &[u8] {
        let made = self.made.get() + 1;
        self.made.set(made);
        let request = if made.is_multiple_of(RARE) {
            &mut self.rare
        } else {
            &mut self.common
        };
        request.numbered(made)
    }
}

/// A whole request as bytes, and where its identifiers begin.
#[derive(Clone)]
struct Request {
    bytes: Vec<u8>,
    rid: usize,
    eid: usize,
}

impl Request {
    fn new(event: &str, address: &str) -> Self {
        let now = jiff::Timestamp::from_second(1_900_000_000).unwrap();
        let mut random = fastrand::Rng::with_seed(1);
        let body = sample::event(event, &mut random, now, Environment::Sandbox).unwrap();
        let body = String::from_utf8(body).unwrap();
        // The token does not cover the body, so that one is enough.
        let claims = serde_json::json!({ "exp": 4_000_000_000_u64, "iat": 1_700_000_000, "pad": "x".repeat(640) });
        let key = EncodingKey::from_secret(SECRET);
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();
        let request = format!(
            "POST / HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             request-signature: {token}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let after = |name: &str| request.find(name).unwrap() + name.len();
        Self {
            rid: after("\"rid\":\""),
            eid: after("\"eid\":\""),
            bytes: request.into_bytes(),
        }
    }

    /// The request with identifiers that no other number has, in no order, as UUIDs are.
    fn numbered(&mut self, number: u64) -> &[u8] {
        for (at, number) in [(self.rid, number * 2), (self.eid, number * 2 + 1)] {
            let digits = format!("{:016x}", scattered(number));
            let (first, last) = digits.split_at(8);
            // The groups of a UUID between these two hold its version.
            (&mut self.bytes[at..]).write_all(first.as_bytes()).unwrap();
            (&mut self.bytes[at + 24..])
                .write_all(last.as_bytes())
                .unwrap();
        }
        &self.bytes
    }
}

/// Another number for each number (the end of `SplitMix64`, which can be undone).
fn scattered(number: u64) -> u64 {
    let number = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// When a load ends.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    /// When this time has passed.
    Passed(Duration),
    /// When this many were made in all, also by earlier loads.
    Made(u64),
}

/// What came of a load.
pub(crate) struct Load {
    pub(crate) took: Duration,
    /// From the first byte sent to the last received, shortest first.
    pub(crate) latencies: Vec<Duration>,
}

impl Load {
    /// Puts a load on a server.
    pub(crate) fn put(
        server: &Server,
        notifications: &mut Notifications,
        connections: usize,
        until: Until,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        LocalSet::new().block_on(&runtime, async {
            let start = Instant::now();
            let mut tasks = JoinSet::new();
            for _ in 0..connections {
                let mut stream = TcpStream::connect(&server.address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut notifications = notifications.clone();
                tasks.spawn_local(async move {
                    let mut latencies = Vec::new();
                    while match until {
                        Until::Passed(time) => start.elapsed() < time,
                        Until::Made(number) => notifications.made.get() < number,
                    } {
                        let request = notifications.next();
                        let sent = Instant::now();
                        stream.write_all(request).await.unwrap();
                        read_answer(&mut stream).await;
                        latencies.push(sent.elapsed());
                    }
                    latencies
                });
            }
            let mut latencies = tasks.join_all().await.concat();
            let took = start.elapsed();
            latencies.sort_unstable();
            Self { took, latencies }
        })
    }

    /// The latency that this many in a hundred did not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        self.latencies[(self.latencies.len() - 1) * percent / 100]
    }
}

/// Reads one answer to its end, and checks that it is a 200.
async fn read_answer(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the server closed a connection");
        filled += read;
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut answer = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head) = answer.parse(&buffer[..filled]).unwrap() else {
            continue;
        };
        assert_eq!(answer.code, Some(200));
        let mut headers = answer.headers.iter();
        let length = headers
            .find(|header| header.name.eq_ignore_ascii_case("content-length"))
            .unwrap();
        let length: usize = str::from_utf8(length.value).unwrap().parse().unwrap();
        if filled >= head + length {
            return;
        }
    }
}
