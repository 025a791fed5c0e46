//! Choosing events by name: `credentials.*`, `documents.{success,fail}`, `!*.deleted`.

use std::fmt;
use std::str::FromStr;

use super::event;
use crate::domain::explain::Explain;

/// One pattern over event names, known to be well formed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventGlob(String);

impl EventGlob {
    /// Checks a pattern.
    ///
    /// # Errors
    /// An empty pattern, one that begins with `!`, or one that leaves a bracket or a brace open.
    pub fn new(pattern: &str) -> Result<Self, BadGlob> {
        let bad = |reason| BadGlob {
            pattern: pattern.to_owned(),
            reason,
        };
        if pattern.is_empty() {
            return Err(bad("it is empty"));
        }
        if pattern.starts_with('!') {
            return Err(bad("`!` has no place here"));
        }
        fast_glob::validate(pattern).map_err(|error| {
            bad(match error.kind {
                fast_glob::ErrorKind::UnclosedBrace => "a `{` is never closed",
                fast_glob::ErrorKind::UnclosedBracket => "a `[` is never closed",
                fast_glob::ErrorKind::TrailingBackslash => "the `\\` at its end escapes nothing",
                fast_glob::ErrorKind::BraceNestingTooDeep => {
                    "its braces nest deeper than 10 levels"
                }
                _ => "it has more than 10 groups of braces",
            })
        })?;
        Ok(Self(pattern.to_owned()))
    }

    /// Whether an event of that name is meant. `documents.fail` and `documents.failed` are one event.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        fast_glob::glob_match(&self.0, name)
            || event::other_name(name).is_some_and(|other| fast_glob::glob_match(&self.0, other))
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EventGlob {
    type Err = BadGlob;

    fn from_str(pattern: &str) -> Result<Self, BadGlob> {
        Self::new(pattern)
    }
}

impl fmt::Display for EventGlob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Several patterns together: an event passes when one of them matches it (or there is none) and none with `!` does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    wanted: Vec<EventGlob>,
    refused: Vec<EventGlob>,
}

impl EventFilter {
    /// Reads patterns, each refusing what it matches when it begins with `!`.
    ///
    /// # Errors
    /// The first pattern that is not well formed.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, BadGlob> {
        let mut filter = Self::default();
        for pattern in patterns {
            match pattern.as_ref().strip_prefix('!') {
                Some(refused) => filter.refused.push(EventGlob::new(refused)?),
                None => filter.wanted.push(EventGlob::new(pattern.as_ref())?),
            }
        }
        Ok(filter)
    }

    /// Whether an event of that name passes.
    #[must_use]
    pub fn passes(&self, name: &str) -> bool {
        (self.wanted.is_empty() || self.wanted.iter().any(|glob| glob.matches(name)))
            && !self.refused.iter().any(|glob| glob.matches(name))
    }

    /// Whether everything passes because nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.refused.is_empty()
    }
}

/// A pattern that is not well formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("bad event pattern `{}`: {reason}", pattern.escape_debug())]
pub struct BadGlob {
    pattern: String,
    reason: &'static str,
}

impl Explain for BadGlob {
    fn code(&self) -> &'static str {
        "bad-event-pattern"
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "patterns look like `credentials.*`, `documents.{success,fail}` or `!*.deleted`"
                .to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(patterns: &[&str], name: &str) -> bool {
        EventFilter::new(patterns).unwrap().passes(name)
    }

    #[test]
    fn filters_by_name() {
        assert!(passes(&[], "anything"));
        assert!(passes(&["credentials.*"], "credentials.created"));
        assert!(!passes(&["credentials.*"], "documents.success"));
        assert!(passes(&["documents.{success,fail}"], "documents.success"));
        assert!(!passes(&["!*.deleted"], "credentials.deleted"));
        assert!(passes(&["!*.deleted"], "credentials.created"));
        assert!(!passes(
            &["!credentials.*", "credentials.created"],
            "credentials.created"
        ));
        assert!(passes(&["*"], ""));
    }

    #[test]
    fn the_alias_is_the_same_event() {
        assert!(passes(&["documents.fail"], "documents.failed"));
        assert!(passes(&["documents.failed"], "documents.fail"));
        assert!(!passes(&["!documents.fail"], "documents.failed"));
    }

    #[test]
    fn bad_patterns_are_explained() {
        for pattern in ["", "!", "!!a", "a[", "a{b", "a\\"] {
            let error = EventFilter::new([pattern]).unwrap_err();
            assert_eq!(error.code(), "bad-event-pattern", "{pattern}");
        }
    }
}
