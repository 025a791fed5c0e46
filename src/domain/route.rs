//! Which notifications go to which target.

use super::explain::Explain;
use super::notification::{BadGlob, EventGlob, Outline};
use super::target::{Target, TargetError};

/// A target, and the events that go there.
#[derive(Clone, Debug)]
pub struct Route {
    /// The events; `None` stands for all.
    glob: Option<EventGlob>,
    /// Where they go.
    pub target: Target,
}

/// Why a route cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// The part behind the `=`, or the whole.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The part before the `=`.
    #[error(transparent)]
    Glob(#[from] BadGlob),
}

impl Explain for RouteError {
    fn code(&self) -> &'static str {
        match self {
            Self::Target(error) => error.code(),
            Self::Glob(error) => error.code(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Target(error) => error.hints(),
            Self::Glob(error) => error.hints(),
        }
    }
}

impl Route {
    /// Reads `TARGET` and `GLOB=TARGET`. A target that is only a path is on the host of the first that has one.
    ///
    /// # Errors
    ///
    /// When one of them cannot be understood.
    pub fn parse_all<'a>(
        texts: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Vec<Self>, RouteError> {
        let parts = texts.map(split);
        let base = parts.clone().find(|(_, target)| !target.starts_with('/'));
        let base = base
            .map(|(_, target)| Target::parse(target, None))
            .transpose()?;
        parts
            .map(|(glob, target)| {
                let glob = glob.map(EventGlob::new).transpose()?;
                Ok(Self {
                    glob,
                    target: Target::parse(target, base.as_ref())?,
                })
            })
            .collect()
    }

    /// Whether the notification goes this way: all do where there is no glob, else those with an event that matches.
    #[must_use]
    pub fn takes(&self, outline: &Outline) -> bool {
        let matches = |glob: &EventGlob| outline.names().any(|name| glob.matches(name));
        self.glob.as_ref().is_none_or(matches)
    }

    /// As typed, with the target in full.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.glob {
            Some(glob) => format!("{glob}={}", self.target),
            None => self.target.to_string(),
        }
    }
}

/// Splits `GLOB=TARGET`. A `=` behind a `/`, a `:` or a `?`, or in what begins with a digit, belongs to the query of a
/// target: so a glob here has no `?`, which no event name needs.
fn split(text: &str) -> (Option<&str>, &str) {
    match text.split_once('=') {
        Some((glob, target))
            if !glob.contains(['/', ':', '?'])
                && !glob.starts_with(|first: char| first.is_ascii_digit()) =>
        {
            (Some(glob), target)
        }
        _ => (None, text),
    }
}
