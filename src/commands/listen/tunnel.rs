//! Keeps a public URL alive: opens the tunnel, makes sure that the URL leads here, tells when it does and when it does no
//! more, opens it again, and gives up after a time.

mod local;
mod pulse;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

use self::local::Local;
use self::pulse::Pulse;
use super::event::Event;
use super::gate::Gate;
use super::{Options, TunnelOptions, TunnelPath};
use crate::clock::Clock;
use crate::domain::activity::{TunnelStanding, TunnelState};
use crate::domain::tunnel::Carrier;
use crate::domain::tunnel::probe::Seal;
use crate::report::Report;
use crate::shutdown::passed;
use crate::tunnel::{Change, Failure, Link, Stream, Tunnel};

/// The first rest before a tunnel is opened again, and the longest. As much again is added at random.
const REST: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(3));

/// The longest rest before an agent is started again: services count how often that is done.
const LONGEST_OF_AGENTS: Duration = Duration::from_secs(15);

/// A URL that does not lead here after so long is told of.
const DOUBT: Duration = Duration::from_secs(5);

/// More URLs than this are no URLs of one tunnel.
const MOST_URLS: usize = 32;

/// A secret path has so many random bytes: 128 bits, as those of a UUID.
const PATH_BYTES: usize = 16;

/// A tunnel that is ready to be opened.
pub(super) struct Prepared {
    tunnel: Tunnel,
    options: TunnelOptions,
    pub(super) gate: Arc<Gate>,
    pulse: Pulse,
    local: Arc<Local>,
    /// What comes behind the host in the public URL.
    path: String,
}

/// Keeps a tunnel open.
pub(super) struct Keeper {
    tunnel: Tunnel,
    options: TunnelOptions,
    pulse: Pulse,
    local: Arc<Local>,
    path: String,
    /// The port of the listener.
    port: u16,
    streams: mpsc::Sender<Stream>,
    events: mpsc::Sender<Event>,
    /// How long to rest before it is opened again.
    rests: ExponentialBackoff,
    /// The public URL that was told last.
    url: Option<String>,
    /// Since when no URL leads here. `None` while one does.
    down_since: Option<Instant>,
    /// Why, as far as it was told.
    told: Option<String>,
    /// Why, as far as it is known.
    reason: Failure,
}

/// URLs that may lead here.
struct Candidates {
    urls: Vec<String>,
    /// Whether the user has named the one.
    is_fixed: bool,
}

impl Candidates {
    fn new(fixed: Option<&str>) -> Self {
        Self {
            urls: fixed.map(str::to_owned).into_iter().collect(),
            is_fixed: fixed.is_some(),
        }
    }

    /// Adds one, and says whether it is another than those before.
    fn add(&mut self, url: String) -> bool {
        let is_new = !self.is_fixed && self.urls.len() < MOST_URLS && !self.urls.contains(&url);
        if is_new {
            self.urls.push(url);
        }
        is_new
    }
}

impl Prepared {
    /// Does what can fail, where there is to be a tunnel: finds the agent, reads the keys of SSH.
    pub(super) async fn of(options: &mut Options, clock: Clock) -> Result<Option<Self>, Report> {
        let path = options.path.as_deref().unwrap_or_default();
        match options.tunnel.take() {
            Some(tunnel) => Self::new(tunnel, path, clock).await.map(Some),
            None => Ok(None),
        }
    }

    async fn new(mut options: TunnelOptions, path: &str, clock: Clock) -> Result<Self, Report> {
        let tunnel = Tunnel::prepare(&options.carrier, std::mem::take(&mut options.ssh)).await?;
        let secret = match &options.path {
            None => String::new(),
            Some(TunnelPath::Named(name)) => format!("/{name}"),
            Some(TunnelPath::Random) => {
                let bytes = random::<PATH_BYTES>()?;
                format!("/{:032x}", u128::from_be_bytes(*bytes))
            }
        };
        let seal = Seal::new(random::<32>()?.to_vec());
        let path = format!("{secret}{path}");
        let gate = Arc::new(Gate::new(&options, secret, seal, clock));
        let pulse = Pulse::new(Arc::clone(&gate), options.probe, clock)?;
        Ok(Self {
            tunnel,
            options,
            gate,
            pulse,
            local: Arc::new(Local::new()?),
            path,
        })
    }

    /// Who carries, in a word that holds no secret.
    pub(super) fn carrier(&self) -> String {
        self.options.carrier.name()
    }

    /// What comes behind the host in a URL of the listener.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Gets it going.
    pub(super) fn keeper(
        self,
        port: u16,
        streams: mpsc::Sender<Stream>,
        events: mpsc::Sender<Event>,
    ) -> Keeper {
        Keeper {
            rests: rests(&self.options.carrier),
            tunnel: self.tunnel,
            options: self.options,
            pulse: self.pulse,
            local: self.local,
            path: self.path,
            port,
            streams,
            events,
            url: None,
            down_since: Some(Instant::now()),
            told: None,
            reason: Failure::new("tunnel-lost", "it has told no URL"),
        }
    }
}

fn random<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>, Report> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    getrandom::fill(&mut *bytes)
        .map_err(|error| Report::new("random-failed", error.to_string()))?;
    Ok(bytes)
}

fn rests(carrier: &Carrier) -> ExponentialBackoff {
    let longest = match carrier {
        Carrier::Ssh(_) => REST.1,
        Carrier::Agent(_) => LONGEST_OF_AGENTS,
    };
    ExponentialBuilder::new()
        .with_min_delay(REST.0)
        .with_max_delay(longest)
        .with_jitter()
        .without_max_times()
        .build()
}

