//! Synthetic notifications: every event of the catalogue, the usual run of a synchronisation, and a fresh look for an
//! old body.
//!
//! Time and randomness are arguments: the same seed and time give the same bytes.

mod body;
mod refresh;
mod sync;

pub use refresh::refresh;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::event::{self, Event, PayloadKind};
use super::{DOCUMENTED_VERSION, Environment, time};
use body::{Envelope, EventHeader, Header, Item, UserHeader};
use sync::Sync;

/// The usual run: its events, and how many seconds after the first each happens.
const USUAL: [(&str, i64); 5] = [
    ("credentials.created", 0),
    ("credentials.updated", 4),
    ("credentials.refreshed", 22),
    ("documents.completed", 39),
    ("documents.success", 40),
];

/// How long after the beginning of its run an event usually happens.
fn usual(name: &str) -> SignedDuration {
    let found = USUAL.iter().find(|(usual, _)| *usual == name);
    let seconds = match (found, event::find(name)) {
        (Some((_, seconds)), _) => *seconds,
        (None, Some(known)) if known.payload == PayloadKind::Documents => 40,
        _ => 0,
    };
    SignedDuration::from_secs(seconds)
}

/// A notification with one event of that name, as compact JSON in the key order of the documentation. `None` for a name
/// that the catalogue does not have; an alias is kept as it is written.
#[must_use]
pub fn event(
    name: &str,
    random: &mut Rng,
    at: Timestamp,
    environment: Environment,
) -> Option<Vec<u8>> {
    batch(&[name], random, at, environment)
}

/// A notification with one event of each of these names, in this order, which share their ids as those of one
/// synchronisation do; as compact JSON in the key order of the documentation. `None` where the catalogue does not have
/// one of the names; an alias is kept as it is written.
#[must_use]
pub fn batch(
    names: &[&str],
    random: &mut Rng,
    at: Timestamp,
    environment: Environment,
) -> Option<Vec<u8>> {
    let known = names.iter().map(|name| Some((event::find(name)?, *name)));
    let known = known.collect::<Option<Vec<_>>>()?;
    let since = names.iter().map(|name| usual(name)).max();
    let start = at.saturating_sub(since.unwrap_or_default()).unwrap_or(at);
    let sync = Sync::new(random, start, SignedDuration::ZERO);
    let items = known
        .into_iter()
        .map(|(known, name)| item(known, name, &sync, (random, &Detail::new(at, environment))));
    Some(notification(items.collect(), random))
}

/// The usual run of one synchronisation, one notification each, `at` being the time of the first: created, updated 4 s
/// later, refreshed, documents completed, and documents successful 40 s after the first.
#[must_use]
pub fn run(
    random: &mut Rng,
    at: Timestamp,
    environment: Environment,
) -> Vec<(&'static str, Vec<u8>)> {
    let sync = Sync::new(random, at, SignedDuration::ZERO);
    let steps = USUAL
        .iter()
        .filter_map(|(name, seconds)| Some((event::find(name)?, *seconds)));
    steps
        .map(|(known, seconds)| {
            let at = at
                .saturating_add(SignedDuration::from_secs(seconds))
                .unwrap_or(at);
            let item = item(
                known,
                known.name,
                &sync,
                (random, &Detail::new(at, environment)),
            );
            (known.name, notification(vec![item], random))
        })
        .collect()
}

/// One imaginary synchronisation: events that are made of the same one share their ids.
#[derive(Clone)]
pub struct Synchronisation(Sync);

impl Synchronisation {
    /// One of which the event of this name happens at `at`, so that it began some seconds before; its credential is so
    /// much older than that.
    #[must_use]
    pub fn around(name: &str, at: Timestamp, age: SignedDuration, random: &mut Rng) -> Self {
        let start = at.saturating_sub(usual(name)).unwrap_or(at);
        Self(Sync::new(random, start, age))
    }
}

