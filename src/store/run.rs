//! The runs of `listen` that use one history: which of them live, and who sees to the deliveries of those that do not.
//!
//! A run lives as long as it holds the lock on a file beside the history. The system takes the lock away however the
//! run ended, so what a killed one left behind can be told from what a living one is still about to do.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use super::database::beside;

/// This run of `listen`.
pub(super) struct Run {
    pub(super) id: u64,
    lock_file: PathBuf,
    /// Held until the end.
    _lock: File,
}

impl Run {
    /// Enters a new run. It lives from before the transaction is committed.
    pub(super) fn begin(
        transaction: &Transaction<'_>,
        path: &Path,
        now: Timestamp,
    ) -> io::Result<rusqlite::Result<Self>> {
        let insert = "INSERT INTO runs (started_at) VALUES (?1)";
        if let Err(error) = transaction.execute(insert, [now.as_millisecond()]) {
            return Ok(Err(error));
        }
        let id = transaction.last_insert_rowid().unsigned_abs();
        let lock_file = lock_file(path, id);
        let lock = open(&lock_file, true)?;
        lock.lock()?;
        Ok(Ok(Self {
            id,
            lock_file,
            _lock: lock,
        }))
    }

    /// The other runs that live. What is left of the others is taken away.
    pub(super) fn others(
        &self,
        transaction: &Transaction<'_>,
        path: &Path,
    ) -> rusqlite::Result<Vec<u64>> {
        let mut select = transaction.prepare("SELECT id FROM runs WHERE id <> ?1")?;
        let runs = select.query_map([self.id], |row| row.get(0))?;
        let mut living = Vec::new();
        for run in runs {
            let run = run?;
            if lives(&lock_file(path, run)) {
                living.push(run);
            } else {
                transaction.execute("DELETE FROM runs WHERE id = ?1", params![run])?;
            }
        }
        Ok(living)
    }
}

/// Whether a run lives.
pub(super) fn some_live(connection: &Connection, path: &Path) -> rusqlite::Result<bool> {
    let mut select = connection.prepare("SELECT id FROM runs")?;
    let runs = select.query_map([], |row| row.get(0))?;
    let runs: Vec<u64> = runs.collect::<rusqlite::Result<_>>()?;
    Ok(runs.into_iter().any(|run| lives(&lock_file(path, run))))
}

impl Drop for Run {
    fn drop(&mut self) {
        // Whoever comes next takes away what is left.
        let _ = fs::remove_file(&self.lock_file);
    }
}

/// Beside the file itself, by whatever way it was reached: the runs of one history must find each other.
fn lock_file(path: &Path, run: u64) -> PathBuf {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    beside(&path, &format!("-run-{run}"))
}

fn open(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(create);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether somebody holds the lock, or may hold it: what a living run is about to do must never be done by another. The
/// file of one that nobody holds is taken away.
fn lives(path: &Path) -> bool {
    let file = match open(path, false) {
        Ok(file) => file,
        Err(error) => return error.kind() != io::ErrorKind::NotFound,
    };
    let is_free = file.try_lock().is_ok();
    if is_free {
        // It is of no use to anybody.
        let _ = fs::remove_file(path);
    }
    !is_free
}
