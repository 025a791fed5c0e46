//! A file in which some texts are replaced by others, and every other byte stays; and standard input as such a file.
//!
//! What is in memory is one text. Refuses to know why a text is replaced.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::draft::Draft;
use super::source::{Item, STDIN, Source};
use super::write::is_special;
use crate::domain::explain::Explain;

/// How the files begin that are compressed, by their format.
const COMPRESSED: [(&str, &[u8]); 2] = [("gzip", b"\x1f\x8b"), ("zstd", b"\x28\xb5\x2f\xfd")];

/// A file in which texts are replaced. Nothing is written before the first of them, and the file stays as it is until
/// all are.
pub(crate) struct Rewrite {
    path: PathBuf,
    label: String,
    input: BufReader<File>,
    /// What the file was when it was opened.
    found: Metadata,
    /// How many lines of the input are behind.
    line: u64,
    draft: Option<Draft>,
}

/// Why a file cannot be rewritten. It is then as it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RewriteError {
    #[error("cannot change `{label}`: {error}")]
    Failed { label: String, error: io::Error },
    #[error("cannot change `{0}`: it is a pipe or a device")]
    Special(String),
    #[error("cannot change `{label}`: it is compressed ({format})")]
    Compressed { label: String, format: &'static str },
    #[error("cannot change `{0}`: it has other names (hard links), which would keep the old text")]
    Linked(String),
    #[error("cannot change `{label}`: the new file cannot have its owner and permissions: {error}")]
    Owned { label: String, error: io::Error },
    #[error("cannot change `{0}`: somebody else changed it at the same time")]
    Changed(String),
}

impl Explain for RewriteError {
    fn code(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "fix-failed",
            Self::Special(_) => "fix-special",
            Self::Compressed { .. } => "fix-compressed",
            Self::Linked(_) => "fix-linked",
            Self::Owned { .. } => "fix-owned",
            Self::Changed(_) => "fix-changed",
        }
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Failed { .. } => "it was left as it was",
            Self::Linked(_) => "it was left as it was; a copy of it has one name only",
            Self::Owned { .. } => "it was left as it was; run the command as its owner",
            Self::Special(_) => {
                "`-` takes standard input, and writes what is repaired to standard output"
            }
            Self::Compressed { .. } => {
                "decompress it first, or pipe it through: `zcat … | syncfy-hooks validate --fix -`"
            }
            Self::Changed(_) => "it was left as it is; run the command again",
        };
        vec![hint.into()]
    }
}

impl Rewrite {
    /// Opens a file, which is called `label` where something has to be said of it.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is no plain file, or is compressed.
    pub(crate) fn open(path: &Path, label: &str) -> Result<Self, RewriteError> {
        let failed = failed(label);
        if is_special(path) {
            return Err(RewriteError::Special(label.to_owned()));
        }
        let file = File::open(path).map_err(&failed)?;
        let mut rewrite = Self {
            path: path.to_owned(),
            label: label.to_owned(),
            found: file.metadata().map_err(&failed)?,
            input: BufReader::new(file),
            line: 0,
            draft: None,
        };
        let head = rewrite.input.fill_buf().map_err(&failed)?;
        match COMPRESSED.iter().find(|(_, magic)| head.starts_with(magic)) {
            Some((format, _)) => Err(RewriteError::Compressed {
                label: label.to_owned(),
                format,
            }),
            None => Ok(rewrite),
        }
    }

    /// Whether the file may be changed at all, as far as that can be told without a change.
    ///
    /// # Errors
    ///
    /// When it is read-only, or has other names.
    pub(crate) fn check(&self) -> Result<(), RewriteError> {
        changeable(&self.found, &self.label)
    }

    /// Puts `text` in the place of an item of the file, which comes after those that were replaced already.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written, or is not any more what the item was read from.
    pub(crate) fn replace(&mut self, item: &Item, text: &[u8]) -> Result<(), RewriteError> {
        let failed = failed(&self.label);
        let draft = match &mut self.draft {
            Some(draft) => draft,
            None => self
                .draft
                .insert(begin(&self.path, &self.found, &self.label)?),
        };
        let mut read = Vec::new();
        if item.is_whole {
            self.input.read_to_end(&mut read).map_err(&failed)?;
        }
        while !item.is_whole && self.line < item.line {
            draft.write(&read).map_err(&failed)?;
            read.clear();
            self.input.read_until(b'\n', &mut read).map_err(&failed)?;
            self.line += 1;
        }
        let Some(line_break) = read.strip_prefix(item.text.as_ref()) else {
            return Err(RewriteError::Changed(self.label.clone()));
        };
        draft.write(text).map_err(&failed)?;
        draft.write(line_break).map_err(&failed)
    }

