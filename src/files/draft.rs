//! A file that is written piece by piece, and is there whole or not at all.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::write::{create, folder_of, is_special, sync, target_of};

/// A file that is being written, for its owner alone (mode 0600). Dropped before it is kept, it leaves nothing behind.
pub(crate) struct Draft {
    path: PathBuf,
    replaces: bool,
    file: Growing,
}

enum Growing {
    /// Without its name yet.
    Unnamed(BufWriter<File>, TempPath),
    /// A pipe or a device, which takes the content as it comes.
    Special(BufWriter<File>),
}

impl Draft {
    /// Begins a file, in place of what is there where it `replaces` that.
    ///
    /// # Errors
    ///
    /// When it cannot be made, or something is there that it does not replace ([`io::ErrorKind::AlreadyExists`]).
    pub(crate) fn begin(path: &Path, replaces: bool) -> io::Result<Self> {
        let file = if is_special(path) {
            let file = OpenOptions::new().write(true).open(path)?;
            Growing::Special(BufWriter::new(file))
        } else if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        } else if !replaces && path.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        } else {
            // The temporary file adds its path, which means nothing to anybody, to the errors of what is written through it.
            let (file, unnamed) = create(folder_of(&target_of(path)))?.into_parts();
            Growing::Unnamed(BufWriter::new(file), unnamed)
        };
        Ok(Self {
            path: path.to_owned(),
            replaces,
            file,
        })
    }

    /// Gives the file the owner and the permissions that another has.
    ///
    /// # Errors
    ///
    /// When it cannot have that owner or these permissions.
    pub(super) fn dress_as(&self, other: &Metadata) -> io::Result<()> {
        let (Growing::Unnamed(file, _) | Growing::Special(file)) = &self.file;
        let file = file.get_ref();
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, fchown};
            let made = file.metadata()?;
            if (made.uid(), made.gid()) != (other.uid(), other.gid()) {
                fchown(file, Some(other.uid()), Some(other.gid()))?;
            }
        }
        file.set_permissions(other.permissions())
    }

    /// Adds a piece.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (Growing::Unnamed(file, _) | Growing::Special(file)) = &mut self.file;
        file.write_all(bytes)
    }

    /// Gives the file its name, and returns once it would survive a loss of power.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or something has come to be there in the meantime.
    pub(crate) fn keep(self) -> io::Result<()> {
        match self.file {
            Growing::Special(mut file) => file.flush(),
            Growing::Unnamed(file, unnamed) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.sync_all()?;
                let path = target_of(&self.path);
                if self.replaces {
                    unnamed.persist(&path)?;
                } else {
                    unnamed.persist_noclobber(&path)?;
                }
                sync(folder_of(&path))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        let mut draft = Draft::begin(&path, false).unwrap();
        draft.write(b"one ").unwrap();
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        let mut draft = Draft::begin(&path, false).unwrap();
        draft.write(b"one ").unwrap();
        draft.write(b"two").unwrap();
        assert!(!path.exists());
        draft.keep().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one two");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_there_stays_unless_it_is_to_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        fs::write(&path, "old").unwrap();
        let kind = |begun: io::Result<Draft>| begun.err().map(|error| error.kind());
        assert_eq!(
            kind(Draft::begin(&path, false)),
            Some(io::ErrorKind::AlreadyExists)
        );
        assert_eq!(
            kind(Draft::begin(folder.path(), true)),
            Some(io::ErrorKind::IsADirectory)
        );
        let mut draft = Draft::begin(&path, true).unwrap();
        draft.write(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        draft.keep().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn what_came_in_between_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        let draft = Draft::begin(&path, false).unwrap();
        fs::write(&path, "other").unwrap();
        let error = draft.keep().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"other");
    }
}
