//! How two contracts differ.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::shape::Shape;
use super::{Contract, Group};

/// One difference between two contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// What has changed.
    pub change: Change,
    /// The name of the event. `None` for what is round the events.
    pub event: Option<String>,
    /// The field, as a dotted path from the event, or from the notification where there is none; `[]` stands for any
    /// item of an array. `None` where it is about the event itself.
    pub path: Option<String>,
    /// The value that is new or gone, of a field that stands for a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How it was before.
    pub before: Option<Side>,
    /// How it is after.
    pub after: Option<Side>,
}

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// There is an event that was not there.
    EventAdded,
    /// An event is gone.
    EventRemoved,
    /// There is a field that was not there.
    FieldAdded,
    /// A field is gone.
    FieldRemoved,
    /// A field has other types.
    TypeChanged,
    /// A field that was always there is not any more.
    BecameOptional,
    /// A field that was not always there is.
    BecameRequired,
    /// A field has a value that it did not have: a version, a legacy name, `is_executing`.
    ValueAdded,
    /// A field does not have a value any more.
    ValueRemoved,
}

/// What one of the recordings shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The types that were seen.
    pub types: Vec<&'static str>,
    /// How often it was there.
    pub seen: u64,
    /// How often it could have been there.
    pub of: u64,
}

impl Side {
    /// Whether it was always there.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.seen >= self.of
    }
}

/// How the contract has changed from one recording to the other, in the order of names.
#[must_use]
pub fn compare(before: &Contract, after: &Contract) -> Vec<Drift> {
    let mut found = Vec::new();
    let mut envelope = Comparison {
        event: None,
        found: &mut found,
    };
    envelope.groups(&before.envelope, &after.envelope);
    for (name, groups) in pairs(&before.events, &after.events) {
        let mut comparison = Comparison {
            event: Some(name),
            found: &mut found,
        };
        let event = |group: &Group, contract: &Contract| Side {
            types: group.shape.types(),
            seen: group.shape.seen,
            of: contract.events.values().map(|group| group.shape.seen).sum(),
        };
        match groups {
            (Some(old), Some(new)) => comparison.groups(old, new),
            (Some(old), None) => {
                comparison.add(Change::EventRemoved, Some(event(old, before)), None);
            }
            (None, Some(new)) => comparison.add(Change::EventAdded, None, Some(event(new, after))),
            (None, None) => {}
        }
    }
    found
}

/// The comparison of what belongs to one event.
struct Comparison<'c> {
    event: Option<&'c String>,
    found: &'c mut Vec<Drift>,
}

/// A shape, and how often it could have been there.
type Counted<'c> = (&'c Shape, u64);

impl Comparison<'_> {
    fn add(&mut self, change: Change, before: Option<Side>, after: Option<Side>) {
        self.found.push(Drift {
            change,
            event: self.event.cloned(),
            path: None,
            value: None,
            before,
            after,
        });
    }

    fn groups(&mut self, before: &Group, after: &Group) {
        let nothing = BTreeSet::new();
        for (path, values) in pairs(&before.choices, &after.choices) {
            let (old, new) = (values.0.unwrap_or(&nothing), values.1.unwrap_or(&nothing));
            // A field that has come or gone is told as such.
            if !old.is_empty() && !new.is_empty() {
                self.choices(path, old, new);
            }
        }
        self.inside("", &before.shape, &after.shape);
    }

    fn choices(&mut self, path: &str, before: &BTreeSet<String>, after: &BTreeSet<String>) {
        let mut told = |change, values: Vec<&String>| {
            for value in values {
                self.found.push(Drift {
                    change,
                    event: self.event.cloned(),
                    path: Some(path.to_owned()),
                    value: Some(value.clone()),
                    before: None,
                    after: None,
                });
            }
        };
        told(Change::ValueRemoved, before.difference(after).collect());
        told(Change::ValueAdded, after.difference(before).collect());
    }

    /// Compares what is in two shapes. Where one of them never had anything inside there is nothing to compare.
    fn inside(&mut self, path: &str, before: &Shape, after: &Shape) {
        if before.objects > 0 && after.objects > 0 {
            for (name, members) in pairs(&before.members, &after.members) {
                let path = match path {
                    "" => name.to_string(),
                    path => format!("{path}.{name}"),
                };
                let old = members.0.map(|shape| (shape, before.objects));
                let new = members.1.map(|shape| (shape, after.objects));
                self.fields(&path, old, new);
            }
        }
        if let (Some(old), Some(new)) = (&before.items, &after.items) {
            let items = |shape| Some((shape, 0));
            self.fields(&format!("{path}[]"), items(&**old), items(&**new));
        }
    }

    fn fields(&mut self, path: &str, before: Option<Counted<'_>>, after: Option<Counted<'_>>) {
        let side = |(shape, of): Counted<'_>| Side {
            types: shape.types(),
            seen: shape.seen,
            of,
        };
        let sides = (before.map(side), after.map(side));
        let mut changes = Vec::new();
        match &sides {
            (None, None) => {}
            (None, Some(_)) => changes.push(Change::FieldAdded),
            (Some(_), None) => changes.push(Change::FieldRemoved),
            (Some(old), Some(new)) => {
                if old.types != new.types {
                    changes.push(Change::TypeChanged);
                }
                match (old.is_required(), new.is_required()) {
                    (true, false) => changes.push(Change::BecameOptional),
                    (false, true) => changes.push(Change::BecameRequired),
                    _ => {}
                }
            }
        }
        for change in changes {
            self.found.push(Drift {
                change,
                event: self.event.cloned(),
                path: Some(path.to_owned()),
                value: None,
                before: sides.0.clone(),
                after: sides.1.clone(),
            });
        }
        if let (Some((old, _)), Some((new, _))) = (before, after) {
            self.inside(path, old, new);
        }
    }
}

/// What two maps have under each key, in the order of keys.
fn pairs<'m, K: Ord, V>(
    left: &'m BTreeMap<K, V>,
    right: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, (Option<&'m V>, Option<&'m V>))> {
    let keys: BTreeSet<&K> = left.keys().chain(right.keys()).collect();
    keys.into_iter()
        .map(|key| (key, (left.get(key), right.get(key))))
}
