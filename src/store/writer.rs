//! Writes to the history: whatever comes together goes into one transaction.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::database::{self, Durability, Location};
use super::entry::{Attempted, Entry, Kept, Parked, Replayed, Resumed, Write};
use super::error::StoreError;
use super::row::{self, REQUEST};
use super::run::Run;
use crate::domain::intake::Judgement;
use crate::domain::notification::Environment;
use crate::domain::record::AttemptRecord;
use crate::domain::seen::{REMEMBERED, Repeat, Seen};
use crate::domain::signature::{BodyBinding, Reason};

/// The connection that writes.
pub(super) struct Writer {
    connection: Connection,
    path: PathBuf,
    run: Option<Run>,
    seen: Seen,
    /// The newest notification whose events were seen.
    last_id: u64,
}

/// What to do when a file of the run cannot be made.
const RUN_FAILED: &str = "cannot mark the run as living";

impl Writer {
    pub(super) fn open(location: &Location, durability: Durability) -> Result<Self, StoreError> {
        Ok(Self {
            connection: database::open(location, durability)?,
            path: location.path.clone(),
            run: None,
            seen: Seen::default(),
            last_id: 0,
        })
    }

    fn failed(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::of(&self.path, error)
    }

    /// Begins a run of `listen`, which sees to what waits from runs that have ended, unless it waits for longer than
    /// this already. `None` leaves it all alone.
    pub(super) fn begin_run(
        &mut self,
        now: Timestamp,
        resume: Option<SignedDuration>,
    ) -> Result<Resumed, StoreError> {
        let path = self.path.clone();
        let failed = |error: rusqlite::Error| StoreError::of(&path, &error);
        let transaction = begin(&mut self.connection).map_err(failed)?;
        let run = Run::begin(&transaction, &path, now)
            .map_err(|error| StoreError::Failed {
                path: path.clone(),
                detail: format!("{RUN_FAILED}: {error}"),
            })?
            .map_err(failed)?;
        let living = run.others(&transaction, &path).map_err(failed)?;
        let resumed = match resume {
            Some(age) => adopt(&transaction, run.id, &living, since(now, age)),
            None => Ok(Resumed::default()),
        };
        let resumed = resumed.map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.run = Some(run);
        Ok(resumed)
    }

