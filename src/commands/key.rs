//! `key`: makes keys, and describes them without showing them.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Context;
use super::keys::{self, KeySources};
use crate::domain::activity::Activity;
use crate::domain::signature::{Algorithm, Key};
use crate::exit::ExitStatus;
use crate::files;
use crate::report::Report;

/// What `key new` is to make.
pub struct NewOptions {
    /// The algorithm that the key is for.
    pub algorithm: Algorithm,
    /// Its id.
    pub kid: Option<String>,
    /// Where it goes; standard output unless there is a file.
    pub output: Option<PathBuf>,
    /// Whether the file may be there already.
    pub replace: bool,
}

/// What `key show` is to describe.
pub struct ShowOptions {
    /// The keys.
    pub keys: KeySources,
    /// Whether to print the keys themselves.
    pub reveal: bool,
}

/// Makes a key.
///
/// # Errors
///
/// When there is no randomness, or the file is there already or cannot be written.
pub fn generate(options: &NewOptions, context: &mut Context) -> Result<ExitStatus, Report> {
    let mut secret = Zeroizing::new(vec![0; options.algorithm.key_bytes()]);
    getrandom::fill(&mut secret)
        .map_err(|error| Report::new("random-failed", error.to_string()))?;
    let mut text = Key::generate(&secret, options.algorithm, options.kid.as_deref());
    text.push('\n');
    let Some(path) = &options.output else {
        context.ui.data(text.as_bytes())?;
        return Ok(ExitStatus::Yes);
    };
    save(path, text.as_bytes(), options.replace)?;
    let name = path.display().to_string();
    let key = Key::parse(text.as_bytes(), name.as_str())?;
    context.ui.show(&Activity::Key(key.describe()))?;
    context.ui.flush()?;
    context.ui.note(&format!(
        "\nUse it with `--key-file {name}`, and keep it out of version control\n"
    ));
    Ok(ExitStatus::Yes)
}

fn save(path: &Path, text: &[u8], replace: bool) -> Result<(), Report> {
    let name = path.display();
    // What a pipe or a device did not keep, nobody could use.
    if files::is_special(path) || path.is_dir() {
        let message = format!("`{name}` is not a file that a key can be written to");
        return Err(Report::new("write-failed", message).hint("name another file"));
    }
    let written = if replace {
        files::write(path, text)
    } else {
        files::write_new(path, text)
    };
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Report::new("file-exists", format!("`{name}` is there already"))
                .hint("name another file, or replace it with `--force`: the key in it is lost then")
        }
        io::ErrorKind::NotFound => Report::new(
            "write-failed",
            format!("cannot write `{name}`: its folder is not there"),
        ),
        _ => Report::new("write-failed", format!("cannot write `{name}`: {error}")),
    })
}

/// Describes the configured keys, or prints them where that was asked for.
///
/// # Errors
///
/// When there is no key, or one cannot be read or understood.
pub fn show(options: ShowOptions, context: &mut Context) -> Result<ExitStatus, Report> {
    let ring = keys::load(options.keys)?;
    if ring.is_empty() {
        return Err(keys::missing());
    }
    for key in ring.iter() {
        if options.reveal {
            keys::warn_if_ambiguous(key, context)?;
            let mut text = key.to_jwk();
            text.push('\n');
            context.ui.data(text.as_bytes())?;
        } else {
            context.ui.show(&Activity::Key(key.describe()))?;
        }
    }
    Ok(ExitStatus::Yes)
}
