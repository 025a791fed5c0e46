//! The one clock, made in `run` and passed down, so that whatever depends on time can be given another.

use jiff::{Timestamp, Unit};

/// Tells what time it is.
#[derive(Clone, Copy, Debug)]
pub struct Clock(fn() -> Timestamp);

impl Clock {
    /// The clock of the operating system.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
        Self(Timestamp::now)
    }

    /// The time now, in whole milliseconds.
    #[must_use]
    pub fn now(self) -> Timestamp {
        let now = (self.0)();
        now.round(Unit::Millisecond).unwrap_or(now)
    }
}
