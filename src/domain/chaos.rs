//! Chaos: what delivery over a network does to notifications. Some come twice, in another order, late, all at once, or
//! never.
//!
//! A plan is made beforehand, from a seed: the same seed and times give the same plan.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use fastrand::Rng;
use serde::Serialize;

/// One kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// One in four is delivered again, once or twice: at the same moment, or up to half a minute later.
    Duplicates,
    /// One in five comes just behind its successor.
    Reorder,
    /// One in five comes 5 s to 60 s late.
    Delay,
    /// For each sixteen, two to eight neighbours come at the same moment.
    Burst,
    /// One in ten never comes.
    Drop,
}

/// Why a kind of trouble cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is one of `duplicates`, `reorder`, `delay`, `burst`, `drop`, or `all`")]
pub struct UnknownTrouble;

impl Trouble {
    /// All of them, in the order in which they are planned.
    pub const ALL: [Self; 5] = [
        Self::Duplicates,
        Self::Reorder,
        Self::Delay,
        Self::Burst,
        Self::Drop,
    ];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duplicates => "duplicates",
            Self::Reorder => "reorder",
            Self::Delay => "delay",
            Self::Burst => "burst",
            Self::Drop => "drop",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Trouble {
    type Err = UnknownTrouble;

    fn from_str(text: &str) -> Result<Self, UnknownTrouble> {
        let mut all = Self::ALL.into_iter();
        all.find(|trouble| trouble.name() == text)
            .ok_or(UnknownTrouble)
    }
}

/// What becomes of notifications on their way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is delivered, in the order of time.
    pub passages: Vec<Passage>,
    /// The numbers of those that never come.
    pub dropped: Vec<usize>,
    /// How many are delivered more than once.
    pub duplicated: usize,
    /// How many come behind their successor.
    pub reordered: usize,
    /// How many come late.
    pub delayed: usize,
    /// How many come at one moment with their neighbours.
    pub in_bursts: usize,
}

/// One delivery of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passage {
    /// How long after the beginning it is due.
    pub due: Duration,
    /// The number of the notification, from 0.
    pub number: usize,
    /// 1 for its first delivery.
    pub copy: u32,
}

/// Between notifications that would come at the same moment without chaos. With none between them, no order would be
/// another.
const APART: Duration = Duration::from_secs(1);

/// How far behind its successor one comes.
const BEHIND: Duration = Duration::from_millis(100);

impl Plan {
    /// Plans what becomes of notifications that are due so long after the beginning, in order. Every kind that is named
    /// happens at least once where there are enough of them: two for all but `duplicates` and `delay`.
    #[must_use]
    pub fn new(troubles: &[Trouble], due: &[Duration], random: &mut Rng) -> Self {
        let mut plan = Self::default();
        let mut times = apart(due);
        let has = |trouble| troubles.contains(&trouble);
        if has(Trouble::Delay) {
            for number in chosen(random, times.len(), 5) {
                if let Some(time) = times.get_mut(number) {
                    *time += Duration::from_millis(random.u64(5_000..=60_000));
                    plan.delayed += 1;
                }
            }
        }
        if has(Trouble::Reorder) {
            for number in chosen(random, times.len().saturating_sub(1), 5) {
                if let Some([time, next]) = times.get_mut(number..number + 2) {
                    *time = (*next + BEHIND).max(*time);
                    plan.reordered += 1;
                }
            }
        }
        if has(Trouble::Burst) {
            plan.in_bursts = burst(&mut times, random);
        }
        if has(Trouble::Drop) {
            plan.dropped = chosen(random, times.len(), 10);
            plan.dropped.truncate(times.len().saturating_sub(1));
            plan.dropped.sort_unstable();
        }
        let mut twice = if has(Trouble::Duplicates) {
            chosen(random, times.len(), 4)
        } else {
            Vec::new()
        };
        twice.sort_unstable();
        for (number, due) in times.into_iter().enumerate() {
            if plan.dropped.binary_search(&number).is_err() {
                plan.deliver(
                    number,
                    due,
                    twice.binary_search(&number).is_ok().then_some(&mut *random),
                );
            }
        }
        plan.passages.sort_unstable();
        plan
    }

    fn deliver(&mut self, number: usize, due: Duration, again: Option<&mut Rng>) {
        let passage = |due, copy| Passage { due, number, copy };
        self.passages.push(passage(due, 1));
        let Some(random) = again else {
            return;
        };
        self.duplicated += 1;
        for copy in 2..=random.u32(2..=3) {
            let later = if random.bool() {
                Duration::ZERO
            } else {
                Duration::from_millis(random.u64(1_000..=30_000))
            };
            self.passages.push(passage(due + later, copy));
        }
    }
}

/// The same times, but none at or before the one before it.
fn apart(due: &[Duration]) -> Vec<Duration> {
    let mut last = None;
    let times = due.iter().map(|due| {
        let time = last.map_or(
            *due,
            |last: Duration| {
                if *due > last { *due } else { last + APART }
            },
        );
        last = Some(time);
        time
    });
    times.collect()
}

