//! Changes to a notification by dotted paths: what `trigger --set` and `--unset` do.
//!
//! Values keep their digits and spelling. An object or array through which a path leads is written without spaces; every
//! other value keeps its bytes.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A path of more names than this is no path to anything: each name is a level of nesting.
const MOST_SEGMENTS: usize = 128;

/// Where a value is: inside each event, or from the root where it begins with `rid` or `events`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Path {
    typed: String,
    segments: Vec<String>,
}

/// A change.
#[derive(Clone, Debug)]
pub enum Change {
    /// Puts a value there, in place of what is there. Objects that are missing on the way are made.
    Set(Path, Box<RawValue>),
    /// Takes out what is there.
    Unset(Path),
}

/// Why a path cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a path is at most {MOST_SEGMENTS} names with dots between them, such as `payload.id_site`"
)]
pub struct BadPath;

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmendError {
    /// It leads through what has no parts.
    #[error("`{path}` leads through `{at}`, which is neither an object nor an array")]
    NoParts {
        /// The path.
        path: String,
        /// The last part that could be followed.
        at: String,
    },
    /// An array has no such item.
    #[error("`{path}`: `{at}` is no item of an array of {length}")]
    NoItem {
        /// The path.
        path: String,
        /// The part that is not there.
        at: String,
        /// How many items there are.
        length: usize,
    },
    /// There is nothing to take out.
    #[error("`{path}` cannot be taken out: there is no `{at}`")]
    Nothing {
        /// The path.
        path: String,
        /// The part that is not there.
        at: String,
    },
    /// The text is not JSON.
    #[error("the notification is not JSON")]
    NotJson,
}

impl Path {
    /// Reads a dotted path.
    ///
    /// # Errors
    ///
    /// When a part of it is empty, or it has too many parts.
    pub fn parse(text: &str) -> Result<Self, BadPath> {
        let parts = text.split('.').take(MOST_SEGMENTS + 1);
        let segments: Vec<String> = parts.map(str::to_owned).collect();
        if segments.len() > MOST_SEGMENTS || segments.iter().any(String::is_empty) {
            return Err(BadPath);
        }
        Ok(Self {
            typed: text.to_owned(),
            segments,
        })
    }

    /// That of the payload.
    #[must_use]
    pub fn of_payload() -> Self {
        Self {
            typed: "payload".to_owned(),
            segments: vec!["payload".to_owned()],
        }
    }

    /// Whether it is the payload, or something in it.
    #[must_use]
    pub fn is_in_payload(&self) -> bool {
        self.segments
            .first()
            .is_some_and(|first| first == "payload")
    }

    fn is_from_root(&self) -> bool {
        let first = self.segments.first().map(String::as_str);
        matches!(first, Some("rid" | "events"))
    }

    fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }
}

impl TryFrom<String> for Path {
    type Error = BadPath;

    fn try_from(text: String) -> Result<Self, BadPath> {
        Self::parse(&text)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.typed)
    }
}

impl Change {
    /// Reads `PATH=VALUE`. The value is JSON where it parses as JSON, else a string.
    ///
    /// # Errors
    ///
    /// When the path cannot be understood, or there is no `=`.
    pub fn parse_set(text: &str) -> Result<Self, BadPath> {
        let (path, value) = text.split_once('=').ok_or(BadPath)?;
        Ok(Self::Set(Path::parse(path)?, read_value(value)))
    }

    const fn path(&self) -> &Path {
        match self {
            Self::Set(path, _) | Self::Unset(path) => path,
        }
    }
}

/// JSON where it parses as JSON, else a string.
#[must_use]
pub fn read_value(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.trim().to_owned()).unwrap_or_else(|_| string(text))
}

