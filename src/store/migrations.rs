//! The format of the file, version by version. A file is brought forward one version at a time, never back.

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// What makes each version of the version before it; the first one makes an empty file.
const MIGRATIONS: [&str; 2] = [
    include_str!("migrations/1.sql"),
    include_str!("migrations/2.sql"),
];

/// The newest version.
pub(super) const NEWEST: u32 = 2;

const _: () = assert!(MIGRATIONS.len() == NEWEST as usize);

/// Brings the file forward to the newest version, all at once or not at all.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    // Nothing is written, and nobody waited for, when there is nothing to do.
    if version(connection)? == NEWEST {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let version = version(&transaction)?;
    for migration in MIGRATIONS.iter().skip(version as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", NEWEST)?;
    Transaction::commit(transaction)
}

/// The version that the file has; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
