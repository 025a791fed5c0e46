//! What becomes of the findings of a rule, where somebody wants them otherwise than the rule itself.
//!
//! A rule that is named keeps the level that it was given, whatever holds for all: the special wins over the general.

use std::collections::BTreeMap;

use super::diagnostic::Severity;
use super::rules::Rule;

/// What becomes of the findings of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not reported.
    Allow,
    /// They are warnings.
    Warn,
    /// They are errors.
    Deny,
}

impl Level {
    /// The severity of such findings, where they are reported.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Allow => None,
            Self::Warn => Some(Severity::Warning),
            Self::Deny => Some(Severity::Error),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allowed",
            Self::Warn => "a warning",
            Self::Deny => "denied",
        }
    }
}

/// The levels that were given to rules. By default each rule has its own severity.
///
/// ```
/// use syncfy_hooks::domain::validation::{Level, Levels, Severity, rules};
///
/// let rule = rules::find("unknown-event").unwrap();
/// assert_eq!(rule.severity, Severity::Warning);
/// let mut levels = Levels::new(true);
/// assert_eq!(levels.severity(rule), Some(Severity::Error));
/// levels.set(rule, Level::Allow).unwrap();
/// assert_eq!(levels.severity(rule), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    strict: bool,
    /// By code.
    named: BTreeMap<&'static str, Level>,
}

/// Why a rule cannot have a level.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LevelError {
    /// Its severity is not to be chosen.
    #[error("the level of `{code}` cannot be set: {reason}")]
    Fixed {
        /// The code of the rule.
        code: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// It has another one already.
    #[error("`{code}` is to be both {} and {}", .levels.0.word(), .levels.1.word())]
    Contradiction {
        /// The code of the rule.
        code: &'static str,
        /// The level that it has, and the one that it was to have.
        levels: (Level, Level),
    },
}

impl Levels {
    /// No rule is named; when `strict`, what would be a warning is an error.
    #[must_use]
    pub const fn new(strict: bool) -> Self {
        Self {
            strict,
            named: BTreeMap::new(),
        }
    }

    /// Gives a rule a level.
    ///
    /// # Errors
    ///
    /// When the rule has another level already, or its severity cannot be chosen.
    pub fn set(&mut self, rule: &'static Rule, level: Level) -> Result<(), LevelError> {
        let code = rule.code;
        if let Some(reason) = rule.fixed
            && level.severity() != Some(rule.severity)
        {
            return Err(LevelError::Fixed { code, reason });
        }
        let known = *self.named.entry(code).or_insert(level);
        if known == level {
            Ok(())
        } else {
            let levels = (known, level);
            Err(LevelError::Contradiction { code, levels })
        }
    }

    /// Whether the rule was given a level.
    #[must_use]
    pub fn names(&self, rule: &Rule) -> bool {
        self.named.contains_key(rule.code)
    }

    /// The severity of what the rule finds; `None` where it is not to be reported.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        match self.named.get(rule.code) {
            Some(level) => level.severity(),
            None if self.strict && rule.severity == Severity::Warning => Some(Severity::Error),
            None => Some(rule.severity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::Notification;
    use crate::domain::validation::findings::MOST;
    use crate::domain::validation::{Diagnostic, check, rules};

    fn levels(strict: bool, named: &[(&str, Level)]) -> Levels {
        let mut levels = Levels::new(strict);
        for (name, level) in named {
            levels.set(rules::find(name).unwrap(), *level).unwrap();
        }
        levels
    }

    fn found(body: &str, levels: &Levels) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let notification = Notification::read(body.as_bytes()).unwrap();
        check(&notification, levels, &mut diagnostics);
        diagnostics
    }

    /// A repeated key each time, and then no `rid` and no event.
    fn flood(repeats: usize) -> String {
        format!("{{{}\"events\": []}}", "\"a\": 1,".repeat(repeats + 1))
    }

    #[test]
    fn a_named_rule_does_as_it_was_told() {
        use Severity::{Error, Note, Warning};
        let [error, warning, note] =
            ["SH105", "SH206", "SH102"].map(|code| rules::find(code).unwrap());
        for (strict, warnings) in [(false, Warning), (true, Error)] {
            let unnamed = Levels::new(strict);
            let severities = [error, warning, note].map(|rule| unnamed.severity(rule));
            assert_eq!(severities, [Some(Error), Some(warnings), Some(Note)]);
            for rule in [error, warning, note] {
                for level in [Level::Allow, Level::Warn, Level::Deny] {
                    let named = levels(strict, &[(rule.code, level)]);
                    assert_eq!(named.severity(rule), level.severity());
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let set = |levels: &mut Levels, name, level| {
            let result = levels.set(rules::find(name).unwrap(), level);
            result.map_err(|error| error.to_string())
        };
        let mut levels = Levels::default();
        for level in [Level::Allow, Level::Warn] {
            let refused = set(&mut levels, "SH001", level).unwrap_err();
            assert!(refused.starts_with("the level of `SH001` cannot be set: "));
        }
        for level in [Level::Allow, Level::Warn, Level::Deny] {
            set(&mut levels, "SH004", level).unwrap_err();
        }
        assert_eq!(levels, Levels::default());
        set(&mut levels, "SH001", Level::Deny).unwrap();
        set(&mut levels, "SH105", Level::Warn).unwrap();
        set(&mut levels, "empty-events", Level::Warn).unwrap();
        let refused = set(&mut levels, "SH105", Level::Deny).unwrap_err();
        assert_eq!(refused, "`SH105` is to be both a warning and denied");
    }

    #[test]
    fn what_is_allowed_takes_nobody_s_place() {
        let allowed = levels(false, &[("SH003", Level::Allow), ("SH307", Level::Allow)]);
        let codes: Vec<_> = found(&flood(3 * MOST), &allowed)
            .iter()
            .map(|found| found.code)
            .collect();
        assert_eq!(codes, ["SH103", "SH105"]);
    }

    #[test]
    fn what_is_cut_off_is_as_bad_as_the_levels_make_it() {
        let last = |levels: &Levels| {
            let last = found(&flood(3 * MOST), levels).pop().unwrap();
            assert_eq!(last.code, "SH004");
            last.severity
        };
        let named = |level| levels(false, &[("SH003", level)]);
        assert_eq!(last(&named(Level::Deny)), Severity::Error);
        assert_eq!(last(&named(Level::Warn)), Severity::Error);
        let all = [
            ("SH003", Level::Warn),
            ("SH103", Level::Warn),
            ("SH105", Level::Warn),
        ];
        assert_eq!(last(&levels(false, &all)), Severity::Warning);
        assert_eq!(last(&levels(true, &all)), Severity::Warning);
    }
}
