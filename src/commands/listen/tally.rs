//! What `listen` counts: how much came, what was expected, and whether it is time to stop.

use std::num::NonZeroU64;
use std::sync::Arc;

use super::stub::Ledger;
use crate::domain::activity::{Arrival, Attempt, DeliveryState, Summary, Unmet};
use crate::domain::notification::{BadGlob, EventGlob};

/// Events that `listen` is told to expect.
#[derive(Clone, Debug)]
pub struct Expectation {
    typed: String,
    glob: EventGlob,
    count: u64,
}

/// Why an expectation cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum BadExpectation {
    /// The part before the `=`, or the whole.
    #[error(transparent)]
    Glob(#[from] BadGlob),
    /// The part behind the `=`.
    #[error("how many to expect is a whole number from 1")]
    Count,
}

impl Expectation {
    /// Reads `GLOB` or `GLOB=N`. No event has a `=` in its name.
    ///
    /// # Errors
    ///
    /// When the glob cannot be understood, or the count is none: to expect nothing is no reason to listen.
    pub fn parse(text: &str) -> Result<Self, BadExpectation> {
        let (glob, count) = match text.rsplit_once('=') {
            Some((glob, count)) => (glob, count.parse().map_err(|_| BadExpectation::Count)?),
            None => (text, NonZeroU64::MIN),
        };
        Ok(Self {
            typed: text.to_owned(),
            glob: EventGlob::new(glob)?,
            count: count.get(),
        })
    }
}

/// The counts of one run.
pub(super) struct Tally {
    summary: Summary,
    expected: Vec<(Expectation, u64)>,
    count: Option<u64>,
    shown: u64,
    demo_has_ended: bool,
    /// What was pulled, where the stub of the API was there to be called.
    ledger: Option<Arc<Ledger>>,
}

impl Tally {
    pub(super) fn new(
        count: Option<u64>,
        expected: Vec<Expectation>,
        ledger: Option<Arc<Ledger>>,
    ) -> Self {
        let expected = expected
            .into_iter()
            .map(|expectation| (expectation, 0))
            .collect();
        Self {
            summary: Summary::default(),
            expected,
            count,
            shown: 0,
            demo_has_ended: false,
            ledger,
        }
    }

    /// Counts a notification that `--events` leaves out.
    pub(super) fn leave_out(&mut self) {
        self.summary.received += 1;
        self.summary.filtered += 1;
    }

    /// Counts a notification that there was no room for.
    pub(super) fn turn_away(&mut self) {
        self.summary.received += 1;
        self.summary.busy += 1;
    }

    /// Counts a notification. Only one that was not refused can meet an expectation.
    pub(super) fn arrive(&mut self, arrival: &Arrival) {
        self.summary.received += 1;
        self.shown += 1;
        if arrival.refused.is_some() || !arrival.valid {
            self.summary.invalid += 1;
        }
        if arrival.refused.is_some() {
            self.summary.refused += 1;
            return;
        }
        let names = || {
            arrival
                .events
                .iter()
                .filter_map(|event| event.name.as_deref())
        };
        for (expectation, seen) in &mut self.expected {
            *seen += names()
                .filter(|name| expectation.glob.matches(name))
                .count() as u64;
        }
    }

    /// The demo is over.
    pub(super) fn end_demo(&mut self) {
        self.demo_has_ended = true;
    }

    /// Counts the end of a delivery.
    pub(super) fn deliver(&mut self, attempt: &Attempt) {
        match attempt.state {
            DeliveryState::Delivered => self.summary.forwarded += 1,
            DeliveryState::Failed => self.summary.failed += 1,
            DeliveryState::Retrying | DeliveryState::Waiting => {}
        }
    }

    /// Whether it is time to stop: as many notifications came as were to be waited for, or else every expectation was
    /// met, or the demo has ended. Pulls that are expected are waited for; alone they are enough.
    pub(super) fn is_over(&self) -> bool {
        let ledger = self.ledger.as_ref().filter(|ledger| ledger.is_expected());
        let is_met = || match (self.expected.is_empty(), ledger) {
            (false, _) => self.unmet().next().is_none(),
            (true, Some(ledger)) => ledger.is_complete(),
            (true, None) => false,
        };
        let is_over = match self.count {
            Some(count) => self.shown >= count,
            None => self.demo_has_ended || is_met(),
        };
        is_over && ledger.is_none_or(|ledger| !ledger.is_waiting())
    }

    /// What came of it all; `waiting` deliveries have not ended.
    pub(super) fn summary(&self, waiting: u64) -> Summary {
        let ledger = self.ledger.as_deref();
        Summary {
            unmet: self.unmet().chain(ledger.and_then(Ledger::unmet)).collect(),
            pulls: ledger.map(Ledger::pulls),
            waiting,
            ..self.summary.clone()
        }
    }

    fn unmet(&self) -> impl Iterator<Item = Unmet> {
        let unmet = self
            .expected
            .iter()
            .filter(|(expectation, seen)| *seen < expectation.count);
        unmet.map(|(expectation, seen)| Unmet {
            typed: expectation.typed.clone(),
            seen: *seen,
        })
    }
}
