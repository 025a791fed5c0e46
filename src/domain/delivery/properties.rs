//! What holds of every retry and of every order of deliveries.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;

use super::*;

const TARGETS: usize = 3;

proptest! {
    #[test]
    fn rests_have_bounds_and_end(
        retries in 0..40u32,
        attempt in 1..60u32,
        status in 100..600u16,
        jitter in -1.0..2.0f64,
    ) {
        let policy = RetryPolicy { retries };
        let outcome = Outcome::Status(status);
        let rest = |attempt| policy.rest_after(attempt, &outcome, false, jitter);
        let is_worth_it = matches!(status, 408 | 425 | 429 | 500..=599);
        prop_assert_eq!(rest(attempt).is_some(), is_worth_it && attempt <= retries);
        if let Some(rest) = rest(attempt) {
            prop_assert!(rest >= FIRST_REST / 2 && rest <= LONGEST_REST);
        }
        if let (Some(sooner), Some(later)) = (rest(attempt), rest(attempt + 1)) {
            prop_assert!(sooner <= later);
        }
        let error = Outcome::Error(String::new());
        prop_assert_eq!(policy.rest_after(attempt, &error, true, jitter), None);
    }

    #[test]
    fn nothing_is_lost_doubled_or_overtaken(
        concurrency in 1..4usize,
        steps in proptest::collection::vec((0..8u8, 0..64usize), 0..300),
    ) {
        let mut yard = Yard::new(concurrency);
        for (step, choice) in steps {
            yard.step(step, choice)?;
        }
        yard.finish()?;
    }
}

/// A backlog, and all that is known of it from outside.
struct Yard {
    backlog: Backlog<u32>,
    concurrency: usize,
    pushed: u32,
    held: [bool; TARGETS],
    under_way: Vec<Job<u32>>,
    at_rest: VecDeque<Job<u32>>,
    /// Of each lane, what ended, in order.
    ended: BTreeMap<(usize, Option<String>), Vec<u32>>,
}

impl Yard {
    fn new(concurrency: usize) -> Self {
        Self {
            backlog: Backlog::new(TARGETS, concurrency),
            concurrency,
            pushed: 0,
            held: [false; TARGETS],
            under_way: Vec::new(),
            at_rest: VecDeque::new(),
            ended: BTreeMap::new(),
        }
    }

    fn step(&mut self, step: u8, choice: usize) -> Result<(), TestCaseError> {
        let one_of = |jobs: &mut Vec<Job<u32>>| {
            (!jobs.is_empty()).then(|| jobs.swap_remove(choice % jobs.len()))
        };
        match step {
            0 | 1 => {
                let lane = ["a", "b"]
                    .get(choice / TARGETS % 3)
                    .map(|lane| (*lane).to_owned());
                self.backlog.push(Job {
                    target: choice % TARGETS,
                    lane,
                    order: self.pushed.into(),
                    load: self.pushed,
                });
                self.pushed += 1;
            }
            2 | 3 => {
                self.take()?;
            }
            4 => {
                let target = choice % TARGETS;
                self.held[target] = !self.held[target];
                self.backlog.hold(target, self.held[target]);
            }
            5 => {
                if let Some(job) = one_of(&mut self.under_way) {
                    self.backlog.rest(job.target);
                    self.at_rest.push_back(job);
                } else if let Some(job) = self.at_rest.pop_front() {
                    self.backlog.resume(job);
                }
            }
            6 => one_of(&mut self.under_way)
                .into_iter()
                .for_each(|job| self.backlog.give_back(job)),
            _ => one_of(&mut self.under_way)
                .into_iter()
                .for_each(|job| self.end(job)),
        }
        Ok(())
    }

    fn take(&mut self) -> Result<bool, TestCaseError> {
        let Some(job) = self.backlog.take() else {
            return Ok(false);
        };
        prop_assert!(!self.held[job.target], "a held target gets nothing");
        let others = self
            .under_way
            .iter()
            .filter(|other| other.target == job.target);
        prop_assert!(others.count() < self.concurrency);
        let mut others = self.under_way.iter().chain(&self.at_rest);
        prop_assert!(
            job.lane.is_none()
                || !others.any(|other| (other.target, &other.lane) == (job.target, &job.lane)),
            "one of a lane at a time"
        );
        self.under_way.push(job);
        Ok(true)
    }

    fn end(&mut self, job: Job<u32>) {
        let lane = (job.target, job.lane.clone());
        self.ended.entry(lane).or_default().push(job.load);
        self.backlog.end(job.target, job.lane);
    }

    /// Lets everything come to its end, and looks at the order of it.
    fn finish(mut self) -> Result<(), TestCaseError> {
        for target in 0..TARGETS {
            self.held[target] = false;
            self.backlog.hold(target, false);
        }
        loop {
            self.at_rest
                .drain(..)
                .for_each(|job| self.backlog.resume(job));
            while self.take()? {}
            if self.under_way.is_empty() {
                break;
            }
            let jobs = std::mem::take(&mut self.under_way);
            for job in jobs {
                self.end(job);
            }
        }
        prop_assert!(self.backlog.lanes.is_empty());
        for ((_, lane), loads) in &self.ended {
            prop_assert!(lane.is_none() || loads.is_sorted(), "{loads:?}");
        }
        let mut all: Vec<u32> = self.ended.into_values().flatten().collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..self.pushed).collect::<Vec<_>>());
        Ok(())
    }
}
