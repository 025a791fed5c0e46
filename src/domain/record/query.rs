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
        Self(inner.unwrap_or(typed).to_owned())
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

    /// Whether it is one of these ids as a whole.
    #[must_use]
    pub fn is_one_of<'a>(&self, mut ids: impl Iterator<Item = &'a str>) -> bool {
        ids.any(|id| id.eq_ignore_ascii_case(&self.0))
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, id_user: &str, id_external: &str) -> EventOutline {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        EventOutline {
            name: text(name),
            id_user: text(id_user),
            id_external: text(id_external),
            ..EventOutline::default()
        }
    }

    fn query(events: &[&str], id_user: Option<&str>, id_external: Option<&str>) -> Query {
        Query {
            events: EventFilter::new(events).unwrap(),
            id_user: id_user.map(str::to_owned),
            id_external: id_external.map(str::to_owned),
            ..Query::default()
        }
    }

    #[test]
    fn one_event_that_is_meant_is_enough() {
        let events = [
            event("documents.success", "u1", "one"),
            event("credentials.created", "u2", ""),
            event("", "", "three"),
        ];
        for (wanted, expected) in [
            (query(&[], None, None), true),
            (query(&["credentials.*"], None, None), true),
            (query(&["accounts.*"], None, None), false),
            (query(&["!documents.*"], None, None), true),
            (query(&["!{documents,credentials}.*"], None, None), false),
            (query(&[], Some("u2"), None), true),
            (query(&[], Some("u"), None), false),
            (query(&[], Some("U2"), None), false),
            (query(&[], None, Some("three")), true),
            (query(&[], None, Some("")), false),
            (query(&["documents.*"], Some("u2"), Some("three")), true),
            (query(&["documents.*"], Some("u2"), Some("four")), false),
        ] {
            assert_eq!(wanted.wants(&events), expected, "{wanted:?}");
        }
    }

    #[test]
    fn who_asks_for_nothing_gets_what_has_no_event_too() {
        assert!(query(&[], None, None).wants(&[]));
        for asks in [
            query(&["*"], None, None),
            query(&["!a"], None, None),
            query(&[], Some("u1"), None),
            query(&[], None, Some("one")),
        ] {
            assert!(!asks.wants(&[]), "{asks:?}");
            assert!(!asks.wants(&[EventOutline::default()]), "{asks:?}");
        }
    }

    #[test]
    fn a_reference_is_a_number_or_the_beginning_of_an_id() {
        const ID: &str = "5F0e6c1a-7b2d-4c3e-9a4f-1b2c3d4e5f60";
        for (typed, number, begins) in [
            ("12", Some(12), false),
            ("[12]", Some(12), false),
            ("5", Some(5), true),
            ("5f0E", None, true),
            ("[5f0e6c1a-7b2d-4c3e-9a4f-1b2c3d4e5f60]", None, true),
            ("5f0e6c1a-7b2d-4c3e-9a4f-1b2c3d4e5f601", None, false),
            ("f0e", None, false),
            ("", None, false),
            ("[]", None, false),
            ("-1", None, false),
            ("99999999999999999999", None, false),
        ] {
            let reference = Reference::new(typed);
            assert_eq!(reference.number(), number, "{typed}");
            assert_eq!(
                reference.begins_one_of(["é", ID].into_iter()),
                begins,
                "{typed}"
            );
            assert!(!reference.begins_one_of(std::iter::empty()), "{typed}");
        }
    }

    #[test]
    fn an_id_is_never_cut_within_a_character() {
        assert!(!Reference::new("a").begins_one_of(["é"].into_iter()));
        assert!(Reference::new("é").begins_one_of(["éa"].into_iter()));
    }
}
