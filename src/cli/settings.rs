//! What sets an option: what was typed, then the environment, then the configuration files.
//!
//! What was not typed becomes arguments, so every option can be set everywhere, is checked by the same code, and is
//! documented in one place, its `--help`.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::levels::NamedRules;
use super::{Early, config, environment};
use crate::report::Report;
use crate::world::World;

/// Options that are one setting, though the one may be typed beside the other.
const SAME: [(&str, &str); 2] = [("target", "forward_to"), ("json", "format")];

/// One option that is set elsewhere than on the command line.
pub(super) struct Setting<'a> {
    pub(super) arg: &'a Arg,
    pub(super) origin: Origin,
    /// What could be typed instead: nothing for a switch that is off.
    pub(super) arguments: Result<Vec<OsString>, Report>,
}

/// Settings that stand side by side: none of them wins over another.
pub(super) type Layer<'a> = Vec<Setting<'a>>;

/// Where a setting stands.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The environment variable of this name.
    Variable(String),
    /// This file.
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "`{name}`"),
            Self::File(path) => write!(f, "`{}`", path.display()),
        }
    }
}

/// What is added to the command line.
#[derive(Default)]
pub(super) struct Settings {
    arguments: Vec<OsString>,
    /// Each option that was added, as clap names it, and where it stands.
    origins: Vec<(String, Origin)>,
}

impl Settings {
    pub(super) fn are_none(&self) -> bool {
        self.arguments.is_empty()
    }

    /// The command line with these settings where options may stand.
    pub(super) fn insert_into(&self, typed: &[OsString]) -> Vec<OsString> {
        let end = typed.iter().position(|argument| argument == "--");
        let (options, operands) = typed.split_at(end.unwrap_or(typed.len()));
        [options, &self.arguments, operands].concat()
    }

    /// The command line with these settings in front, where they are read even if what follows cannot be.
    pub(super) fn insert_first(&self, typed: &[OsString]) -> Vec<OsString> {
        let (program, rest) = typed.split_at(typed.len().min(1));
        [program, &self.arguments, rest].concat()
    }

    /// An error that the command line alone did not have.
    pub(super) fn blame(&self, error: clap::Error) -> Early {
        let named: Vec<&str> = [ContextKind::InvalidArg, ContextKind::PriorArg]
            .iter()
            .filter_map(|kind| error.get(*kind))
            .flat_map(texts)
            .collect();
        let is_named = |arg: &String| named.contains(&arg.as_str());
        let knows = self.origins.iter().any(|(arg, _)| is_named(arg));
        let mut origins: Vec<String> = Vec::new();
        for (arg, origin) in &self.origins {
            let origin = origin.to_string();
            if (is_named(arg) || !knows) && !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        let verb = if origins.len() == 1 { "sets" } else { "set" };
        let hint = format!("see what {} {verb}", origins.join(" and "));
        Early::Usage(super::usage(error).hint(hint))
    }
}

fn texts(value: &ContextValue) -> Vec<&str> {
    match value {
        ContextValue::String(text) => vec![text],
        ContextValue::Strings(texts) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// What the environment and the configuration files add to what was typed.
pub(super) fn untyped(
    command: &Command,
    typed: &ArgMatches,
    world: &World,
) -> Result<Settings, Report> {
    let (path, leaf, matches) = chosen(command, typed);
    let typed_or_in_environment = |name| {
        let value = matches.get_raw(name).and_then(|mut values| values.next());
        value.or_else(|| world.env.get(&environment::variable(name)))
    };
    let files = config::read(
        typed_or_in_environment("config").map(PathBuf::from),
        world,
        command,
    )?;
    let profile = typed_or_in_environment("profile").map(|name| name.to_string_lossy());
    let configured = config::layers(&files, profile.as_deref(), (&path, leaf))?;
    let layers = std::iter::once(environment::layer(leaf, &world.env)).chain(configured);
    choose(leaf, matches, layers)
}

/// Of the layers, the highest first, what no higher one says otherwise.
pub(super) fn choose<'a>(
    command: &'a Command,
    typed: &ArgMatches,
    layers: impl IntoIterator<Item = Layer<'a>>,
) -> Result<Settings, Report> {
    let is_typed =
        |arg: &&Arg| typed.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    // What is set so far, and whether it is more than a switch that is off.
    let mut set: Vec<(&Arg, bool)> = command
        .get_arguments()
        .filter(is_typed)
        .map(|arg| (arg, true))
        .collect();
    let mut rules = NamedRules::typed(typed);
    let mut settings = Settings::default();
    for layer in layers {
        rules.descend();
        let higher = set.clone();
        for Setting {
            arg,
            origin,
            arguments,
        } in layer
        {
            let adds = NamedRules::are_named_by(arg);
            let yields_to = |(other, is_on): &(&Arg, bool)| {
                (other.get_id() == arg.get_id() && !adds)
                    || (*is_on && exclude(command, other, arg))
            };
            if higher.iter().any(yields_to) {
                continue;
            }
            let arguments = rules.admit(arg, arguments?, &origin)?;
            set.push((arg, !arguments.is_empty()));
            settings.arguments.extend(arguments);
            settings.origins.push((arg.to_string(), origin));
        }
    }
    Ok(settings)
}

/// Whether only one of the two options can hold.
fn exclude(command: &Command, one: &Arg, other: &Arg) -> bool {
    let conflicts = |one: &Arg, other: &Arg| {
        let conflicts = command.get_arg_conflicts_with(one);
        conflicts.iter().any(|arg| arg.get_id() == other.get_id())
    };
    let ids = (one.get_id().as_str(), other.get_id().as_str());
    SAME.iter()
        .any(|&(first, second)| ids == (first, second) || ids == (second, first))
        || conflicts(one, other)
        || conflicts(other, one)
}

/// The command that was chosen: its path of names, its definition and its matches.
fn chosen<'a>(
    mut command: &'a Command,
    mut matches: &'a ArgMatches,
) -> (Vec<&'a str>, &'a Command, &'a ArgMatches) {
    let mut path = Vec::new();
    while let Some((name, inner)) = matches.subcommand() {
        let Some(subcommand) = command.find_subcommand(name) else {
            break;
        };
        path.push(name);
        (command, matches) = (subcommand, inner);
    }
    (path, command, matches)
}
