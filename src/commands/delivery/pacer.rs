//! Waits until it is the turn of a notification.

use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};

use super::load::Load;
use crate::domain::tempo::Tempo;

/// When notifications are sent.
#[derive(Clone, Copy, Debug)]
pub enum Timing {
    /// As soon as there is room.
    AtOnce,
    /// With at least so much time between two.
    Every(Duration),
    /// With the gaps in which they came, divided by this factor.
    AsRecorded(f64),
}

/// Waits until it is the turn of a notification.
pub(super) enum Pacer {
    AtOnce,
    Every(Interval),
    AsRecorded {
        factor: f64,
        tempo: Tempo,
        start: Instant,
        round: u64,
    },
}

impl Pacer {
    pub(super) fn new(timing: Timing) -> Self {
        match timing {
            Timing::AtOnce => Self::AtOnce,
            Timing::Every(between) => {
                let mut pace = interval(between);
                // Never faster, also after a delay.
                pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
                Self::Every(pace)
            }
            Timing::AsRecorded(factor) => Self::AsRecorded {
                factor,
                tempo: Tempo::new(factor),
                start: Instant::now(),
                round: 0,
            },
        }
    }

    /// Begins a run, in which nothing is due yet.
    pub(super) fn begin(&mut self) {
        if let Self::AsRecorded {
            factor,
            tempo,
            start,
            ..
        } = self
        {
            *tempo = Tempo::new(*factor);
            *start = Instant::now();
        }
    }

    /// Waits for the turn of this one. What is late is made up for where the gaps are those of arrival.
    pub(super) async fn turn(&mut self, load: &Load) {
        match self {
            Self::AtOnce => {}
            Self::Every(pace) => {
                pace.tick().await;
            }
            Self::AsRecorded {
                tempo,
                start,
                round,
                ..
            } => {
                if *round != load.round {
                    *round = load.round;
                    tempo.restart();
                }
                let due = tempo.due(load.capture.received_at);
                match start.checked_add(due) {
                    Some(due) if due > Instant::now() => sleep_until(due).await,
                    Some(_) => {}
                    None => std::future::pending().await,
                }
            }
        }
    }
}
