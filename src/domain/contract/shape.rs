//! What all values at one place have in common: their types, and the fields of those that are objects.

use std::collections::BTreeMap;

use crate::domain::json::{Kind, Value};

/// The shape of all values at one place.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// How many values there were.
    pub(super) seen: u64,
    /// How many of them were objects.
    pub(super) objects: u64,
    /// One bit for each kind.
    kinds: u8,
    pub(super) members: BTreeMap<Box<str>, Self>,
    /// The items of all that were arrays.
    pub(super) items: Option<Box<Self>>,
}

/// The kinds with their names, in the order in which they are told.
const KINDS: [(Kind, &str); 6] = [
    (Kind::Object, "object"),
    (Kind::Array, "array"),
    (Kind::String, "string"),
    (Kind::Number, "number"),
    (Kind::Bool, "boolean"),
    (Kind::Null, "null"),
];

impl Shape {
    /// Takes one more value, but not its members of these names; new places take of the room that is left.
    pub(super) fn take(&mut self, value: Value<'_, '_>, left_out: &[&str], room: &mut usize) {
        self.seen += 1;
        self.kinds |= bit(value.kind());
        match value.kind() {
            Kind::Object => {
                self.objects += 1;
                for (name, member) in value.members().filter(|(name, _)| !left_out.contains(name)) {
                    if let Some(shape) = self.member(name, room) {
                        shape.take(member, &[], room);
                    }
                }
            }
            Kind::Array => {
                for item in value.items() {
                    self.items.get_or_insert_default().take(item, &[], room);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, name: &str, room: &mut usize) -> Option<&mut Self> {
        if !self.members.contains_key(name) {
            *room = room.checked_sub(1)?;
            self.members.insert(name.into(), Self::default());
        }
        self.members.get_mut(name)
    }

    /// The names of its kinds.
    pub(super) fn types(&self) -> Vec<&'static str> {
        let kinds = KINDS.into_iter();
        let kinds = kinds.filter(|(kind, _)| self.kinds & bit(*kind) != 0);
        kinds.map(|(_, name)| name).collect()
    }
}

fn bit(kind: Kind) -> u8 {
    1 << kind as u8
}
