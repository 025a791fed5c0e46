//! One event of a batch with its documented fields looked up, each in one pass over its object.

use super::event::{self, Event, PayloadKind};
use crate::domain::json::Value;

/// The fields of an event; `None` where they are absent, whatever their kind where they are present.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EventView<'d, 'a> {
    /// The event itself: an item of `events`.
    pub value: Value<'d, 'a>,
    /// `header`
    pub header: Option<Value<'d, 'a>>,
    /// `header.event`
    pub event: Option<Value<'d, 'a>>,
    /// `header.event.eid`
    pub eid: Option<Value<'d, 'a>>,
    /// `header.event.name`
    pub name: Option<Value<'d, 'a>>,
    /// `header.event.at`
    pub at: Option<Value<'d, 'a>>,
    /// `header.event.version`
    pub version: Option<Value<'d, 'a>>,
    /// `header.user`
    pub user: Option<Value<'d, 'a>>,
    /// `header.user.id_environment`
    pub id_environment: Option<Value<'d, 'a>>,
    /// `header.user.id_external`
    pub id_external: Option<Value<'d, 'a>>,
    /// `header.user.id_user`
    pub id_user: Option<Value<'d, 'a>>,
    /// `payload`
    pub payload: Option<Value<'d, 'a>>,
    /// The fields of `payload`, where it is an object.
    pub fields: PayloadFields<'d, 'a>,
    /// What the catalogue knows under its name.
    pub known: Option<&'static Event>,
}

impl<'d, 'a> EventView<'d, 'a> {
    /// Looks up the fields of an item of `events`.
    #[must_use]
    pub fn new(value: Value<'d, 'a>) -> Self {
        let [header, payload] = value.pick(&["header", "payload"]);
        let [event, user] = pick(header, &["event", "user"]);
        let [at, eid, name, version] = pick(event, &["at", "eid", "name", "version"]);
        let [id_environment, id_external, id_user] =
            pick(user, &["id_environment", "id_external", "id_user"]);
        Self {
            value,
            header,
            event,
            eid,
            name,
            at,
            version,
            user,
            id_environment,
            id_external,
            id_user,
            payload,
            fields: PayloadFields::new(payload),
            known: name.and_then(Value::as_str).and_then(event::find),
        }
    }

    /// The event's name, where it is a string.
    #[must_use]
    pub fn name_str(&self) -> Option<&'d str> {
        self.name.and_then(Value::as_str)
    }

    /// Whether the catalogue knows the fields of its payload: those of credential and documents payloads.
    #[must_use]
    pub fn has_known_payload(&self) -> bool {
        let known = self.known.map(|known| known.payload);
        matches!(
            known,
            Some(
                PayloadKind::Credential | PayloadKind::RefreshedCredential | PayloadKind::Documents
            )
        )
    }

    /// The event's id, where it is a string.
    #[must_use]
    pub fn eid_str(&self) -> Option<&'d str> {
        self.eid.and_then(Value::as_str)
    }
}

fn pick<'d, 'a, const N: usize>(
    object: Option<Value<'d, 'a>>,
    keys: &[&str; N],
) -> [Option<Value<'d, 'a>>; N] {
    object.map_or([None; N], |object| object.pick(keys))
}

/// The documented fields of credential and documents payloads.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PayloadFields<'d, 'a> {
    /// `endpoints`: the API paths to fetch
    pub endpoints: Option<Value<'d, 'a>>,
    /// `event`: the legacy name
    pub event: Option<Value<'d, 'a>>,
    /// `id_external`
    pub id_external: Option<Value<'d, 'a>>,
    /// `id_user`
    pub id_user: Option<Value<'d, 'a>>,
    /// `id_credential`
    pub id_credential: Option<Value<'d, 'a>>,
    /// `is_executing`
    pub is_executing: Option<Value<'d, 'a>>,
    /// Every other field that is an `ObjectId`, in the order of [`PayloadFields::OTHER_IDS`].
    pub other_ids: [Option<Value<'d, 'a>>; 7],
}

impl<'d, 'a> PayloadFields<'d, 'a> {
    /// The fields that are `ObjectId`s, besides `id_credential` and `id_user`.
    pub const OTHER_IDS: [&'static str; 7] = [
        "id_job",
        "id_job_type",
        "id_job_uuid",
        "id_job_uuid_type",
        "id_site",
        "id_site_organization",
        "id_site_organization_type",
    ];

    /// Looks up the fields of a payload.
    #[must_use]
    pub fn new(payload: Option<Value<'d, 'a>>) -> Self {
        let [
            endpoints,
            event,
            id_credential,
            id_external,
            j,
            jt,
            ju,
            jut,
            s,
            so,
            sot,
            id_user,
            is_executing,
        ] = pick(
            payload,
            &[
                "endpoints",
                "event",
                "id_credential",
                "id_external",
                "id_job",
                "id_job_type",
                "id_job_uuid",
                "id_job_uuid_type",
                "id_site",
                "id_site_organization",
                "id_site_organization_type",
                "id_user",
                "is_executing",
            ],
        );
        let other_ids = [j, jt, ju, jut, s, so, sot];
        Self {
            endpoints,
            event,
            id_external,
            id_user,
            id_credential,
            is_executing,
            other_ids,
        }
    }

    /// Every field that is an `ObjectId`, with its name.
    pub fn ids(&self) -> impl Iterator<Item = (&'static str, Option<Value<'d, 'a>>)> {
        let first = [
            ("id_credential", self.id_credential),
            ("id_user", self.id_user),
        ];
        first
            .into_iter()
            .chain(Self::OTHER_IDS.into_iter().zip(self.other_ids))
    }
}
