//! The environment variables that set options: `SYNCFY_HOOKS_` and the option's name in capitals.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, Command};

use super::keys;
use super::settings::{Layer, Origin, Setting};
use crate::report::Report;
use crate::world::Env;

/// The variable of an option.
pub(super) fn variable(option: &str) -> String {
    format!(
        "SYNCFY_HOOKS_{}",
        option.replace('-', "_").to_ascii_uppercase()
    )
}

/// What the environment sets of the command's options. An empty variable sets nothing.
pub(super) fn layer<'a>(command: &'a Command, env: &Env) -> Layer<'a> {
    let settings = command.get_arguments().filter_map(|arg| {
        let long = arg
            .get_long()
            .filter(|long| !super::TYPED_ONLY.contains(long))
            .filter(|_| !matches!(arg.get_action(), ArgAction::Help | ArgAction::Version))?;
        let name = variable(long);
        let arguments = match env.get(&name) {
            Some(value) => as_arguments(arg, long, value).map_err(|reason| {
                Report::new("environment-invalid", format!("`{name}`: {reason}"))
            }),
            // A key in the environment stands above a file that a configuration file names.
            None if long == keys::OPTION && keys::in_environment(env).is_some() => Ok(Vec::new()),
            None => return None,
        };
        Some(Setting {
            arg,
            origin: Origin::Variable(name),
            arguments,
        })
    });
    settings.collect()
}

fn as_arguments(arg: &Arg, long: &str, value: &OsStr) -> Result<Vec<OsString>, &'static str> {
    let with_value = |value: &OsStr| {
        let mut argument = OsString::from(format!("--{long}="));
        argument.push(value);
        argument
    };
    match (arg.get_action(), value.to_str()) {
        (ArgAction::SetTrue, text) => match text.map(str::to_ascii_lowercase).as_deref() {
            Some("1" | "true" | "yes" | "on") => Ok(vec![format!("--{long}").into()]),
            Some("0" | "false" | "no" | "off") => Ok(Vec::new()),
            _ => Err("it is `1`, `true`, `yes` or `on`, else `0`, `false`, `no` or `off`"),
        },
        // A header's value may hold any separator but a line break.
        (ArgAction::Append, Some(text)) => Ok(text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| with_value(line.as_ref()))
            .collect()),
        _ => Ok(vec![with_value(value)]),
    }
}
