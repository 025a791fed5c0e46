//! Compares what targets answer to an event that comes more than once.

use std::collections::HashMap;

use super::event::Begun;
use crate::domain::activity::{Answered, Differing, Outcome};

/// What was answered to each event. Memory grows with the number of events.
#[derive(Default)]
pub(super) struct Witness {
    /// The events of what is under way, by the number of the request.
    under_way: HashMap<u64, UnderWay>,
    /// What was answered, by the number of the route and the `eid`.
    answers: HashMap<(usize, String), Seen>,
    /// Those that were answered in more than one way, in the order in which that showed.
    differing: Vec<(usize, String)>,
}

struct UnderWay {
    events: Vec<(String, String)>,
    deliveries: usize,
}

struct Seen {
    name: String,
    answers: Vec<Outcome>,
}

impl Witness {
    pub(super) fn begin(&mut self, begun: Begun) {
        let under_way = UnderWay {
            events: begun.events,
            deliveries: begun.deliveries,
        };
        self.under_way.insert(begun.id, under_way);
    }

    /// A delivery has ended so.
    pub(super) fn end(&mut self, id: u64, route: usize, outcome: &Outcome) {
        let Some(under_way) = self.under_way.get_mut(&id) else {
            return;
        };
        under_way.deliveries -= 1;
        let is_last = under_way.deliveries == 0;
        for (eid, name) in under_way.events.clone() {
            let key = (route, eid);
            let seen = self.answers.entry(key.clone()).or_insert_with(|| Seen {
                name,
                answers: Vec::new(),
            });
            if !seen.answers.contains(outcome) {
                seen.answers.push(outcome.clone());
                // Once is enough.
                if seen.answers.len() == 2 {
                    self.differing.push(key);
                }
            }
        }
        if is_last {
            self.under_way.remove(&id);
        }
    }

    /// What was answered in more than one way, with the name of the target.
    pub(super) fn differing(&self, target: impl Fn(usize) -> String) -> Vec<Differing> {
        let differing = self.differing.iter().filter_map(|key| {
            let seen = self.answers.get(key)?;
            Some(Differing {
                eid: key.1.clone(),
                event: seen.name.clone(),
                target: target(key.0),
                answers: seen.answers.iter().cloned().map(Answered::from).collect(),
            })
        });
        differing.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(id: u64, eid: &str) -> Begun {
        Begun {
            id,
            deliveries: 1,
            events: vec![(eid.into(), "documents.fail".into())],
        }
    }

    #[test]
    fn only_what_is_answered_differently_is_told() {
        let mut witness = Witness::default();
        for (id, eid, status) in [
            (1, "a", 200),
            (2, "b", 200),
            (3, "a", 200),
            (4, "b", 409),
            (5, "b", 409),
        ] {
            witness.begin(begun(id, eid));
            witness.end(id, 0, &Outcome::Status(status));
        }
        let differing = witness.differing(|_| "t".into());
        let told: Vec<_> = differing
            .iter()
            .map(|one| (one.eid.as_str(), one.answers.len()))
            .collect();
        assert_eq!(told, [("b", 2)]);
        assert!(witness.under_way.is_empty());
    }
}
