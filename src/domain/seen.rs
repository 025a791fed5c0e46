//! The events seen lately, so that a repeat can be told.
//!
//! Holds 16 bytes for each, not the ids themselves, so that remembering many costs little.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};

/// So many events are remembered; the oldest are forgotten first.
pub const REMEMBERED: usize = 100_000;

/// The events seen lately, and the notifications that carried them first.
///
/// Events are told apart by a keyed hash of 64 bits: that two of the remembered ones share theirs has odds of one in
/// three billion, and nobody who sends them can bring it about.
#[derive(Default)]
pub struct Seen {
    hasher: RandomState,
    first: HashMap<u64, u64>,
    /// The hashes with their notifications, in order of arrival.
    order: VecDeque<(u64, u64)>,
}

/// What is known of the events of one notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repeat {
    /// The notification that carried one of the events before.
    pub of: Option<u64>,
    /// The newest of the notifications that were the first to carry one of the events: if one has carried them all, this
    /// has.
    pub newest: Option<u64>,
    /// Whether every one of the events was carried before.
    pub is_whole: bool,
}

impl Seen {
    /// What is known of these events; from now on, those that are new belong to `id`.
    pub fn take<'a>(&mut self, eids: impl Iterator<Item = &'a str>, id: u64) -> Repeat {
        let (mut of, mut newest, mut is_whole) = (None, None, true);
        for eid in eids {
            let hash = self.hasher.hash_one(eid);
            match self.first.get(&hash) {
                Some(&first) if first != id => {
                    of = of.or(Some(first));
                    newest = newest.max(Some(first));
                }
                Some(_) => {}
                None => {
                    is_whole = false;
                    self.remember(hash, id);
                }
            }
        }
        Repeat {
            of,
            newest,
            is_whole: is_whole && of.is_some(),
        }
    }

    /// Forgets what the notifications from `id` on were the first to carry: they came to nothing.
    pub fn forget_from(&mut self, id: u64) {
        while let Some((hash, _)) = self.order.pop_back_if(|(_, first)| *first >= id) {
            self.first.remove(&hash);
        }
    }

    fn remember(&mut self, hash: u64, id: u64) {
        if self.order.len() == REMEMBERED
            && let Some((oldest, _)) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.first.insert(hash, id);
        self.order.push_back((hash, id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(seen: &mut Seen, eids: &[&str], id: u64) -> Repeat {
        seen.take(eids.iter().copied(), id)
    }

    fn repeat(of: u64, newest: u64, is_whole: bool) -> Repeat {
        Repeat {
            of: Some(of),
            newest: Some(newest),
            is_whole,
        }
    }

    #[test]
    fn a_repeat_is_whole_when_nothing_in_it_is_new() {
        let mut seen = Seen::default();
        assert_eq!(take(&mut seen, &["a", "b"], 1), Repeat::default());
        assert_eq!(take(&mut seen, &["a"], 2), repeat(1, 1, true));
        assert_eq!(take(&mut seen, &["c", "b"], 3), repeat(1, 1, false));
        assert_eq!(take(&mut seen, &["a", "c"], 4), repeat(1, 3, true));
        assert_eq!(take(&mut seen, &["d", "d"], 5), Repeat::default());
        assert_eq!(take(&mut seen, &[], 6), Repeat::default());
    }

    #[test]
    fn what_came_to_nothing_is_forgotten() {
        let mut seen = Seen::default();
        take(&mut seen, &["a"], 1);
        take(&mut seen, &["a", "b"], 2);
        take(&mut seen, &["c"], 3);
        seen.forget_from(2);
        assert_eq!(take(&mut seen, &["b", "c"], 2), Repeat::default());
        assert_eq!(take(&mut seen, &["a"], 3), repeat(1, 1, true));
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let mut seen = Seen::default();
        for id in 0..=REMEMBERED as u64 {
            take(&mut seen, &[&id.to_string()], id);
        }
        assert_eq!(take(&mut seen, &["1"], u64::MAX), repeat(1, 1, true));
        assert_eq!(take(&mut seen, &["0"], u64::MAX), Repeat::default());
    }

    proptest::proptest! {
        #[test]
        fn it_equals_a_naive_memory(
            notifications in proptest::collection::vec(
                (proptest::collection::vec(0..12u8, 0..4), proptest::bool::weighted(0.1)),
                0..60,
            )
        ) {
            let mut seen = Seen::default();
            // Each event with the notification that carried it first.
            let mut model: Vec<(u8, u64)> = Vec::new();
            let mut id = 0;
            for (events, comes_to_nothing) in notifications {
                id += 1;
                let names: Vec<String> = events.iter().map(u8::to_string).collect();
                let before = model.clone();
                let first = |event: &u8| before.iter().find(|(known, _)| known == event).map(|found| found.1);
                let expected = Repeat {
                    of: events.iter().find_map(first),
                    newest: events.iter().filter_map(first).max(),
                    is_whole: !events.is_empty() && events.iter().all(|event| first(event).is_some()),
                };
                for event in &events {
                    if !model.iter().any(|(known, _)| known == event) {
                        model.push((*event, id));
                    }
                }
                proptest::prop_assert_eq!(seen.take(names.iter().map(String::as_str), id), expected);
                if comes_to_nothing {
                    seen.forget_from(id);
                    model.retain(|(_, first)| *first < id);
                    id -= 1;
                }
            }
        }
    }
}