fn string(text: &str) -> Box<RawValue> {
    serde_json::value::to_raw_value(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Makes the changes, one after the other. A path that is not from the root is one inside each event; a body without
/// `events`, as V1 has it, is its own event.
///
/// # Errors
///
/// When a change cannot be made, or the body is not JSON.
pub fn amend(body: &str, changes: &[Change]) -> Result<String, AmendError> {
    changes.iter().try_fold(body.to_owned(), |body, change| {
        let path = change.path();
        let events = events(&body)?;
        match events {
            Some(count) if !path.is_from_root() => (0..count).try_fold(body, |body, event| {
                let event = event.to_string();
                let inside = ["events", event.as_str()].into_iter();
                let segments: Vec<&str> = inside.chain(path.segments()).collect();
                apply(&body, &segments, change)
            }),
            _ => apply(&body, &path.segments(), change),
        }
    })
}

/// The JSON text at a dotted path inside an event, or from the root.
#[must_use]
pub fn find(body: &str, path: &Path) -> Option<String> {
    let inside = ["events", "0"];
    let is_inside = !path.is_from_root() && events(body).ok()?.is_some();
    let inside = inside.into_iter().filter(|_| is_inside);
    inside
        .chain(path.segments())
        .try_fold(body.to_owned(), |text, part| match Parts::read(&text)? {
            Parts::Object(Members(members)) => {
                let mut members = members.into_iter();
                let (_, value) = members.rfind(|(name, _)| name == part)?;
                Some(value.get().to_owned())
            }
            Parts::Array(items) => {
                let item = items.get(part.parse::<usize>().ok()?)?;
                Some(item.get().to_owned())
            }
        })
}

/// How many events a notification has. `None` where it has no `events`.
fn events(body: &str) -> Result<Option<usize>, AmendError> {
    let parts = Parts::read(body).ok_or(AmendError::NotJson)?;
    let Parts::Object(Members(members)) = parts else {
        return Ok(None);
    };
    let events = members.iter().rfind(|(name, _)| name == "events");
    Ok(
        events.and_then(|(_, events)| match Parts::read(events.get()) {
            Some(Parts::Array(items)) => Some(items.len()),
            _ => None,
        }),
    )
}

fn apply(text: &str, segments: &[&str], change: &Change) -> Result<String, AmendError> {
    let Some((part, rest)) = segments.split_first() else {
        return Ok(match change {
            Change::Set(_, value) => value.get().to_owned(),
            Change::Unset(_) => text.to_owned(),
        });
    };
    let path = || change.path().to_string();
    let at = || (*part).to_owned();
    match Parts::read(text) {
        Some(Parts::Object(mut members)) => {
            members.change(part, rest, change)?;
            Ok(written(&members))
        }
        Some(Parts::Array(mut items)) => {
            let length = items.len();
            let number = part.parse::<usize>().ok();
            let number = if *part == "-" { Some(length) } else { number };
            let missing = || AmendError::NoItem {
                path: path(),
                at: at(),
                length,
            };
            let number = number
                .filter(|number| *number <= length)
                .ok_or_else(missing)?;
            match (items.get_mut(number), change) {
                (Some(_), Change::Unset(_)) if rest.is_empty() => {
                    items.remove(number);
                }
                (Some(item), _) => *item = raw(apply(item.get(), rest, change)?),
                (None, Change::Set(..)) => items.push(raw(apply(empty(rest), rest, change)?)),
                (None, Change::Unset(_)) => return Err(missing()),
            }
            Ok(written(&items))
        }
        None => Err(AmendError::NoParts {
            path: path(),
            at: at(),
        }),
    }
}

/// What is made where something is missing on the way.
const fn empty(rest: &[&str]) -> &'static str {
    if rest.is_empty() { "null" } else { "{}" }
}

fn raw(text: String) -> Box<RawValue> {
    // It was put together from values.
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What a value consists of.
enum Parts {
    Object(Members),
    Array(Vec<Box<RawValue>>),
}

impl Parts {
    /// `None` for what has no parts.
    fn read(text: &str) -> Option<Self> {
        match text.trim_ascii_start().as_bytes().first()? {
            b'{' => serde_json::from_str(text).ok().map(Self::Object),
            b'[' => serde_json::from_str(text).ok().map(Self::Array),
            _ => None,
        }
    }
}

/// The members of an object in their order, repeated ones among them.
struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    fn change(&mut self, part: &str, rest: &[&str], change: &Change) -> Result<(), AmendError> {
        let Self(members) = self;
        // Most readers take the last one where a key is repeated.
        let place = members.iter().rposition(|(name, _)| name == part);
        match (place, change) {
            (Some(_), Change::Unset(_)) if rest.is_empty() => {
                members.retain(|(name, _)| name != part);
            }
            (Some(place), _) => {
                if let Some((_, value)) = members.get_mut(place) {
                    *value = raw(apply(value.get(), rest, change)?);
                }
            }
            (None, Change::Set(..)) => {
                let value = raw(apply(empty(rest), rest, change)?);
                members.push((part.to_owned(), value));
            }
            (None, Change::Unset(path)) => {
                return Err(AmendError::Nothing {
                    path: path.to_string(),
                    at: part.to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_deeper_than_a_body_may_be() {
        let path = |names: usize| vec!["a"; names].join(".");
        assert!(Path::parse(&path(MOST_SEGMENTS)).is_ok());
        assert_eq!(Path::parse(&path(MOST_SEGMENTS + 1)), Err(BadPath));
        assert_eq!(Path::parse(&path(50_000)), Err(BadPath));
    }

    const BODY: &str = r#"{"events":[{"header":{"n":1},"payload":{"a":[1,{"b":2.50}],"c":"x"}},{"payload":{"c":251.63999999999999}}],"rid":"r"}"#;

    fn set(change: &str) -> Result<String, AmendError> {
        amend(BODY, &[Change::parse_set(change).unwrap()])
    }

    fn unset(path: &str) -> Result<String, AmendError> {
        amend(BODY, &[Change::Unset(Path::parse(path).unwrap())])
    }

    #[test]
    fn a_path_is_inside_each_event_or_from_the_root() {
        assert_eq!(
            set("payload.c=0.10").unwrap(),
            BODY.replace("\"x\"", "0.10")
                .replace("251.63999999999999", "0.10")
        );
        assert_eq!(set("rid=7x").unwrap(), BODY.replace("\"r\"", "\"7x\""));
        assert_eq!(
            set("events.0.payload.a.1.b=null").unwrap(),
            BODY.replace("2.50", "null")
        );
        assert_eq!(
            set("events.1.payload.d.e={\"f\": 1}").unwrap(),
            BODY.replace("9999}", "9999,\"d\":{\"e\":{\"f\": 1}}}")
        );
        assert_eq!(
            set("events.0.payload.a.-=true").unwrap(),
            BODY.replace("}]", "},true]")
                .replace("},true],\"rid", "}],\"rid")
        );
        assert_eq!(
            unset("payload.c").unwrap(),
            BODY.replace(",\"c\":\"x\"", "")
                .replace("\"c\":251.63999999999999", "")
        );
    }

    #[test]
    fn v1_is_its_own_event() {
        let body = amend(
            r#"{"event":"refresh"}"#,
            &[Change::parse_set("event=x").unwrap()],
        );
        assert_eq!(body.unwrap(), r#"{"event":"x"}"#);
    }

    #[test]
    fn what_cannot_be_changed_is_told() {
        let said = |result: Result<String, AmendError>| result.unwrap_err().to_string();
        assert_eq!(
            said(set("rid.x=1")),
            "`rid.x` leads through `x`, which is neither an object nor an array"
        );
        assert_eq!(
            said(set("events.0.payload.a.3=1")),
            "`events.0.payload.a.3`: `3` is no item of an array of 2"
        );
        assert_eq!(
            said(unset("payload.q")),
            "`payload.q` cannot be taken out: there is no `q`"
        );
        assert!(Path::parse("a..b").is_err() && Change::parse_set("a").is_err());
    }

    #[test]
    fn what_is_at_a_path_is_found() {
        let at = |path| find(BODY, &Path::parse(path).unwrap());
        assert_eq!(at("payload.a.1.b").as_deref(), Some("2.50"));
        assert_eq!(at("rid").as_deref(), Some("\"r\""));
        assert_eq!(at("payload.z"), None);
    }
}
