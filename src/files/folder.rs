//! A folder with one capture file for each notification.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::write::{probe, write, write_new};

/// A folder with one capture file for each notification.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// Longer event names are cut in file names.
const LONGEST_NAME: usize = 60;

/// From here on numbers are not exact in every reader of JSON: no capture has one, whatever a file is called.
const ABSURD: u64 = 1 << 53;

impl Folder {
    /// The folder, which is made when it is not there, and the highest number of a capture in it.
    ///
    /// # Errors
    ///
    /// When it cannot be made or read, or takes no files.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, u64)> {
        fs::create_dir_all(path)?;
        probe(path)?;
        let mut highest = 0;
        for entry in fs::read_dir(path)? {
            let name = entry?.file_name();
            let number = name
                .to_str()
                .and_then(|name| name.split_once('-'))
                .and_then(|(number, _)| number.parse().ok())
                .filter(|number| *number < ABSURD);
            highest = highest.max(number.unwrap_or(0));
        }
        Ok((Self(path.to_owned()), highest))
    }

    /// Saves a capture under its number and the name of its event, and returns once it would survive a loss of power.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or another one has this number and name ([`io::ErrorKind::AlreadyExists`]): that is
    /// left alone.
    pub(crate) fn save(&self, id: u64, event: &str, capture: &[u8]) -> io::Result<()> {
        write_new(&self.path(id, event), capture)
    }

    /// The same, in place of what is there.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn replace(&self, id: u64, event: &str, capture: &[u8]) -> io::Result<()> {
        write(&self.path(id, event), capture)
    }

    /// The file of the capture with this number and the name of its event.
    pub(crate) fn path(&self, id: u64, event: &str) -> PathBuf {
        let safe = |character: char| {
            if character.is_ascii_alphanumeric() || ".-_".contains(character) {
                character
            } else {
                '_'
            }
        };
        let event: String = event.chars().map(safe).take(LONGEST_NAME).collect();
        self.0.join(format!("{id:06}-{event}.json"))
    }
}
