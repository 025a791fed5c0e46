//! One JSON text as one flat vector: member order and duplicate keys kept, strings borrowed where nothing was escaped.
//!
//! Owns the tape; `value` has the handles into it. Refuses to know places in the text: see `locate`.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::syntax::SyntaxError;
use super::value::Value;

/// A node of the tape. A container is followed by its content and knows the index after it; a member is two nodes.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Borrowed(&'a str),
    Unescaped(Box<str>),
    Array { end: usize },
    Object { end: usize },
}

/// An empty tape whose memory the next document takes over, so that a stream of documents allocates once.
#[derive(Debug, Default)]
pub struct Tape(Vec<Node<'static>>);

/// A parsed JSON text.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
}

impl<'a> Document<'a> {
    /// Parses one JSON value that fills `text`.
    ///
    /// # Errors
    /// Text that is not JSON, nests deeper than 127 levels, or holds a number beyond the range of a double.
    pub fn parse(text: &'a str) -> Result<Self, SyntaxError> {
        // A notification has one node for about twenty bytes; a large text is left to grow by itself.
        Self::fill(text, Vec::with_capacity((text.len() / 16).min(1024)))
    }

    /// Like [`Document::parse`], in the memory of an earlier document.
    ///
    /// # Errors
    /// As for [`Document::parse`]; the memory is then lost.
    pub fn parse_with(text: &'a str, tape: Tape) -> Result<Self, SyntaxError> {
        Self::fill(text, recycle(tape.0))
    }

    fn fill(text: &'a str, mut nodes: Vec<Node<'a>>) -> Result<Self, SyntaxError> {
        let mut parser = serde_json::Deserializer::from_str(text);
        Writer(&mut nodes)
            .deserialize(&mut parser)
            .and_then(|()| parser.end())
            .map_err(|error| SyntaxError::new(text, &error))?;
        Ok(Self { text, nodes })
    }

    /// Gives the memory back for the next document.
    #[must_use]
    pub fn into_tape(self) -> Tape {
        Tape(recycle(self.nodes))
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The value that fills the text.
    #[must_use]
    pub fn root(&self) -> Value<'_, 'a> {
        Value::at(self, 0)
    }

    /// Every object in the text, whatever it stands in, in the order of the text.
    pub fn objects(&self) -> impl Iterator<Item = Value<'_, 'a>> {
        let nodes = self.nodes.iter().enumerate();
        let objects = nodes.filter(|(_, node)| matches!(node, Node::Object { .. }));
        objects.map(|(index, _)| Value::at(self, index))
    }

    pub(super) fn node(&self, index: usize) -> &Node<'a> {
        self.nodes.get(index).unwrap_or(&Node::Null)
    }
}

/// Empties a tape and changes its lifetime; the standard library collects in place, so the allocation stays.
fn recycle<'b>(mut nodes: Vec<Node<'_>>) -> Vec<Node<'b>> {
    nodes.clear();
    nodes.into_iter().map_while(|_| None).collect()
}

/// Writes what `serde_json` reads to the end of a tape.
struct Writer<'t, 'a>(&'t mut Vec<Node<'a>>);

impl<'a> DeserializeSeed<'a> for Writer<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Writer<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(Node::Null);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.push(Node::Bool(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.push(Node::Unsigned(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.push(Node::Signed(value));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.push(Node::Float(value));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<(), E> {
        self.0.push(Node::Borrowed(value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.push(Node::Unescaped(value.into()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        let start = self.0.len();
        self.0.push(Node::Array { end: 0 });
        while items.next_element_seed(Writer(&mut *self.0))?.is_some() {}
        close(self.0, start, |end| Node::Array { end });
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<(), A::Error> {
        let start = self.0.len();
        self.0.push(Node::Object { end: 0 });
        while members.next_key_seed(Writer(&mut *self.0))?.is_some() {
            members.next_value_seed(Writer(&mut *self.0))?;
        }
        close(self.0, start, |end| Node::Object { end });
        Ok(())
    }
}

fn close<'a>(nodes: &mut [Node<'a>], start: usize, container: impl FnOnce(usize) -> Node<'a>) {
    let end = nodes.len();
    if let Some(node) = nodes.get_mut(start) {
        *node = container(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::Kind;

    #[test]
    fn keeps_order_duplicates_and_kinds() {
        let document = Document::parse(r#"{"b":1,"a":[true,null,-2,0.5,"x\ny"],"b":{}}"#).unwrap();
        let keys: Vec<_> = document
            .root()
            .members()
            .map(|(key, value)| (key, value.kind()))
            .collect();
        assert_eq!(
            keys,
            [("b", Kind::Number), ("a", Kind::Array), ("b", Kind::Object)]
        );
        assert_eq!(document.root().get("b").unwrap().kind(), Kind::Object);
        let items: Vec<_> = document.root().get("a").unwrap().items().collect();
        assert_eq!(items[0].as_bool(), Some(true));
        assert_eq!(items[2].as_f64(), Some(-2.0));
        assert_eq!(items[4].as_str(), Some("x\ny"));
        assert_eq!(items.len(), 5);
    }

    #[test]
    fn borrows_what_is_not_escaped() {
        let text = String::from(r#"["plain"]"#);
        let document = Document::parse(&text).unwrap();
        let item = document.root().items().next().unwrap().as_str().unwrap();
        assert_eq!(item.as_ptr() as usize - text.as_ptr() as usize, 2);
    }

    #[test]
    fn picks_the_last_of_each() {
        let document = Document::parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        let [a, c] = document.root().pick(&["a", "c"]);
        assert_eq!(a.and_then(Value::as_u64), Some(3));
        assert!(c.is_none());
    }

    #[test]
    fn resolves_pointers() {
        let document = Document::parse(r#"{"a/b":[{"m~n":7}],"":1}"#).unwrap();
        let number = |pointer| document.root().pointed(pointer).and_then(Value::as_u64);
        assert_eq!(number("/a~1b/0/m~0n"), Some(7));
        assert_eq!(number("/"), Some(1));
        assert_eq!(number("/a~1b/00/m~0n"), None);
        assert_eq!(number("/a~1b/1"), None);
        assert_eq!(number("a"), None);
        assert_eq!(document.root().pointed("").unwrap().kind(), Kind::Object);
    }

    #[test]
    fn the_memory_of_a_tape_is_kept() {
        let first = Document::parse("[1,2,3,4,5,6,7,8,9]").unwrap();
        let (capacity, address) = (first.nodes.capacity(), first.nodes.as_ptr() as usize);
        let second = Document::parse_with("[1]", first.into_tape()).unwrap();
        assert_eq!(
            (second.nodes.capacity(), second.nodes.as_ptr() as usize),
            (capacity, address)
        );
    }

    #[test]
    fn a_hundred_thousand_levels_are_refused() {
        assert!(Document::parse(&"[".repeat(100_000)).is_err());
        assert!(Document::parse(&format!("{}{}", "[".repeat(127), "]".repeat(127))).is_ok());
    }

    #[test]
    fn a_node_stays_small() {
        assert_eq!(size_of::<Node<'_>>(), 24);
    }
}
