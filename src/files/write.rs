//! A file that is there whole or not at all.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// Writes a file for its owner alone (mode 0600), survives a loss of power, and never shows half of it.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    prepare(folder, content)?.persist(path)?;
    sync(folder)
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

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The whole content on the disk, still without a name.
fn prepare(folder: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new_in(folder).map_err(without_path)?;
    file.write_all(content).map_err(without_path)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The error alone: `tempfile` adds the path of the temporary file, which means nothing to anybody.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn without_path(error: io::Error) -> io::Error {
    error.kind().into()
}

/// Makes a new name in a folder survive a loss of power, where the system can.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
