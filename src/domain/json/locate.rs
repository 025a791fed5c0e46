//! From values of a document to their places in its text.
//!
//! The tape holds no offsets, so that reading stays fast. Only when there is something to report, the text is walked
//! once more beside the tape: the address of a raw value minus the address of the text is its offset.

use std::fmt;
use std::ops::Range;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::document::Document;
use super::value::Value;

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
    let mut walk = Walk {
        text: document.text(),
        spots,
        places: vec![None; spots.len()],
        pointer: String::new(),
    };
    let root = Step {
        walk: &mut walk,
        value: document.root(),
        key: None,
    };
    // The text was read before, and reads the same again.
    let _ = root.deserialize(&mut serde_json::Deserializer::from_str(document.text()));
    for (pointer, span) in walk.places.into_iter().flatten() {
        found(&pointer, span);
    }
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

struct Walk<'w, 't> {
    text: &'t str,
    spots: &'w [Spot],
    /// Where each spot is, as far as it is known.
    places: Vec<Option<(String, Range<usize>)>>,
    /// To where the walk is.
    pointer: String,
}

impl Walk<'_, '_> {
    /// The spots among these numbers of the tape, by their positions.
    fn spots(&self, indices: Range<usize>) -> Range<usize> {
        let position = |index| self.spots.partition_point(|spot| spot.index < index);
        position(indices.start)..position(indices.end)
    }

    fn span(&self, raw: &RawValue) -> Range<usize> {
        let start = raw
            .get()
            .as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr());
        start..start + raw.get().len()
    }

    /// The span of the container round these children: nothing but white space is between them and its brackets.
    fn round(&self, first: usize, last: usize) -> Range<usize> {
        let before = self.text.get(..first).unwrap_or_default();
        let after = self.text.get(last..).unwrap_or_default();
        let start = before.trim_end().len().saturating_sub(1);
        let end = self.text.len() - after.trim_start().len() + 1;
        start..end.min(self.text.len())
    }

    /// Remembers where the spots of a value are.
    fn note(&mut self, value: Value<'_, '_>, key: Option<Range<usize>>, span: &Range<usize>) {
        // What can stand without a key begins with a bracket, a quote, a letter or a digit: one byte.
        let key = key.unwrap_or(span.start..span.end.min(span.start + 1));
        for position in self.spots(value.index()..value.index() + 1) {
            let part = self.spots.get(position).map(|spot| spot.part);
            if let Some(place) = self.places.get_mut(position) {
                let span = match part {
                    Some(Part::Key) => key.clone(),
                    _ => span.clone(),
                };
                *place = Some((self.pointer.clone(), span));
            }
        }
    }
}

/// Reads one value beside the tape, and tells its span. Only what has a spot in it is entered; all else is passed over
/// in one go, so that no byte is read once for each level that it is in.
struct Step<'s, 'w, 't, 'd, 'a> {
    walk: &'s mut Walk<'w, 't>,
    value: Value<'d, 'a>,
    /// The span of the key that it stands under.
    key: Option<Range<usize>>,
}

impl<'t, 'w, 'd, 'a> Step<'_, 'w, 't, 'd, 'a> {
    /// The step to a child, whose reference token is pushed where it is needed.
    fn child<'c>(
        &'c mut self,
        value: Value<'d, 'a>,
        key: Option<Range<usize>>,
        token: impl FnOnce(&mut String),
    ) -> Step<'c, 'w, 't, 'd, 'a> {
        if !self.walk.spots(value.index()..value.end()).is_empty() {
            self.walk.pointer.push('/');
            token(&mut self.walk.pointer);
        }
        Step {
            walk: &mut *self.walk,
            value,
            key,
        }
    }
}

impl<'t> DeserializeSeed<'t> for Step<'_, '_, 't, '_, '_> {
    type Value = Range<usize>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let inside = self.value.index() + 1..self.value.end();
        if !self.walk.spots(inside).is_empty() {
            return deserializer.deserialize_any(self);
        }
        let span = self.walk.span(<&RawValue>::deserialize(deserializer)?);
        self.walk.note(self.value, self.key, &span);
        Ok(span)
    }
}

impl<'t> Visitor<'t> for Step<'_, '_, 't, '_, '_> {
    type Value = Range<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what was read before")
    }

    fn visit_map<A: MapAccess<'t>>(mut self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut content: Option<Range<usize>> = None;
        let length = self.walk.pointer.len();
        for (name, member) in self.value.members() {
            let Some(key) = access.next_key::<&RawValue>()? else {
                break;
            };
            let key = self.walk.span(key);
            let start = content.map_or(key.start, |content| content.start);
            let push = |pointer: &mut String| push_escaped(pointer, name);
            let span = access.next_value_seed(self.child(member, Some(key), push))?;
            content = Some(start..span.end);
            self.walk.pointer.truncate(length);
        }
        Ok(self.close(content))
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut content: Option<Range<usize>> = None;
        let length = self.walk.pointer.len();
        for (position, item) in self.value.items().enumerate() {
            let push = |pointer: &mut String| pointer.push_str(&position.to_string());
            let step = self.child(item, None, push);
            let Some(span) = access.next_element_seed(step)? else {
                break;
            };
            let start = content.map_or(span.start, |content| content.start);
            content = Some(start..span.end);
            self.walk.pointer.truncate(length);
        }
        Ok(self.close(content))
    }
}

impl Step<'_, '_, '_, '_, '_> {
    /// What is inside was read: so much is known now.
    fn close(self, content: Option<Range<usize>>) -> Range<usize> {
        // A container that is entered has something in it.
        let content = content.unwrap_or_default();
        let span = self.walk.round(content.start, content.end);
        self.walk.note(self.value, self.key, &span);
        span
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

    fn all(value: Value<'_, '_>, spots: &mut Vec<Spot>) {
        spots.extend([Spot::key(value), Spot::value(value)]);
        let children = value
            .items()
            .chain(value.members().map(|(_, member)| member));
        children.for_each(|child| all(child, spots));
    }

    #[test]
    fn every_spot_is_found_whatever_else_is_looked_for() {
        let text =
            " {\"a\" : [ [ ], { } ,[\n[ 1 ] ] , { \"b\" :\t{\"c\":-0.5e1 } } ] ,\"d\":null } ";
        let document = Document::parse(text).unwrap();
        let mut spots = Vec::new();
        all(document.root(), &mut spots);
        let mut places = Vec::new();
        locate(&document, &spots, &mut |pointer, span| {
            places.push((pointer.to_owned(), span));
        });
        assert_eq!(places.len(), spots.len());
        for (spot, (pointer, span)) in spots.iter().zip(&places) {
            assert_eq!(span_of(&document, pointer, spot.part).as_ref(), Some(span));
            if spot.part == Part::Value {
                let part = Document::parse(&text[span.clone()]).unwrap();
                let whole = document.root().pointed(pointer).unwrap();
                assert_eq!(part.root().kind(), whole.kind(), "{pointer}");
                assert_eq!(part.root().end(), whole.end() - whole.index(), "{pointer}");
            }
        }
    }
}
