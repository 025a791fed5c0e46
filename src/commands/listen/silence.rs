//! `--max-silence`: whether something arrives often enough.

use std::time::Duration;

use tokio::time::Instant;

use super::Typed;
use crate::domain::activity::{Requirement, RequirementKind, Warning};

/// Waits for something to arrive.
pub(super) struct SilenceAlarm {
    limit: Typed<Duration>,
    /// When the silence will have lasted for too long. `None` once that was told, until something arrives.
    due: Option<Instant>,
    silences: u64,
}

impl SilenceAlarm {
    /// Begins to wait.
    pub(super) fn new(limit: Typed<Duration>) -> Self {
        let due = Some(Instant::now() + limit.value);
        Self {
            limit,
            due,
            silences: 0,
        }
    }

    /// When to sound.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Something arrived.
    pub(super) fn hear(&mut self) {
        self.due = Some(Instant::now() + self.limit.value);
    }

    /// The time has passed: what to say, once.
    pub(super) fn sound(&mut self) -> Warning {
        self.due = None;
        self.silences += 1;
        Warning {
            code: "silence",
            message: format!("nothing has arrived for {}", self.limit.text),
            hints: vec!["check that whoever sends calls the URL that this listens on".into()],
        }
    }

    /// How it turned out.
    pub(super) fn requirement(&self) -> Requirement {
        Requirement {
            expect: format!("--max-silence {}", self.limit.text),
            kind: RequirementKind::Silence,
            wanted: 0,
            seen: self.silences,
            replies: None,
            met: self.silences == 0,
        }
    }
}
