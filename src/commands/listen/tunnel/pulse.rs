//! Whether a public URL leads here: the program asks itself through it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::{Instant, sleep, sleep_until};

use crate::clock::Clock;
use crate::commands::listen::gate::Gate;
use crate::domain::capture::Capture;
use crate::domain::headers::Header;
use crate::domain::tunnel::probe;
use crate::http::{Client, Trust};
use crate::report::Report;
use crate::tunnel::Failure;

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Rests between questions while a new URL does not lead here yet. The last one is repeated.
const RESTS: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// A URL that led here until now is asked so often before it is believed to be dead.
const CHANCES: usize = 3;

/// How often the clocks are compared: the one that stands still while the machine sleeps, and the one that does not.
const TICK: Duration = Duration::from_secs(5);

/// More difference between the clocks than this is sleep.
const SLEPT: Duration = Duration::from_secs(3);

/// Asks through public URLs.
pub(super) struct Pulse {
    client: Client,
    gate: Arc<Gate>,
    /// The silence after which it asks. `None` for never.
    every: Option<Duration>,
    clock: Clock,
    doubt: Option<Failure>,
}

#[derive(serde::Deserialize)]
struct Said {
    probe: String,
}

impl Pulse {
    pub(super) fn new(
        gate: Arc<Gate>,
        every: Option<Duration>,
        clock: Clock,
    ) -> Result<Self, Report> {
        // No connection is kept: what matters is whether new ones come through.
        let client = Client::new(&Trust::System(None), PATIENCE, 0)?;
        Ok(Self {
            client,
            gate,
            every,
            clock,
            doubt: None,
        })
    }

    /// The first of these URLs that leads here. Encrypted ones go first.
    pub(super) async fn find(&mut self, candidates: &[String], path: &str) -> String {
        let mut order: Vec<&String> = candidates.iter().collect();
        order.sort_by_key(|url| !url.starts_with("https:"));
        let Some(first) = order.first() else {
            return std::future::pending().await;
        };
        if self.every.is_none() {
            return (*first).clone();
        }
        let mut rests = RESTS.into_iter();
        let mut rest = Duration::ZERO;
        loop {
            for url in &order {
                match self.ask(url, path).await {
                    Ok(()) => {
                        self.doubt = None;
                        return (*url).clone();
                    }
                    Err(reason) => self.doubt = Some(doubt(url, &reason)),
                }
            }
            rest = rests.next().unwrap_or(rest);
            sleep(rest).await;
        }
    }

    /// Why no URL leads here yet.
    pub(super) fn doubt(&self) -> Option<Failure> {
        self.doubt.clone()
    }

    /// Whether a URL leads here.
    pub(super) async fn beats(&self, url: &str, path: &str) -> bool {
        self.every.is_none() || self.ask(url, path).await.is_ok()
    }

    /// Resolves when a URL leads here no more. Asks after silence and after sleep.
    pub(super) async fn watch(&self, url: &str, path: &str) -> Failure {
        let Some(every) = self.every else {
            return std::future::pending().await;
        };
        let mut asked = Instant::now();
        loop {
            let slept = self
                .rest_until(|| self.gate.last().max(asked) + every)
                .await;
            asked = Instant::now();
            let mut last = None;
            for chance in 0..CHANCES {
                if chance > 0 {
                    sleep(RESTS.get(chance).copied().unwrap_or_default()).await;
                }
                match self.ask(url, path).await {
                    Ok(()) => {
                        last = None;
                        break;
                    }
                    Err(reason) => last = Some(reason),
                }
                // What stood still as long as the machine did is not waited for.
                if slept {
                    break;
                }
            }
            if let Some(reason) = last {
                return doubt(url, &reason);
            }
        }
    }

    /// Rests until a moment that may be put off meanwhile, or until the machine has slept, and says whether it has.
    async fn rest_until(&self, due: impl Fn() -> Instant) -> bool {
        loop {
            let (before, moment) = (self.clock.now(), Instant::now());
            let until = due().min(moment + TICK);
            sleep_until(until).await;
            if between(before, self.clock.now()) > moment.elapsed() + SLEPT {
                return true;
            }
            if Instant::now() >= due() {
                return false;
            }
        }
    }

    /// Asks through the URL, and says why the answer is not ours.
    async fn ask(&self, url: &str, path: &str) -> Result<(), String> {
        let id = fastrand::u128(..).to_string();
        let question = self.gate.seal.question(&id, self.clock.now());
        let mut capture = Capture::bare(Bytes::new());
        "GET".clone_into(&mut capture.method);
        let agent = concat!("syncfy-hooks/", env!("CARGO_PKG_VERSION"));
        let headers = [
            Header::new(probe::HEADER, question),
            Header::new("user-agent", agent),
        ];
        let url = format!("{url}{path}");
        let asked = self
            .client
            .send(&url, &capture, &headers.into_iter().collect())
            .await;
        let response = asked.map_err(|error| error.to_string())?;
        let body = response.body.map_err(|error| error.to_string())?;
        let said: Option<Said> = serde_json::from_slice(&body).ok();
        if said.is_some_and(|said| self.gate.seal.is_answer(&said.probe, &id, self.clock.now())) {
            return Ok(());
        }
        Err(format!(
            "somebody else answers there, with {}",
            response.status
        ))
    }
}

fn between(before: Timestamp, after: Timestamp) -> Duration {
    Duration::try_from(after.duration_since(before)).unwrap_or_default()
}

fn doubt(url: &str, reason: &str) -> Failure {
    Failure::new("tunnel-lost", format!("{url} does not lead here: {reason}"))
        .hint("name the public URL with `--tunnel-url URL` where the tunnel does not know it, as behind a web server")
        .hint("`--tunnel-probe never` takes the URL at its word, as where this machine cannot reach it")
}
