//! Which of the checks are wanted.

use super::check::Check;
use super::checks::{all, find};
use crate::domain::explain::Explain;
use crate::domain::likeness::nearest;
use crate::domain::signature::looks_like_a_key;

/// Which of the checks are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    only: Vec<&'static Check>,
    skip: Vec<&'static Check>,
}

/// A name that no check has.
#[derive(Debug, thiserror::Error)]
#[error("there is no check `{}`", if looks_like_a_key(.0) { "…" } else { .0 })]
pub struct UnknownCheck(String);

impl Explain for UnknownCheck {
    fn code(&self) -> &'static str {
        "check-unknown"
    }

    fn hints(&self) -> Vec<String> {
        let known = all().iter();
        let nearest = nearest(
            &self.0,
            known.map(|check| (check, [check.code, check.name])),
        );
        let meant = nearest.map(|check| format!("did you mean `{}`, {}?", check.code, check.name));
        let list = "`syncfy-hooks harden --list` lists them all".to_owned();
        meant.into_iter().chain([list]).collect()
    }
}

/// The check with this code or name, in any case.
///
/// # Errors
///
/// When there is none.
pub fn named(name: &str) -> Result<&'static Check, UnknownCheck> {
    find(&name.trim().to_lowercase()).ok_or_else(|| UnknownCheck(name.trim().to_owned()))
}

impl Selection {
    /// Those of `only`, or all where it is empty, without those of `skip`. Each is a code or a name.
    ///
    /// # Errors
    ///
    /// When one of the names is none.
    pub fn new(only: &[String], skip: &[String]) -> Result<Self, UnknownCheck> {
        let checks = |names: &[String]| {
            let names = names.iter().filter(|name| !name.trim().is_empty());
            names.map(|name| named(name)).collect::<Result<_, _>>()
        };
        Ok(Self {
            only: checks(only)?,
            skip: checks(skip)?,
        })
    }

    /// Whether this check is wanted.
    #[must_use]
    pub fn takes(&self, check: &Check) -> bool {
        let is_in = |list: &[&'static Check]| list.iter().any(|one| std::ptr::eq(*one, check));
        (self.only.is_empty() || is_in(&self.only)) && !is_in(&self.skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(only: &[&str], skip: &[&str]) -> Vec<&'static str> {
        let owned = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        let selection = Selection::new(&owned(only), &owned(skip)).unwrap();
        let taken = all().iter().filter(|check| selection.takes(check));
        taken.map(|check| check.name).collect()
    }

    #[test]
    fn codes_and_names_choose() {
        assert_eq!(
            chosen(&["h201", "unsigned", ""], &[]),
            ["unsigned", "plain"]
        );
        assert_eq!(chosen(&["H201", "unsigned"], &["H101"]), ["plain"]);
        assert_eq!(chosen(&[], &["get"]).len(), all().len() - 1);
    }

    #[test]
    fn who_errs_is_told_what_was_meant() {
        let error = named("unsinged").unwrap_err();
        assert_eq!(error.to_string(), "there is no check `unsinged`");
        assert_eq!(error.hints()[0], "did you mean `H101`, unsigned?");
    }
}
