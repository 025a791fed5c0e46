//! A history, read and changed behind the back of the program.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::Value;

/// A history.
pub(crate) struct Store(Connection);

impl Store {
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
