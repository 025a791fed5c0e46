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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-01-02 03:04:05 UTC.
    const NOW: i64 = 1_767_323_045;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_table_of_decisions() {
        // Older than how many hours, how many are kept; age in hours, how many are newer, whether it waits.
        for (older_than, keep, age, newer, is_waiting, expected) in [
            (Some(24), 0, 25, 0, false, true),
            (Some(24), 0, 24, 0, false, false),
            (Some(24), 0, 23, 9, false, false),
            (Some(24), 0, 25, 0, true, false),
            (None, 2, 0, 2, false, true),
            (None, 2, 999, 1, false, false),
            (None, 2, 999, 2, true, false),
            (Some(24), 2, 25, 2, false, true),
            (Some(24), 2, 25, 1, false, false),
            (Some(24), 2, 23, 2, false, false),
            // Received in what is the future now: the clock was set back.
            (Some(0), 0, -1, 0, false, false),
            (None, 0, -1, 0, false, true),
        ] {
            let retention = Retention {
                older_than: older_than.map(SignedDuration::from_hours),
                keep,
            };
            let received_at = at(NOW - age * 3600);
            assert_eq!(
                retention.lets_go(at(NOW), received_at, newer, is_waiting),
                expected,
                "{retention:?}, {age} h old, {newer} newer, waiting: {is_waiting}"
            );
        }
    }

    fn retentions() -> impl Strategy<Value = Retention> {
        let age = prop::option::of((0..1000i64).prop_map(SignedDuration::from_secs));
        (age, 0..10u64).prop_map(|(older_than, keep)| Retention { older_than, keep })
    }

    proptest! {
        #[test]
        fn what_waits_stays(retention in retentions(), received in -2000..2000i64, newer in 0..20u64) {
            prop_assert!(!retention.lets_go(at(NOW), at(NOW + received), newer, true));
        }

        #[test]
        fn the_newest_stay(retention in retentions(), received in -2000..2000i64, newer in 0..20u64) {
            prop_assert!(
                newer >= retention.keep || !retention.lets_go(at(NOW), at(NOW + received), newer, false)
            );
        }

        #[test]
        fn the_young_stay(age in 0..1000i64, younger in 0..1000i64, keep in 0..10u64, newer in 0..20u64) {
            let retention = Retention { older_than: Some(SignedDuration::from_secs(age)), keep };
            let received_at = at(NOW - (age - younger.min(age)));
            prop_assert!(!retention.lets_go(at(NOW), received_at, newer, false));
        }

        #[test]
        fn who_is_older_goes_first(
            retention in retentions(), received in -2000..2000i64, more in 0..2000i64, newer in 0..20u64,
            more_newer in 0..20u64,
        ) {
            let goes = |received, newer| retention.lets_go(at(NOW), at(NOW + received), newer, false);
            prop_assert!(!goes(received, newer) || goes(received - more, newer + more_newer));
        }

        #[test]
        fn time_lets_only_more_go(
            retention in retentions(), received in -2000..2000i64, later in 0..2000i64, newer in 0..20u64,
        ) {
            let goes = |now| retention.lets_go(at(now), at(NOW + received), newer, false);
            prop_assert!(!goes(NOW) || goes(NOW + later));
        }

        #[test]
        fn a_stricter_one_lets_no_more_go(
            retention in retentions(), longer in 0..1000i64, more in 0..10u64, received in -2000..2000i64,
            newer in 0..20u64,
        ) {
            let stricter = Retention {
                older_than: retention.older_than.map(|age| age + SignedDuration::from_secs(longer)),
                keep: retention.keep + more,
            };
            let goes = |retention: Retention| retention.lets_go(at(NOW), at(NOW + received), newer, false);
            prop_assert!(!goes(stricter) || goes(retention));
        }
    }
}
