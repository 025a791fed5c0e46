//! Handles to the values of a document: what they are, what is in them.

use std::fmt;

use super::document::{Document, Node};

/// The six kinds of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number
    Number,
    /// A string
    String,
    /// An array
    Array,
    /// An object
    Object,
}

impl fmt::Display for Kind {
    /// With its article, for messages: `an object`, `null`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// A handle to one value of a document; as cheap to copy as a slice.
#[derive(Debug, Clone, Copy)]
pub struct Value<'d, 'a> {
    document: &'d Document<'a>,
    index: usize,
}

impl<'d, 'a> Value<'d, 'a> {
    /// The value with this number on the tape of `document`.
    pub(super) fn at(document: &'d Document<'a>, index: usize) -> Self {
        Self { document, index }
    }

    fn node(self) -> &'d Node<'a> {
        self.document.node(self.index)
    }

    /// Its number on the tape: grows in the order of the text, identifies the value within its document.
    #[must_use]
    pub fn index(self) -> usize {
        self.index
    }

    /// The number on the tape after this value and all that is in it.
    #[must_use]
    pub fn end(self) -> usize {
        match self.node() {
            Node::Array { end } | Node::Object { end } => *end,
            _ => self.index + 1,
        }
    }

    /// What kind of value it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.node() {
            Node::Null => Kind::Null,
            Node::Bool(_) => Kind::Bool,
            Node::Unsigned(_) | Node::Signed(_) | Node::Float(_) => Kind::Number,
            Node::Borrowed(_) | Node::Unescaped(_) => Kind::String,
            Node::Array { .. } => Kind::Array,
            Node::Object { .. } => Kind::Object,
        }
    }

    /// Its characters, without escapes, when it is a string.
    #[must_use]
    pub fn as_str(self) -> Option<&'d str> {
        match self.node() {
            Node::Borrowed(text) => Some(text),
            Node::Unescaped(text) => Some(text),
            _ => None,
        }
    }

    /// Its value when it is a whole number from 0 to 2^64 - 1.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        match self.node() {
            Node::Unsigned(number) => Some(*number),
            _ => None,
        }
    }

    /// Its value when it is a number: the nearest double.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest double is what is promised"
    )]
    pub fn as_f64(self) -> Option<f64> {
        match self.node() {
            Node::Unsigned(number) => Some(*number as f64),
            Node::Signed(number) => Some(*number as f64),
            Node::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// Its value when it is `true` or `false`.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.node() {
            Node::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Its members, in order and with every duplicate, when it is an object.
    #[must_use]
    pub fn as_object(self) -> Option<Members<'d, 'a>> {
        (self.kind() == Kind::Object).then(|| self.members())
    }

    /// Its items when it is an array.
    #[must_use]
    pub fn as_array(self) -> Option<Items<'d, 'a>> {
        (self.kind() == Kind::Array).then(|| self.items())
    }

    /// Its members in order; none when it is not an object.
    #[must_use]
    pub fn members(self) -> Members<'d, 'a> {
        let end = match self.node() {
            Node::Object { end } => *end,
            _ => 0,
        };
        Members {
            document: self.document,
            next: self.index + 1,
            end,
        }
    }

    /// Its items in order; none when it is not an array.
    #[must_use]
    pub fn items(self) -> Items<'d, 'a> {
        let end = match self.node() {
            Node::Array { end } => *end,
            _ => 0,
        };
        Items {
            document: self.document,
            next: self.index + 1,
            end,
        }
    }

    /// The member of that name; the last one where the key is repeated, as most parsers have it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.members()
            .filter(|(name, _)| *name == key)
            .last()
            .map(|(_, value)| value)
    }

    /// Several members by name in one pass; the last one wins where a key is repeated.
    #[must_use]
    pub fn pick<const N: usize>(self, keys: &[&str; N]) -> [Option<Self>; N] {
        let mut picked = [None; N];
        // Members mostly come in the order of `keys`: the next key is tried before all others.
        let mut next = 0;
        for (name, value) in self.members() {
            let position = if keys.get(next).is_some_and(|key| *key == name) {
                next
            } else if let Some(position) = keys.iter().position(|key| *key == name) {
                position
            } else {
                continue;
            };
            if let Some(slot) = picked.get_mut(position) {
                *slot = Some(value);
            }
            next = position + 1;
        }
        picked
    }

    /// What an RFC 6901 pointer points at, seen from this value.
    #[must_use]
    pub fn pointed(self, pointer: &str) -> Option<Self> {
        let mut tokens = pointer.split('/');
        if tokens.next() != Some("") {
            return None;
        }
        tokens.try_fold(self, |value, token| match value.kind() {
            Kind::Object => value.get(&token.replace("~1", "/").replace("~0", "~")),
            // RFC 6901 section 4: an index has neither sign nor leading zeros.
            Kind::Array if token == "0" || !token.starts_with(['0', '+']) => {
                value.items().nth(token.parse().ok()?)
            }
            _ => None,
        })
    }
}

/// The members of an object, in the order of the text.
#[derive(Debug, Clone)]
pub struct Members<'d, 'a> {
    document: &'d Document<'a>,
    next: usize,
    end: usize,
}

impl<'d, 'a> Iterator for Members<'d, 'a> {
    type Item = (&'d str, Value<'d, 'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let key = Value {
            document: self.document,
            index: self.next,
        };
        let value = Value {
            document: self.document,
            index: self.next + 1,
        };
        self.next = value.end();
        Some((key.as_str().unwrap_or_default(), value))
    }
}

/// The items of an array, in the order of the text.
#[derive(Debug, Clone)]
pub struct Items<'d, 'a> {
    document: &'d Document<'a>,
    next: usize,
    end: usize,
}

impl<'d, 'a> Iterator for Items<'d, 'a> {
    type Item = Value<'d, 'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let value = Value {
            document: self.document,
            index: self.next,
        };
        self.next = value.end();
        Some(value)
    }
}
