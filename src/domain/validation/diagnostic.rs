//! One thing to say about a notification, as data: every renderer starts here.

use std::fmt;
use std::ops::Range;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::domain::json::Place;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The notification is not valid.
    Error,
    /// It is valid, and probably not what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// Another place that a finding is about. As JSON: `line`, `column`, `message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// What is there, in a few words, such as `first here`.
    pub message: &'static str,
    /// Where it stands; the span counts bytes of the body.
    pub place: Place,
}

/// A finding of one rule at one place. As JSON: `code`, `severity`, `pointer`, `line`, `column`, `message`, `help`,
/// `fixable` where it is, and `related` where it has other places.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The rule's code, such as `SH103`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// RFC 6901 pointer to the value that is meant; for something missing, to the object that lacks it.
    pub pointer: String,
    /// Where it stands; the span counts bytes of the body. `None` when it is about no place in particular.
    pub place: Option<Place>,
    /// What does away with it, where that is certain.
    pub fix: Option<Fix>,
    /// The other places that it is about, in the order of the text.
    pub related: Vec<Related>,
}

/// Text that does away with a finding. See [`repair`](super::repair).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The bytes of the body in whose place it goes.
    pub span: Range<usize>,
    /// The text: a JSON value, or nothing.
    pub text: String,
}

impl Diagnostic {
    /// Every place in it, for whoever moves the text.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        let related = self.related.iter_mut().map(|related| &mut related.place);
        self.place.iter_mut().chain(related)
    }
}

impl Serialize for Related {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Related", 3)?;
        object.serialize_field("line", &self.place.line)?;
        object.serialize_field("column", &self.place.column)?;
        object.serialize_field("message", self.message)?;
        object.end()
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 7 + usize::from(self.fix.is_some()) + usize::from(!self.related.is_empty());
        let mut object = serializer.serialize_struct("Diagnostic", fields)?;
        object.serialize_field("code", self.code)?;
        object.serialize_field("severity", &self.severity)?;
        object.serialize_field("pointer", &self.pointer)?;
        object.serialize_field("line", &self.place.as_ref().map(|place| place.line))?;
        object.serialize_field("column", &self.place.as_ref().map(|place| place.column))?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("help", &self.help)?;
        if self.fix.is_some() {
            object.serialize_field("fixable", &true)?;
        }
        if !self.related.is_empty() {
            object.serialize_field("related", &self.related)?;
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_promised_json() {
        let place = |line| Place {
            line,
            column: 3,
            span: 4..5,
        };
        let mut diagnostic = Diagnostic {
            code: "SH001",
            severity: Severity::Error,
            message: "m".into(),
            help: None,
            pointer: "/a".into(),
            place: Some(place(2)),
            fix: None,
            related: Vec::new(),
        };
        let json = r#"{"code":"SH001","severity":"error","pointer":"/a","line":2,"column":3,"message":"m","help":null}"#;
        assert_eq!(serde_json::to_string(&diagnostic).unwrap(), json);
        diagnostic.related.push(Related {
            message: "first here",
            place: place(1),
        });
        let more = r#","related":[{"line":1,"column":3,"message":"first here"}]}"#;
        assert_eq!(
            serde_json::to_string(&diagnostic).unwrap(),
            json.trim_end_matches('}').to_owned() + more
        );
    }
}
