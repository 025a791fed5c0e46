//! `--max-reply`: whether targets answer in time.

use std::time::Duration;

use super::Typed;
use crate::commands::send::millis;
use crate::domain::activity::{Attempt, Outcome, Replies, Requirement, RequirementKind, Slowest};

/// The attempts to deliver, against the time that was given for an answer.
pub(super) struct ReplyWatch {
    limit: Typed<Duration>,
    late: u64,
    replies: Replies,
}

impl ReplyWatch {
    pub(super) fn new(limit: Typed<Duration>) -> Self {
        Self {
            limit,
            late: 0,
            replies: Replies::default(),
        }
    }

    /// Takes the end of an attempt. One that failed was not answered in time, however soon it failed.
    pub(super) fn attempted(&mut self, attempt: &Attempt) {
        self.replies.attempts += 1;
        let has_failed = |outcome: &Outcome| matches!(outcome, Outcome::Error(_));
        if !has_failed(&attempt.outcome) && attempt.latency_ms <= millis(self.limit.value) {
            return;
        }
        self.late += 1;
        let rank = |outcome: &Outcome, latency: f64| (has_failed(outcome), latency);
        let rank_here = rank(&attempt.outcome, attempt.latency_ms);
        let slowest = self.replies.slowest.as_ref();
        if slowest.is_none_or(|slowest| rank(&slowest.outcome, slowest.latency_ms) < rank_here) {
            self.replies.slowest = Some(Slowest {
                id: attempt.id,
                events: attempt.events.clone(),
                target: attempt.target.clone(),
                outcome: attempt.outcome.clone(),
                latency_ms: attempt.latency_ms,
            });
        }
    }

    /// How it turned out, where so many deliveries have not ended: the time of whatever is not answered by the end has
    /// passed.
    pub(super) fn requirement(&self, unanswered: u64) -> Requirement {
        Requirement {
            expect: format!("--max-reply {}", self.limit.text),
            kind: RequirementKind::Reply,
            wanted: 0,
            seen: self.late,
            replies: Some(Replies {
                unanswered,
                ..self.replies.clone()
            }),
            met: self.late == 0 && unanswered == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::activity::DeliveryState;

    fn attempt(id: u64, outcome: Outcome, latency_ms: f64) -> Attempt {
        Attempt {
            id,
            target: "http://localhost:3000/".into(),
            at: Timestamp::UNIX_EPOCH,
            attempt: 1,
            outcome,
            latency_ms,
            state: DeliveryState::Failed,
            retry_in_ms: None,
            source: None,
            line: None,
            environment: None,
            events: Vec::new(),
            answer: None,
            hints: Vec::new(),
        }
    }

    #[test]
    fn the_slowest_is_one_without_an_answer_or_else_the_one_that_took_the_longest() {
        let mut watch = ReplyWatch::new(Typed {
            text: "2s".into(),
            value: Duration::from_secs(2),
        });
        let failed = || Outcome::Error("connection refused".into());
        for (id, outcome, latency, late, slowest) in [
            (1, Outcome::Status(200), 2000.0, 0, None),
            (2, Outcome::Status(500), 2000.01, 1, Some(2)),
            (3, Outcome::Status(200), 9000.0, 2, Some(3)),
            (4, Outcome::Status(200), 3000.0, 3, Some(3)),
            (5, failed(), 0.2, 4, Some(5)),
            (6, Outcome::Status(200), 9999.0, 5, Some(5)),
            (7, failed(), 30_000.0, 6, Some(7)),
        ] {
            watch.attempted(&attempt(id, outcome, latency));
            let found = watch.requirement(0);
            let replies = found.replies.unwrap();
            assert_eq!(
                (found.seen, replies.attempts, found.met),
                (late, id, late == 0)
            );
            assert_eq!(replies.slowest.map(|slowest| slowest.id), slowest);
        }
        let mut untried = ReplyWatch::new(watch.limit);
        assert!(untried.requirement(0).met);
        assert!(!untried.requirement(1).met);
        untried.attempted(&attempt(1, Outcome::Status(200), 1.0));
        assert!(untried.requirement(0).met);
    }
}
