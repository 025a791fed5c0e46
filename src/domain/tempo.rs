//! The tempo of a replay: the gaps in which notifications came, made longer or shorter.
//!
//! Knows no clock: it tells how long after the beginning something is due.

use std::time::Duration;

use jiff::Timestamp;

/// When each notification is due, so that the gaps between them are those of their arrival, divided by a factor.
#[derive(Clone, Debug)]
pub struct Tempo {
    factor: f64,
    /// The first arrival of this round, and when it was due.
    first: Option<(Timestamp, Duration)>,
    /// When the last one was due.
    last: Duration,
}

impl Tempo {
    /// So many times as fast as they came.
    #[must_use]
    pub fn new(factor: f64) -> Self {
        Self {
            factor,
            first: None,
            last: Duration::ZERO,
        }
    }

    /// Begins anew: what comes next follows at once.
    pub fn restart(&mut self) {
        self.first = None;
    }

    /// How long after the beginning a notification is due. What came earlier than the one before it, or at an unknown
    /// time, follows at once.
    pub fn due(&mut self, received_at: Option<Timestamp>) -> Duration {
        if let Some(at) = received_at {
            let (first, due) = *self.first.get_or_insert((at, self.last));
            let gap = at.duration_since(first).as_secs_f64().max(0.0) / self.factor;
            let gap = Duration::try_from_secs_f64(gap).unwrap_or(Duration::MAX);
            self.last = self.last.max(due.saturating_add(gap));
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When these are due that came so many seconds after some moment, in milliseconds.
    fn due(factor: f64, seconds: &[Option<i64>]) -> Vec<u128> {
        let mut tempo = Tempo::new(factor);
        let at = |second| Timestamp::from_second(1_767_323_045 + second).unwrap();
        let seconds = seconds.iter();
        seconds
            .map(|second| tempo.due(second.map(at)).as_millis())
            .collect()
    }

    #[test]
    fn gaps_are_divided_by_the_factor() {
        let came = [Some(0), Some(1), Some(1), Some(60)];
        assert_eq!(due(1.0, &came), [0, 1000, 1000, 60_000]);
        assert_eq!(due(10.0, &came), [0, 100, 100, 6000]);
        assert_eq!(due(0.5, &came), [0, 2000, 2000, 120_000]);
    }

    #[test]
    fn what_has_no_time_or_an_earlier_one_follows_at_once() {
        assert_eq!(due(1.0, &[None, Some(5), None, Some(7)]), [0, 0, 0, 2000]);
        assert_eq!(
            due(1.0, &[Some(0), Some(10), Some(3), Some(12)]),
            [0, 10_000, 10_000, 12_000]
        );
    }

    #[test]
    fn a_round_begins_where_the_one_before_ended() {
        let mut tempo = Tempo::new(1.0);
        let at = |second| Timestamp::from_second(second).ok();
        assert_eq!(tempo.due(at(100)), Duration::ZERO);
        assert_eq!(tempo.due(at(103)), Duration::from_secs(3));
        tempo.restart();
        assert_eq!(tempo.due(at(100)), Duration::from_secs(3));
        assert_eq!(tempo.due(at(103)), Duration::from_secs(6));
    }

    #[test]
    fn no_factor_is_too_small() {
        assert_eq!(due(f64::MIN_POSITIVE, &[Some(0), Some(1)])[0], 0);
        let mut tempo = Tempo::new(f64::MIN_POSITIVE);
        tempo.due(Timestamp::from_second(0).ok());
        assert_eq!(tempo.due(Timestamp::from_second(9).ok()), Duration::MAX);
        assert_eq!(tempo.due(Timestamp::from_second(8).ok()), Duration::MAX);
    }
}
