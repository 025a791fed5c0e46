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

/// A finding of one rule at one place. As JSON: `code`, `severity`, `pointer`, `line`, `column`, `message`, `help`, and
/// `fixable` where it is.
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

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Diagnostic", 8)?;
        object.serialize_field("code", self.code)?;
        object.serialize_field("severity", &self.severity)?;
        object.serialize_field("pointer", &self.pointer)?;
        object.serialize_field("line", &self.place.as_ref().map(|place| place.line))?;
        object.serialize_field("column", &self.place.as_ref().map(|place| place.column))?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("help", &self.help)?;
        match self.fix {
            Some(_) => object.serialize_field("fixable", &true)?,
            None => object.skip_field("fixable")?,
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_promised_json() {
        let diagnostic = Diagnostic {
            code: "SH001",
            severity: Severity::Error,
            message: "m".into(),
            help: None,
            pointer: "/a".into(),
            place: Some(Place {
                line: 2,
                column: 3,
                span: 4..5,
            }),
            fix: None,
        };
        let json = r#"{"code":"SH001","severity":"error","pointer":"/a","line":2,"column":3,"message":"m","help":null}"#;
        assert_eq!(serde_json::to_string(&diagnostic).unwrap(), json);
    }
}
