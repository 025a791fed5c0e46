//! Walks JSON one level at a time with every byte in view: exact digits, escapes and spacing.
//!
//! For those who show JSON or compare it byte for byte; reading it is the work of `document`.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object, each as its raw key (quotes and escapes included) and its raw value, in order and with
/// every duplicate; none for other kinds.
#[must_use]
pub fn members(object: &RawValue) -> Vec<(&RawValue, &RawValue)> {
    serde_json::Deserializer::from_str(object.get())
        .deserialize_map(Entries)
        .unwrap_or_default()
}

/// The raw items of an array; none for other kinds.
#[must_use]
pub fn elements(array: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(array.get()).unwrap_or_default()
}

/// Collects the entries of one object; no map type would keep their order and duplicates.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> &RawValue {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn keeps_digits_escapes_and_duplicates() {
        let object = raw(r#"{ "a\u0062" : 251.63999999999999 , "a":[1 , 2.0], "a" : {} }"#);
        let seen: Vec<_> = members(object)
            .into_iter()
            .map(|(key, value)| (key.get(), value.get()))
            .collect();
        let expected = [
            (r#""a\u0062""#, "251.63999999999999"),
            (r#""a""#, "[1 , 2.0]"),
            (r#""a""#, "{}"),
        ];
        assert_eq!(seen, expected);
        assert!(elements(object).is_empty());
    }

    #[test]
    fn lists_items() {
        let seen: Vec<_> = elements(raw(r#"[ 1e2, "x" ,[ ] ]"#))
            .into_iter()
            .map(RawValue::get)
            .collect();
        assert_eq!(seen, ["1e2", r#""x""#, "[ ]"]);
        assert!(members(raw("[1]")).is_empty());
    }
}
