//! A history as it is on disk: filled by hand, in format 1, which every later version must be able to read; and read and
//! changed behind the back of the program.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::{ToSql, ValueRef};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

/// What every history of this program calls itself.
const APPLICATION: u32 = 0x7379_6e63;

/// A history.
pub(crate) struct Store(Connection);

impl Store {
    /// An empty history in a new file.
    pub(crate) fn create(path: impl AsRef<Path>) -> Self {
        let connection = Connection::open(path).expect("a fresh folder can be written");
        connection
            .execute_batch(include_str!("../../../src/store/migrations/1.sql"))
            .expect("the tables are new");
        for (name, value) in [("application_id", APPLICATION), ("user_version", 1)] {
            connection
                .pragma_update(None, name, value)
                .expect("the file can be written");
        }
        // Nothing is to survive a loss of power.
        connection
            .pragma_update(None, "synchronous", "off")
            .expect("it is a setting of the connection");
        Self(connection)
    }

    /// Adds a valid and signed notification, and returns its number.
    pub(crate) fn add(&self, received_at: &str, body: &str) -> u64 {
        let outline: Value = serde_json::from_str(body).unwrap_or_default();
        let events: Vec<Value> = outline["events"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|event| {
                let (event, user) = (&event["header"]["event"], &event["header"]["user"]);
                json!({
                    "eid": event["eid"],
                    "name": event["name"],
                    "id_user": user["id_user"],
                    "id_external": user["id_external"],
                })
            })
            .collect();
        let at: Timestamp = received_at.parse().expect("it is RFC 3339");
        self.execute(
            "INSERT INTO notifications
                 (received_at, rid, environment, version, events, verdict, body_binding, valid, answered)
             VALUES (?1, ?2, 'sandbox', 'v3', ?3, 'valid', 'bound', 1, 200)",
            params![
                at.as_millisecond(),
                outline["rid"].as_str(),
                Value::Array(events).to_string()
            ],
        );
        let id = self.0.last_insert_rowid();
        let headers = json!([
            ["content-type", "application/json"],
            ["request-signature", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"],
            ["x-shout", "a\u{1b}[31m"],
        ]);
        self.execute(
            "INSERT INTO requests VALUES (?1, 'POST', '/hook?x=1', ?2, ?3)",
            params![id, headers.to_string(), body.as_bytes()],
        );
        id.unsigned_abs()
    }

    /// Changes a column of a notification.
    pub(crate) fn set(&self, id: u64, column: &str, value: impl ToSql) {
        self.execute(
            &format!("UPDATE notifications SET {column} = ?2 WHERE id = ?1"),
            params![id, value],
        );
    }

    /// Adds a delivery with one attempt for each of these outcomes: a status, or why there is none.
    pub(crate) fn deliver(&self, id: u64, target: &str, state: &str, outcomes: &[Value]) {
        let number: u32 = self
            .0
            .query_row(
                "SELECT count(*) + 1 FROM deliveries WHERE notification = ?1",
                [id],
                |row| row.get(0),
            )
            .expect("there is a table of deliveries");
        let last = outcomes.last().cloned().unwrap_or_default();
        self.execute(
            "INSERT INTO deliveries (notification, number, target, state, attempts, status, error)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id,
                number,
                target,
                state,
                outcomes.len() as u64,
                last.as_u64(),
                last.as_str()
            ],
        );
        for (attempt, outcome) in (1u32..).zip(outcomes) {
            let answer = outcome.is_u64().then(|| {
                json!({ "headers": [["x-app", "a\u{202e}"]], "body": "first\nsecond\u{7}\n" })
                    .to_string()
            });
            self.execute(
                "INSERT INTO attempts VALUES (?1, ?2, ?3, 1767323046000, ?4, ?5, ?6, 1.5, ?7)",
                params![
                    id,
                    number,
                    attempt,
                    format!("http://{target}/hook?x=1"),
                    outcome.as_u64(),
                    outcome.as_str(),
                    answer
                ],
            );
        }
    }

    /// Opens the file, which must be there.
    #[track_caller]
    pub(crate) fn open(path: impl AsRef<Path>) -> Self {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(path, flags).expect("the history is there");
        connection
            .busy_timeout(Duration::from_secs(30))
            .expect("it is open");
        Self(connection)
    }

    /// What is found, each row an array.
    #[track_caller]
    pub(crate) fn rows(&self, sql: &str) -> Vec<Value> {
        let mut select = self.0.prepare(sql).expect("the statement is right");
        let columns = select.column_count();
        let rows = select.query_map([], |row| {
            let values = (0..columns).map(|column| row.get_ref(column).map(json));
            values.collect::<rusqlite::Result<Vec<Value>>>()
        });
        let rows = rows.expect("the statement is right");
        rows.map(|row| Value::from(row.expect("the file is whole")))
            .collect()
    }

    /// The one number that is found.
    #[track_caller]
    pub(crate) fn count(&self, sql: &str) -> u64 {
        self.0
            .query_row(sql, [], |row| row.get(0))
            .expect("the statement is right")
    }

    /// Changes it.
    #[track_caller]
    pub(crate) fn change(&self, sql: &str) {
        self.0.execute_batch(sql).expect("the statement is right");
    }

    /// Fails when the file is damaged.
    #[track_caller]
    pub(crate) fn check(&self) {
        assert_eq!(
            self.rows("PRAGMA integrity_check"),
            [serde_json::json!(["ok"])]
        );
    }

    fn execute(&self, sql: &str, values: &[&dyn ToSql]) {
        self.0.execute(sql, values).expect("the row is well formed");
    }
}

fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => bytes.into(),
    }
}
