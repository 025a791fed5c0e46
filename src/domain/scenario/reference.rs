//! References to earlier steps: `${step.path}` inside a value.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::domain::json;
use crate::domain::notification::amend::{self, Path};

/// The events of earlier steps, as JSON, by what the steps are called.
pub(super) type Done = BTreeMap<String, String>;

/// A value with what earlier steps have in the place of each `${step.path}`: the JSON itself where the reference is all of
/// a string, else its text. `$${` stands for `${`.
///
/// # Errors
///
/// The reference that leads nowhere.
pub(super) fn resolve(value: &RawValue, done: &Done) -> Result<String, String> {
    let text = value.get();
    if !text.contains("${") {
        return Ok(text.to_owned());
    }
    if let Ok(text) = serde_json::from_str::<String>(text) {
        return fill(&text, done);
    }
    if text.starts_with('[') {
        let items = json::elements(value).into_iter();
        let items = items.map(|item| resolve(item, done));
        return Ok(format!(
            "[{}]",
            items.collect::<Result<Vec<_>, _>>()?.join(",")
        ));
    }
    let members = json::members(value).into_iter();
    let members =
        members.map(|(key, value)| Ok(format!("{}:{}", key.get(), resolve(value, done)?)));
    Ok(format!(
        "{{{}}}",
        members.collect::<Result<Vec<_>, String>>()?.join(",")
    ))
}

/// The JSON that a string stands for.
fn fill(text: &str, done: &Done) -> Result<String, String> {
    if let Some(reference) = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        && !reference.contains("${")
    {
        return look_up(reference, done);
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            filled += before;
            filled += "${";
            rest = behind;
            continue;
        }
        let (reference, after) = behind.split_once('}').ok_or_else(|| behind.to_owned())?;
        let value = look_up(reference, done)?;
        filled += before;
        filled += &serde_json::from_str::<String>(&value).unwrap_or(value);
        rest = after;
    }
    Ok(json_string(&(filled + rest)))
}

fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The names of steps may have dots: the longest one that fits is meant.
fn look_up(reference: &str, done: &Done) -> Result<String, String> {
    let fitting = done.iter().filter_map(|(name, text)| {
        let path = reference.strip_prefix(name.as_str())?.strip_prefix('.')?;
        Some((name.len(), path, text))
    });
    let found = fitting
        .max_by_key(|(length, ..)| *length)
        .and_then(|(_, path, text)| amend::find(text, &Path::parse(path).ok()?));
    found.ok_or_else(|| reference.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(value: &str) -> Result<String, String> {
        let events = [
            (
                "a",
                r#"{"payload":{"n":251.63999999999999,"s":"x\"y","o":{"k":["v"]}}}"#,
            ),
            ("a.b", r#"{"payload":{"n":2}}"#),
        ];
        let done = events.map(|(name, text)| (name.to_owned(), text.to_owned()));
        resolve(
            &RawValue::from_string(value.to_owned()).unwrap(),
            &done.into(),
        )
    }

    #[test]
    fn a_reference_stands_for_json_or_for_its_text() {
        for (value, expected) in [
            ("12.50", "12.50"),
            (r#""${a.payload.n}""#, "251.63999999999999"),
            (r#""${a.payload.s}""#, r#""x\"y""#),
            (r#""<${a.payload.s}>""#, r#""<x\"y>""#),
            (r#""<${a.payload.o}>""#, r#""<{\"k\":[\"v\"]}>""#),
            (
                r#""${a.payload.n}${a.b.payload.n}""#,
                r#""251.639999999999992""#,
            ),
            (
                r#"["${a.b.payload.n}", {"${q}" : "${a.payload.o.k.0}"}]"#,
                r#"[2,{"${q}":"v"}]"#,
            ),
            (r#""$${a.payload.n} \n""#, r#""${a.payload.n} \n""#),
        ] {
            assert_eq!(resolved(value).as_deref(), Ok(expected), "{value}");
        }
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_told() {
        for (value, reference) in [
            (r#""${b.payload}""#, "b.payload"),
            (r#""x ${a.payload.q}""#, "a.payload.q"),
            (r#"["${a"]"#, "a"),
            (r#""${}""#, ""),
            (r#""${a.payload..n}""#, "a.payload..n"),
        ] {
            assert_eq!(resolved(value), Err(reference.to_owned()), "{value}");
        }
    }
}
