//! What may go from a history that must not grow for ever.

use jiff::{SignedDuration, Timestamp};

/// What is kept: what is young, what is among the newest, and what is still to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// What is older may go. `None` lets any age go.
    pub older_than: Option<SignedDuration>,
    /// So many of the newest are kept whatever their age.
    pub keep: u64,
}

impl Retention {
    /// Whether a record may go that was received then; so many are newer.
    #[must_use]
    pub fn lets_go(
        &self,
        now: Timestamp,
        received_at: Timestamp,
        newer: u64,
        is_waiting: bool,
    ) -> bool {
        let is_old = self
            .older_than
            .is_none_or(|age| now.duration_since(received_at) > age);
        is_old && newer >= self.keep && !is_waiting
    }
}
