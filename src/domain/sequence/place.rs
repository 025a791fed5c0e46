//! Where notifications of a recording stand, in few bytes.

use std::collections::HashMap;
use std::sync::Arc;

/// Where a notification stands, as the user has it.
#[derive(Debug, Clone, Copy)]
pub struct Position<'a> {
    /// The file, `-`, or `history`.
    pub source: &'a str,
    /// The line in that file on which it begins, from 1.
    pub line: u64,
    /// Its sequence number in the history.
    pub id: Option<u64>,
}

/// The same, for as long as its [`Sources`] are there. In the order of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::domain) struct Place {
    source: u32,
    /// The line, or the sequence number.
    number: u64,
}

/// The sources by number.
#[derive(Debug, Default)]
pub(super) struct Sources {
    numbers: HashMap<Arc<str>, u32>,
    /// With whether their notifications have sequence numbers.
    names: Vec<(Arc<str>, bool)>,
}

impl Sources {
    pub(super) fn place(&mut self, position: &Position<'_>) -> Place {
        let source = match self.numbers.get(position.source) {
            Some(number) => *number,
            None => self.add(position),
        };
        Place {
            source,
            number: position.id.unwrap_or(position.line),
        }
    }

    fn add(&mut self, position: &Position<'_>) -> u32 {
        let name: Arc<str> = position.source.into();
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push((Arc::clone(&name), position.id.is_some()));
        self.numbers.insert(name, number);
        number
    }

    /// The place as the user has it.
    pub(super) fn position(&self, place: Place) -> Position<'_> {
        let known = usize::try_from(place.source).ok();
        let (source, has_ids) = known
            .and_then(|source| self.names.get(source))
            .map_or(("", false), |(name, has_ids)| (name, *has_ids));
        Position {
            source,
            line: if has_ids { 1 } else { place.number },
            id: has_ids.then_some(place.number),
        }
    }

    /// The place between backticks, for messages: `all.ndjson:3`, `history[12]`.
    pub(super) fn quoted(&self, place: Place) -> String {
        let Position { source, line, id } = self.position(place);
        let source = match source {
            "-" => "<stdin>".to_owned(),
            file => file.escape_debug().collect(),
        };
        match id {
            Some(id) => format!("`{source}[{id}]`"),
            None => format!("`{source}:{line}`"),
        }
    }
}
