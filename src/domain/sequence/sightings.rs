//! Which events were seen, and where first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, Hash as _, Hasher, RandomState};

use super::place::Place;
use crate::domain::json::{Kind, Value};

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
    pub(super) fn see(&mut self, eid: &str, event: Value<'_, '_>, place: Place) -> Option<Repeat> {
        let mut hasher = self.hasher.build_hasher();
        digest(event, &mut hasher);
        let content = hasher.finish();
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
}

/// Hashes what a value says, in its order; how it is spaced and escaped has no part in it.
fn digest(value: Value<'_, '_>, hasher: &mut impl Hasher) {
    (value.kind() as u8).hash(hasher);
    match value.kind() {
        Kind::Null => {}
        Kind::Bool => value.as_bool().hash(hasher),
        Kind::Number => (value.as_u64(), value.as_f64().map(f64::to_bits)).hash(hasher),
        Kind::String => value.as_str().hash(hasher),
        Kind::Array => value.items().for_each(|item| digest(item, hasher)),
        Kind::Object => value.members().for_each(|(name, member)| {
            name.hash(hasher);
            digest(member, hasher);
        }),
    }
    // What ends here does not go on in what comes next.
    hasher.write_u8(u8::MAX);
}
