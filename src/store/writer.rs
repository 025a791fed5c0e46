//! Writes to the history: whatever comes together goes into one transaction.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::database::{self, Durability, Location};
use super::entry::{Kept, Page, Parked, Resumed, Write};
use super::error::StoreError;
use super::row::{self, REQUEST};
use super::run::Run;
use super::tables;
use crate::domain::seen::{REMEMBERED, Seen};

/// So many parked deliveries are read at once.
const PARKED_AT_ONCE: usize = 256;

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
        let mut resumed = resumed.map_err(failed)?;
        resumed.newest = newest(&transaction).map_err(failed)?;
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

    /// Whether it is a run of `listen`, which takes notifications in.
    pub(super) fn is_in_a_run(&self) -> bool {
        self.run.is_some()
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
                        let entry = tables::keep(&transaction, entry, run, seen)?;
                        *last_id = entry.id;
                        kept.push(entry);
                    }
                    Write::Attempted(attempted) => tables::add_attempt(&transaction, attempted)?,
                    Write::Replayed(replayed) => tables::add_replay(&transaction, replayed)?,
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

    /// Deliveries of this run that are parked for the target, of notifications behind `after`, in order of arrival: so
    /// many at most, and with the first of them no more once their bodies have so many bytes.
    pub(super) fn parked(
        &self,
        target: &str,
        after: u64,
        most_bytes: usize,
    ) -> Result<Page, StoreError> {
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
            let mut rows = select.query(params![target, after, run, PARKED_AT_ONCE])?;
            let (mut page, mut bytes) = (Page::default(), 0);
            while bytes < most_bytes {
                let Some(row) = rows.next()? else {
                    page.is_last = page.parked.len() < PARKED_AT_ONCE;
                    break;
                };
                let capture = row::capture(row, 4, row::timestamp(row, 3)?)?;
                bytes += capture.body.len();
                page.parked.push(Parked {
                    notification: row.get(0)?,
                    delivery: row.get(1)?,
                    attempts: row.get(2)?,
                    capture,
                });
            }
            Ok(page)
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

/// The newest notification; 0 where there is none.
fn newest(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT coalesce(max(id), 0) FROM notifications")?
        .query_row([], |row| row.get(0))
}

/// Takes in the events of the notifications behind `after`, and returns the newest. There are some when it is the
/// first time, or another process writes to the same file.
fn recall(connection: &Connection, after: u64, seen: &mut Seen) -> rusqlite::Result<u64> {
    let newest = newest(connection)?;
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
            "UPDATE deliveries SET state = 'failed', status = NULL, error = 'waited too long to be delivered'
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
        newest: 0,
        targets: targets.collect::<rusqlite::Result<_>>()?,
        given_up: given_up as u64,
    })
}
