//! The headers of a request as they came: every name's values in order, duplicates kept.
//!
//! Refuses to know what any header means, but for those that belong to one connection only.

use std::borrow::Cow;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};

/// Header fields that describe one connection, not the message (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// One header field. The name is lower-case when it came over HTTP; the value is the exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The field name.
    pub name: String,
    /// The field value, which may hold bytes that are not UTF-8.
    pub value: Vec<u8>,
}

impl Header {
    /// A header from its two parts.
    pub fn new(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }

    /// The value as text; bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }

    /// Whether the field goes by this name, in any letter case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A list of header fields, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Headers(Vec<Header>);

impl Headers {
    /// Adds a field at the end, whether or not its name is there already.
    pub fn push(&mut self, header: Header) {
        self.0.push(header);
    }

    /// The fields, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Header] {
        &self.0
    }

    /// Takes every field of this name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|header| !header.is(name));
    }

    /// The fields, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Header> {
        self.0.iter()
    }

    /// The first value under this name, where there is one and it is text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|header| header.is(name))
            .and_then(|header| std::str::from_utf8(&header.value).ok())
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What may be sent on: without the fields that belong to the connection they came by, those that `Connection`
    /// names, and those that the next request must state for itself (`Host`, `Content-Length`, `Expect`).
    #[must_use]
    pub fn end_to_end(&self) -> Self {
        let named: Vec<String> = self
            .iter()
            .filter(|header| header.is("connection"))
            .flat_map(|header| {
                header
                    .text()
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect::<Vec<_>>()
            })
            .collect();
        let stays = |header: &&Header| {
            !HOP_BY_HOP.iter().any(|name| header.is(name))
                && !["host", "content-length", "expect"]
                    .iter()
                    .any(|name| header.is(name))
                && !named.iter().any(|name| header.is(name))
        };
        Self(self.iter().filter(stays).cloned().collect())
    }
}

impl<'a> IntoIterator for &'a Headers {
    type Item = &'a Header;
    type IntoIter = std::slice::Iter<'a, Header>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Header> for Headers {
    fn from_iter<I: IntoIterator<Item = Header>>(headers: I) -> Self {
        Self(headers.into_iter().collect())
    }
}

/// `[name, value]`; a value that is not UTF-8 is followed by its exact bytes as hexadecimal digits.
impl Serialize for Header {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = std::str::from_utf8(&self.value);
        let mut pair = serializer.serialize_seq(Some(if text.is_ok() { 2 } else { 3 }))?;
        pair.serialize_element(&self.name)?;
        if let Ok(text) = text {
            pair.serialize_element(text)?;
        } else {
            pair.serialize_element(&self.text())?;
            pair.serialize_element(&hex(&self.value))?;
        }
        pair.end()
    }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pair;

        impl<'de> Visitor<'de> for Pair {
            type Value = Header;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a header as `[\"name\", \"value\"]`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Header, A::Error> {
                let missing = |length| serde::de::Error::invalid_length(length, &self);
                let name: String = pair.next_element()?.ok_or_else(|| missing(0))?;
                let text: String = pair.next_element()?.ok_or_else(|| missing(1))?;
                let value = match pair.next_element::<String>()? {
                    Some(digits) => unhex(&digits).ok_or_else(|| {
                        serde::de::Error::custom("a header's bytes are not hexadecimal digits")
                    })?,
                    None => text.into_bytes(),
                };
                Ok(Header { name, value })
            }
        }

        deserializer.deserialize_seq(Pair)
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(
        String::with_capacity(bytes.len() * 2),
        |mut digits, byte| {
            write!(digits, "{byte:02x}").expect("writing to a `String` cannot fail");
            digits
        },
    )
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16)?.try_into().ok())
        .collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Headers {
        pairs
            .iter()
            .map(|(name, value)| Header::new(*name, *value))
            .collect()
    }

    #[test]
    fn end_to_end_drops_what_belongs_to_the_connection() {
        let came = headers(&[
            ("host", "a"),
            ("connection", "close, X-Mine"),
            ("x-mine", "1"),
            ("transfer-encoding", "chunked"),
            ("x-twice", "1"),
            ("x-twice", "2"),
        ]);
        assert_eq!(
            came.end_to_end(),
            headers(&[("x-twice", "1"), ("x-twice", "2")])
        );
    }

    #[test]
    fn values_that_are_not_text_come_back_exactly() {
        let odd: Headers = [
            Header::new("x-odd", b"caf\xe9".to_vec()),
            Header::new("x", "y"),
        ]
        .into_iter()
        .collect();
        let json = serde_json::to_string(&odd).unwrap();
        assert_eq!(json, r#"[["x-odd","caf�","636166e9"],["x","y"]]"#);
        assert_eq!(serde_json::from_str::<Headers>(&json).unwrap(), odd);
    }

    #[test]
    fn odd_hexadecimal_is_refused() {
        for bad in [
            r#"[["a","b","6"]]"#,
            r#"[["a","b","zz"]]"#,
            r#"[["a"]]"#,
            "[[]]",
        ] {
            assert!(serde_json::from_str::<Headers>(bad).is_err(), "{bad}");
        }
    }
}
