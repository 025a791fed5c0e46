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
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes a new name in a folder survive a loss of power, where the system can.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
