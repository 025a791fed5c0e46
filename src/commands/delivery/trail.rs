//! How far a replay of the history has come without a gap, so that another can go on from there.

use std::collections::BTreeMap;

/// Which notifications have ended, where several are under way at once.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Those that have not ended, by their sequence numbers.
    open: BTreeMap<u64, Open>,
    /// The one that was begun last.
    newest: Option<u64>,
}

#[derive(Debug)]
struct Open {
    /// Deliveries that have not ended.
    deliveries: usize,
    /// The one that was begun before this one.
    before: Option<u64>,
}

impl Trail {
    /// So many deliveries of a notification begin. Sequence numbers rise.
    pub(super) fn begin(&mut self, id: u64, deliveries: usize) {
        let before = self.newest.replace(id);
        self.open.insert(id, Open { deliveries, before });
    }

    /// One of its deliveries has ended, for good.
    pub(super) fn end(&mut self, id: u64) {
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        open.deliveries -= 1;
        if open.deliveries == 0 {
            self.open.remove(&id);
        }
    }

    /// The last one that has ended with all before it.
    pub(super) fn done(&self) -> Option<u64> {
        match self.open.first_key_value() {
            Some((_, first)) => first.before,
            None => self.newest,
        }
    }

    /// Whether all that were begun have ended.
    pub(super) fn is_complete(&self) -> bool {
        self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_early_waits_for_those_before_it() {
        let mut trail = Trail::default();
        assert_eq!(trail.done(), None);
        for id in [3, 5, 8] {
            trail.begin(id, 1);
        }
        assert_eq!(trail.done(), None);
        trail.end(5);
        assert_eq!(trail.done(), None);
        trail.end(3);
        assert_eq!(trail.done(), Some(5));
        assert!(!trail.is_complete());
        trail.begin(9, 1);
        trail.end(9);
        assert_eq!(trail.done(), Some(5));
        trail.end(8);
        assert_eq!(trail.done(), Some(9));
        assert!(trail.is_complete());
    }

    #[test]
    fn a_notification_has_ended_once_it_has_at_every_target() {
        let mut trail = Trail::default();
        trail.begin(1, 1);
        trail.begin(2, 2);
        trail.end(1);
        trail.end(2);
        assert_eq!(trail.done(), Some(1));
        trail.end(2);
        assert_eq!(trail.done(), Some(2));
    }
}