    /// Sees to it that sequence numbers go on behind this one.
    pub(super) fn go_on_behind(&self, id: u64) -> Result<(), StoreError> {
        let raise = "INSERT INTO sqlite_sequence (name, seq)
                         SELECT 'notifications', 0
                         WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'notifications')";
        self.connection
            .execute(raise, [])
            .and_then(|_| {
                let raise =
                    "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'notifications'";
                self.connection.execute(raise, [id])
            })
            .map(drop)
            .map_err(|error| self.failed(&error))
    }

    /// Learns which events were seen lately, so that their repeats can be told.
    pub(super) fn remember(&mut self) -> Result<(), StoreError> {
        let newest = recall(&self.connection, 0, &mut self.seen);
        self.last_id = newest.map_err(|error| self.failed(&error))?;
        Ok(())
    }

    /// Writes all of it or nothing. Of each entry that was kept, in order, the result says how.
    pub(super) fn write(&mut self, writes: &[Write]) -> Result<Vec<Kept>, Arc<StoreError>> {
        let Self {
            connection,
            run,
            seen,
            last_id,
            ..
        } = self;
        let run = run.as_ref().map(|run| run.id);
        let before = *last_id;
        let result = begin(connection).and_then(|transaction| {
            *last_id = recall(&transaction, *last_id, seen)?;
            let mut kept = Vec::with_capacity(writes.len());
            for write in writes {
                match write {
                    Write::Entry(entry) => {
                        let entry = keep(&transaction, entry, run, seen)?;
                        *last_id = entry.id;
                        kept.push(entry);
                    }
                    Write::Attempted(attempted) => add_attempt(&transaction, attempted)?,
                    Write::Replayed(replayed) => add_replay(&transaction, replayed)?,
                }
            }
            transaction.commit()?;
            Ok(kept)
        });
        result.map_err(|error| {
            self.seen.forget_from(before + 1);
            self.last_id = before;
            Arc::new(self.failed(&error))
        })
    }

    /// Deliveries of this run that are parked for the target, of notifications behind `after`, in order of arrival.
    pub(super) fn parked(
        &self,
        target: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Parked>, StoreError> {
        let query = || {
            let mut select = self.connection.prepare_cached(&format!(
                "SELECT notification, number, attempts, received_at, {REQUEST}
                 FROM deliveries
                 JOIN notifications ON notifications.id = notification
                 JOIN requests ON requests.id = notification
                 WHERE deliveries.target = ?1 AND notification > ?2 AND state = 'waiting' AND run = ?3 AND parked
                 ORDER BY notification LIMIT ?4"
            ))?;
            let run = self.run.as_ref().map(|run| run.id);
            let rows = select.query_map(params![target, after, run, limit], |row| {
                Ok(Parked {
                    notification: row.get(0)?,
                    delivery: row.get(1)?,
                    attempts: row.get(2)?,
                    capture: row::capture(row, 4, row::timestamp(row, 3)?)?,
                })
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        query().map_err(|error| self.failed(&error))
    }

    /// Writes back what the log holds, as far as no reader is in the way.
    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        checkpoint(&self.connection).map_err(|error| self.failed(&error))
    }

    /// Ends the run.
    pub(super) fn end(self) -> Result<(), StoreError> {
        let Some(run) = &self.run else {
            return Ok(());
        };
        self.connection
            .execute("DELETE FROM runs WHERE id = ?1", [run.id])
            .map_err(|error| self.failed(&error))?;
        Ok(())
    }
}

/// Writes back what the log holds, as far as nobody is in the way.
pub(super) fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

pub(super) fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// The moment that is so long ago, or the first one that there is.
fn since(now: Timestamp, age: SignedDuration) -> Timestamp {
    now.checked_sub(age).unwrap_or(Timestamp::MIN)
}

/// Takes in the events of the notifications behind `after`, and returns the newest. There are some when it is the
/// first time, or another process writes to the same file.
fn recall(connection: &Connection, after: u64, seen: &mut Seen) -> rusqlite::Result<u64> {
    let mut newest = connection.prepare_cached("SELECT max(id) FROM notifications")?;
    let newest: u64 = newest
        .query_row([], |row| row.get::<_, Option<u64>>(0))?
        .unwrap_or(0);
    if newest <= after {
        return Ok(after);
    }
    let mut select = connection.prepare_cached(
        "SELECT id, events FROM
             (SELECT id, events, refused FROM notifications WHERE id > ?1 ORDER BY id DESC LIMIT ?2)
         WHERE refused IS NULL ORDER BY id",
    )?;
    let mut rows = select.query(params![after, REMEMBERED as u64])?;
    while let Some(row) = rows.next()? {
        let events = row::read_events(row.get_ref(1)?.as_str()?)?;
        let eids = events.iter().filter_map(|event| event.eid.as_deref());
        seen.take(eids, row.get(0)?);
    }
    Ok(newest)
}

/// Keeps a notification, and the deliveries that are to be made of it.
fn keep(
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
    let mut insert = transaction.prepare_cached(
        "INSERT INTO requests (id, method, target, headers, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![
        id,
        capture.method,
        capture.target,
        row::json(&capture.headers),
        &capture.body[..],
    ])?;
    let repeat = match entry.refused {
        Some(_) => Repeat::default(),
        None => seen.take(outline.eids(), id),
    };
    let kept = Kept::new(id, repeat, entry);
    if let Some(first) = repeat.of {
        transaction
            .prepare_cached(
                "UPDATE notifications SET duplicate_of = ?2, dropped = ?3 WHERE id = ?1",
            )?
            .execute(params![id, first, !kept.is_delivered])?;
    }
    if kept.is_delivered {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO deliveries (notification, number, target, state, run, parked)
             VALUES (?1, ?2, ?3, 'waiting', ?4, ?5)",
        )?;
        for (number, (target, is_parked)) in (1u32..).zip(&entry.targets) {
            insert.execute(params![id, number, target, run, is_parked])?;
        }
    }
    Ok(kept)
}

fn add_attempt(transaction: &Transaction<'_>, attempted: &Attempted) -> rusqlite::Result<()> {
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

fn add_replay(transaction: &Transaction<'_>, replayed: &Replayed) -> rusqlite::Result<()> {
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

/// Takes over what waits from runs that do not live, and gives up what was received before `oldest`.
fn adopt(
    transaction: &Transaction<'_>,
    run: u64,
    living: &[u64],
    oldest: Timestamp,
) -> rusqlite::Result<Resumed> {
    let is_left = "state = 'waiting' AND run NOT IN (SELECT value FROM json_each(?1))";
    let living = row::json(&living);
    let given_up = transaction.execute(
        &format!(
            "UPDATE deliveries SET state = 'failed', error = 'waited too long to be delivered'
             WHERE {is_left} AND (SELECT received_at FROM notifications WHERE id = notification) < ?2"
        ),
        params![living, oldest.as_millisecond()],
    )?;
    transaction.execute(
        &format!("UPDATE deliveries SET run = ?2, parked = 1 WHERE {is_left}"),
        params![living, run],
    )?;
    let mut select = transaction.prepare(
        "SELECT target, count(*) FROM deliveries WHERE state = 'waiting' AND run = ?1 GROUP BY target ORDER BY target",
    )?;
    let targets = select.query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Resumed {
        targets: targets.collect::<rusqlite::Result<_>>()?,
        given_up: given_up as u64,
    })
}
