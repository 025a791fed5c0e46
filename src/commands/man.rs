//! `man`: writes the manual pages into a folder.

use std::fs;
use std::path::PathBuf;

use crate::exit::ExitStatus;
use crate::report::Report;

/// What to write, and where.
pub struct Options {
    /// The folder, made when it is not there.
    pub directory: PathBuf,
    /// The pages.
    pub pages: Vec<Page>,
}

/// One manual page.
pub struct Page {
    /// Its file name.
    pub file: String,
    /// Its roff text.
    pub text: Vec<u8>,
}

/// Writes the pages.
///
/// # Errors
///
/// When the folder cannot be made or a page cannot be written.
pub fn run(options: &Options) -> Result<ExitStatus, Report> {
    let cannot = |error| {
        Report::new(
            "write-failed",
            format!("cannot write to `{}`: {error}", options.directory.display()),
        )
    };
    fs::create_dir_all(&options.directory).map_err(cannot)?;
    for page in &options.pages {
        fs::write(options.directory.join(&page.file), &page.text).map_err(cannot)?;
    }
    Ok(ExitStatus::Yes)
}
