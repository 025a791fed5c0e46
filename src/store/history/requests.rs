//! The requests of the history, for whoever uses them again.

use super::{History, Order, Pages};
use crate::domain::capture::Capture;
use crate::domain::record::{Query, Record};
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
        let (record, capture) = self.record(id)?;
        Ok(Recorded::new(&record, capture))
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
                if let Some(capture) = self.capture(&record).transpose() {
                    return Some(capture.map(|capture| Recorded::new(&record, capture)));
                }
            }
        })
    }
}

impl Recorded {
    fn new(record: &Record, capture: Capture) -> Self {
        Self {
            id: record.id,
            is_refused: record.refused.is_some(),
            capture,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use jiff::Timestamp;
    use tempfile::TempDir;

    use super::*;
    use crate::domain::activity::Outcome;
    use crate::domain::intake::{Intake, OnInvalid};
    use crate::domain::notification::EventFilter;
    use crate::domain::record::{AttemptRecord, Standing};
    use crate::domain::signature::{KeyRing, Policy, Verifier};
    use crate::store::{Durability, Entry, Location, Replayed, open};

    /// A notification of this event, received so many seconds after 1970.
    fn entry(second: i64, name: &str, refused: Option<&'static str>) -> Box<Entry> {
        let intake = Intake {
            verifier: Verifier::new(KeyRing::default(), Policy::default(), Vec::new()),
            enforce_signature: false,
            required_headers: Vec::new(),
            environment: None,
            on_invalid: OnInvalid::Forward,
        };
        let body =
            format!(r#"{{"rid":"r","events":[{{"header":{{"event":{{"name":"{name}"}}}}}}]}}"#);
        let now = Timestamp::from_second(second).unwrap();
        let mut capture = Capture::bare(body.into());
        capture.received_at = Some(now);
        Box::new(Entry {
            judgement: intake.judge(capture, now),
            answered: Some(200),
            refused,
            targets: Vec::new(),
            drops_repeats: false,
        })
    }

    /// A history with six notifications, the fourth of which was refused.
    async fn history(folder: &TempDir, replayed: Option<Replayed>) -> History {
        let location = Location {
            path: folder.path().join("h.db"),
            is_default: false,
        };
        let (store, committer) = open(&location, Durability::Normal).unwrap();
        let filling = async move {
            for (second, name) in (10..).zip(["a.x", "b.x", "a.y", "a.z", "b.y", "a.z"]) {
                let refused = (second == 13).then_some("expired");
                let turn = store.turn().await;
                turn.append(entry(second, name, refused)).await.1.unwrap();
            }
            if let Some(replayed) = replayed {
                store.replayed(replayed).await;
            }
        };
        let (unwritten, ()) = tokio::join!(committer.run(pending()), filling);
        assert_eq!(unwritten, 0);
        History::open(&location.path).unwrap()
    }

    fn ids(history: History, query: Query) -> Vec<u64> {
        let requests = history.into_requests(query);
        requests.map(|request| request.unwrap().id).collect()
    }

    #[tokio::test]
    async fn requests_come_in_order_of_arrival_within_their_bounds() {
        let folder = TempDir::new().unwrap();
        let open = history(&folder, None).await;
        let everything = Query::default();
        assert_eq!(open.newest().unwrap(), 6);
        assert_eq!(open.count(&everything).unwrap(), 6);
        let fourth = open.request(4).unwrap();
        assert!(fourth.is_refused);
        assert_eq!(fourth.capture.received_at, Timestamp::from_second(13).ok());
        assert!(!open.request(3).unwrap().is_refused);
        assert!(open.request(7).is_err());
        assert_eq!(ids(open, everything), [1, 2, 3, 4, 5, 6]);
        let bounded = Query {
            after: Some(1),
            through: Some(5),
            refused: Some(false),
            ..Query::default()
        };
        let path = folder.path().join("h.db");
        let open = History::open(&path).unwrap();
        assert_eq!(open.count(&bounded).unwrap(), 3);
        assert_eq!(ids(open, bounded), [2, 3, 5]);
    }

    #[tokio::test]
    async fn the_newest_are_counted_among_those_that_are_meant() {
        let folder = TempDir::new().unwrap();
        let history = history(&folder, None).await;
        let mut query = Query {
            events: EventFilter::new(["a.*"]).unwrap(),
            ..Query::default()
        };
        let oldest = |query: &Query, number| history.oldest_of_newest(query, number).unwrap();
        assert_eq!(oldest(&query, 2), Some(4));
        query.refused = Some(false);
        assert_eq!(oldest(&query, 2), Some(3));
        assert_eq!(oldest(&query, 99), Some(1));
        query.since = Timestamp::from_second(16).ok();
        assert_eq!(oldest(&query, 1), None);
    }

    #[tokio::test]
    async fn what_a_replay_did_stands_with_its_notification() {
        let folder = TempDir::new().unwrap();
        let attempt = |attempt, status| AttemptRecord {
            attempt,
            at: Timestamp::from_second(20).unwrap(),
            url: "http://localhost:1/hook".into(),
            outcome: Outcome::Status(status),
            latency_ms: 1.5,
            answer: None,
        };
        let attempts = vec![attempt(1, 503), attempt(2, 200)];
        let replayed = Replayed {
            notification: 2,
            target: "1".into(),
            attempts: attempts.clone(),
            state: Standing::Delivered,
        };
        let history = history(&folder, Some(replayed)).await;
        let (record, _) = history.record(2).unwrap();
        let [delivery] = record.deliveries.as_slice() else {
            panic!("there is one delivery");
        };
        assert_eq!((delivery.number, delivery.attempts), (1, 2));
        assert_eq!((delivery.status, delivery.replayed), (Some(200), true));
        assert_eq!(delivery.state, Standing::Delivered);
        let kept = attempts.into_iter().map(|attempt| (1, attempt));
        assert_eq!(history.attempts(2).unwrap(), kept.collect::<Vec<_>>());
    }
}
