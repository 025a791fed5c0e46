//! Configuration files: what may stand in them, and what they set.
//!
//! ```toml
//! color = "never"                # for every command that has the option
//! [listen]
//! forward-to = ["3000"]
//! [profile.staging.listen]
//! forward-to = ["https://staging.example.test/hooks"]
//! ```

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use etcetera::BaseStrategy as _;
use toml::{Table, Value};

use super::keys;
use super::settings::{Layer, Origin, Setting};
use crate::domain::signature::looks_like_a_key;
use crate::report::Report;
use crate::world::World;

/// The name of the file in a project.
const PROJECT_FILE: &str = "syncfy-hooks.toml";

/// Options that cannot be set in a file, because they say which file, ask for help, or would open this machine to the
/// world and run commands for whoever wrote the file.
const NOT_IN_A_FILE: [&str; 8] = [
    "config",
    "profile",
    "help",
    "version",
    "accept-new",
    "tunnel",
    "tunnel-known-hosts",
    "tunnel-path",
];

/// What the name of a header contains that carries a secret.
const SECRETS: [&str; 7] = [
    "auth",
    "cookie",
    "key",
    "password",
    "secret",
    "signature",
    "token",
];

/// A configuration file that was read.
pub(super) struct File {
    path: PathBuf,
    /// Where its relative paths begin; empty stands for the working directory.
    folder: PathBuf,
    table: Table,
    /// Whether it is likely to be shared with others, as part of a project.
    shared: bool,
}

/// The files that count, the last of them first in rank, each checked.
pub(super) fn read(
    named: Option<PathBuf>,
    world: &World,
    command: &Command,
) -> Result<Vec<File>, Report> {
    let files = read_files(named, world)?;
    for file in &files {
        check(command, &file.table, file)?;
    }
    Ok(files)
}

/// What the files set of the command at this path, the highest rank first: the profile before what holds for all, and
/// what is for this command before what is for every command.
pub(super) fn layers<'a>(
    files: &[File],
    profile: Option<&str>,
    (path, command): (&[&str], &'a Command),
) -> Result<Vec<Layer<'a>>, Report> {
    let mut scopes: Vec<Vec<&str>> = Vec::new();
    if let Some(name) = profile {
        if !files
            .iter()
            .any(|file| descend(&file.table, &["profile", name]).is_some())
        {
            return Err(Report::new(
                "profile-unknown",
                format!("no configuration file has the profile `{name}`"),
            )
            .hint(format!(
                "add a table `[profile.{name}]` to `{PROJECT_FILE}`"
            )));
        }
        scopes.extend([[&["profile", name], path].concat(), vec!["profile", name]]);
    }
    scopes.extend([path.to_vec(), Vec::new()]);
    let layers = files.iter().rev().flat_map(|file| {
        let tables = scopes
            .iter()
            .filter_map(|scope| descend(&file.table, scope));
        tables.map(|table| layer(command, table, file))
    });
    Ok(layers.collect())
}

fn layer<'a>(command: &'a Command, table: &Table, file: &File) -> Layer<'a> {
    let settings = table.iter().filter_map(|(key, value)| {
        let arg = option(command, key).filter(|_| !value.is_table())?;
        Some(Setting {
            arg,
            origin: Origin::File(file.path.clone()),
            arguments: as_arguments(arg, value, &file.folder)
                .map_err(|reason| wrong(&file.path, key, reason)),
        })
    });
    settings.collect()
}

/// The user's file, then the project's, as far as they exist.
fn read_files(named: Option<PathBuf>, world: &World) -> Result<Vec<File>, Report> {
    let user = etcetera::choose_base_strategy()
        .ok()
        .map(|base| base.config_dir().join("syncfy-hooks/config.toml"));
    let project = world
        .directory
        .as_ref()
        .filter(|_| named.is_none())
        .and_then(|directory| {
            directory
                .ancestors()
                .map(|folder| folder.join(PROJECT_FILE))
                .find(|file| file.is_file())
        });
    let mut files = Vec::new();
    for (path, required, shared) in [
        (user, false, false),
        (project, false, true),
        (named, true, true),
    ] {
        let Some(path) = path else { continue };
        match fs::read_to_string(&path) {
            Ok(text) => {
                let table = text.parse::<Table>().map_err(|error| {
                    Report::new(
                        "config-invalid",
                        format!("`{}` is not TOML: {}", path.display(), first_line(&error)),
                    )
                })?;
                // What lies in the working directory is shown as it was written.
                let folder = path
                    .parent()
                    .filter(|folder| Some(*folder) != world.directory.as_deref());
                files.push(File {
                    folder: folder.map(Path::to_owned).unwrap_or_default(),
                    path,
                    table,
                    shared,
                });
            }
            Err(error) if !required && error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!(
                    "cannot read the configuration file `{}`: {error}",
                    path.display()
                );
                return Err(Report::new("config-unreadable", message));
            }
        }
    }
    Ok(files)
}

fn first_line(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let place = text
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("TOML parse error ")
        .to_owned();
    format!("{} {place}", error.message())
}

fn descend<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Table> {
    path.iter()
        .try_fold(table, |table, name| table.get(*name)?.as_table())
}

