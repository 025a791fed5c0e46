//! When a delivery is tried, tried again and given up, and in what order deliveries go out.
//!
//! Refuses to know how a target is called, and what time it is.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::outcome::Outcome;

/// How often a delivery is tried, and how long it rests between.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Attempts after the first.
    pub retries: u32,
}

/// The rest before the second attempt; it doubles with each one.
const FIRST_REST: Duration = Duration::from_millis(500);

/// The longest rest between two attempts.
const LONGEST_REST: Duration = Duration::from_secs(30);

impl RetryPolicy {
    /// How long to rest after this attempt (the first is 1), or `None` when it was the last.
    ///
    /// `jitter`, from 0 to 1, spreads the rest between a half and the whole, so that many deliveries which failed
    /// together do not come back together.
    #[must_use]
    pub fn rest_after(
        &self,
        attempt: u32,
        outcome: &Outcome,
        is_permanent: bool,
        jitter: f64,
    ) -> Option<Duration> {
        let jitter = if (0.0..=1.0).contains(&jitter) {
            jitter
        } else {
            1.0
        };
        let again = match outcome {
            Outcome::Status(408 | 425 | 429 | 500..=599) => true,
            Outcome::Status(_) => false,
            Outcome::Error(_) => !is_permanent,
        };
        let doublings = attempt.saturating_sub(1).min(16);
        let rest = FIRST_REST.saturating_mul(1 << doublings).min(LONGEST_REST);
        (again && attempt <= self.retries).then(|| rest.mul_f64(0.5 + jitter / 2.0))
    }
}

/// Deliveries that wait for their turn: first come, first served, at most so many under way to each target, and, where
/// they have a lane, one at a time in each lane.
#[derive(Debug)]
pub struct Backlog<T> {
    ready: Vec<VecDeque<Job<T>>>,
    under_way: Vec<usize>,
    held: Vec<bool>,
    lanes: HashMap<Lane, VecDeque<Job<T>>>,
    concurrency: usize,
}

/// What must not overtake: the number of the target and the id that is to stay in order there.
type Lane = (usize, String);

/// A delivery in the backlog.
#[derive(Debug)]
pub struct Job<T> {
    /// The number of its target.
    pub target: usize,
    /// What it must stay in order with.
    pub lane: Option<String>,
    /// Its place in the order of arrival.
    pub order: u64,
    /// What is to be delivered.
    pub load: T,
}

impl<T> Backlog<T> {
    /// An empty backlog for so many targets.
    #[must_use]
    pub fn new(targets: usize, concurrency: usize) -> Self {
        Self {
            ready: std::iter::repeat_with(VecDeque::new)
                .take(targets)
                .collect(),
            under_way: vec![0; targets],
            held: vec![false; targets],
            lanes: HashMap::new(),
            concurrency,
        }
    }

    /// Adds a delivery. It waits while its lane is taken.
    pub fn push(&mut self, job: Job<T>) {
        if let Some(lane) = &job.lane {
            if let Some(waiting) = self.lanes.get_mut(&(job.target, lane.clone())) {
                waiting.push_back(job);
                return;
            }
            self.lanes
                .insert((job.target, lane.clone()), VecDeque::new());
        }
        self.resume(job);
    }

    /// The next delivery that may go out now. Its slot is taken until `rest` or `end`.
    pub fn take(&mut self) -> Option<Job<T>> {
        let targets = self.ready.iter_mut().zip(&mut self.under_way);
        for ((ready, under_way), held) in targets.zip(&self.held) {
            if !held
                && *under_way < self.concurrency
                && let Some(job) = ready.pop_front()
            {
                *under_way += 1;
                return Some(job);
            }
        }
        None
    }

    /// Frees the slot of a delivery that will be tried again. It keeps its lane.
    pub fn rest(&mut self, target: usize) {
        if let Some(under_way) = self.under_way.get_mut(target) {
            *under_way = under_way.saturating_sub(1);
        }
    }

    /// Holds back every delivery to a target, or lets them go again.
    pub fn hold(&mut self, target: usize, held: bool) {
        if let Some(slot) = self.held.get_mut(target) {
            *slot = held;
        }
    }

    /// Puts a delivery that did not come to its target back where it was: before all that arrived later. Its slot is
    /// free.
    pub fn give_back(&mut self, job: Job<T>) {
        self.rest(job.target);
        if let Some(ready) = self.ready.get_mut(job.target) {
            let is_later = |other: &Job<T>| other.order > job.order;
            let place = ready.iter().position(is_later).unwrap_or(ready.len());
            ready.insert(place, job);
        }
    }

