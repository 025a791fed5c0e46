//! What `listen` counts: how much came, what was expected, and whether it is time to stop.

use std::num::NonZeroU64;
use std::sync::Arc;

use tokio::time::Instant;

use super::replies::ReplyWatch;
use super::silence::SilenceAlarm;
use super::stub::Ledger;
use super::{Stop, Typed};
use crate::domain::activity::{
    Arrival, Arrived, Attempt, DeliveryState, Requirement, RequirementKind, Summary, Warning,
};
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

/// Of what arrived, so many notifications at most have a line in a report.
const LISTED: usize = 100;

/// The counts of one run.
pub(super) struct Tally {
    summary: Summary,
    expected: Vec<(Expectation, u64)>,
    count: Option<Typed<u64>>,
    replies: Option<ReplyWatch>,
    silence: Option<SilenceAlarm>,
    arrived: Vec<Arrived>,
    shown: u64,
    demo_has_ended: bool,
    /// What was pulled, where the stub of the API was there to be called.
    ledger: Option<Arc<Ledger>>,
}

impl Tally {
    /// Begins to count, and to wait for what has to come.
    pub(super) fn new(stop: Stop, ledger: Option<Arc<Ledger>>) -> Self {
        let expected = stop.expect.into_iter();
        Self {
            summary: Summary::default(),
            expected: expected.map(|expectation| (expectation, 0)).collect(),
            count: stop.count,
            replies: stop.max_reply.map(ReplyWatch::new),
            silence: stop.max_silence.map(SilenceAlarm::new),
            arrived: Vec::new(),
            shown: 0,
            demo_has_ended: false,
            ledger,
        }
    }

    /// Counts a notification that `--events` leaves out.
    pub(super) fn leave_out(&mut self) {
        self.receive();
        self.summary.filtered += 1;
    }

    /// Counts a notification that there was no room for.
    pub(super) fn turn_away(&mut self) {
        self.receive();
        self.summary.busy += 1;
    }

    /// Counts a notification. Only one that was not refused can meet an expectation.
    pub(super) fn arrive(&mut self, arrival: &Arrival) {
        self.receive();
        self.shown += 1;
        let names = || {
            let names = arrival.events.iter();
            names.filter_map(|event| event.name.as_deref())
        };
        if self.arrived.len() < LISTED {
            self.arrived.push(Arrived {
                id: arrival.id,
                events: names().map(str::to_owned).collect(),
                refused: arrival.refused,
            });
        }
        if arrival.refused.is_some() || !arrival.valid {
            self.summary.invalid += 1;
        }
        if arrival.refused.is_some() {
            self.summary.refused += 1;
            return;
        }
        for (expectation, seen) in &mut self.expected {
            *seen += names()
                .filter(|name| expectation.glob.matches(name))
                .count() as u64;
        }
    }

    /// Counts whatever arrives.
    fn receive(&mut self) {
        self.summary.received += 1;
        if let Some(silence) = &mut self.silence {
            silence.hear();
        }
    }

    /// When nothing will have arrived for too long.
    pub(super) fn silence_due(&self) -> Option<Instant> {
        self.silence.as_ref().and_then(SilenceAlarm::due)
    }

    /// Nothing has arrived for too long: what to say about it.
    pub(super) fn fall_silent(&mut self) -> Option<Warning> {
        self.silence.as_mut().map(SilenceAlarm::sound)
    }

    /// The demo is over.
    pub(super) fn end_demo(&mut self) {
        self.demo_has_ended = true;
    }

    /// Counts the end of an attempt, and of the delivery where it is the last.
    pub(super) fn deliver(&mut self, attempt: &Attempt) {
        if let Some(replies) = &mut self.replies {
            replies.attempted(attempt);
        }
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
        let is_met = |(expectation, seen): &(Expectation, u64)| *seen >= expectation.count;
        let are_met = || match (self.expected.is_empty(), ledger) {
            (false, _) => self.expected.iter().all(is_met),
            (true, Some(ledger)) => ledger.is_complete(),
            (true, None) => false,
        };
        let is_over = match &self.count {
            Some(count) => self.shown >= count.value,
            None => self.demo_has_ended || are_met(),
        };
        is_over && ledger.is_none_or(|ledger| !ledger.is_waiting())
    }

    /// What came of it all. `waiting` deliveries have not ended, `own` of them of notifications that came in this run.
    pub(super) fn summary(&self, waiting: u64, own: u64) -> Summary {
        let expectations = self.requirements(own);
        let unmet = expectations.iter().filter(|requirement| !requirement.met);
        Summary {
            unmet: unmet
                .map(|requirement| requirement.expect.clone())
                .collect(),
            pulls: self.ledger.as_deref().map(Ledger::pulls),
            waiting,
            expectations,
            ..self.summary.clone()
        }
    }

    /// The first that arrived.
    pub(super) fn arrived(&self) -> &[Arrived] {
        &self.arrived
    }

    fn requirements(&self, unanswered: u64) -> Vec<Requirement> {
        let counted = |expect: &str, kind, wanted, seen| Requirement {
            expect: expect.to_owned(),
            kind,
            wanted,
            seen,
            replies: None,
            met: seen >= wanted,
        };
        let events = self.expected.iter().map(|(expectation, seen)| {
            let kind = RequirementKind::Events;
            counted(&expectation.typed, kind, expectation.count, *seen)
        });
        let count = self
            .count
            .iter()
            .map(|count| counted(&count.text, RequirementKind::Count, count.value, self.shown));
        let replies = self.replies.iter();
        let silence = self.silence.iter();
        events
            .chain(count)
            .chain(replies.map(|replies| replies.requirement(unanswered)))
            .chain(silence.map(SilenceAlarm::requirement))
            .chain(self.ledger.iter().filter_map(|ledger| ledger.requirement()))
            .collect()
    }
}
