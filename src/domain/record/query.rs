//! Which records a question is about.

use jiff::Timestamp;

use super::Standing;
use crate::domain::notification::{Environment, EventFilter, EventOutline};
use crate::domain::signature::Verdict;

/// Which records are meant. Whatever is `None` or empty leaves nothing out.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Of these events.
    pub events: EventFilter,
    /// Received at this moment or later.
    pub since: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
    /// Of this environment.
    pub environment: Option<Environment>,
    /// With an event of this Syncfy user.
    pub id_user: Option<String>,
    /// With an event of this user, by the integrator's own id.
    pub id_external: Option<String>,
    /// With this verdict on the signature.
    pub verdict: Option<Verdict>,
    /// With a delivery that has come this far.
    pub delivery: Option<Standing>,
    /// With a higher sequence number than this.
    pub after: Option<u64>,
    /// With no higher sequence number than this.
    pub through: Option<u64>,
    /// Refused, or not.
    pub refused: Option<bool>,
}

impl Query {
    /// Whether these are events that are meant. The other conditions are for whoever keeps the records: it can leave
    /// out what does not meet them without reading it.
    #[must_use]
    pub fn wants(&self, events: &[EventOutline]) -> bool {
        let has = |wanted: &Option<String>, of: fn(&EventOutline) -> &Option<String>| {
            wanted.is_none() || events.iter().any(|event| of(event) == wanted)
        };
        let mut names = events.iter().filter_map(|event| event.name.as_deref());
        has(&self.id_user, |event| &event.id_user)
            && has(&self.id_external, |event| &event.id_external)
            && (self.events.is_empty() || names.any(|name| self.events.passes(name)))
    }
}

/// How a user names one record: by its sequence number, or by the beginning of its `rid` or of one of its `eid`s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// What was typed, without the brackets in which ids are shown.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let inner = typed
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        Self(inner.unwrap_or(typed).to_lowercase())
    }

    /// The sequence number, where it can be one. That goes before every other reading.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// Whether it is the beginning of one of these ids.
    #[must_use]
    pub fn begins_one_of<'a>(&self, mut ids: impl Iterator<Item = &'a str>) -> bool {
        !self.0.is_empty()
            && ids.any(|id| {
                id.get(..self.0.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(&self.0))
            })
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