    /// Writes the rest, and gives the new file the place of the old one, if there is anything new in it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written, or was written by somebody else since it was opened.
    pub(crate) fn keep(mut self) -> Result<(), RewriteError> {
        let failed = failed(&self.label);
        let Some(mut draft) = self.draft else {
            return Ok(());
        };
        pieces(&mut self.input, &failed, |piece| {
            draft.write(piece).map_err(&failed)
        })?;
        let now = self.path.metadata().map_err(&failed)?;
        if now.len() != self.found.len() || now.modified().ok() != self.found.modified().ok() {
            return Err(RewriteError::Changed(self.label));
        }
        // Not every system replaces a file that is open.
        drop(self.input);
        draft.keep().map_err(failed)
    }
}

fn failed(label: &str) -> impl Fn(io::Error) -> RewriteError + use<> {
    let label = label.to_owned();
    move |error| RewriteError::Failed {
        label: label.clone(),
        error,
    }
}

fn changeable(found: &Metadata, label: &str) -> Result<(), RewriteError> {
    // It could be replaced all the same, which whoever made it read-only did not have in mind.
    if found.permissions().readonly() {
        return Err(failed(label)(io::ErrorKind::PermissionDenied.into()));
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(found) > 1 {
        return Err(RewriteError::Linked(label.to_owned()));
    }
    Ok(())
}

fn begin(path: &Path, found: &Metadata, label: &str) -> Result<Draft, RewriteError> {
    changeable(found, label)?;
    let draft = Draft::begin(path, true).map_err(failed(label))?;
    draft.dress_as(found).map_err(|error| RewriteError::Owned {
        label: label.to_owned(),
        error,
    })?;
    Ok(draft)
}

/// All that standard input says, in a file of this program that goes with it.
pub(crate) struct Spool(NamedTempFile);

impl Spool {
    /// Reads to the end of standard input.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or there is no room for it.
    pub(crate) fn of_stdin() -> Result<Self, RewriteError> {
        let failed = failed(STDIN);
        let mut file = NamedTempFile::new().map_err(&failed)?;
        io::copy(&mut io::stdin().lock(), file.as_file_mut()).map_err(&failed)?;
        Ok(Self(file))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The same as a source of notifications.
    pub(crate) fn source(&self) -> Source {
        Source::Spool(self.path().to_owned())
    }

    /// Reads what it holds by now, piece by piece.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or a piece finds no taker.
    pub(crate) fn each_piece<E: From<RewriteError>>(
        &self,
        take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = failed(STDIN);
        // Under its name there may be another file by now.
        let mut input = BufReader::new(File::open(self.path()).map_err(&failed)?);
        pieces(&mut input, failed, take)
    }
}

/// Hands out the rest of a file piece by piece.
fn pieces<E: From<RewriteError>>(
    input: &mut impl BufRead,
    failed: impl Fn(io::Error) -> RewriteError,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    loop {
        let piece = input.fill_buf().map_err(&failed)?;
        if piece.is_empty() {
            return Ok(());
        }
        take(piece)?;
        let taken = piece.len();
        input.consume(taken);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::files::{Pace, items};

    #[test]
    fn what_somebody_else_writes_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ndjson");
        for (written, is_noticed_at_once) in [("{}\n[]\n{}\n", false), ("[]\n[]\n", true)] {
            fs::write(&path, "{}\n[]\n").unwrap();
            let mut rewrite = Rewrite::open(&path, "a").unwrap();
            let mut found = items(&[Source::Path(path.clone())], Pace::Exact).unwrap();
            let first = found.next().unwrap().unwrap();
            let begun = if is_noticed_at_once {
                Item {
                    text: "other".into(),
                    ..first
                }
            } else {
                first
            };
            let replaced = rewrite.replace(&begun, b"{1}");
            assert_eq!(replaced.is_err(), is_noticed_at_once);
            fs::write(&path, written).unwrap();
            let kept = replaced.and_then(|()| rewrite.keep());
            assert_eq!(kept.unwrap_err().code(), "fix-changed");
            assert_eq!(fs::read_to_string(&path).unwrap(), written);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }
}
