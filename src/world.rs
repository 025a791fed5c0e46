//! What surrounds the program: read once in `main`, passed down, and replaced by tests.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use crate::clock::Clock;
use crate::ui::Streams;

/// The surroundings of one run.
pub struct World {
    /// The arguments, the program's own name first.
    pub args: Vec<OsString>,
    /// The environment variables.
    pub env: Env,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// The working directory, where there is one.
    pub directory: Option<PathBuf>,
    /// The clock.
    pub clock: Clock,
}

/// The environment variables of one run. One of them may be a key, so `Debug` shows their names only.
#[derive(Clone, Default)]
pub struct Env(HashMap<OsString, OsString>);

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Env {
    /// The variable's value, unless it is unset or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }
}

impl Env {
    /// Every variable.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

impl FromIterator<(OsString, OsString)> for Env {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

impl World {
    /// The surroundings of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            args: std::env::args_os().collect(),
            env: std::env::vars_os().collect(),
            stdin_is_terminal: io::stdin().is_terminal(),
            directory: std::env::current_dir().ok(),
            clock: Clock::system(),
        }
    }
}

/// The output streams of this process.
#[must_use]
pub fn streams_of_process() -> Streams {
    let (stdout, stderr) = (io::stdout(), io::stderr());
    Streams {
        stdout_is_terminal: stdout.is_terminal(),
        stderr_is_terminal: stderr.is_terminal(),
        width: usize::from(console::Term::stderr().size().1),
        stdout: Box::new(stdout),
        stderr: Box::new(stderr),
    }
}
