//! How long to leave a target alone that cannot be reached.
//!
//! Refuses to know how a target is reached, and what time it is.

use std::time::Duration;

/// The rest after the first failure; it doubles with each one.
const FIRST_REST: Duration = Duration::from_millis(250);

/// The longest rest: a target that is back is not kept waiting for more.
const LONGEST_REST: Duration = Duration::from_secs(5);

/// A time in which a target cannot be reached.
#[derive(Clone, Debug)]
pub struct Outage {
    failures: u32,
}

impl Outage {
    /// It begins with an attempt that failed.
    #[must_use]
    pub fn begin() -> Self {
        Self { failures: 1 }
    }

    /// Goes on: the target could not be reached once more.
    pub fn go_on(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// How long to rest before the target is tried again. `jitter`, from 0 to 1, spreads it between a half and the
    /// whole.
    #[must_use]
    pub fn rest(&self, jitter: f64) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(16);
        let rest = FIRST_REST.saturating_mul(1 << doublings).min(LONGEST_REST);
        rest.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
    }

    /// Whether whoever must come to an end should wait no longer: so many more attempts than the first one were made.
    #[must_use]
    pub fn has_outlasted(&self, retries: u32) -> bool {
        self.failures > retries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_to_a_bound() {
        let mut outage = Outage::begin();
        let mut rests = Vec::new();
        for _ in 0..7 {
            rests.push(outage.rest(1.0).as_millis());
            outage.go_on();
        }
        assert_eq!(rests, [250, 500, 1000, 2000, 4000, 5000, 5000]);
        assert_eq!(outage.rest(0.0), LONGEST_REST / 2);
    }

    #[test]
    fn patience_ends_with_the_retries() {
        let mut outage = Outage::begin();
        assert!(outage.has_outlasted(0));
        assert!(!outage.has_outlasted(1));
        outage.go_on();
        assert!(outage.has_outlasted(1));
    }
}
