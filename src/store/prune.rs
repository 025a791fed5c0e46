//! Takes old notifications out of the history.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::database::{self, Durability, Location};
use super::error::StoreError;
use super::row;
use super::run;
use super::writer::{self, begin};
use crate::domain::record::{Retention, Standing};

/// So many notifications are taken out at once: whoever else writes waits for no more than that.
const AT_ONCE: usize = 250;

/// After so many times the log is written back, which would grow with what is taken out.
const LOG: u64 = 32;

/// Takes old notifications out of the history.
pub(crate) struct Pruner {
    connection: Connection,
    location: Location,
}

/// What may go, and what stays.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The sequence numbers of what may go, the newest first.
    pub(crate) ids: Vec<u64>,
    /// How many stay.
    pub(crate) kept: u64,
    /// How many of those stay only because they wait to be delivered.
    pub(crate) waiting: u64,
}

impl Pruner {
    /// Opens the history, which must be there.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be written to.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        database::open_to_read(path)?;
        let location = Location {
            path: path.to_owned(),
            is_default: false,
        };
        let connection = database::open(&location, Durability::Normal)?;
        Ok(Self {
            connection,
            location,
        })
    }

    /// Opens the history only to plan.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(crate) fn rehearse(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: database::open_to_read(path)?,
            location: Location {
                path: path.to_owned(),
                is_default: false,
            },
        })
    }

    /// What may go, and what stays.
    pub(crate) fn plan(&self, retention: &Retention, now: Timestamp) -> Result<Plan, StoreError> {
        let read = || {
            let mut select = self.connection.prepare(
                "SELECT id, received_at, EXISTS
                     (SELECT 1 FROM deliveries WHERE notification = id AND state = ?1)
                 FROM notifications ORDER BY id DESC",
            )?;
            let mut rows = select.query([Standing::Waiting.name()])?;
            let mut plan = Plan::default();
            let mut newer = 0;
            while let Some(found) = rows.next()? {
                let (received_at, is_waiting) = (row::timestamp(found, 1)?, found.get(2)?);
                if retention.lets_go(now, received_at, newer, is_waiting) {
                    plan.ids.push(found.get(0)?);
                } else {
                    plan.kept += 1;
                    let may_go_else = retention.lets_go(now, received_at, newer, false);
                    plan.waiting += u64::from(may_go_else);
                }
                newer += 1;
            }
            Ok(plan)
        };
        read().map_err(|error| self.failed(&error))
    }

    /// Takes these out, with their requests, deliveries and attempts.
    pub(crate) fn remove(&mut self, ids: &[u64]) -> Result<(), StoreError> {
        let failed = |error: rusqlite::Error| StoreError::of(&self.location.path, &error);
        for (number, ids) in (1u64..).zip(ids.rchunks(AT_ONCE)) {
            if number.is_multiple_of(LOG) {
                writer::checkpoint(&self.connection).map_err(failed)?;
            }
            let ids = row::json(&ids);
            let transaction = begin(&mut self.connection).map_err(failed)?;
            for (table, id) in [
                ("attempts", "notification"),
                ("deliveries", "notification"),
                ("requests", "id"),
                ("notifications", "id"),
            ] {
                let delete =
                    format!("DELETE FROM {table} WHERE {id} IN (SELECT value FROM json_each(?1))");
                transaction
                    .prepare_cached(&delete)
                    .and_then(|mut delete| delete.execute(params![ids]))
                    .map_err(failed)?;
            }
            transaction.commit().map_err(failed)?;
        }
        Ok(())
    }

    /// Gives the room that was freed back to the system. While a `listen` uses the file it would have to wait, so then
    /// the room is left for what comes.
    pub(crate) fn shrink(&self) -> Result<(), StoreError> {
        let path = &self.location.path;
        if run::some_live(&self.connection, path).map_err(|error| self.failed(&error))? {
            return Ok(());
        }
        self.connection
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::of(&self.location.path, error)
    }
}
