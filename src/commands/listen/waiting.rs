//! What waits for each target: in memory, as far as there is room, and beyond that in the history.
//!
//! Deliveries to one target keep the order of arrival: once one was left in the history, those behind it are left there
//! too, until the forwarder has caught up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many deliveries to a target may wait in memory, and requests of so many bytes.
const MOST_IN_MEMORY: usize = 4_000;
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// So many more may wait in the history. Then senders are asked to come back later.
const MOST_LEFT: u64 = 1_000_000;

/// Deliveries that have not ended.
#[derive(Clone)]
pub(super) struct Waiting {
    targets: Arc<Mutex<Vec<Queue>>>,
    /// Whether the history keeps what does not fit in memory.
    may_leave: bool,
}

/// The deliveries to one target that have not ended.
#[derive(Clone, Debug, Default)]
struct Queue {
    in_memory: usize,
    bytes: usize,
    /// How many are in the history alone.
    left: u64,
    /// Whether whatever comes now is left in the history.
    is_behind: bool,
    /// How often something was left, ever.
    times_left: u64,
    /// How many of them all are of notifications that came in this run.
    own: u64,
}

/// Where a delivery waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Memory,
    History,
}

/// How far a target's deliveries have been left in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u64);

impl Waiting {
    /// Nothing waits for any of so many targets.
    pub(super) fn new(targets: usize, may_leave: bool) -> Self {
        Self {
            targets: Arc::new(Mutex::new(vec![Queue::default(); targets])),
            may_leave,
        }
    }

    fn targets(&self) -> MutexGuard<'_, Vec<Queue>> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many deliveries have not ended.
    pub(super) fn count(&self) -> u64 {
        self.targets().iter().map(Queue::count).sum()
    }

    /// How many deliveries have not ended of what came in this run.
    pub(super) fn count_own(&self) -> u64 {
        self.targets().iter().map(|queue| queue.own).sum()
    }

    /// How many deliveries to this target have not ended of what came in this run.
    pub(super) fn own(&self, target: usize) -> u64 {
        self.targets().get(target).map_or(0, |queue| queue.own)
    }

    /// How many deliveries to this target have not ended.
    pub(super) fn count_for(&self, target: usize) -> u64 {
        self.targets().get(target).map_or(0, Queue::count)
    }

    /// Makes room for a delivery to each of these targets of a request of so many bytes. `None` where that is too much.
    pub(super) fn reserve(&self, targets: &[usize], bytes: usize) -> Option<Reservation> {
        let mut reservation = Reservation {
            waiting: self.clone(),
            bytes,
            deliveries: Vec::with_capacity(targets.len()),
        };
        let mut queues = self.targets();
        for &target in targets {
            let queue = queues.get_mut(target)?;
            let place = queue.place(bytes, self.may_leave)?;
            queue.enter(place, bytes);
            reservation.deliveries.push((target, place));
        }
        drop(queues);
        Some(reservation)
    }

    /// So many deliveries to this target are in the history from an earlier run.
    pub(super) fn resume(&self, target: usize, count: u64) {
        if let Some(queue) = self.targets().get_mut(target) {
            queue.left += count;
            queue.is_behind = true;
        }
    }

    /// Where the history has deliveries to this target that there is room for, how far they have been left there.
    pub(super) fn wants_more(&self, target: usize) -> Option<Mark> {
        let targets = self.targets();
        let queue = targets.get(target)?;
        let has_room = queue.in_memory < MOST_IN_MEMORY / 2 && queue.bytes < MOST_BYTES / 2;
        (queue.is_behind && has_room).then_some(Mark(queue.times_left))
    }

    /// Takes these into memory, by the bytes of each. When they were all that there was, and nothing was left since the
    /// mark was set, the target has caught up.
    pub(super) fn load(&self, target: usize, bytes: &[usize], was_all: Option<Mark>) {
        if let Some(queue) = self.targets().get_mut(target) {
            queue.left = queue.left.saturating_sub(bytes.len() as u64);
            queue.in_memory += bytes.len();
            queue.bytes += bytes.iter().sum::<usize>();
            if was_all == Some(Mark(queue.times_left)) {
                queue.is_behind = false;
                queue.left = 0;
            }
        }
    }

    /// Takes away a delivery that has ended, of a notification that came in this run or in an earlier one.
    pub(super) fn end(&self, target: usize, bytes: usize, is_own: bool) {
        if let Some(queue) = self.targets().get_mut(target) {
            queue.leave(Place::Memory, bytes);
            queue.own = queue.own.saturating_sub(is_own.into());
        }
    }
}

impl Queue {
    fn count(&self) -> u64 {
        self.in_memory as u64 + self.left
    }

