//! Which records a question is about.

use jiff::Timestamp;

use super::{Record, Standing};
use crate::domain::notification::{Environment, EventFilter};
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
}

impl Query {
    /// Whether the record is meant.
    #[must_use]
    pub fn matches(&self, record: &Record) -> bool {
        let is = |wanted: &Option<String>, found: &Option<String>| {
            wanted.is_none() || wanted.as_ref() == found.as_ref()
        };
        let has_user = |wanted: &Option<String>, found: fn(&_) -> &Option<String>| {
            wanted.is_none() || record.events.iter().any(|event| is(wanted, found(event)))
        };
        self.after.is_none_or(|after| record.id > after)
            && self.since.is_none_or(|since| record.received_at >= since)
            && self.until.is_none_or(|until| record.received_at < until)
            && (self.environment.is_none() || self.environment == record.environment)
            && self
                .verdict
                .is_none_or(|verdict| record.signature.verdict == verdict)
            && self.delivery.is_none_or(|standing| {
                record
                    .deliveries
                    .iter()
                    .any(|delivery| delivery.state == standing)
            })
            && has_user(&self.id_user, |event| &event.id_user)
            && has_user(&self.id_external, |event| &event.id_external)
            && self.passes_events(record)
    }

    fn passes_events(&self, record: &Record) -> bool {
        let mut names = record
            .events
            .iter()
            .filter_map(|event| event.name.as_deref());
        self.events.is_empty() || names.any(|name| self.events.passes(name))
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
