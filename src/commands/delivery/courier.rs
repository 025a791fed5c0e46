//! Delivers one request to one target, with as many attempts as it takes.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::sleep;

use crate::clock::Clock;
use crate::commands::send::{End, Sender, Subject};
use crate::domain::activity::DeliveryState;
use crate::domain::delivery::RetryPolicy;
use crate::domain::record::Standing;
use crate::domain::route::Route;
use crate::store::{Replayed, Store};

use super::event::Event;
use super::load::Load;

/// A request on its way.
pub(super) struct Delivery {
    pub(super) id: u64,
    pub(super) load: Arc<Load>,
    /// The number of the route.
    pub(super) route: usize,
    /// Kept while the delivery lasts, so that another cannot overtake it while it rests.
    pub(super) slot: OwnedSemaphorePermit,
    /// Where it is kept what became of notifications of the history.
    pub(super) store: Option<Store>,
}

/// How deliveries are made.
pub(super) struct Courier {
    pub(super) routes: Arc<[Route]>,
    pub(super) sender: Sender,
    pub(super) retry: RetryPolicy,
    pub(super) fail_fast: bool,
    pub(super) clock: Clock,
    /// Set once nothing more is to be begun.
    pub(super) quit: watch::Sender<bool>,
}

impl Courier {
    /// Delivers, and reports each attempt.
    pub(super) async fn deliver(self: Arc<Self>, delivery: Delivery, events: mpsc::Sender<Event>) {
        let target = &self
            .routes
            .get(delivery.route)
            .expect("a delivery is for one of the routes")
            .target;
        let load = &delivery.load;
        let subject = Subject {
            id: delivery.id,
            source: load.source.clone(),
            line: load.line,
            environment: load.outline.environment,
            events: load.outline.names().map(str::to_owned).collect(),
        };
        let mut number = 0;
        let mut attempts = Vec::new();
        let state = loop {
            number += 1;
            let sent = self.sender.send(target, &delivery.load.capture).await;
            let rest = self.retry.rest_after(
                number,
                &sent.outcome,
                sent.end == End::Permanent,
                fastrand::f64(),
            );
            let attempt = subject.attempt(number, &sent, rest, self.clock.now());
            if delivery.store.is_some() {
                attempts.push(sent.record(number, attempt.at));
            }
            let state = attempt.state;
            if attempt.state == DeliveryState::Failed && self.fail_fast {
                // Before the slot is free, so that nothing more is begun.
                self.quit.send_replace(true);
            }
            // The dispatcher lives longer than the deliveries.
            let _ = events.send(Event::Attempted(delivery.route, attempt)).await;
            let Some(rest) = rest else {
                break state;
            };
            tokio::select! {
                () = sleep(rest) => {}
                () = self.until_quitting() => {
                    let _ = events.send(Event::GivenUp(delivery.route, sent.outcome)).await;
                    break DeliveryState::Failed;
                }
            }
        };
        drop(delivery.slot);
        if let (Some(store), Some(notification)) = (delivery.store, load.id) {
            let replayed = Replayed {
                notification,
                target: target.to_string(),
                attempts,
                state: match state {
                    DeliveryState::Delivered => Standing::Delivered,
                    _ => Standing::Failed,
                },
            };
            store.replayed(replayed).await;
        }
    }

    /// Resolves once nothing more is to be begun.
    pub(super) async fn until_quitting(&self) {
        // The sender is ours, and lives.
        let _ = self.quit.subscribe().wait_for(|quit| *quit).await;
    }
}
