//! What a history is like. Nothing is changed, whatever its version.

use std::path::Path;

use jiff::Timestamp;

use super::{History, Order};
use crate::domain::record::Query;
use crate::store::database;
use crate::store::error::StoreError;
use crate::store::migrations::NEWEST;

/// What a history is like.
#[derive(Debug, Default)]
pub(crate) struct Checkup {
    /// Whether a newer version of the format is to come, as soon as something is written or read.
    pub(crate) is_older: bool,
    /// When the newest notification came. `None` where there is none, or where that cannot be read yet.
    pub(crate) newest: Option<Timestamp>,
    /// Deliveries that wait.
    pub(crate) waiting: u64,
}

impl Checkup {
    /// Examines a history. `None` where the file is empty: it is one to be.
    ///
    /// # Errors
    ///
    /// When there is none, or it is damaged or none of ours.
    pub(crate) fn of(path: &Path) -> Result<Option<Self>, StoreError> {
        let failed = |error: rusqlite::Error| StoreError::of(path, &error);
        let connection = database::open_as_it_is(path)?;
        let version = database::check(&connection, path)?;
        if version == 0 {
            return Ok(None);
        }
        let sound: String = connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(failed)?;
        if sound != "ok" {
            return Err(StoreError::Damaged {
                path: path.to_owned(),
                detail: sound,
            });
        }
        if version != NEWEST {
            return Ok(Some(Self {
                is_older: true,
                ..Self::default()
            }));
        }
        let waiting = "SELECT count(*) FROM deliveries WHERE state = 'waiting'";
        let waiting = connection
            .query_row(waiting, [], |row| row.get(0))
            .map_err(failed)?;
        let history = History {
            connection,
            path: path.to_owned(),
        };
        let newest = history
            .records(&Query::default(), Order::NewestFirst)
            .next();
        Ok(Some(Self {
            is_older: false,
            newest: newest.transpose()?.map(|record| record.received_at),
            waiting,
        }))
    }
}
