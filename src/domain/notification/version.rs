//! Which generation of Webhooks a body belongs to, told by its shape alone.

use serde::{Deserialize, Serialize};

use super::event;
use crate::domain::json::Value;

/// The generation of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// An envelope: an object with `events` or `rid`.
    V3,
    /// A bare credential payload with its own `event`.
    V1,
    /// Neither.
    #[default]
    Unknown,
}

impl Version {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::V3, Self::V1, Self::Unknown];

    /// Judges a body by its outermost members.
    #[must_use]
    pub fn of(root: Value<'_, '_>) -> Self {
        let [events, rid, event, credential, endpoints] =
            root.pick(&["events", "rid", "event", "id_credential", "endpoints"]);
        if events.is_some() || rid.is_some() {
            return Self::V3;
        }
        match event.and_then(Value::as_str) {
            Some(name) if event::is_legacy(name) || credential.is_some() || endpoints.is_some() => {
                Self::V1
            }
            _ => Self::Unknown,
        }
    }

    /// `v3`, `v1` or `unknown`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::V1 => "v1",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::Document;

    #[test]
    fn is_told_by_the_shape() {
        let table = [
            (r#"{"events":[]}"#, Version::V3),
            (r#"{"rid":1}"#, Version::V3),
            (r#"{"event":"refresh"}"#, Version::V1),
            (
                r#"{"event":"something_new","id_credential":"x"}"#,
                Version::V1,
            ),
            (r#"{"event":"push"}"#, Version::Unknown),
            (r#"{"header":{},"payload":{}}"#, Version::Unknown),
            ("[]", Version::Unknown),
            ("null", Version::Unknown),
        ];
        for (text, version) in table {
            assert_eq!(
                Version::of(Document::parse(text).unwrap().root()),
                version,
                "{text}"
            );
        }
        assert_eq!(serde_json::to_string(&Version::V3).unwrap(), "\"v3\"");
    }
}