/// Refuses what no command knows, and secrets where others would see them.
fn check(command: &Command, table: &Table, file: &File) -> Result<(), Report> {
    for (key, value) in table {
        match value {
            Value::Table(profiles) if key == "profile" && command.get_name() == "syncfy-hooks" => {
                for (_, profile) in profiles
                    .iter()
                    .filter_map(|(name, value)| Some((name, value.as_table()?)))
                {
                    check(command, profile, file)?;
                }
            }
            Value::Table(inner) => match command.find_subcommand(key) {
                Some(subcommand) => check(subcommand, inner, file)?,
                None => return Err(unknown(command, key, file)),
            },
            value => check_setting(command, key, value, file)?,
        }
    }
    Ok(())
}

fn check_setting(command: &Command, key: &str, value: &Value, file: &File) -> Result<(), Report> {
    if ["key", "secret", "jwt-key"].contains(&key) {
        return Err(wrong(
            &file.path,
            key,
            "a key never stands in a configuration file",
        )
        .hint("put it into a file of its own and name that with `key-file`"));
    }
    if file.shared && is_secret(key, value) {
        return Err(wrong(
            &file.path,
            key,
            "a shared secret does not belong in a project's file",
        )
        .hint("set it in the environment, or in your own configuration file"));
    }
    if !may_stand_in_a_file(key) || !options(command).iter().any(|name| name == key) {
        return Err(unknown(command, key, file));
    }
    Ok(())
}

fn may_stand_in_a_file(name: &str) -> bool {
    !NOT_IN_A_FILE.contains(&name) && !super::TYPED_ONLY.contains(&name)
}

/// Whether the setting is a header whose name says that it carries a secret.
fn is_secret(key: &str, value: &Value) -> bool {
    let texts = match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect::<Vec<_>>(),
    };
    let carries = |text: &str| {
        let name = text.split(':').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        SECRETS.iter().any(|word| name.contains(word))
    };
    ["header", "require-header"].contains(&key) && texts.into_iter().any(carries)
}

/// Every long option of the command and of the commands below it.
fn options(command: &Command) -> Vec<String> {
    let own = command
        .get_arguments()
        .filter_map(Arg::get_long)
        .map(str::to_owned);
    own.chain(command.get_subcommands().flat_map(options))
        .collect()
}

fn option<'a>(command: &'a Command, key: &str) -> Option<&'a Arg> {
    command
        .get_arguments()
        .find(|arg| arg.get_long() == Some(key))
}

/// What a path in a file means: it begins at the file's folder, as if the file were the place where it is typed.
fn resolve(arg: &Arg, text: &str, folder: &Path) -> OsString {
    let takes = |kind| {
        let names = arg.get_value_names().unwrap_or_default();
        names
            .iter()
            .any(|name| name.split('|').any(|name| name == kind))
    };
    if takes(keys::LIMITED_FILE)
        && let Some((environment, file)) = keys::limited(text)
    {
        let mut limited = OsString::from(format!("{environment}="));
        limited.push(beginning_at(folder, file));
        return limited;
    }
    let is_json = takes("JSON") && text.trim_start().starts_with('{');
    let is_path = takes("FILE") || takes("DIR") || takes(keys::LIMITED_FILE);
    if is_path && !is_json {
        beginning_at(folder, text)
    } else {
        text.into()
    }
}

/// The path as seen from here; standard input stays what it is.
fn beginning_at(folder: &Path, path: &str) -> OsString {
    match path {
        "" | "-" => path.into(),
        _ => folder.join(path).into(),
    }
}

fn as_arguments(arg: &Arg, value: &Value, folder: &Path) -> Result<Vec<OsString>, &'static str> {
    let name = arg.get_long().unwrap_or_default();
    let is_switch = matches!(arg.get_action(), ArgAction::SetTrue);
    let with_value = |value: &Value| {
        let value = match value {
            Value::String(text) => resolve(arg, text, folder),
            Value::Integer(number) => number.to_string().into(),
            Value::Float(number) => number.to_string().into(),
            _ => return Err("it takes a string or a number"),
        };
        let mut argument = OsString::from(format!("--{name}="));
        argument.push(value);
        Ok(argument)
    };
    match value {
        Value::Boolean(on) if is_switch => Ok(on
            .then(|| OsString::from(format!("--{name}")))
            .into_iter()
            .collect()),
        _ if is_switch => Err("it is either `true` or `false`"),
        Value::Array(items) if matches!(arg.get_action(), ArgAction::Append) => {
            items.iter().map(with_value).collect()
        }
        Value::Array(_) => Err("it takes one value, not a list"),
        value => with_value(value).map(|argument| vec![argument]),
    }
}

fn wrong(file: &Path, key: &str, reason: &str) -> Report {
    let key = if looks_like_a_key(key) { "…" } else { key };
    Report::new(
        "config-invalid",
        format!("`{key}` in `{}`: {reason}", file.display()),
    )
}

fn unknown(command: &Command, key: &str, file: &File) -> Report {
    let report = wrong(&file.path, key, "there is no such option");
    let known = options(command);
    let subcommands = command
        .get_subcommands()
        .map(|subcommand| subcommand.get_name().to_owned());
    let nearest = known
        .into_iter()
        .chain(subcommands)
        .filter(|name| may_stand_in_a_file(name))
        .map(|name| (strsim::damerau_levenshtein(&name, key), name))
        .min();
    match nearest {
        Some((distance, name)) if distance <= 3 => report.hint(format!("did you mean `{name}`?")),
        _ => report.hint("the names are those of the long options, without the dashes"),
    }
}
