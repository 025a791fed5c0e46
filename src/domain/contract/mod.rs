//! What a recording shows of the contract with Syncfy: which events there are, which fields they have, and of what type.
//!
//! Inferred from what came, not from the documentation, so that two recordings can be compared. Values are forgotten, but
//! for the few that stand for a choice.

mod drift;
mod shape;

pub use drift::{Change, Drift, Side, compare};

use std::collections::{BTreeMap, BTreeSet};

use self::shape::Shape;
use crate::domain::json::Value;
use crate::domain::notification::{EventView, Notification, PayloadFields, Version};

/// So many fields are told apart in all; what a hostile recording has beyond is counted as cut.
const MOST: usize = 100_000;

/// So many values of a choice are kept.
const MOST_VALUES: usize = 100;

/// The contract that a recording shows.
///
/// Memory grows with the different fields, not with the notifications.
#[derive(Debug)]
pub struct Contract {
    notifications: u64,
    passed_over: u64,
    /// What the notifications have besides `events`.
    envelope: Group,
    /// By the names of events, as they came.
    events: BTreeMap<String, Group>,
    /// How many more fields there is room for.
    room: usize,
}

/// What all events of one name have in common.
#[derive(Debug, Default)]
struct Group {
    shape: Shape,
    /// The values of fields that stand for a choice, by path.
    choices: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Default for Contract {
    fn default() -> Self {
        Self {
            notifications: 0,
            passed_over: 0,
            envelope: Group::default(),
            events: BTreeMap::new(),
            room: MOST,
        }
    }
}

impl Contract {
    /// Takes one more notification. An event of Webhooks V1 goes by its legacy name.
    pub fn observe(&mut self, notification: &Notification<'_>) {
        match notification.version() {
            Version::V3 => {
                self.notifications += 1;
                let root = notification.root();
                self.envelope.shape.take(root, &["events"], &mut self.room);
                for event in notification.events() {
                    self.take(&event);
                }
            }
            Version::V1 => {
                self.notifications += 1;
                let fields = PayloadFields::new(Some(notification.root()));
                let name = fields.event.and_then(Value::as_str);
                if let Some(group) = self.group(name) {
                    group.0.choose("is_executing", fields.is_executing);
                    group.0.shape.take(notification.root(), &[], group.1);
                }
            }
            Version::Unknown => self.pass_over(),
        }
    }

    /// Counts what is no notification.
    pub fn pass_over(&mut self) {
        self.passed_over += 1;
    }

    /// How many notifications there were.
    #[must_use]
    pub fn notifications(&self) -> u64 {
        self.notifications
    }

    /// How much was no notification.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// Whether there were more fields than can be told apart.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.room == 0
    }

    fn take(&mut self, event: &EventView<'_, '_>) {
        if let Some((group, room)) = self.group(event.name_str()) {
            group.choose("header.event.version", event.version);
            group.choose("payload.event", event.fields.event);
            group.choose("payload.is_executing", event.fields.is_executing);
            group.shape.take(event.value, &[], room);
        }
    }

    /// The group of that name, and the room that is left, where there is some for a new name.
    fn group(&mut self, name: Option<&str>) -> Option<(&mut Group, &mut usize)> {
        let name = name.unwrap_or("(no name)");
        if !self.events.contains_key(name) {
            self.room = self.room.checked_sub(1)?;
            self.events.insert(name.to_owned(), Group::default());
        }
        let group = self.events.get_mut(name)?;
        Some((group, &mut self.room))
    }
}

impl Group {
    fn choose(&mut self, path: &'static str, value: Option<Value<'_, '_>>) {
        let Some(value) = value else {
            return;
        };
        let text = match (value.as_str(), value.as_f64()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(number)) => number.to_string(),
            // The type tells enough.
            (None, None) => return,
        };
        let values = self.choices.entry(path).or_default();
        if values.len() < MOST_VALUES {
            values.insert(text);
        }
    }
}

#[cfg(test)]
mod tests;
