//! The endpoints that notifications named, and which of them were pulled.
//!
//! Bounded: beyond [`REMEMBERED`] endpoints, or [`REMEMBERED_BYTES`] of them, the oldest is forgotten and counted.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::call::Call;
use super::known::Known;
use crate::domain::json::{Kind, Value};
use crate::domain::notification::{Notification, PayloadFields, Version};

/// So many endpoints are remembered.
const REMEMBERED: usize = 100_000;

/// So many bytes of endpoints are remembered.
const REMEMBERED_BYTES: usize = 32 * 1024 * 1024;

/// An endpoint that a notification named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The number of the first notification that named it.
    pub id: u64,
    /// The path as it was named.
    pub path: String,
    key: Arc<str>,
    is_pulled: bool,
}

/// What notifications have named so far.
#[derive(Default)]
pub struct Notified {
    /// In order of their arrival.
    endpoints: VecDeque<Endpoint>,
    /// The number of each endpoint, counted from the first that ever came.
    places: HashMap<Arc<str>, u64>,
    subjects: HashMap<String, Known>,
    /// In order of their arrival.
    subject_order: VecDeque<String>,
    bytes: usize,
    pulled: u64,
    forgotten: u64,
}

impl Notified {
    /// Notes what a notification names. What is no JSON, or has no endpoints, names nothing.
    pub fn note(&mut self, body: &[u8], id: u64) {
        let Ok(notification) = Notification::read(body) else {
            return;
        };
        if notification.version() == Version::V1 {
            let fields = PayloadFields::new(Some(notification.root()));
            self.note_endpoints(&fields, &Known::of_payload(&fields), id);
        }
        for event in notification.events() {
            self.note_endpoints(&event.fields, &Known::of_event(&event), id);
        }
    }

    fn note_endpoints(&mut self, fields: &PayloadFields<'_, '_>, known: &Known, id: u64) {
        for path in fields.endpoints.into_iter().flat_map(paths) {
            let Some(call) = Call::parse(path) else {
                continue;
            };
            if let Some(subject) = call.subject() {
                let remembered = self.subject(subject);
                remembered.update(known);
                remembered.add(&call);
            }
            self.remember(path, call.key().into(), id);
        }
    }

    fn subject(&mut self, subject: String) -> &mut Known {
        if !self.subjects.contains_key(&subject) {
            if self.subject_order.len() == REMEMBERED
                && let Some(oldest) = self.subject_order.pop_front()
            {
                self.subjects.remove(&oldest);
            }
            self.subject_order.push_back(subject.clone());
        }
        self.subjects.entry(subject).or_default()
    }

    fn remember(&mut self, path: &str, key: Arc<str>, id: u64) {
        let size = path.len() + key.len();
        if self.places.contains_key(&key) || size > REMEMBERED_BYTES {
            return;
        }
        while self.endpoints.len() >= REMEMBERED || self.bytes + size > REMEMBERED_BYTES {
            let Some(oldest) = self.endpoints.pop_front() else {
                break;
            };
            self.bytes -= oldest.path.len() + oldest.key.len();
            self.pulled -= u64::from(oldest.is_pulled);
            self.places.remove(&oldest.key);
            self.forgotten += 1;
        }
        self.bytes += size;
        let place = self.forgotten + self.endpoints.len() as u64;
        self.places.insert(Arc::clone(&key), place);
        self.endpoints.push_back(Endpoint {
            id,
            path: path.to_owned(),
            key,
            is_pulled: false,
        });
    }

    /// What is known of the credential or the job that a call is about.
    #[must_use]
    pub fn known(&self, call: &Call) -> Known {
        let known = call.subject().and_then(|id| self.subjects.get(&id));
        known.cloned().unwrap_or_default()
    }

    /// The number of the notification that named the endpoint of a call.
    #[must_use]
    pub fn named_by(&self, call: &Call) -> Option<u64> {
        let place = self.place(call)?;
        self.endpoints.get(place).map(|endpoint| endpoint.id)
    }

