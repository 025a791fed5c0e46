//! A file that is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// Writes a file for its owner alone (mode 0600), survives a loss of power, and never shows half of it.
///
/// A link stays, and what it leads to is written; a pipe or a device takes the content as it is.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if is_special(path) {
        return OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(content);
    }
    let path = &target_of(path);
    let folder = folder_of(path);
    prepare(folder, content)?.persist(path)?;
    sync(folder)
}

/// Where a link leads, which need not be there yet; else the path itself.
pub(super) fn target_of(path: &Path) -> PathBuf {
    let read = || fs::read_link(path).map(|target| folder_of(path).join(target));
    let target = fs::canonicalize(path).or_else(|_| read());
    target.unwrap_or_else(|_| path.to_owned())
}

/// Whether this is a pipe, a device or a socket: replacing it would take it away from everybody else.
pub(crate) fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Makes sure that a file can be written later.
///
/// # Errors
///
/// When it cannot.
pub(crate) fn probe_file(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if is_special(path) {
        return Ok(());
    }
    probe(folder_of(&target_of(path)))
}

/// Takes a file away again, unless somebody else has written to it since. A link, a pipe and a device stay.
pub(crate) fn take_back(path: &Path, content: &[u8]) {
    let path = &target_of(path);
    if !is_special(path) && fs::read(path).is_ok_and(|found| found == content) {
        // It may be gone already.
        let _ = fs::remove_file(path);
    }
}

/// Makes sure that files can be made in a folder.
///
/// # Errors
///
/// When they cannot.
pub(crate) fn probe(folder: &Path) -> io::Result<()> {
    create(folder).map(drop)
}

/// The same, and leaves what is there already alone.
///
/// # Errors
///
/// When it cannot be written, or something is there ([`io::ErrorKind::AlreadyExists`]).
pub(crate) fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    // Looked up first: it is cheaper than to write in vain. What comes in between is noticed all the same.
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    prepare(folder, content)?.persist_noclobber(path)?;
    sync(folder)
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The whole content on the disk, still without a name.
fn prepare(folder: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = create(folder)?;
    file.as_file_mut().write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A temporary file. Its errors are the system's own: `tempfile` adds a path to them that means nothing to anybody.
pub(super) fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut cause = None;
    let open = |path: &Path| {
        let opened = options.open(path);
        opened.inspect_err(|error| cause = error.raw_os_error())
    };
    let created = Builder::new().make_in(folder, open);
    created.map_err(|error| cause.map_or(error.kind().into(), io::Error::from_raw_os_error))
}

/// Makes a new name in a folder survive a loss of power, where the system can.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