    fn place(&self, bytes: usize, may_leave: bool) -> Option<Place> {
        let has_room = self.in_memory < MOST_IN_MEMORY && self.bytes + bytes <= MOST_BYTES;
        match (may_leave, self.is_behind) {
            (_, false) if has_room || self.in_memory == 0 => Some(Place::Memory),
            (true, _) if self.left < MOST_LEFT => Some(Place::History),
            _ => None,
        }
    }

    fn enter(&mut self, place: Place, bytes: usize) {
        self.own += 1;
        match place {
            Place::Memory => {
                self.in_memory += 1;
                self.bytes += bytes;
            }
            Place::History => {
                self.left += 1;
                self.times_left += 1;
                self.is_behind = true;
            }
        }
    }

    fn leave(&mut self, place: Place, bytes: usize) {
        match place {
            Place::Memory => {
                self.in_memory = self.in_memory.saturating_sub(1);
                self.bytes = self.bytes.saturating_sub(bytes);
            }
            Place::History => self.left = self.left.saturating_sub(1),
        }
    }
}

/// Room for the deliveries of one notification. It is given back when it is dropped: they came to nothing.
pub(super) struct Reservation {
    waiting: Waiting,
    bytes: usize,
    deliveries: Vec<(usize, Place)>,
}

impl Reservation {
    /// Whether there is nothing to deliver.
    pub(super) fn is_empty(&self) -> bool {
        self.deliveries.is_empty()
    }

    /// Of each delivery, in order, whether it waits in the history.
    pub(super) fn left(&self) -> impl Iterator<Item = bool> {
        let places = self.deliveries.iter();
        places.map(|(_, place)| *place == Place::History)
    }

    /// Whether the first delivery waits in memory, so that somebody can wait for its answer.
    pub(super) fn is_prompt(&self) -> bool {
        !matches!(self.deliveries.first(), Some((_, Place::History)))
    }

    /// Keeps the room until each delivery has ended by itself. Returns those that wait in memory: their numbers among
    /// the deliveries of the notification, from 1, and their targets.
    pub(super) fn keep(mut self) -> Vec<(u32, usize)> {
        let deliveries = std::mem::take(&mut self.deliveries);
        (1..)
            .zip(deliveries)
            .filter(|(_, (_, place))| *place == Place::Memory)
            .map(|(number, (target, _))| (number, target))
            .collect()
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut targets = self.waiting.targets();
        for (target, place) in &self.deliveries {
            if let Some(queue) = targets.get_mut(*target) {
                queue.leave(*place, self.bytes);
                queue.own = queue.own.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    /// Reserves until it is refused, and keeps.
    fn fill(waiting: &Waiting, target: usize, most: usize) -> usize {
        (0..most)
            .map_while(|_| waiting.reserve(&[target], 1))
            .map(Reservation::keep)
            .count()
    }

    #[test]
    fn without_a_history_there_is_an_end() {
        let waiting = Waiting::new(2, false);
        assert_eq!(fill(&waiting, 0, usize::MAX), MOST_IN_MEMORY);
        assert!(waiting.reserve(&[1, 0], 1).is_none());
        assert_eq!(waiting.count_for(1), 0, "what was reserved is given back");
        assert!(waiting.reserve(&[1], 1).is_some());
        waiting.end(0, 1, true);
        assert!(waiting.reserve(&[0], 1).is_some());
    }

    #[test]
    fn one_that_is_long_passes_alone() {
        let waiting = Waiting::new(1, false);
        let long = waiting.reserve(&[0], MOST_BYTES + 1).unwrap();
        assert!(waiting.reserve(&[0], 1).is_none());
        drop(long);
        assert!(waiting.reserve(&[0], 1).is_some());
    }

    #[test]
    fn what_does_not_fit_is_left_in_order() {
        let waiting = Waiting::new(1, true);
        assert_eq!(fill(&waiting, 0, MOST_IN_MEMORY), MOST_IN_MEMORY);
        let left = waiting.reserve(&[0], 1).unwrap();
        assert!(!left.is_prompt());
        assert_eq!(left.keep(), [], "it waits in the history");
        assert_eq!(waiting.wants_more(0), None, "there is no room");
        for _ in 0..MOST_IN_MEMORY - 5 {
            waiting.end(0, 1, true);
        }
        let mark = waiting.wants_more(0).unwrap();
        let behind = waiting.reserve(&[0], 1).unwrap();
        assert_eq!(behind.keep(), [], "nobody overtakes");
        waiting.load(0, &[1], Some(mark));
        let mark = waiting.wants_more(0).expect("more was left meanwhile");
        waiting.load(0, &[1], Some(mark));
        assert_eq!(waiting.wants_more(0), None);
        assert_eq!(waiting.reserve(&[0], 1).unwrap().keep(), [(1, 0)]);
    }
}
