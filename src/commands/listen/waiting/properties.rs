//! What holds of all that waits, whatever comes and goes.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

proptest! {
    /// The history is a queue here: what is left in it is fetched in pages, as the forwarder does.
    #[test]
    fn nobody_is_forgotten_or_overtakes(
        resumed in 0..20u64,
        steps in proptest::collection::vec((0..6u8, 1..900usize), 0..200),
    ) {
        let waiting = Waiting::new(1, true);
        let mut history: VecDeque<u64> = (0..resumed).collect();
        let (mut memory, mut gone) = (VecDeque::new(), Vec::new());
        let mut next = resumed;
        if resumed > 0 {
            waiting.resume(0, resumed);
        }
        for (step, count) in steps {
            match step {
                0 | 1 => for _ in 0..count {
                    let room = waiting.reserve(&[0], 10).unwrap();
                    let is_left = room.left().next() == Some(true);
                    // Some come to nothing.
                    if next % 97 == 5 {
                        drop(room);
                    } else if is_left {
                        prop_assert_eq!(room.keep(), []);
                        history.push_back(next);
                    } else {
                        prop_assert!(history.is_empty(), "nobody overtakes");
                        prop_assert_eq!(room.keep(), [(1, 0)]);
                        memory.push_back(next);
                    }
                    next += 1;
                },
                2 | 3 => fetch(&waiting, &mut history, &mut memory),
                _ => for number in memory.drain(..count.min(memory.len())) {
                    waiting.end(0, 10, true);
                    gone.push(number);
                },
            }
            prop_assert_eq!(waiting.count(), (memory.len() + history.len()) as u64);
            prop_assert!(memory.len() <= MOST_IN_MEMORY);
        }
        while !memory.is_empty() || !history.is_empty() {
            fetch(&waiting, &mut history, &mut memory);
            for number in memory.drain(..) {
                waiting.end(0, 10, true);
                gone.push(number);
            }
        }
        prop_assert_eq!(waiting.count(), 0);
        prop_assert!(gone.is_sorted());
    }
}

fn fetch(waiting: &Waiting, history: &mut VecDeque<u64>, memory: &mut VecDeque<u64>) {
    const PAGE: usize = 256;
    let Some(mark) = waiting.wants_more(0) else {
        return;
    };
    let page: Vec<u64> = history.drain(..PAGE.min(history.len())).collect();
    let was_all = (page.len() < PAGE).then_some(mark);
    waiting.load(0, &vec![10; page.len()], was_all);
    memory.extend(page);
}
