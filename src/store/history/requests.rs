//! The requests of the history, for whoever uses them again.

use jiff::Timestamp;

use super::{History, Order, Pages, REQUEST, row};
use crate::domain::capture::Capture;
use crate::domain::record::Query;
use crate::store::StoreError;

/// A request of the history.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// Its sequence number.
    pub(crate) id: u64,
    /// Whether it was refused when it arrived.
    pub(crate) is_refused: bool,
    pub(crate) capture: Capture,
}

impl History {
    /// The newest sequence number; 0 where there is none.
    pub(crate) fn newest(&self) -> Result<u64, StoreError> {
        self.connection
            .query_row(
                "SELECT coalesce(max(id), 0) FROM notifications",
                [],
                |row| row.get(0),
            )
            .map_err(|error| StoreError::of(&self.path, &error))
    }

    /// The sequence number of the oldest of the newest so many that are meant.
    pub(crate) fn oldest_of_newest(
        &self,
        query: &Query,
        number: u64,
    ) -> Result<Option<u64>, StoreError> {
        let mut pages = Pages::new(query, Order::NewestFirst);
        let mut oldest = None;
        for _ in 0..number {
            match pages.next(self, query) {
                Some(record) => oldest = Some(record?.id),
                None => break,
            }
        }
        Ok(oldest)
    }

    /// How many are meant.
    pub(crate) fn count(&self, query: &Query) -> Result<u64, StoreError> {
        let mut pages = Pages::new(query, Order::OldestFirst);
        let mut count = 0;
        while let Some(record) = pages.next(self, query) {
            record?;
            count += 1;
        }
        Ok(count)
    }

    /// The request with this sequence number.
    ///
    /// # Errors
    ///
    /// When there is none any more.
    pub(crate) fn request(&self, id: u64) -> Result<Recorded, StoreError> {
        self.recorded(id)?
            .ok_or_else(|| StoreError::NotFound(id.to_string()))
    }

    /// The requests that are meant, in order of arrival. Ends after an error. One request is in memory at a time.
    pub(crate) fn into_requests(
        self,
        query: Query,
    ) -> impl Iterator<Item = Result<Recorded, StoreError>> {
        let mut pages = Pages::new(&query, Order::OldestFirst);
        std::iter::from_fn(move || {
            loop {
                let record = match pages.next(&self, &query)? {
                    Ok(record) => record,
                    Err(error) => return Some(Err(error)),
                };
                // Somebody may have pruned it.
                if let Some(found) = self.recorded(record.id).transpose() {
                    return Some(found);
                }
            }
        })
    }

    fn recorded(&self, id: u64) -> Result<Option<Recorded>, StoreError> {
        let sql = format!(
            "SELECT received_at, refused IS NOT NULL, {REQUEST}
             FROM notifications JOIN requests USING (id) WHERE id = ?1"
        );
        self.one(&sql, id, |row| {
            let received_at: Timestamp = row::timestamp(row, 0)?;
            Ok(Recorded {
                id,
                is_refused: row.get(1)?,
                capture: row::capture(row, 2, received_at)?,
            })
        })
    }
}
