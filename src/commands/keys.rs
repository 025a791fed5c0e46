//! Reads the JWT keys from where the user said they are.

use std::fs;
use std::io::{self, Read as _};

use crate::domain::signature::KeyRing;
use crate::report::Report;

/// Where the keys are, in the order in which they are to be tried.
#[derive(Default)]
pub struct KeySources(pub Vec<Place>);

impl KeySources {
    /// Whether standard input is one of the places.
    #[must_use]
    pub fn use_stdin(&self) -> bool {
        self.0.iter().any(|place| matches!(place, Place::Stdin))
    }
}

/// Where one key is.
pub enum Place {
    /// A file.
    File(String),
    /// Standard input.
    Stdin,
    /// An environment variable, already read.
    Variable {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: Vec<u8>,
    },
}

/// Longer files are no keys, in bytes.
const LONGEST: u64 = 1024 * 1024;

impl Place {
    /// The place that a user names: a file, or `-` for standard input.
    #[must_use]
    pub fn named(name: String) -> Self {
        if name == "-" {
            Self::Stdin
        } else {
            Self::File(name)
        }
    }

    fn label(&self) -> &str {
        match self {
            Self::File(name) => name,
            Self::Stdin => "-",
            Self::Variable { name, .. } => name,
        }
    }

    fn read(self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        match self {
            Self::File(name) => fs::File::open(name)?.take(LONGEST).read_to_end(&mut text)?,
            Self::Stdin => io::stdin().lock().take(LONGEST).read_to_end(&mut text)?,
            Self::Variable { value, .. } => return Ok(value),
        };
        Ok(text)
    }
}

/// Reads and understands all keys. No key at all is no error here.
///
/// # Errors
///
/// When a key cannot be read or understood.
pub fn load(sources: KeySources) -> Result<KeyRing, Report> {
    let mut ring = KeyRing::default();
    for place in sources.0 {
        let label = place.label().to_owned();
        let pasted = place.read().map_err(|error| unreadable(&label, &error))?;
        ring.add_pasted(&pasted, label.as_str()).map_err(|error| {
            Report::from(error).about(&format!("the key in `{label}` cannot be used"))
        })?;
    }
    Ok(ring)
}

/// What to say where a key is needed and none was given.
pub(crate) fn missing() -> Report {
    Report::new("no-key", "no key was given")
        .hint("give one with `--key-file FILE`")
        .hint("or set `SYNCFY_HOOKS_KEY` or `SYNCFY_WEBHOOK_SIGNATURE_KEY` to the key")
        .hint("or make one with `syncfy-hooks key new --output syncfy.jwk`")
}

fn unreadable(label: &str, error: &io::Error) -> Report {
    let report = Report::new(
        "key-unreadable",
        format!("cannot read the key file `{label}`: {error}"),
    );
    match error.kind() {
        io::ErrorKind::NotFound => report.hint(
            "make one with `syncfy-hooks key new`, or save the key that the Syncfy dashboard shows",
        ),
        _ => report,
    }
}