/// One in so many of the numbers below `length`, at least one where there is one.
fn chosen(random: &mut Rng, length: usize, one_in: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..length).collect();
    let count = length.div_ceil(one_in);
    for place in 0..count {
        // As 64 bits, so that every machine draws the same.
        let other = random.u64(place as u64..length as u64);
        numbers.swap(place, usize::try_from(other).unwrap_or(place));
    }
    numbers.truncate(count);
    numbers
}

/// Makes neighbours come at the moment of the last of them, and says how many do.
fn burst(times: &mut [Duration], random: &mut Rng) -> usize {
    let mut count = 0;
    for group in times.chunks_mut(16) {
        let most = group.len().min(8);
        if most < 2 {
            continue;
        }
        let length = usize::from(random.u8(2..=u8::try_from(most).unwrap_or(2)));
        let free = u8::try_from(group.len() - length).unwrap_or_default();
        let start = usize::from(random.u8(0..=free));
        if let Some(group) = group.get_mut(start..start + length) {
            let last = group.iter().copied().max().unwrap_or_default();
            group.fill(last);
            count += length;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use fastrand::Rng;

    fn seconds(count: u64) -> Vec<Duration> {
        (0..count)
            .map(|second| Duration::from_secs(second * 10))
            .collect()
    }

    fn plan(troubles: &[Trouble], count: u64, seed: u64) -> Plan {
        Plan::new(troubles, &seconds(count), &mut Rng::with_seed(seed))
    }

    fn numbers(plan: &Plan) -> Vec<usize> {
        plan.passages.iter().map(|passage| passage.number).collect()
    }

    #[test]
    fn without_trouble_everything_comes_as_it_is() {
        let plan = plan(&[], 5, 1);
        assert_eq!(numbers(&plan), [0, 1, 2, 3, 4]);
        let due: Vec<_> = plan.passages.iter().map(|passage| passage.due).collect();
        assert_eq!(due, seconds(5));
    }

    #[test]
    fn each_kind_does_what_it_says() {
        for seed in 0..50 {
            let all = 0..5;
            let doubled = plan(&[Trouble::Duplicates], 5, seed);
            assert!(numbers(&doubled).len() > 5 && doubled.duplicated == 2);
            let swapped = plan(&[Trouble::Reorder], 5, seed);
            assert!(!numbers(&swapped).is_sorted() && swapped.reordered == 1);
            let late = plan(&[Trouble::Delay], 5, seed);
            assert!(
                late.passages
                    .iter()
                    .any(|one| one.due.as_millis() % 10_000 != 0
                        || one.due.as_secs() != one.number as u64 * 10)
            );
            let burst = plan(&[Trouble::Burst], 5, seed);
            let moments: BTreeSet<_> = burst.passages.iter().map(|one| one.due).collect();
            assert_eq!(moments.len(), 5 - burst.in_bursts + 1);
            let dropped = plan(&[Trouble::Drop], 5, seed);
            assert_eq!((dropped.passages.len(), dropped.dropped.len()), (4, 1));
            for plan in [&doubled, &swapped, &late, &burst] {
                let seen: BTreeSet<usize> = numbers(plan).into_iter().collect();
                assert!(seen.into_iter().eq(all.clone()));
            }
        }
    }

    #[test]
    fn the_last_one_is_never_dropped() {
        assert_eq!(plan(&Trouble::ALL, 0, 1), Plan::default());
        let single = plan(&Trouble::ALL, 1, 1);
        assert!(single.dropped.is_empty() && single.duplicated == 1);
        assert!(single.passages.len() > 1);
    }

    #[test]
    fn a_seed_gives_the_same_plan_on_every_machine() {
        let plan = plan(&Trouble::ALL, 6, 7);
        let told: Vec<_> = plan
            .passages
            .iter()
            .map(|one| format!("{}.{}@{}", one.number, one.copy, one.due.as_millis()))
            .collect();
        assert_eq!(
            told.join(" "),
            "3.1@30000 3.2@30000 5.1@50000 1.1@51462 2.1@51462 3.3@55520 4.1@84506"
        );
    }

    #[test]
    fn every_name_is_read_back() {
        for trouble in Trouble::ALL {
            assert_eq!(trouble.to_string().parse(), Ok(trouble));
        }
        assert_eq!("chaos".parse::<Trouble>(), Err(UnknownTrouble));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_but_what_is_dropped(
            due in prop::collection::vec(0_u64..100_000, 0..60),
            troubles in prop::sample::subsequence(Trouble::ALL.to_vec(), 0..=5),
            seed in any::<u64>(),
        ) {
            let mut due: Vec<_> = due.into_iter().map(Duration::from_millis).collect();
            due.sort();
            let plan = Plan::new(&troubles, &due, &mut Rng::with_seed(seed));
            prop_assert!(plan.passages.is_sorted_by_key(|passage| passage.due));
            for (number, due) in due.iter().enumerate() {
                let copies: Vec<_> = plan.passages.iter().filter(|one| one.number == number).collect();
                let is_dropped = plan.dropped.contains(&number);
                prop_assert_eq!(copies.is_empty(), is_dropped);
                prop_assert!(copies.iter().all(|one| one.due >= *due));
            }
        }
    }
}
