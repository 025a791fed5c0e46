//! What is worth remembering of a notification once its bytes are stored: ids, names and times, owned.

use jiff::Timestamp;
use serde::Serialize;

use super::{Environment, EventFilter, EventView, Notification, PayloadFields, Version, time};
use crate::domain::json::Value;

/// The outline of a notification. Whatever is missing or of the wrong kind is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Outline {
    /// The generation of Webhooks.
    pub version: Version,
    /// The id of the request.
    pub rid: Option<String>,
    /// The environment on which all events agree; `None` when it is unknown or mixed.
    pub environment: Option<Environment>,
    /// The events in order; V1 has one.
    pub events: Vec<EventOutline>,
}

/// The outline of one event. As JSON it is `{"eid":…,"name":…}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventOutline {
    /// The id of the event; V1 has none.
    pub eid: Option<String>,
    /// The name; in V1 the legacy name.
    pub name: Option<String>,
    /// The environment, when it is a known one.
    #[serde(skip)]
    pub environment: Option<Environment>,
    /// When it happened.
    #[serde(skip)]
    pub at: Option<Timestamp>,
    /// The Syncfy user.
    #[serde(skip)]
    pub id_user: Option<String>,
    /// The integrator's own id of the user.
    #[serde(skip)]
    pub id_external: Option<String>,
    /// The credential, where the payload names one.
    #[serde(skip)]
    pub id_credential: Option<String>,
}

impl Outline {
    pub(super) fn of(notification: &Notification<'_>) -> Self {
        let version = notification.version();
        if version == Version::V1 {
            let fields = PayloadFields::new(Some(notification.root()));
            return Self {
                version,
                events: vec![EventOutline::of_v1(&fields)],
                ..Self::default()
            };
        }
        let events: Vec<_> = notification
            .events()
            .map(|event| EventOutline::of(&event))
            .collect();
        Self {
            version,
            rid: owned(notification.root().get("rid")),
            environment: agreed(&events),
            events,
        }
    }

    /// The names of the events that have one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| event.name.as_deref())
    }

    /// The ids of the events that have one.
    pub fn eids(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| event.eid.as_deref())
    }

    /// The known environments of the events.
    pub fn environments(&self) -> impl Iterator<Item = Environment> {
        self.events.iter().filter_map(|event| event.environment)
    }

    /// The credential that the notification is about: that of the first event which names one.
    #[must_use]
    pub fn credential(&self) -> Option<&str> {
        self.events
            .iter()
            .find_map(|event| event.id_credential.as_deref())
    }

    /// Whether one of the events passes the filter. A notification without events passes where nothing was asked for.
    #[must_use]
    pub fn passes(&self, filter: &EventFilter) -> bool {
        filter.is_empty() || self.names().any(|name| filter.passes(name))
    }
}

impl EventOutline {
    fn of(event: &EventView<'_, '_>) -> Self {
        Self {
            eid: owned(event.eid),
            name: owned(event.name),
            environment: event
                .id_environment
                .and_then(Value::as_str)
                .and_then(Environment::from_id),
            at: event.at.and_then(Value::as_str).and_then(time::parse),
            id_user: owned(event.id_user),
            id_external: owned(event.id_external),
            id_credential: owned(event.fields.id_credential),
        }
    }

    fn of_v1(fields: &PayloadFields<'_, '_>) -> Self {
        Self {
            name: owned(fields.event),
            id_user: owned(fields.id_user),
            id_external: owned(fields.id_external),
            id_credential: owned(fields.id_credential),
            ..Self::default()
        }
    }
}

fn agreed(events: &[EventOutline]) -> Option<Environment> {
    let first = events.first()?.environment;
    events
        .iter()
        .all(|event| event.environment == first)
        .then_some(first)?
}

fn owned(value: Option<Value<'_, '_>>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(body: &str) -> Outline {
        Notification::read(body.as_bytes()).unwrap().outline()
    }

    const SANDBOX: &str = r#"{"header":{"event":{"eid":"e","name":"n","at":"2023-06-16 19:06:18.944575+0000"},
        "user":{"id_environment":"574894bf7848066d138b4570","id_user":"u","id_external":null}},"payload":{"id_credential":"c"}}"#;

    #[test]
    fn outlines_v3() {
        let outline = outline(&format!(r#"{{"events":[{SANDBOX}],"rid":"r"}}"#));
        assert_eq!(outline.environment, Some(Environment::Sandbox));
        assert_eq!(outline.rid.as_deref(), Some("r"));
        let event = &outline.events[0];
        assert_eq!(event.id_credential.as_deref(), Some("c"));
        assert_eq!(event.id_external, None);
        assert!(event.at.is_some());
        assert_eq!(
            serde_json::to_string(&outline.events).unwrap(),
            r#"[{"eid":"e","name":"n"}]"#
        );
    }

    #[test]
    fn a_mixed_environment_is_none() {
        let production = SANDBOX.replace("4570", "4571");
        assert_eq!(
            outline(&format!(r#"{{"events":[{SANDBOX},{production}]}}"#)).environment,
            None
        );
        assert_eq!(
            outline(&format!(r#"{{"events":[{SANDBOX},1]}}"#)).environment,
            None
        );
    }

    #[test]
    fn outlines_v1_and_nothing() {
        let v1 =
            outline(r#"{"event":"refresh","id_user":"u","id_external":"x","id_credential":"c"}"#);
        assert_eq!(
            serde_json::to_string(&v1.events).unwrap(),
            r#"[{"eid":null,"name":"refresh"}]"#
        );
        assert_eq!(v1.version, Version::V1);
        assert_eq!(
            outline(r#"{"rid":1,"events":{}}"#),
            Outline {
                version: Version::V3,
                ..Outline::default()
            }
        );
        assert_eq!(outline("7"), Outline::default());
    }
}
