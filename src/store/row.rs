//! Rows of the tables, and what they stand for.

use std::borrow::Cow;

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::FromSqlError;
use serde::{Deserialize, Serialize};

use crate::domain::activity::Outcome;
use crate::domain::capture::Capture;
use crate::domain::headers::Headers;
use crate::domain::notification::{Environment, EventOutline, Version};
use crate::domain::record::{AttemptRecord, DeliveryRecord, Record, SignatureRecord, Standing};
use crate::domain::signature::{BodyBinding, Verdict};

/// The columns of `notifications`, in the order in which [`record`] reads them.
pub(super) const NOTIFICATION: &str = "id, received_at, rid, environment, version, events, verdict, reason, \
                                       body_binding, valid, duplicate_of, answered, refused, dropped";

/// The columns of `requests`, in the order in which [`capture`] reads them.
pub(super) const REQUEST: &str =
    "requests.method, requests.target, requests.headers, requests.body";

/// An event as it is kept.
#[derive(Serialize, Deserialize)]
struct Event<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    eid: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    id_user: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    id_external: Option<Cow<'a, str>>,
}

/// The column `events`.
pub(super) fn events(events: &[EventOutline]) -> String {
    let events: Vec<Event<'_>> = events
        .iter()
        .map(|event| Event {
            eid: event.eid.as_deref().map(Into::into),
            name: event.name.as_deref().map(Into::into),
            id_user: event.id_user.as_deref().map(Into::into),
            id_external: event.id_external.as_deref().map(Into::into),
        })
        .collect();
    json(&events)
}

/// A notification without its deliveries.
pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let environment: Option<String> = row.get(3)?;
    let binding: Option<String> = row.get(8)?;
    Ok(Record {
        id: row.get(0)?,
        received_at: timestamp(row, 1)?,
        rid: row.get(2)?,
        environment: environment
            .map(|name| named(&Environment::ALL, Environment::name, &name))
            .transpose()?,
        version: named(&Version::ALL, Version::name, row.get_ref(4)?.as_str()?)?,
        events: read_events(row.get_ref(5)?.as_str()?)?,
        signature: SignatureRecord {
            verdict: named(&Verdict::ALL, Verdict::name, row.get_ref(6)?.as_str()?)?,
            reason: row.get(7)?,
            body_binding: binding
                .map(|name| named(&BodyBinding::ALL, BodyBinding::name, &name))
                .transpose()?,
        },
        valid: row.get(9)?,
        duplicate_of: row.get(10)?,
        answered: row.get(11)?,
        refused: row.get(12)?,
        dropped: row.get(13)?,
        deliveries: Vec::new(),
    })
}

/// What the column `events` holds.
pub(super) fn read_events(text: &str) -> rusqlite::Result<Vec<EventOutline>> {
    let events: Vec<Event<'_>> = parse(text)?;
    let owned = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    Ok(events
        .into_iter()
        .map(|event| EventOutline {
            eid: owned(event.eid),
            name: owned(event.name),
            id_user: owned(event.id_user),
            id_external: owned(event.id_external),
            ..EventOutline::default()
        })
        .collect())
}

/// A request whose columns begin at `first`.
pub(super) fn capture(
    row: &Row<'_>,
    first: usize,
    received_at: Timestamp,
) -> rusqlite::Result<Capture> {
    let headers: Headers = parse(row.get_ref(first + 2)?.as_str()?)?;
    let body: Vec<u8> = row.get(first + 3)?;
    Ok(Capture {
        received_at: Some(received_at),
        method: row.get(first)?,
        target: row.get(first + 1)?,
        headers,
        body: body.into(),
    })
}

/// A row of `deliveries`: number, target, state, attempts, status, error, replayed.
pub(super) fn delivery(row: &Row<'_>) -> rusqlite::Result<DeliveryRecord> {
    Ok(DeliveryRecord {
        number: row.get(0)?,
        target: row.get(1)?,
        state: named(&Standing::ALL, Standing::name, row.get_ref(2)?.as_str()?)?,
        attempts: row.get(3)?,
        status: row.get(4)?,
        error: row.get(5)?,
        replayed: row.get(6)?,
    })
}

/// A row of `attempts` with its delivery in front: delivery, attempt, at, url, status, error, `latency_ms`, answer.
pub(super) fn attempt(row: &Row<'_>) -> rusqlite::Result<(u32, AttemptRecord)> {
    let outcome = match row.get::<_, Option<u16>>(4)? {
        Some(status) => Outcome::Status(status),
        None => Outcome::Error(row.get::<_, Option<String>>(5)?.unwrap_or_default()),
    };
    let answer: Option<String> = row.get(7)?;
    let attempt = AttemptRecord {
        attempt: row.get(1)?,
        at: timestamp(row, 2)?,
        url: row.get(3)?,
        outcome,
        latency_ms: row.get(6)?,
        answer: answer.map(|text| parse(&text)).transpose()?,
    };
    Ok((row.get(0)?, attempt))
}

/// The columns `status` and `error`.
pub(super) fn split(outcome: &Outcome) -> (Option<u16>, Option<&str>) {
    match outcome {
        Outcome::Status(status) => (Some(*status), None),
        Outcome::Error(error) => (None, Some(error)),
    }
}

/// A moment kept in milliseconds since 1970.
pub(super) fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| FromSqlError::other(error).into())
}

/// Text of strings and numbers.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("strings and numbers can be written")
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| FromSqlError::other(error).into())
}

/// The one of these that has the name.
fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, wanted: &str) -> rusqlite::Result<T> {
    let found = all.iter().copied().find(|one| name(*one) == wanted);
    found.ok_or_else(|| FromSqlError::InvalidType.into())
}
