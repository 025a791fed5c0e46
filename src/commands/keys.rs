//! Reads the JWT keys from where the user said they are.

use std::fs;
use std::io::{self, Read as _};

use zeroize::Zeroizing;

use super::Context;
use crate::domain::activity::Warning;
use crate::domain::notification::Environment;
use crate::domain::signature::{
    Algorithm, Key, KeyRing, KeySource, Policy, Secret, looks_like_a_key,
};
use crate::report::Report;

/// Where the keys are, in the order in which they are to be tried.
#[derive(Default)]
pub struct KeySources(pub Vec<KeyPlace>);

impl KeySources {
    /// Whether standard input is one of the places.
    #[must_use]
    pub fn use_stdin(&self) -> bool {
        let is_stdin = |key: &KeyPlace| matches!(key.place, Place::Stdin);
        self.0.iter().any(is_stdin)
    }
}

/// How signatures are checked.
pub struct Checks {
    /// Where the keys are.
    pub keys: KeySources,
    /// The headers that may carry the token. None stands for the known ones.
    pub headers: Vec<String>,
    /// What a token must hold to.
    pub policy: Policy,
}

/// Where one key is, and which environment it is for, where only one.
pub struct KeyPlace {
    /// Where it is.
    pub place: Place,
    /// The environment.
    pub environment: Option<Environment>,
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
        value: Secret,
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

    fn read(self) -> io::Result<Secret> {
        // Large enough for any key, so that no smaller copy is left behind.
        let mut text = Zeroizing::new(Vec::with_capacity(16 * 1024));
        match self {
            Self::File(name) => {
                let file = fs::File::open(name)?;
                let length = file.metadata()?.len().min(LONGEST);
                text.reserve(usize::try_from(length).unwrap_or_default());
                file.take(LONGEST + 1).read_to_end(&mut text)?
            }
            Self::Stdin => io::stdin()
                .lock()
                .take(LONGEST + 1)
                .read_to_end(&mut text)?,
            Self::Variable { value, .. } => return Ok(value),
        };
        let secret = Secret::new(text);
        if secret.len() as u64 > LONGEST {
            let what = "it is larger than any key (1 MiB)";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        Ok(secret)
    }
}

/// Reads and understands all keys. No key at all is no error here.
///
/// # Errors
///
/// When a key cannot be read or understood.
pub fn load(sources: KeySources) -> Result<KeyRing, Report> {
    let mut ring = KeyRing::default();
    for KeyPlace { place, environment } in sources.0 {
        let label = place.label().to_owned();
        let pasted = place.read().map_err(|error| unreadable(&label, &error))?;
        let source = KeySource::from(label.as_str()).limited_to(environment);
        ring.add_pasted(pasted.expose(), source).map_err(|error| {
            Report::from(error).about(&format!("the key in `{label}` cannot be used"))
        })?;
    }
    Ok(ring)
}

/// Warns of a text that can mean several keys, where only the first of them is used.
///
/// # Errors
///
/// When the warning cannot be written.
pub(crate) fn warn_if_ambiguous(key: &Key, context: &mut Context) -> Result<(), Report> {
    let shapes: Vec<String> = key
        .readings()
        .map(|reading| format!("`{}`", reading.shape()))
        .collect();
    let [first, others @ ..] = shapes.as_slice() else {
        return Ok(());
    };
    if others.is_empty() {
        return Ok(());
    }
    Ok(context.ui.caution(Warning {
        code: "key-ambiguous",
        message: format!(
            "`{}`: it is taken for {first} here, and could be {} as well",
            key.source(),
            others.join(" or ")
        ),
        hints: vec!["begin the key with `text:`, `hex:` or `base64:` to say which it is".into()],
    })?)
}

/// Warns of a key that is smaller than the algorithm wants it.
///
/// # Errors
///
/// When the warning cannot be written.
pub(crate) fn warn_if_weak(
    key: &Key,
    algorithm: Algorithm,
    context: &mut Context,
) -> Result<(), Report> {
    if let Some(warning) = weakness(key, algorithm) {
        context.ui.caution(warning)?;
    }
    Ok(())
}

/// What to say of a key that is smaller than the algorithm wants it.
pub(crate) fn weakness(key: &Key, algorithm: Algorithm) -> Option<Warning> {
    let weakness = key.weakness(algorithm)?;
    let advice = "make a strong one with `syncfy-hooks key new`, or in the Syncfy dashboard";
    let advice = key.is_shared_secret().then(|| advice.to_owned());
    Some(Warning {
        code: "key-weak",
        message: format!("`{}`: {weakness}", key.source()),
        hints: advice.into_iter().collect(),
    })
}

/// What to say where a key is needed and none was given.
pub(crate) fn missing() -> Report {
    Report::new("no-key", "no key was given")
        .hint("give one with `--key-file FILE`")
        .hint("or set `SYNCFY_HOOKS_KEY` or `SYNCFY_WEBHOOK_SIGNATURE_KEY` to the key")
        .hint("or make one with `syncfy-hooks key new --output syncfy.jwk`")
}

fn unreadable(label: &str, error: &io::Error) -> Report {
    if looks_like_a_key(label) {
        let message =
            "`--key-file` takes the name of a file, and got what looks like the key itself";
        return Report::new("key-unreadable", message)
            .hint("save it in a file that only you can read, or set `SYNCFY_HOOKS_KEY` to it")
            .hint("what is typed can be read by every user of the machine: replace the key if it is in use");
    }
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
