//! What is written to the tables, row by row.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::entry::{Attempted, Entry, Kept, Replayed};
use super::row;
use crate::domain::capture::Capture;
use crate::domain::intake::Judgement;
use crate::domain::notification::Environment;
use crate::domain::record::AttemptRecord;
use crate::domain::seen::{Repeat, Seen};
use crate::domain::signature::{BodyBinding, Reason};

/// Keeps a notification, and the deliveries that are to be made of it.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    entry: &Entry,
    run: Option<u64>,
    seen: &mut Seen,
) -> rusqlite::Result<Kept> {
    let Judgement {
        capture,
        verification,
        outline,
        valid,
        ..
    } = &entry.judgement;
    let received_at = capture.received_at.unwrap_or_default();
    let mut insert = transaction.prepare_cached(
        "INSERT INTO notifications (received_at, rid, environment, version, events, verdict, reason, body_binding,
                                    valid, answered, refused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute(params![
        received_at.as_millisecond(),
        outline.rid,
        outline.environment.map(Environment::name),
        outline.version.name(),
        row::events(&outline.events),
        verification.verdict.name(),
        verification.reason.map(Reason::code),
        verification.body_binding.map(BodyBinding::name),
        valid,
        entry.answered,
        entry.refused,
    ])?;
    let id = transaction.last_insert_rowid().unsigned_abs();
    insert_request(transaction, id, capture)?;
    let repeat = match entry.refused {
        Some(_) => Repeat::default(),
        None => seen.take(outline.eids(), id),
    };
    let mut is_dropped = false;
    if let Some(first) = repeat.of {
        is_dropped = entry.drops_repeats && has_come(transaction, repeat, entry)?;
        transaction
            .prepare_cached(
                "UPDATE notifications SET duplicate_of = ?2, dropped = ?3 WHERE id = ?1",
            )?
            .execute(params![id, first, is_dropped])?;
    }
    if !is_dropped {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO deliveries (notification, number, target, state, run, parked)
             VALUES (?1, ?2, ?3, 'waiting', ?4, ?5)",
        )?;
        for (number, (target, is_parked)) in (1u32..).zip(&entry.targets) {
            insert.execute(params![id, number, target, run, is_parked])?;
        }
    }
    Ok(Kept {
        id,
        repeat,
        is_dropped,
    })
}

/// Keeps a request, byte for byte.
fn insert_request(
    transaction: &Transaction<'_>,
    id: u64,
    capture: &Capture,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO requests (id, method, target, headers, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            id,
            capture.method,
            capture.target,
            row::json(&capture.headers),
            &capture.body[..],
        ])
        .map(drop)
}

/// Whether an earlier notification with all these events has come to each of the targets, or is still to.
fn has_come(
    transaction: &Transaction<'_>,
    repeat: Repeat,
    entry: &Entry,
) -> rusqlite::Result<bool> {
    let Some(earlier) = repeat.newest.filter(|_| repeat.is_whole) else {
        return Ok(false);
    };
    let events: Option<String> = transaction
        .prepare_cached("SELECT events FROM notifications WHERE id = ?1")?
        .query_row([earlier], |row| row.get(0))
        .optional()?;
    let events = row::read_events(events.as_deref().unwrap_or("[]"))?;
    let is_there = |eid: &str| events.iter().any(|event| event.eid.as_deref() == Some(eid));
    if !entry.judgement.outline.eids().all(is_there) {
        return Ok(false);
    }
    let mut select = transaction.prepare_cached(
        "SELECT 1 FROM deliveries WHERE notification = ?1 AND target = ?2 AND state <> 'failed'",
    )?;
    for (target, _) in &entry.targets {
        if !select.exists(params![earlier, target])? {
            return Ok(false);
        }
    }
    Ok(!entry.targets.is_empty())
}

/// Keeps an attempt, and how far its delivery has come with it.
pub(super) fn add_attempt(
    transaction: &Transaction<'_>,
    attempted: &Attempted,
) -> rusqlite::Result<()> {
    let Attempted {
        notification,
        delivery,
        attempt,
        state,
    } = attempted;
    let (status, error) = row::split(&attempt.outcome);
    let updated = transaction
        .prepare_cached(
            "UPDATE deliveries SET state = ?3, attempts = ?4, status = ?5, error = ?6
             WHERE notification = ?1 AND number = ?2",
        )?
        .execute(params![
            notification,
            delivery,
            state.name(),
            attempt.attempt,
            status,
            error,
        ])?;
    // Somebody may have pruned it.
    if updated == 0 {
        return Ok(());
    }
    insert_attempt(transaction, *notification, *delivery, attempt)
}

/// Keeps a delivery that `replay` made.
pub(super) fn add_replay(
    transaction: &Transaction<'_>,
    replayed: &Replayed,
) -> rusqlite::Result<()> {
    let Replayed {
        notification,
        target,
        attempts,
        state,
    } = replayed;
    let Some(last) = attempts.last() else {
        return Ok(());
    };
    let (status, error) = row::split(&last.outcome);
    let number: Option<u32> = transaction
        .prepare_cached(
            "SELECT coalesce(max(number), 0) + 1 FROM deliveries WHERE notification = ?1
             HAVING EXISTS (SELECT 1 FROM notifications WHERE id = ?1)",
        )?
        .query_row([notification], |row| row.get(0))
        .map(Some)
        .or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(None),
            error => Err(error),
        })?;
    // Somebody may have pruned it.
    let Some(number) = number else {
        return Ok(());
    };
    transaction
        .prepare_cached(
            "INSERT INTO deliveries (notification, number, target, state, replayed, attempts, status, error)
             VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7)",
        )?
        .execute(params![
            notification,
            number,
            target,
            state.name(),
            last.attempt,
            status,
            error,
        ])?;
    for attempt in attempts {
        insert_attempt(transaction, *notification, number, attempt)?;
    }
    Ok(())
}

fn insert_attempt(
    transaction: &Transaction<'_>,
    notification: u64,
    delivery: u32,
    attempt: &AttemptRecord,
) -> rusqlite::Result<()> {
    let (status, error) = row::split(&attempt.outcome);
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO attempts
                 (notification, delivery, attempt, at, url, status, error, latency_ms, answer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            notification,
            delivery,
            attempt.attempt,
            attempt.at.as_millisecond(),
            attempt.url,
            status,
            error,
            attempt.latency_ms,
            attempt.answer.as_ref().map(row::json),
        ])?;
    Ok(())
}