impl Keeper {
    /// Keeps the tunnel open until `stop` resolves, and closes it.
    pub(super) async fn keep(mut self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let mut link = self
                .tunnel
                .open(self.port, self.streams.clone(), self.local.clone());
            let end = tokio::select! {
                biased;
                () = &mut stop => None,
                failure = self.attend(&mut link) => Some(failure),
            };
            link.close().await;
            let Some(failure) = end else { return };
            self.fall(failure).await;
            let rest = self.rests.next().unwrap_or(REST.1);
            let is_over = self.reason.is_final || passes(self.deadline(), Instant::now() + rest);
            if is_over {
                // The dispatcher may have ended already.
                let _ = self.events.send(Event::TunnelLost(self.last_word())).await;
                return;
            }
            tokio::select! {
                () = &mut stop => return,
                () = sleep(rest) => {}
            }
        }
    }

    /// Waits until a URL leads here, then until none does any more.
    async fn attend(&mut self, link: &mut Link) -> Failure {
        let mut candidates = Candidates::new(self.options.url.as_deref());
        loop {
            let url = match self.until_up(link, &mut candidates).await {
                Ok(url) => url,
                Err(failure) => return failure,
            };
            self.rise(&url).await;
            if let Some(failure) = self.while_up(link, &mut candidates, &url).await {
                return failure;
            }
            self.down_since = Some(Instant::now());
        }
    }

    /// Waits until a URL leads here.
    async fn until_up(
        &mut self,
        link: &mut Link,
        candidates: &mut Candidates,
    ) -> Result<String, Failure> {
        let deadline = self.deadline();
        let mut doubtful = Some(Instant::now() + DOUBT);
        loop {
            tokio::select! {
                change = link.next() => match change {
                    Change::Lost(failure) => return Err(failure),
                    Change::Url(url) => { candidates.add(url); }
                },
                url = self.pulse.find(&candidates.urls, &self.path) => return Ok(url),
                () = passed(deadline) => return Err(self.out_of_time()),
                () = passed(doubtful), if !candidates.urls.is_empty() => {
                    let is_said = self.say_doubt(candidates).await;
                    doubtful = (!is_said).then(|| Instant::now() + DOUBT);
                }
            }
        }
    }

    /// Waits until a URL does not lead here any more. `None` when another may.
    async fn while_up(
        &mut self,
        link: &mut Link,
        candidates: &mut Candidates,
        url: &str,
    ) -> Option<Failure> {
        loop {
            tokio::select! {
                change = link.next() => match change {
                    Change::Lost(failure) => return Some(failure),
                    Change::Url(another) => {
                        if candidates.add(another) && !self.pulse.beats(url, &self.path).await {
                            return None;
                        }
                    }
                },
                failure = self.pulse.watch(url, &self.path) => return Some(failure),
            }
        }
    }

    /// Says that there is a URL which does not lead here yet, once that is known: a user shall not look at nothing.
    async fn say_doubt(&mut self, candidates: &Candidates) -> bool {
        let Some(doubt) = self.pulse.doubt() else {
            return false;
        };
        let known = candidates
            .urls
            .first()
            .map(|url| format!("{url}{}", self.path));
        let reason = doubt.report.message;
        self.tell(TunnelStanding {
            state: TunnelState::Down,
            url: self.url.clone().or(known),
            changed_from: None,
            reason: Some(reason.clone()),
            hints: doubt.report.hints,
        })
        .await;
        self.told = Some(reason);
        true
    }

    /// A URL leads here.
    async fn rise(&mut self, url: &str) {
        let url = format!("{url}{}", self.path);
        let is_news = self.down_since.take().is_some() || self.url.as_ref() != Some(&url);
        self.told = None;
        self.rests = rests(&self.options.carrier);
        let before = self.url.replace(url.clone());
        if is_news {
            let changed_from = before.filter(|before| *before != url);
            self.tell(TunnelStanding {
                state: TunnelState::Up,
                url: Some(url),
                changed_from,
                reason: None,
                hints: Vec::new(),
            })
            .await;
        }
    }

    /// No URL leads here any more, or not yet.
    async fn fall(&mut self, failure: Failure) {
        self.down_since.get_or_insert_with(Instant::now);
        let reason = failure.report.message.clone();
        if self.told.as_ref() != Some(&reason) && !failure.is_final {
            self.tell(TunnelStanding {
                state: TunnelState::Down,
                url: self.url.clone(),
                changed_from: None,
                reason: Some(reason.clone()),
                hints: failure.report.hints.clone(),
            })
            .await;
            self.told = Some(reason);
        }
        self.reason = failure;
    }

    async fn tell(&self, standing: TunnelStanding) {
        // The dispatcher may have ended already.
        let _ = self.events.send(Event::Tunnel(standing)).await;
    }

    /// When it is given up.
    fn deadline(&self) -> Option<Instant> {
        self.down_since.map(|since| since + self.options.timeout)
    }

    /// Why there was no URL that leads here until now, though the tunnel itself has not ended.
    fn out_of_time(&self) -> Failure {
        self.pulse.doubt().unwrap_or_else(|| {
            Failure::new("tunnel-lost", "the tunnel told no public URL")
                .hint("name it with `--tunnel-url URL` where you know it")
        })
    }

    /// Why it is given up.
    fn last_word(&self) -> Report {
        let mut report = self.reason.report.clone();
        if !self.reason.is_final {
            let time = self.options.timeout;
            report.message = format!(
                "the tunnel is lost, for {time:?} no public URL has led here: {}",
                report.message
            );
            report.code = "tunnel-lost";
        }
        report
    }
}

fn passes(deadline: Option<Instant>, moment: Instant) -> bool {
    deadline.is_some_and(|deadline| moment >= deadline)
}