/// What a synthetic event is to be like.
#[derive(Clone, Copy, Debug)]
pub struct Detail {
    /// When it happens.
    pub at: Timestamp,
    /// The environment.
    pub environment: Environment,
    /// `is_executing`. Without it: 1 for `credentials.created`, else 0.
    pub executing: Option<bool>,
    /// How many pages of transactions a refresh has.
    pub transaction_pages: u16,
    /// How many pages of attachments a refresh has.
    pub attachment_pages: u16,
}

impl Detail {
    const fn new(at: Timestamp, environment: Environment) -> Self {
        Self {
            at,
            environment,
            executing: None,
            transaction_pages: 6,
            attachment_pages: 2,
        }
    }
}

/// An item of `events`: an event of that name, as compact JSON. One that the catalogue does not have gets an object with
/// ids.
#[must_use]
pub fn item_text(name: &str, sync: &Synchronisation, detail: &Detail, random: &mut Rng) -> String {
    let item = match event::find(name) {
        Some(known) => item(known, name, &sync.0, (random, detail)),
        None => Item {
            header: header(name, &sync.0, (random, detail)),
            payload: sync.0.bare_credential(),
        },
    };
    // Strings and numbers always serialise; an empty text would fail every test of scenarios.
    serde_json::to_string(&item).unwrap_or_default()
}

/// A notification with these items, and a fresh `rid`.
#[must_use]
pub fn envelope(items: &[&str], random: &mut Rng) -> String {
    format!(
        "{{\"events\":[{}],\"rid\":\"{}\"}}",
        items.join(","),
        uuid(random)
    )
}

/// The V1 body of an event, by its name or its legacy name, as compact JSON. `None` where V1 has no such event.
#[must_use]
pub fn legacy(name: &str, sync: &Synchronisation, detail: &Detail) -> Option<String> {
    let known = event::CATALOGUE
        .iter()
        .find(|known| known.legacy == Some(name))
        .or_else(|| event::find(name).filter(|known| known.legacy.is_some()));
    let payload = match (known, name) {
        (Some(known), _) if known.payload == PayloadKind::RefreshedCredential => {
            sync.0.refreshed(known, detail)
        }
        (Some(known), _) => sync.0.credential(known, is_executing(known, detail)),
        (None, DOCUMENTS_COMPLETED | "documents.completed") => sync.0.legacy(DOCUMENTS_COMPLETED),
        (None, _) => return None,
    };
    serde_json::to_string(&payload).ok()
}

/// The V1 event of documents, which has no other name in V3.
const DOCUMENTS_COMPLETED: &str = "documents_completed";

/// Whether V1 calls one of its events so.
#[must_use]
pub fn is_legacy(name: &str) -> bool {
    let mut catalogue = event::CATALOGUE.iter();
    name == DOCUMENTS_COMPLETED || catalogue.any(|known| known.legacy == Some(name))
}

fn is_executing(known: &Event, detail: &Detail) -> i32 {
    let created = known.name == "credentials.created";
    i32::from(detail.executing.unwrap_or(created))
}

/// A fresh UUID of version 4.
fn uuid(random: &mut Rng) -> String {
    // In this order of bytes on every machine, which `Rng::fill` does not promise.
    let mut halves = || random.u64(..).to_le_bytes();
    let mut bytes = [0; 16];
    let (front, back) = bytes.split_at_mut(8);
    front.copy_from_slice(&halves());
    back.copy_from_slice(&halves());
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

fn header<'a>(name: &'a str, sync: &'a Sync, (random, detail): (&mut Rng, &Detail)) -> Header<'a> {
    Header {
        event: EventHeader {
            at: time::format(detail.at),
            eid: uuid(random),
            name,
            version: DOCUMENTED_VERSION,
        },
        user: UserHeader {
            id_environment: detail.environment.id(),
            id_external: &sync.id_external,
            id_user: &sync.id_user,
        },
    }
}

fn item<'a>(
    known: &Event,
    name: &'a str,
    sync: &'a Sync,
    (random, detail): (&mut Rng, &Detail),
) -> Item<'a> {
    let header = header(name, sync, (random, detail));
    let payload = match known.payload {
        PayloadKind::Credential => sync.credential(known, is_executing(known, detail)),
        PayloadKind::RefreshedCredential => sync.refreshed(known, detail),
        PayloadKind::Documents => sync.documents(),
        PayloadKind::Object if known.family == event::Family::Payments => {
            body::chargeback(random, &sync.id_user)
        }
        PayloadKind::Object => sync.bare_credential(),
        PayloadKind::Objects => body::transactions(random),
    };
    Item { header, payload }
}

