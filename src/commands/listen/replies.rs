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
