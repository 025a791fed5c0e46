//! Which events were seen, and where first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, Hash as _, Hasher, RandomState};

use super::place::Place;
use crate::domain::json::{Kind, Value};
use crate::domain::notification::EventView;

/// The events that were seen. They are told apart by a keyed hash of 64 bits: that any two of ten million share theirs
/// has odds of one in 400,000, and nobody who sends them can bring it about.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    hasher: RandomState,
    first: HashMap<u64, Sighting>,
}

#[derive(Debug, Clone, Copy)]
struct Sighting {
    content: u64,
    place: Place,
}

/// An event that was seen before.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain) struct Repeat {
    /// Where it was seen first.
    pub(in crate::domain) first: Place,
    /// Whether it said the same.
    pub(in crate::domain) is_same: bool,
}

impl Sightings {
    /// Remembers an event, unless it was seen before.
    pub(super) fn see(
        &mut self,
        eid: &str,
        event: &EventView<'_, '_>,
        place: Place,
    ) -> Option<Repeat> {
        let content = self.digest(event.value, event);
        match self.first.entry(self.hasher.hash_one(eid)) {
            Entry::Vacant(entry) => {
                entry.insert(Sighting { content, place });
                None
            }
            Entry::Occupied(entry) => Some(Repeat {
                first: entry.get().place,
                is_same: entry.get().content == content,
            }),
        }
    }

    /// Hashes what a value of an event says. How it is spaced and escaped has no part in it, nor in which order members
    /// stand, nor which of its names the event goes by.
    fn digest(&self, value: Value<'_, '_>, event: &EventView<'_, '_>) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        (value.kind() as u8).hash(&mut hasher);
        match value.kind() {
            Kind::Null => {}
            Kind::Bool => value.as_bool().hash(&mut hasher),
            Kind::Number => (value.as_u64(), value.as_f64().map(f64::to_bits)).hash(&mut hasher),
            Kind::String => {
                let is_name = event.name.is_some_and(|name| name.index() == value.index());
                let known = event.known.filter(|_| is_name).map(|known| known.name);
                known.or_else(|| value.as_str()).hash(&mut hasher);
            }
            Kind::Array => value
                .items()
                .for_each(|item| self.digest(item, event).hash(&mut hasher)),
            // A sum has no order, and two that are alike do not do away with each other.
            Kind::Object => value
                .members()
                .map(|(name, member)| self.hasher.hash_one((name, self.digest(member, event))))
                .fold(0, u64::wrapping_add)
                .hash(&mut hasher),
        }
        hasher.finish()
    }
}
