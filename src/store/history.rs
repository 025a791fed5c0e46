//! Reads the history: page by page, so that a long list holds up nobody who writes.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

mod checkup;
mod requests;

pub(crate) use self::checkup::Checkup;
pub(crate) use self::requests::Recorded;
use super::database;
use super::error::StoreError;
use super::row::{self, NOTIFICATION, REQUEST};
use crate::domain::capture::Capture;
use crate::domain::notification::Environment;
use crate::domain::record::{AttemptRecord, DeliveryRecord, Query, Record, Reference, Standing};
use crate::domain::signature::Verdict;

/// So many rows are read at once.
const PAGE: u32 = 256;

/// Reads the history.
pub(crate) struct History {
    connection: Connection,
    path: PathBuf,
}

/// Which way a list goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    NewestFirst,
    OldestFirst,
}

impl History {
    /// Opens the history.
    ///
    /// # Errors
    ///
    /// When there is none, or the file is damaged or none of ours.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: database::open_to_read(path)?,
            path: path.to_owned(),
        })
    }

    /// The records that are meant, each with its deliveries. Ends after an error.
    pub(crate) fn records<'a>(
        &'a self,
        query: &'a Query,
        order: Order,
    ) -> impl Iterator<Item = Result<Record, StoreError>> + 'a {
        let mut pages = Pages::new(query, order);
        std::iter::from_fn(move || {
            let record = pages.next(self, query)?;
            Some(record.and_then(|record| self.with_deliveries(record)))
        })
    }

    /// The record with this sequence number, and its request.
    ///
    /// # Errors
    ///
    /// When there is none any more.
    pub(crate) fn record(&self, id: u64) -> Result<(Record, Capture), StoreError> {
        let record = self
            .one(
                &format!("SELECT {NOTIFICATION} FROM notifications WHERE id = ?1"),
                id,
                row::record,
            )?
            .ok_or_else(|| StoreError::NotFound(id.to_string()))?;
        let capture = self
            .capture(&record)?
            .ok_or_else(|| StoreError::NotFound(id.to_string()))?;
        Ok((self.with_deliveries(record)?, capture))
    }

    /// The request of a record. `None` when somebody has pruned it since.
    pub(crate) fn capture(&self, record: &Record) -> Result<Option<Capture>, StoreError> {
        self.one(
            &format!("SELECT {REQUEST} FROM requests WHERE id = ?1"),
            record.id,
            |row| row::capture(row, 0, record.received_at),
        )
    }

    /// The attempts of a notification's deliveries, each with the number of its delivery, in order.
    pub(crate) fn attempts(&self, id: u64) -> Result<Vec<(u32, AttemptRecord)>, StoreError> {
        self.all(
            "SELECT delivery, attempt, at, url, status, error, latency_ms, answer FROM attempts
             WHERE notification = ?1 ORDER BY delivery, attempt",
            id,
            row::attempt,
        )
    }

    /// The sequence number of the one notification that is meant.
    ///
    /// # Errors
    ///
    /// When there is none, or several have ids that begin like this.
    pub(crate) fn find(&self, reference: &Reference) -> Result<u64, StoreError> {
        let is_there = |id| {
            self.one("SELECT id FROM notifications WHERE id = ?1", id, |row| {
                row.get(0)
            })
        };
        if let Some(id) = reference.number().map(is_there).transpose()?.flatten() {
            return Ok(id);
        }
        let (mut whole, mut begun) = (Vec::new(), Vec::new());
        let everything = Query::default();
        let mut cursor = Some(0);
        while let Some(after) = cursor {
            let (page, next) = self.page(&everything, Order::OldestFirst, after)?;
            cursor = next;
            for record in &page {
                let ids = || {
                    let eids = record.events.iter();
                    let eids = eids.filter_map(|event| event.eid.as_deref());
                    record.rid.as_deref().into_iter().chain(eids)
                };
                if reference.is_one_of(ids()) {
                    whole.push(record.id);
                } else if reference.begins_one_of(ids()) {
                    begun.push(record.id);
                }
            }
        }
        // What is typed in full is no beginning of another.
        let found = if whole.is_empty() { begun } else { whole };
        match found.as_slice() {
            [] => Err(StoreError::NotFound(reference.as_str().to_owned())),
            [id] => Ok(*id),
            _ => Err(StoreError::Ambiguous {
                typed: reference.as_str().to_owned(),
                ids: found,
            }),
        }
    }

    /// What makes the pseudonyms of this history its own.
    pub(crate) fn salt(&self) -> Result<[u8; 16], StoreError> {
        self.connection
            .query_row("SELECT value FROM salt", [], |row| row.get(0))
            .map_err(|error| StoreError::of(&self.path, &error))
    }

    /// The records of one page that are meant, and where the next one begins.
    fn page(
        &self,
        query: &Query,
        order: Order,
        cursor: u64,
    ) -> Result<(VecDeque<Record>, Option<u64>), StoreError> {
        let (beyond, direction) = match order {
            Order::NewestFirst => ("id < ?1 AND id > coalesce(?2, 0)", "DESC"),
            Order::OldestFirst => ("id > ?1 AND id > coalesce(?2, 0)", "ASC"),
        };
        let sql = format!(
            "SELECT {NOTIFICATION} FROM notifications
             WHERE {beyond}
               AND (?3 IS NULL OR received_at >= ?3)
               AND (?4 IS NULL OR received_at < ?4)
               AND (?5 IS NULL OR environment = ?5)
               AND (?6 IS NULL OR verdict = ?6)
               AND (?8 IS NULL OR (refused IS NOT NULL) = ?8)
               AND (?9 IS NULL OR id <= ?9)
               AND (?7 IS NULL OR EXISTS
                        (SELECT 1 FROM deliveries AS one WHERE notification = id AND state = ?7
                         -- What failed and was delivered later, as by a replay, has not failed.
                         AND (state <> 'failed' OR NOT EXISTS
                                 (SELECT 1 FROM deliveries AS other
                                  WHERE other.notification = one.notification
                                    AND other.target = one.target AND other.state = 'delivered'))))
             ORDER BY id {direction} LIMIT {PAGE}"
        );
        let read = || {
            let mut select = self.connection.prepare_cached(&sql)?;
            let rows = select.query_map(
                params![
                    cursor,
                    query.after,
                    query.since.map(jiff::Timestamp::as_millisecond),
                    query.until.map(jiff::Timestamp::as_millisecond),
                    query.environment.map(Environment::name),
                    query.verdict.map(Verdict::name),
                    query.delivery.map(Standing::name),
                    query.refused,
                    query.through,
                ],
                row::record,
            )?;
            rows.collect::<rusqlite::Result<VecDeque<Record>>>()
        };
        let mut page = read().map_err(|error| StoreError::of(&self.path, &error))?;
        let is_full = page.len() == PAGE as usize;
        let next = page.back().filter(|_| is_full).map(|record| record.id);
        page.retain(|record| query.wants(&record.events));
        Ok((page, next))
    }

    fn with_deliveries(&self, record: Record) -> Result<Record, StoreError> {
        let deliveries = self.deliveries(record.id)?;
        Ok(Record {
            deliveries,
            ..record
        })
    }

    fn deliveries(&self, id: u64) -> Result<Vec<DeliveryRecord>, StoreError> {
        self.all(
            "SELECT number, target, state, attempts, status, error, replayed FROM deliveries
             WHERE notification = ?1 ORDER BY number",
            id,
            row::delivery,
        )
    }

    fn one<T>(
        &self,
        sql: &str,
        id: u64,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        // A number that no row can have.
        if i64::try_from(id).is_err() {
            return Ok(None);
        }
        let query = || {
            self.connection
                .prepare_cached(sql)?
                .query_row([id], read)
                .optional()
        };
        query().map_err(|error| StoreError::of(&self.path, &error))
    }

    fn all<T>(
        &self,
        sql: &str,
        id: u64,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let query = || {
            let mut select = self.connection.prepare_cached(sql)?;
            select
                .query_map([id], read)?
                .collect::<rusqlite::Result<_>>()
        };
        query().map_err(|error| StoreError::of(&self.path, &error))
    }
}

/// The records that are meant, page by page, without their deliveries.
struct Pages {
    order: Order,
    page: VecDeque<Record>,
    /// Where the next page begins.
    cursor: Option<u64>,
}

impl Pages {
    fn new(query: &Query, order: Order) -> Self {
        Self {
            order,
            page: VecDeque::new(),
            cursor: Some(match order {
                Order::NewestFirst => i64::MAX.unsigned_abs(),
                Order::OldestFirst => query.after.unwrap_or(0),
            }),
        }
    }

    /// The next record. There is none after an error.
    fn next(&mut self, history: &History, query: &Query) -> Option<Result<Record, StoreError>> {
        loop {
            if let Some(record) = self.page.pop_front() {
                return Some(Ok(record));
            }
            match history.page(query, self.order, self.cursor?) {
                Ok((page, cursor)) => (self.page, self.cursor) = (page, cursor),
                Err(error) => {
                    self.cursor = None;
                    return Some(Err(error));
                }
            }
        }
    }
}