    /// Notes that the endpoint of a call was pulled.
    pub fn pull(&mut self, call: &Call) {
        let endpoint = self
            .place(call)
            .and_then(|place| self.endpoints.get_mut(place));
        if let Some(endpoint) = endpoint.filter(|endpoint| !endpoint.is_pulled) {
            endpoint.is_pulled = true;
            self.pulled += 1;
        }
    }

    fn place(&self, call: &Call) -> Option<usize> {
        let place = self.places.get(call.key().as_str())?;
        usize::try_from(place - self.forgotten).ok()
    }

    /// The endpoints that were never pulled, in order of their arrival.
    pub fn never_pulled(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(|endpoint| !endpoint.is_pulled)
    }

    /// How many of the endpoints were pulled.
    #[must_use]
    pub fn pulled(&self) -> u64 {
        self.pulled
    }

    /// How many endpoints there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.endpoints.len() as u64
    }

    /// How many endpoints were forgotten, pulled or not.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

/// The paths in `endpoints`: an array of them, or an object of arrays or single ones.
fn paths<'d>(endpoints: Value<'d, '_>) -> Vec<&'d str> {
    let lists: Vec<Value<'d, '_>> = match endpoints.kind() {
        Kind::Object => endpoints.members().map(|(_, list)| list).collect(),
        _ => vec![endpoints],
    };
    let texts = lists.into_iter().flat_map(|list| match list.kind() {
        Kind::Array => list.items().filter_map(Value::as_str).collect(),
        _ => Vec::from_iter(list.as_str()),
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(notified: &mut Notified, endpoints: &str, id: u64) {
        let body = format!(r#"{{"rid":"r","events":[{{"payload":{{"endpoints":{endpoints}}}}}]}}"#);
        notified.note(body.as_bytes(), id);
    }

    fn call(path: &str) -> Call {
        Call::parse(path).unwrap()
    }

    #[test]
    fn endpoints_of_either_shape_are_noted_once() {
        let mut notified = Notified::default();
        note(
            &mut notified,
            r#"{"a":["/v1/x?b=1&a=2",7],"b":"/v1/y","c":null}"#,
            1,
        );
        note(&mut notified, r#"["/v1/z","/v1/x?a=2&b=1","no path"]"#, 2);
        let left = |notified: &Notified| {
            let left = notified.never_pulled();
            left.map(|endpoint| (endpoint.id, endpoint.path.clone()))
                .collect::<Vec<_>>()
        };
        let expected = [(1, "/v1/x?b=1&a=2"), (1, "/v1/y"), (2, "/v1/z")];
        let expected = expected.map(|(id, path)| (id, path.to_owned()));
        assert_eq!(left(&notified), expected);
        assert_eq!(notified.named_by(&call("/v1/z")), Some(2));
        notified.pull(&call("http://stub/v1/x?a=2&b=1&token=t"));
        notified.pull(&call("/v1/x?a=2&b=1"));
        notified.pull(&call("/v1/other"));
        assert_eq!(left(&notified), expected[1..]);
        assert_eq!((notified.pulled(), notified.count()), (1, 3));
    }

    #[test]
    fn a_v1_notification_names_endpoints_too() {
        let mut notified = Notified::default();
        notified.note(
            br#"{"event":"refresh","id_credential":"c","id_user":"u","endpoints":{"credential":["/v1/x"]}}"#,
            1,
        );
        assert_eq!(notified.count(), 1);
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let mut notified = Notified::default();
        let paths: Vec<String> = (0..=REMEMBERED)
            .map(|number| format!("\"/{number}\""))
            .collect();
        note(&mut notified, &format!("[{}]", paths.join(",")), 1);
        assert_eq!((notified.count(), notified.forgotten()), (100_000, 1));
        assert_eq!(notified.named_by(&call("/0")), None);
        assert_eq!(notified.named_by(&call("/1")), Some(1));
        notified.pull(&call("/100000"));
        assert_eq!(notified.pulled(), 1);
        note(
            &mut notified,
            &format!("[\"/{}\"]", "x".repeat(15_000_000)),
            2,
        );
        note(
            &mut notified,
            &format!("[\"/{}\"]", "y".repeat(15_000_000)),
            3,
        );
        assert_eq!(notified.count(), 1);
        assert_eq!(notified.pulled(), 0);
    }
}
