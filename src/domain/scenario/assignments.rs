//! The values that a step puts at paths: TOML as JSON, with every digit of its numbers.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use toml::Spanned;
use toml::de::DeValue;

use crate::domain::notification::amend::Path;

/// Paths, and the values to put there.
#[derive(Clone, Debug, Default)]
pub(super) struct Assignments(pub(super) Vec<(Path, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Assignments {
    /// Takes anything: values come with their digits from [`Assignments::read`] alone.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self::default())
    }
}

/// Something in the file that cannot be: where it begins, in bytes, and what is wrong with it.
pub(super) type Fault = (usize, String);

impl Assignments {
    /// Reads the table of them.
    pub(super) fn read(table: &Spanned<DeValue<'_>>) -> Result<Self, Fault> {
        let Some(members) = table.get_ref().as_table() else {
            let message = "`set` is a table of paths and values";
            return Err((table.span().start, message.to_owned()));
        };
        let members = members.iter().map(|(path, value)| {
            let read = Path::parse(path.get_ref());
            let read = read.map_err(|error| (path.span().start, error.to_string()))?;
            let json = RawValue::from_string(json(value)?);
            Ok((read, json.unwrap_or_else(|_| RawValue::NULL.to_owned())))
        });
        members.collect::<Result<_, _>>().map(Self)
    }
}

/// A value of TOML as JSON.
fn json(value: &Spanned<DeValue<'_>>) -> Result<String, Fault> {
    let string = |text: &str| serde_json::Value::from(text).to_string();
    Ok(match value.get_ref() {
        DeValue::String(text) => string(text),
        DeValue::Boolean(is) => is.to_string(),
        DeValue::Datetime(at) => string(&at.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => plain(number.as_str()),
        DeValue::Integer(number) => {
            let digits = plain(number.as_str());
            let parsed = i128::from_str_radix(&digits, number.radix());
            let parsed = parsed.map_err(|error| (value.span().start, error.to_string()))?;
            parsed.to_string()
        }
        DeValue::Float(number) => {
            let digits = plain(number.as_str());
            if digits.ends_with(|last: char| last.is_ascii_alphabetic()) {
                let message = format!("JSON has no number `{digits}`");
                return Err((value.span().start, message));
            }
            digits
        }
        DeValue::Array(items) => {
            let items = items.iter().map(json).collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", items.join(","))
        }
        DeValue::Table(members) => {
            let members = members.iter();
            let members = members
                .map(|(key, value)| Ok(format!("{}:{}", string(key.get_ref()), json(value)?)));
            format!("{{{}}}", members.collect::<Result<Vec<_>, _>>()?.join(","))
        }
    })
}

/// Digits as JSON writes them: without what TOML allows for the eye.
fn plain(digits: &str) -> String {
    digits.replace('_', "").trim_start_matches('+').to_owned()
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String)>, Fault> {
        let table = DeTable::parse(text).unwrap();
        let (_, set) = table.get_ref().iter().next().unwrap();
        let Assignments(members) = Assignments::read(set)?;
        let members = members.into_iter();
        Ok(members
            .map(|(path, value)| (path.to_string(), value.get().to_owned()))
            .collect())
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (toml, json) in [
            ("251.63999999999999", "251.63999999999999"),
            ("+1_000.50", "1000.50"),
            ("-0.0", "-0.0"),
            ("1e3", "1e3"),
            ("0xff", "255"),
            ("1_000", "1000"),
            ("'a\"b'", r#""a\"b""#),
            ("[1, {a.b = true}]", r#"[1,{"a":{"b":true}}]"#),
            ("2026-01-02", r#""2026-01-02""#),
        ] {
            let read = read(&format!("set = {{ \"payload.x\" = {toml} }}"));
            let expected = ("payload.x".to_owned(), json.to_owned());
            assert_eq!(read, Ok(vec![expected]), "{toml}");
        }
    }

    #[test]
    fn what_cannot_be_is_told_with_its_place() {
        let at = |text: &str, part: &str| text.find(part).unwrap();
        for (text, part, message) in [
            ("set = 1", "1", "`set` is a table of paths and values"),
            ("set = { a = nan }", "nan", "JSON has no number `nan`"),
            ("set = { a = [-inf] }", "-inf", "JSON has no number `-inf`"),
            (
                "set = { \"a..b\" = 1 }",
                "\"a..b\"",
                "a path is at most 128 names with dots between them, such as `payload.id_site`",
            ),
        ] {
            assert_eq!(
                read(text),
                Err((at(text, part), message.to_owned())),
                "{text}"
            );
        }
    }
}
