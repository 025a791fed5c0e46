//! Why the history cannot be used, told so that a user knows what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::domain::explain::Explain;

/// Why the history cannot be used. Whatever it is, nothing was overwritten.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("cannot open the history `{}`: {error}", path.display())]
    Unopened { path: PathBuf, error: io::Error },
    #[error("there is no history at `{}`", .0.display())]
    Missing(PathBuf),
    #[error("`{}` is a folder, and the history is a file", .0.display())]
    Folder(PathBuf),
    #[error("`{}` is no regular file, and the history needs one", .0.display())]
    Special(PathBuf),
    #[error("`{}` is not a history of syncfy-hooks", .0.display())]
    Foreign(PathBuf),
    #[error(
        "the history `{}` has format {found}, and this version of `syncfy-hooks` knows formats up to {known}",
        path.display()
    )]
    Newer {
        path: PathBuf,
        found: u32,
        known: u32,
    },
    #[error(
        "the history `{}` has the older format {found}, and cannot be written to so as to bring it forward",
        path.display()
    )]
    Older { path: PathBuf, found: u32 },
    #[error("the history `{}` is damaged: {detail}", path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("the history `{}` cannot be written to", .0.display())]
    ReadOnly(PathBuf),
    #[error("there is no space left for the history `{}`", .0.display())]
    Full(PathBuf),
    #[error("another program holds the history `{}`", .0.display())]
    Busy(PathBuf),
    #[error("the history `{}` failed: {detail}", path.display())]
    Failed { path: PathBuf, detail: String },
    #[error("no notification in the history has the id `{0}`")]
    NotFound(String),
    #[error(
        "`{typed}` is the beginning of several ids in the history: {}",
        among(ids)
    )]
    Ambiguous { typed: String, ids: Vec<u64> },
}

impl StoreError {
    /// What an error of the database means for the user of this file.
    pub(super) fn of(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign(path),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, detail },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::ReadOnly(path)
            }
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            None if is_unreadable(error) => Self::Damaged { path, detail },
            _ => Self::Failed { path, detail },
        }
    }
}

/// Whether a value in a row is none that we wrote.
fn is_unreadable(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
    )
}

/// The first of several ids, as a user would type them.
fn among(ids: &[u64]) -> String {
    let shown: Vec<String> = ids.iter().take(5).map(u64::to_string).collect();
    let more = if ids.len() > shown.len() { ", …" } else { "" };
    shown.join(", ") + more
}

impl Explain for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unopened { .. } => "store-unopened",
            Self::Missing(_) => "store-missing",
            Self::Folder(_) => "store-is-folder",
            Self::Special(_) => "store-is-special",
            Self::Foreign(_) => "store-foreign",
            Self::Newer { .. } => "store-newer",
            Self::Older { .. } => "store-older",
            Self::Damaged { .. } => "store-damaged",
            Self::ReadOnly(_) => "store-read-only",
            Self::Full(_) => "store-full",
            Self::Busy(_) => "store-busy",
            Self::Failed { .. } => "store-failed",
            Self::NotFound(_) => "id-not-found",
            Self::Ambiguous { .. } => "id-ambiguous",
        }
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Special(_) | Self::Unopened { .. } | Self::ReadOnly(_) => {
                "name a file that can be written with `--store FILE`; `listen --no-store` keeps no history"
            }
            Self::Missing(_) => {
                "`syncfy-hooks listen` begins one; name another file with `--store FILE`"
            }
            Self::Folder(path) => {
                let file = path.join("history.db");
                return vec![format!(
                    "name a file in it, such as `--store {}`",
                    file.display()
                )];
            }
            Self::Foreign(_) => "nothing was changed; name another file with `--store FILE`",
            Self::Newer { .. } => "update `syncfy-hooks`, or name another file with `--store FILE`",
            Self::Older { .. } => {
                "copy it to where it can be written, and name the copy with `--store FILE`"
            }
            Self::Damaged { .. } => {
                "move the file away to begin a new history; `sqlite3 FILE .recover` reads what can be saved of the old one"
            }
            Self::Full(_) => "free some space, or make room with `syncfy-hooks history prune`",
            Self::Busy(_) => "see which program has the file open, and try again",
            Self::Failed { .. } => "see whether there is space left, and whether the disk is sound",
            Self::NotFound(_) => {
                "`syncfy-hooks history list` shows the ids; those of pruned notifications are gone"
            }
            Self::Ambiguous { .. } => "type more of it, or a sequence number",
        };
        vec![hint.into()]
    }
}