fn notification(events: Vec<Item<'_>>, random: &mut Rng) -> Vec<u8> {
    let envelope = Envelope {
        events,
        rid: uuid(random),
    };
    // Strings and numbers always serialise; an empty body would fail every test of this module.
    serde_json::to_vec(&envelope).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::{Notification, Outline};

    fn at() -> Timestamp {
        time::parse(time::EXAMPLE).unwrap()
    }

    fn outline(body: &[u8]) -> Outline {
        Notification::read(body).unwrap().outline()
    }

    #[test]
    fn every_event_can_be_made() {
        for known in &event::CATALOGUE {
            for name in [Some(known.name), known.alias].into_iter().flatten() {
                let body = event(name, &mut Rng::with_seed(7), at(), Environment::Sandbox).unwrap();
                let outline = outline(&body);
                assert_eq!(outline.events[0].name.as_deref(), Some(name));
                assert_eq!(outline.environment, Some(Environment::Sandbox));
                assert_eq!(outline.events[0].at, Some(at()));
            }
        }
        assert!(
            event(
                "nothing",
                &mut Rng::with_seed(7),
                at(),
                Environment::Sandbox
            )
            .is_none()
        );
    }

    #[test]
    fn events_of_a_batch_share_their_ids() {
        let names = ["documents.failed", "credentials.refreshed"];
        let make =
            |names: &[&str]| batch(names, &mut Rng::with_seed(7), at(), Environment::Production);
        let outline = outline(&make(&names).unwrap());
        let found: Vec<_> = outline.names().collect();
        assert_eq!(found, names);
        assert_eq!(outline.events[0].id_user, outline.events[1].id_user);
        assert_ne!(outline.events[0].eid, outline.events[1].eid);
        assert!(make(&["documents.success", "nothing"]).is_none());
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let make = |seed| run(&mut Rng::with_seed(seed), at(), Environment::Production);
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
    }

    #[test]
    fn a_run_is_coherent() {
        let run = run(&mut Rng::with_seed(3), at(), Environment::Production);
        let outlines: Vec<_> = run.iter().map(|(_, body)| outline(body)).collect();
        let users: Vec<_> = outlines
            .iter()
            .map(|outline| outline.events[0].id_user.clone())
            .collect();
        assert!(users.iter().all(|user| *user == users[0]), "{users:?}");
        assert_eq!(
            outlines[0].events[0].id_credential,
            outlines[2].events[0].id_credential
        );
        let took = outlines[4].events[0]
            .at
            .unwrap()
            .duration_since(outlines[0].events[0].at.unwrap());
        assert_eq!(took.as_secs(), 40);
        let jobs: Vec<_> = run[3..]
            .iter()
            .map(|(_, body)| {
                let notification = Notification::read(body).unwrap();
                let job = notification
                    .root()
                    .pointed("/events/0/payload/id_job_uuid")
                    .unwrap();
                job.as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(jobs[0], jobs[1]);
        let credential = outlines[0].events[0].id_credential.clone().unwrap();
        assert_eq!(
            i64::from_str_radix(&credential[..8], 16).unwrap(),
            at().as_second()
        );
    }
}
