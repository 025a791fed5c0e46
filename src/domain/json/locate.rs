//! From values of a document to their places in its text.
//!
//! The tape holds no offsets, so that reading stays fast. Only when there is something to report, the text is walked
//! once more, level by level, beside the tape: the address of a raw value minus the address of the text is its offset.

use std::ops::Range;

use serde_json::value::RawValue;

use super::document::Document;
use super::raw::{elements, members};
use super::value::{Kind, Value};

/// Which part of a value's text is meant. In the order in which the parts stand in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The key it stands under; for an array's item and the root: the first character, such as the opening brace.
    Key,
    /// All of it.
    Value,
}

/// A value of a document (by its [`Value::index`]) and the part that is meant; ordered as in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The value's number on the tape.
    pub index: usize,
    /// The part of it.
    pub part: Part,
}

impl Spot {
    /// The key that `value` stands under.
    #[must_use]
    pub fn key(value: Value<'_, '_>) -> Self {
        Self {
            index: value.index(),
            part: Part::Key,
        }
    }

    /// All of `value`.
    #[must_use]
    pub fn value(value: Value<'_, '_>) -> Self {
        Self {
            index: value.index(),
            part: Part::Value,
        }
    }
}

/// Finds sorted spots in one walk; calls `found` for each, in order, with its RFC 6901 pointer and its byte span.
pub fn locate(document: &Document<'_>, spots: &[Spot], found: &mut impl FnMut(&str, Range<usize>)) {
    let Ok(root) = serde_json::from_str::<&RawValue>(document.text()) else {
        return;
    };
    let mut walk = Walk {
        text: document.text(),
        spots,
        pointer: String::new(),
        found,
    };
    walk.visit(document.root(), root, None);
}

/// The byte span of what an RFC 6901 pointer points at; the last one where a key on the way is repeated.
#[must_use]
pub fn span_of(document: &Document<'_>, pointer: &str, part: Part) -> Option<Range<usize>> {
    let spot = Spot {
        index: document.root().pointed(pointer)?.index(),
        part,
    };
    let mut span = None;
    locate(document, &[spot], &mut |_, found| span = Some(found));
    span
}

struct Walk<'w, F> {
    text: &'w str,
    /// What is still to be found, sorted.
    spots: &'w [Spot],
    pointer: String,
    found: &'w mut F,
}

impl<F: FnMut(&str, Range<usize>)> Walk<'_, F> {
    fn visit(&mut self, value: Value<'_, '_>, raw: &RawValue, key: Option<&RawValue>) {
        while let Some((spot, rest)) = self
            .spots
            .split_first()
            .filter(|(spot, _)| spot.index == value.index())
        {
            let span = match (spot.part, key) {
                (Part::Value, _) => self.span(raw),
                (Part::Key, Some(key)) => self.span(key),
                (Part::Key, None) => self.opening(raw),
            };
            (self.found)(&self.pointer, span);
            self.spots = rest;
        }
        if !self.wants(value) {
            return;
        }
        match value.kind() {
            Kind::Object => {
                for ((name, member), (key, raw)) in value.members().zip(members(raw)) {
                    self.enter(member, raw, Some(key), |pointer| {
                        push_escaped(pointer, name);
                    });
                }
            }
            Kind::Array => {
                for (position, (item, raw)) in value.items().zip(elements(raw)).enumerate() {
                    self.enter(item, raw, None, |pointer| {
                        pointer.push_str(&position.to_string());
                    });
                }
            }
            _ => {}
        }
    }

    fn enter(
        &mut self,
        value: Value<'_, '_>,
        raw: &RawValue,
        key: Option<&RawValue>,
        push_token: impl FnOnce(&mut String),
    ) {
        if self.wants(value) {
            let length = self.pointer.len();
            self.pointer.push('/');
            push_token(&mut self.pointer);
            self.visit(value, raw, key);
            self.pointer.truncate(length);
        }
    }

    /// Whether the next spot lies in `value`.
    fn wants(&self, value: Value<'_, '_>) -> bool {
        self.spots
            .first()
            .is_some_and(|spot| spot.index < value.end())
    }

    fn span(&self, raw: &RawValue) -> Range<usize> {
        let start = raw
            .get()
            .as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr());
        start..start + raw.get().len()
    }

    fn opening(&self, raw: &RawValue) -> Range<usize> {
        let Range { start, end } = self.span(raw);
        // What can stand without a key begins with a bracket, a quote, a letter or a digit: one byte.
        start..end.min(start + 1)
    }
}

/// Appends one reference token, escaped as RFC 6901 section 3 says.
fn push_escaped(pointer: &mut String, token: &str) {
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, pointer: &str, part: Part) -> Option<String> {
        let document = Document::parse(text).unwrap();
        span_of(&document, pointer, part).map(|span| text[span].to_owned())
    }

    #[test]
    fn finds_keys_and_values() {
        let text = " {\"a/b\": [ 10, {\"é\" : \"ü\"} ], \"z\":1 } ";
        assert_eq!(part(text, "/a~1b/1/é", Part::Value).unwrap(), "\"ü\"");
        assert_eq!(part(text, "/a~1b/1/é", Part::Key).unwrap(), "\"é\"");
        assert_eq!(part(text, "/a~1b/1", Part::Key).unwrap(), "{");
        assert_eq!(part(text, "/a~1b/0", Part::Value).unwrap(), "10");
        assert_eq!(part(text, "", Part::Value).unwrap(), text.trim());
        assert_eq!(part(text, "/q", Part::Value), None);
    }

    #[test]
    fn finds_many_in_one_walk_and_tells_duplicates_apart() {
        let text = r#"{"a":1,"a":[2,3],"b":4}"#;
        let document = Document::parse(text).unwrap();
        let mut spots: Vec<Spot> = document
            .root()
            .members()
            .map(|(_, value)| Spot::key(value))
            .collect();
        spots.push(Spot::value(document.root().pointed("/a/1").unwrap()));
        spots.sort_unstable();
        let mut found = Vec::new();
        locate(&document, &spots, &mut |pointer, span| {
            found.push((pointer.to_owned(), span));
        });
        let expected = [
            ("/a", 1..4),
            ("/a", 7..10),
            ("/a/1", 14..15),
            ("/b", 17..20),
        ];
        assert_eq!(
            found,
            expected.map(|(pointer, span)| (pointer.to_owned(), span))
        );
    }
}
