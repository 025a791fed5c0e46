//! The file: where it is, how it is opened, and what must be right before anything is written to it.

use std::fs::{self, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::migrations::{self, NEWEST};

/// What a SQLite file that is one of ours calls itself: `sync`, in ASCII.
const APPLICATION: u32 = 0x7379_6e63;

/// The bytes of a page: several requests fit in one, with little room left over.
const PAGE: u32 = 8192;

/// So long the log stays when it begins anew.
const LOG_LEFT: u32 = 64 * 1024 * 1024;

/// How a file is opened that must be there.
const READ_WRITE: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// How long to wait while another process writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a commit survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A loss of power.
    Full,
    /// The death of the process.
    Normal,
}

/// Where the history is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub path: PathBuf,
    /// Whether its folder may be made.
    pub is_default: bool,
}

/// Opens the file for writing, makes it where there is none, and brings it forward to the newest version.
pub(super) fn open(location: &Location, durability: Durability) -> Result<Connection, StoreError> {
    let path = &location.path;
    prepare(location)?;
    let failed = |error: &rusqlite::Error| StoreError::of(path, error);
    let mut connection = connect(path, READ_WRITE)?;
    match check(&connection, path)? {
        0 => {
            restrict(path).map_err(|error| unopened(path, error))?;
            begin(&connection).map_err(|error| failed(&error))?;
        }
        _ if connection.is_readonly("main").unwrap_or(true) => {
            return Err(StoreError::ReadOnly(path.clone()));
        }
        _ => {}
    }
    let configure = |connection: &mut Connection| {
        connection.pragma_update(None, "journal_mode", "wal")?;
        let synchronous = match durability {
            Durability::Full => "full",
            Durability::Normal => "normal",
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        // Checkpoints are made when nobody waits for them.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "journal_size_limit", LOG_LEFT)?;
        migrations::migrate(connection)
    };
    configure(&mut connection).map_err(|error| failed(&error))?;
    Ok(connection)
}

/// Keeps others from reading what is going to be in the file, whoever made it.
fn restrict(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Makes an empty file one of ours.
fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update(None, "application_id", APPLICATION)
}

/// Opens the file for reading, and brings it forward to the newest version. It must be there.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let connection = open_as_it_is(path)?;
    known(&connection, path)?;
    Ok(connection)
}

/// Opens the file for reading, whatever its version, and changes nothing. It must be there.
pub(super) fn open_as_it_is(path: &Path) -> Result<Connection, StoreError> {
    match fs::metadata(path) {
        Ok(found) => kind(path, &found)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(StoreError::Missing(path.to_owned()));
        }
        Err(error) => return Err(unopened(path, error)),
    }
    // Only who may write can take the log away that reading makes; others can make none.
    let mut connection = connect(path, READ_WRITE)?;
    let can_write = !connection.is_readonly("main").unwrap_or(true);
    let is_at_rest = || !beside(path, "-wal").exists();
    let as_it_is = match check(&connection, path) {
        // Nobody writes to a file without a log in a folder that takes none: it can be read as it is.
        Err(StoreError::Failed { .. } | StoreError::ReadOnly(_)) => is_at_rest(),
        Err(error) => return Err(error),
        Ok(_) => !can_write && is_at_rest(),
    };
    if as_it_is {
        let uri = format!("file:{}?immutable=1", percent_encoded(path));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        connection = connect(Path::new(&uri), flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    }
    connection
        .pragma_update(None, "query_only", true)
        .map_err(|error| StoreError::of(path, &error))?;
    Ok(connection)
}

/// A path beside the file whose name ends in this.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags)
        .and_then(|connection| connection.busy_timeout(PATIENCE).map(|()| connection));
    connection.map_err(|error| StoreError::of(path, &error))
}

/// Makes the file, for its owner only, where there is none.
fn prepare(location: &Location) -> Result<(), StoreError> {
    let path = &location.path;
    if let Ok(found) = fs::metadata(path) {
        return kind(path, &found);
    }
    if location.is_default
        && let Some(folder) = path.parent()
    {
        make_folder(folder).map_err(|error| unopened(path, error))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unopened(path, error)),
    }
}

/// Refuses what is no file.
fn kind(path: &Path, found: &Metadata) -> Result<(), StoreError> {
    match found.file_type() {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(StoreError::Folder(path.to_owned())),
        _ => Err(StoreError::Special(path.to_owned())),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unopened(path: &Path, error: io::Error) -> StoreError {
    StoreError::Unopened {
        path: path.to_owned(),
        error,
    }
}

/// The version of the file, 0 for an empty one, once it is known to be one of ours. Changes nothing.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    let read = || {
        // All at one moment: another process may be about to begin the same file.
        let moment = connection.unchecked_transaction()?;
        let application: u32 =
            moment.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version = migrations::version(&moment)?;
        let count = "SELECT count(*) FROM sqlite_schema";
        let tables: u32 = moment.query_row(count, [], |row| row.get(0))?;
        Ok((application, version, tables))
    };
    let (application, version, tables) = read().map_err(|error| StoreError::of(path, &error))?;
    match (application, version) {
        (APPLICATION, found) if found > NEWEST => Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: NEWEST,
        }),
        (APPLICATION, version) => Ok(version),
        (0, 0) if tables == 0 => Ok(0),
        _ => Err(StoreError::Foreign(path.to_owned())),
    }
}

/// Refuses a file that has nothing to read, or not yet in the newest version: it cannot be brought forward by reading.
fn known(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match check(connection, path)? {
        NEWEST => Ok(()),
        0 => Err(StoreError::Missing(path.to_owned())),
        found => {
            let location = Location {
                path: path.to_owned(),
                is_default: false,
            };
            // What cannot be written to cannot be brought forward either.
            open(&location, Durability::Full)
                .map(drop)
                .map_err(|error| match error {
                    StoreError::ReadOnly(path) | StoreError::Unopened { path, .. } => {
                        StoreError::Older { path, found }
                    }
                    error => error,
                })
        }
    }
}

/// The path as it stands in a URI.
fn percent_encoded(path: &Path) -> String {
    let path = path.to_string_lossy();
    let mut encoded = String::with_capacity(path.len());
    for character in path.chars() {
        match character {
            '%' => encoded += "%25",
            '?' => encoded += "%3f",
            '#' => encoded += "%23",
            other => encoded.push(other),
        }
    }
    encoded
}
