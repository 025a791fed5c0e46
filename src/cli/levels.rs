//! The options that say how bad it is what a rule finds.
//!
//! What is set elsewhere about a rule counts unless a higher place names the same rule: `--warn SH105` takes `SH105` out
//! of the `deny` of a file, and nothing else.

use std::ffi::OsString;
use std::mem;

use clap::{Arg, ArgMatches, Args};

use super::settings::Origin;
use crate::commands::validate::named;
use crate::domain::validation::{Level, LevelError, Levels, Rule};
use crate::report::Report;

/// The options that name rules, and the level that each of them gives.
const OPTIONS: [(&str, Level); 3] = [
    ("deny", Level::Deny),
    ("warn", Level::Warn),
    ("allow", Level::Allow),
];

/// How bad it is what a rule finds.
#[derive(Args, Debug)]
pub(super) struct LevelArgs {
    /// Count warnings as errors, but those of rules that `--warn` names
    #[arg(long)]
    strict: bool,

    /// Count what this rule finds as errors: a code or a name, or several with commas; may be given more than once
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    deny: Vec<String>,

    /// Count what this rule finds as warnings, also with `--strict`; as `--deny`
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    warn: Vec<String>,

    /// Do not report what this rule finds; as `--deny`
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    allow: Vec<String>,
}

impl LevelArgs {
    /// The levels that were given.
    ///
    /// # Errors
    ///
    /// When there is no such rule, when its level cannot be set, or when it is given two.
    pub(super) fn resolve(&self) -> Result<Levels, Report> {
        let mut levels = Levels::new(self.strict);
        for (level, names) in [
            (Level::Deny, &self.deny),
            (Level::Warn, &self.warn),
            (Level::Allow, &self.allow),
        ] {
            for rule in names.iter().filter_map(|name| rule(name)) {
                set(&mut levels, rule?, level)?;
            }
        }
        Ok(levels)
    }
}

/// The rules that were named so far, from the command line downwards.
#[derive(Default)]
pub(super) struct NamedRules {
    /// By the places above this one.
    above: Vec<Levels>,
    /// By this place.
    here: Levels,
}

impl NamedRules {
    /// Those of the command line.
    pub(super) fn typed(matches: &ArgMatches) -> Self {
        let mut typed = Self::default();
        for (option, level) in OPTIONS {
            let names = matches.try_get_many::<String>(option).ok().flatten();
            for rule in names.into_iter().flatten().filter_map(|name| rule(name)) {
                // What is wrong here is reported once everything is known.
                let _ = rule.and_then(|rule| set(&mut typed.here, rule, level));
            }
        }
        typed
    }

    /// Goes on to a lower place.
    pub(super) fn descend(&mut self) {
        self.above.push(mem::take(&mut self.here));
    }

    /// Whether the option names rules.
    pub(super) fn are_named_by(arg: &Arg) -> bool {
        level_of(arg).is_some()
    }

    /// What is left of these arguments of an option that names rules, which stand at this place.
    pub(super) fn admit(
        &mut self,
        arg: &Arg,
        arguments: Vec<OsString>,
        origin: &Origin,
    ) -> Result<Vec<OsString>, Report> {
        let Some((option, level)) = level_of(arg) else {
            return Ok(arguments);
        };
        let blame = |report: Report| report.hint(format!("see what {origin} sets"));
        let mut left = Vec::new();
        for argument in arguments {
            let argument = argument.to_string_lossy();
            let names = argument.split_once('=').map_or("", |(_, names)| names);
            for rule in names.split(',').filter_map(rule) {
                let rule = rule.map_err(blame)?;
                if !self.above.iter().any(|above| above.names(rule)) {
                    set(&mut self.here, rule, level).map_err(blame)?;
                    left.push(format!("--{option}={}", rule.code).into());
                }
            }
        }
        Ok(left)
    }
}

fn level_of(arg: &Arg) -> Option<(&'static str, Level)> {
    let is_arg = |(option, _): &(&str, Level)| arg.get_id() == *option;
    OPTIONS.into_iter().find(is_arg)
}

/// The rule of this name. Nothing between two commas is no name.
fn rule(name: &str) -> Option<Result<&'static Rule, Report>> {
    let name = name.trim();
    (!name.is_empty()).then(|| named(name))
}

fn set(levels: &mut Levels, rule: &'static Rule, level: Level) -> Result<(), Report> {
    levels.set(rule, level).map_err(|error| {
        let report = Report::new("usage", error.to_string());
        match error {
            LevelError::Fixed { .. } => report,
            LevelError::Contradiction { .. } => {
                report.hint("name it with one of `--deny`, `--warn` and `--allow`")
            }
        }
    })
}
