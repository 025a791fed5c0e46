//! Begins deliveries: as fast as the slots of the targets, the pace and the reader allow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::courier::{Courier, Delivery};
use super::event::{Begun, Event};
use super::load::{Load, Supply};
use super::pacer::Pacer;
use super::signer::Signer;
use crate::commands::task;
use crate::domain::activity::Warning;
use crate::domain::notification::Outline;
use crate::domain::signature::DEFAULT_NAMES;
use crate::report::Report;
use crate::store::Store;
use crate::ui::Progress;

/// How long what was not sent is counted.
pub(super) const COUNTING: Duration = Duration::from_millis(250);

/// How far reading has come, for whoever wants to know what was not sent.
#[derive(Default)]
pub(super) struct Ahead {
    wanted: AtomicU64,
    left_out: AtomicU64,
    is_at_the_end: AtomicBool,
}

impl Ahead {
    /// Requests that were read and are to be sent.
    pub(super) fn wanted(&self) -> u64 {
        self.wanted.load(Ordering::Relaxed)
    }

    /// Requests that were read and left out.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }

    /// Whether everything was read.
    pub(super) fn is_at_the_end(&self) -> bool {
        self.is_at_the_end.load(Ordering::Relaxed)
    }
}

/// Requests that were read together, the last of which may be the reason to stop.
pub(super) type Chunk = Vec<Result<Load, Report>>;

/// How many requests are handed over together: each handover may wake a thread, which costs as much as a request.
pub(super) const CHUNK: usize = 64;

/// Reads on, a little ahead of the deliveries. Once nobody takes any more, counts the rest for a moment.
pub(super) fn read(
    supply: impl Supply,
    requests: &mpsc::Sender<Chunk>,
    ahead: &Ahead,
    progress: &Progress,
) {
    // What somebody is still typing is not held back.
    let most = if supply.is_live() { 1 } else { CHUNK };
    let mut chunk = Chunk::new();
    let mut counting: Option<Instant> = None;
    for load in supply.loads() {
        if let Ok(load) = &load {
            let is_wanted = !load.routes.is_empty();
            let counter = if is_wanted {
                &ahead.wanted
            } else {
                &ahead.left_out
            };
            counter.fetch_add(1, Ordering::Relaxed);
            if !is_wanted {
                progress.advance();
                continue;
            }
        }
        if let Some(since) = counting {
            if since.elapsed() > COUNTING {
                return;
            }
            continue;
        }
        chunk.push(load);
        if chunk.len() >= most && requests.blocking_send(std::mem::take(&mut chunk)).is_err() {
            counting = Some(Instant::now());
        }
    }
    // Nobody may take any more, and that is counted.
    let _ = requests.blocking_send(chunk);
    ahead.is_at_the_end.store(true, Ordering::Relaxed);
}

/// Begins deliveries.
pub(super) struct Feeder {
    pub(super) courier: Arc<Courier>,
    pub(super) signer: Option<Signer>,
    /// For each route, as many permits as deliveries may be under way.
    pub(super) slots: Vec<Arc<Semaphore>>,
    pub(super) pacer: Pacer,
    /// Where it is kept what becomes of notifications of the history.
    pub(super) store: Option<Store>,
    /// Whether it is told which notifications begin.
    pub(super) is_tracked: bool,
    /// Whether to say that a recorded signature no longer fits.
    pub(super) may_be_stale: bool,
    /// Deliveries of requests that were begun.
    pub(super) begun: u64,
    pub(super) progress: Progress,
}

impl Feeder {
    /// Begins deliveries until there is nothing left, or until quitting, and waits for their end.
    pub(super) async fn run(
        &mut self,
        requests: mpsc::Receiver<Chunk>,
        events: mpsc::Sender<Event>,
    ) -> Result<(), Report> {
        self.pacer.begin();
        let mut deliveries = JoinSet::new();
        let courier = Arc::clone(&self.courier);
        let result = tokio::select! {
            biased;
            () = courier.until_quitting() => Ok(()),
            result = self.feed(requests, &events, &mut deliveries) => result,
        };
        while let Some(ended) = deliveries.join_next().await {
            task::outcome(ended);
        }
        result
    }

    /// Whatever is under way when this is dropped goes on, and nothing is begun.
    async fn feed(
        &mut self,
        mut requests: mpsc::Receiver<Chunk>,
        events: &mpsc::Sender<Event>,
        deliveries: &mut JoinSet<()>,
    ) -> Result<(), Report> {
        while let Some(chunk) = requests.recv().await {
            for load in chunk {
                self.begin(load?, events, deliveries).await?;
            }
        }
        Ok(())
    }

    /// Begins the deliveries of one request, when it is their turn.
    async fn begin(
        &mut self,
        mut load: Load,
        events: &mpsc::Sender<Event>,
        deliveries: &mut JoinSet<()>,
    ) -> Result<(), Report> {
        self.pacer.turn(&load).await;
        let mut slots = Vec::with_capacity(load.routes.len());
        for route in &load.routes {
            let slot = self.slots.get(*route).map(Arc::clone);
            let slot = slot.expect("a load takes routes that exist");
            let slot = slot.acquire_owned().await;
            slots.push((*route, slot.expect("the slots are never closed")));
        }
        // Only now, so that the token is as fresh as can be.
        match &self.signer {
            Some(signer) => signer.sign(&mut load)?,
            None => self.warn_if_stale(&load, events).await,
        }
        let load = Arc::new(load);
        self.begun += 1;
        self.progress.advance();
        while let Some(ended) = deliveries.try_join_next() {
            task::outcome(ended);
        }
        let id = load.id.unwrap_or(self.begun);
        if self.is_tracked {
            // The dispatcher lives longer than the feeder.
            let begun = Begun {
                id,
                deliveries: slots.len(),
                events: identities(&load.outline),
            };
            let _ = events.send(Event::Begun(begun)).await;
        }
        for (route, slot) in slots {
            let delivery = Delivery {
                id,
                load: Arc::clone(&load),
                route,
                slot,
                store: self.store.clone(),
            };
            deliveries.spawn(Arc::clone(&self.courier).deliver(delivery, events.clone()));
        }
        Ok(())
    }

    async fn warn_if_stale(&mut self, load: &Load, events: &mpsc::Sender<Event>) {
        if !self.may_be_stale {
            return;
        }
        let mut headers = load.capture.headers.iter();
        if headers.any(|header| DEFAULT_NAMES.iter().any(|name| header.is(name))) {
            self.may_be_stale = false;
            let warning = Warning {
                code: "signature-stale",
                message: "`--fresh` changes the body, and the recorded signature may not fit it"
                    .into(),
                hints: vec!["add `--sign` to sign each request anew with your key".into()],
            };
            // The dispatcher lives longer than the feeder.
            let _ = events.send(Event::Warned(warning)).await;
        }
    }
}

/// The `eid` and the name of each event that has both.
fn identities(outline: &Outline) -> Vec<(String, String)> {
    let events = outline.events.iter();
    events
        .filter_map(|event| {
            Some((
                event.eid.as_deref()?.to_owned(),
                event.name.as_deref()?.to_owned(),
            ))
        })
        .collect()
}