    /// Puts a delivery back in line after its rest.
    pub fn resume(&mut self, job: Job<T>) {
        if let Some(ready) = self.ready.get_mut(job.target) {
            ready.push_back(job);
        }
    }

    /// Ends a delivery: frees its slot and hands its lane to the next.
    pub fn end(&mut self, target: usize, lane: Option<String>) {
        self.rest(target);
        let Some(lane) = lane.map(|lane| (target, lane)) else {
            return;
        };
        match self.lanes.get_mut(&lane).and_then(VecDeque::pop_front) {
            Some(next) => self.resume(next),
            None => drop(self.lanes.remove(&lane)),
        }
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn job(target: usize, lane: Option<&str>, load: u32) -> Job<u32> {
        Job {
            target,
            lane: lane.map(str::to_owned),
            order: load.into(),
            load,
        }
    }

    fn loads(backlog: &mut Backlog<u32>) -> Vec<u32> {
        std::iter::from_fn(|| backlog.take())
            .map(|job| job.load)
            .collect()
    }

    #[test]
    fn a_full_target_holds_up_no_other() {
        let mut backlog = Backlog::new(2, 1);
        for (target, load) in [(0, 1), (0, 2), (1, 3)] {
            backlog.push(job(target, None, load));
        }
        assert_eq!(loads(&mut backlog), [1, 3]);
        backlog.end(0, None);
        assert_eq!(loads(&mut backlog), [2]);
    }

    #[test]
    fn a_lane_goes_one_at_a_time_and_in_order() {
        let mut backlog = Backlog::new(1, 9);
        for (lane, load) in [("a", 1), ("a", 2), ("b", 3), ("a", 4)] {
            backlog.push(job(0, Some(lane), load));
        }
        assert_eq!(loads(&mut backlog), [1, 3]);
        backlog.rest(0);
        assert!(
            loads(&mut backlog).is_empty(),
            "a delivery at rest keeps its lane"
        );
        backlog.resume(job(0, Some("a"), 1));
        assert_eq!(loads(&mut backlog), [1]);
        for (expected, lane) in [(vec![2], "a"), (vec![4], "a"), (vec![], "a"), (vec![], "b")] {
            backlog.end(0, Some(lane.into()));
            assert_eq!(loads(&mut backlog), expected);
        }
        assert!(backlog.lanes.is_empty());
    }

    #[test]
    fn a_target_can_be_held_back() {
        let mut backlog = Backlog::new(2, 2);
        for (target, load) in [(0, 1), (0, 2), (0, 3), (1, 4)] {
            backlog.push(job(target, None, load));
        }
        let first = backlog.take().unwrap();
        backlog.hold(0, true);
        backlog.give_back(first);
        assert_eq!(loads(&mut backlog), [4]);
        backlog.hold(0, false);
        assert_eq!(loads(&mut backlog), [1, 2]);
    }

    #[test]
    fn what_failed_together_goes_out_in_order() {
        let mut backlog = Backlog::new(1, 3);
        for load in [1, 2, 3, 4] {
            backlog.push(job(0, None, load));
        }
        let together: Vec<_> = std::iter::from_fn(|| backlog.take()).collect();
        for job in together {
            backlog.give_back(job);
        }
        assert_eq!(loads(&mut backlog), [1, 2, 3]);
    }

    #[test]
    fn what_is_worth_another_attempt() {
        let policy = RetryPolicy { retries: 2 };
        let rest = |attempt, outcome: Outcome| policy.rest_after(attempt, &outcome, false, 1.0);
        assert_eq!(
            rest(1, Outcome::Status(500)),
            Some(Duration::from_millis(500))
        );
        assert_eq!(rest(2, Outcome::Status(429)), Some(Duration::from_secs(1)));
        assert_eq!(rest(3, Outcome::Status(500)), None);
        assert_eq!(
            rest(1, Outcome::Error("refused".into())),
            Some(Duration::from_millis(500))
        );
        for status in [200, 204, 301, 400, 401, 404] {
            assert_eq!(rest(1, Outcome::Status(status)), None, "{status}");
        }
        assert_eq!(
            policy.rest_after(1, &Outcome::Error("bad certificate".into()), true, 1.0),
            None
        );
    }

    #[test]
    fn a_rest_has_bounds() {
        let policy = RetryPolicy { retries: u32::MAX };
        for attempt in [1, 5, 40, u32::MAX] {
            for jitter in [0.0, 0.3, 1.0, f64::NAN] {
                let rest = policy.rest_after(attempt, &Outcome::Status(503), false, jitter);
                assert!(
                    rest.is_some_and(|rest| rest <= LONGEST_REST),
                    "{attempt} {jitter}"
                );
            }
        }
    }
}
