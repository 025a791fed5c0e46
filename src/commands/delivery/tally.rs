//! Counts what came of the deliveries.

use std::time::Duration;

use super::event::{Begun, Event};
use super::trail::Trail;
use super::witness::Witness;
use crate::commands::send::millis;
use crate::domain::activity::{
    Activity, Attempt, DeliveryState, Differing, Outcome, ReplaySummary, TargetSummary,
};
use crate::domain::latencies::Latencies;
use crate::domain::route::Route;
use crate::exit::ExitStatus;

/// What came of the deliveries so far.
pub(super) struct Tally {
    targets: Vec<(TargetSummary, Latencies)>,
    /// The time spent sending.
    pub(super) elapsed: Duration,
    pub(super) filtered: u64,
    pub(super) unsent: u64,
    pub(super) unsent_and_more: bool,
    /// Where the history is replayed in order, how far that has come.
    trail: Option<Trail>,
    /// Where the answers to repeats are compared, who does so.
    witness: Option<Witness>,
    /// Whether the first failure ends it, and has to be sent again.
    fail_fast: bool,
}

impl Tally {
    pub(super) fn new(routes: &[Route], fail_fast: bool) -> Self {
        let target = |route: &Route| TargetSummary {
            target: route.describe(),
            ..TargetSummary::default()
        };
        Self {
            targets: routes
                .iter()
                .map(|route| (target(route), Latencies::default()))
                .collect(),
            elapsed: Duration::ZERO,
            filtered: 0,
            unsent: 0,
            unsent_and_more: false,
            trail: None,
            witness: None,
            fail_fast,
        }
    }

    /// Follows how far it has come without a gap.
    pub(super) fn follow(&mut self, trail: Trail) {
        self.trail = Some(trail);
    }

    /// Compares the answers to what comes more than once.
    pub(super) fn compare(&mut self) {
        self.witness = Some(Witness::default());
    }

    /// What came more than once and was answered differently.
    pub(super) fn differing(&self) -> Vec<Differing> {
        let target = |route: usize| {
            let target = self.targets.get(route);
            target.map_or_else(String::new, |(target, _)| target.target.clone())
        };
        let witness = self.witness.as_ref();
        witness.map_or_else(Vec::new, |witness| witness.differing(target))
    }

    /// Counts what happened, and tells what there is to show of it.
    pub(super) fn take(&mut self, event: Event) -> Option<Activity> {
        match event {
            Event::Attempted(route, attempt) => {
                self.attempt(route, &attempt);
                Some(Activity::Delivery(attempt))
            }
            Event::GivenUp(route, outcome) => {
                self.end(route, &outcome);
                None
            }
            Event::Begun(begun) => {
                self.begin(begun);
                None
            }
            Event::Warned(warning) => Some(Activity::Warning(warning)),
        }
    }

    fn begin(&mut self, begun: Begun) {
        if let Some(trail) = &mut self.trail {
            trail.begin(begun.id, begun.deliveries);
        }
        if let Some(witness) = &mut self.witness {
            witness.begin(begun);
        }
    }

    /// Takes an attempt in, which may be the last of its delivery.
    fn attempt(&mut self, route: usize, attempt: &Attempt) {
        if let (Outcome::Status(_), Some((_, latencies))) =
            (&attempt.outcome, self.targets.get_mut(route))
        {
            latencies.add(attempt.latency_ms);
        }
        let has_ended = match attempt.state {
            DeliveryState::Retrying | DeliveryState::Waiting => return,
            DeliveryState::Delivered => true,
            DeliveryState::Failed => !self.fail_fast,
        };
        self.end(route, &attempt.outcome);
        if let Some(witness) = &mut self.witness {
            witness.end(attempt.id, route, &attempt.outcome);
        }
        if let Some(trail) = self.trail.as_mut().filter(|_| has_ended) {
            trail.end(attempt.id);
        }
    }

    /// The last notification that has ended with all before it, where some have not.
    pub(super) fn done(&self) -> Option<u64> {
        let trail = self.trail.as_ref()?;
        let is_left = self.unsent > 0 || self.unsent_and_more || !trail.is_complete();
        trail.done().filter(|_| is_left)
    }

    /// Takes the end of a delivery in, which may have been cut short.
    fn end(&mut self, route: usize, outcome: &Outcome) {
        let Some((target, _)) = self.targets.get_mut(route) else {
            return;
        };
        target.sent += 1;
        match outcome {
            outcome if outcome.is_success() => target.succeeded += 1,
            Outcome::Status(_) => target.refused += 1,
            Outcome::Error(_) => target.unreachable += 1,
        }
    }

    pub(super) fn summary(&self) -> ReplaySummary {
        let targets: Vec<TargetSummary> = self
            .targets
            .iter()
            .map(|(target, latencies)| TargetSummary {
                p50_ms: latencies.percentile(50),
                p95_ms: latencies.percentile(95),
                ..target.clone()
            })
            .collect();
        let sum = |count: fn(&TargetSummary) -> u64| targets.iter().map(count).sum();
        ReplaySummary {
            sent: sum(|target| target.sent),
            succeeded: sum(|target| target.succeeded),
            refused: sum(|target| target.refused),
            unreachable: sum(|target| target.unreachable),
            filtered: self.filtered,
            unsent: self.unsent,
            unsent_and_more: self.unsent_and_more,
            after: None,
            hints: Vec::new(),
            elapsed_ms: millis(self.elapsed),
            targets,
        }
    }
}

/// The exit status that goes with a summary.
pub(in crate::commands) fn status(summary: &ReplaySummary) -> ExitStatus {
    if summary.unreachable > 0 {
        ExitStatus::CouldNot
    } else {
        let all = summary.refused == 0 && summary.unsent == 0 && !summary.unsent_and_more;
        ExitStatus::answer(all)
    }
}
