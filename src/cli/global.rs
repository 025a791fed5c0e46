//! The options that every command takes.

use std::ffi::{OsStr, OsString};
use std::iter;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, FromArgMatches as _, ValueEnum};

use super::settings::{self, Setting};
use super::{environment, lenient};
use crate::ui;
use crate::world::{Env, World};

/// The options that every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise
    #[arg(long, global = true, value_name = "FORMAT", value_parser = formats(&FormatArg::EVERYWHERE, &[]))]
    pub format: Option<FormatArg>,

    /// Print one JSON object per line: short for `--format json`
    #[arg(long, global = true, overrides_with = "format")]
    pub json: bool,

    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print more, such as the headers of each notification
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorArg::Auto)]
    pub color: ColorArg,

    /// Read this configuration file instead of the nearest `syncfy-hooks.toml`
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Use this profile of the configuration, on top of what holds for all
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
}

/// `--format`: the formats that every command has, and those that only some have.
///
/// A command with formats of its own declares an option `format` that takes the place of the global one, with a parser
/// from [`formats`]. So clap refuses what is another command's, and help and completions list what is this one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Lines, bodies, excerpts and hints, for a person
    Pretty,
    /// One or two lines each
    Compact,
    /// One JSON object per line
    Json,
    /// The program's own capture file, with every byte as it came
    Capture,
    /// Captures, one per line
    Ndjson,
    /// Shell commands that send the notifications
    Curl,
    /// An HTTP archive, for browsers and proxies
    Har,
    /// A Hurl file, to be run as a test
    Hurl,
    /// A JSON Schema (2020-12)
    JsonSchema,
    /// TypeScript definitions
    Typescript,
    /// Annotations of a GitHub workflow
    Github,
    /// A SARIF 2.1.0 log, for code scanning
    Sarif,
    /// A JUnit report, for the test results of a CI
    Junit,
}

impl FormatArg {
    /// Those that every command has.
    pub(super) const EVERYWHERE: [Self; 3] = [Self::Pretty, Self::Compact, Self::Json];
}

/// A parser for `--format` that takes these, and those that are hidden from help and completions.
pub(super) fn formats(
    shown: &[FormatArg],
    hidden: &[FormatArg],
) -> impl TypedValueParser<Value = FormatArg> {
    let possible = |format: &FormatArg| format.to_possible_value();
    let shown = shown.iter().filter_map(possible);
    let hidden = hidden
        .iter()
        .filter_map(possible)
        .map(|value| value.hide(true));
    PossibleValuesParser::new(shown.chain(hidden).collect::<Vec<_>>())
        .map(|name| FormatArg::from_str(&name, false).expect("clap lets nothing else pass"))
}

/// `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl GlobalArgs {
    /// How the output is to look.
    #[must_use]
    pub fn output(&self, env: &Env, streams: &ui::Streams) -> ui::Options {
        let format = match self.format {
            Some(FormatArg::Json) => ui::Format::Json,
            _ if self.json => ui::Format::Json,
            Some(FormatArg::Pretty) => ui::Format::Pretty,
            Some(FormatArg::Compact) => ui::Format::Compact,
            Some(FormatArg::Github) => ui::Format::Github,
            Some(FormatArg::Sarif) => ui::Format::Sarif,
            Some(FormatArg::Junit) => ui::Format::Junit,
            _ if streams.stdout_is_terminal => ui::Format::Pretty,
            _ => ui::Format::Compact,
        };
        ui::Options {
            format,
            quiet: self.quiet,
            verbose: self.verbose,
            color_stdout: self.colored(env, streams.stdout_is_terminal),
            color_stderr: self.colored(env, streams.stderr_is_terminal),
        }
    }

    /// What of these options can be told from a command line that cannot be read as a whole.
    pub(super) fn guess(world: &World) -> Self {
        let mut command = lenient();
        command.build();
        let typed = command.clone().get_matches_from(&world.args);
        let parses = |setting: &Setting<'_>| {
            let arguments = setting.arguments.iter().flatten();
            let alone = iter::once(OsStr::new("")).chain(arguments.map(OsString::as_os_str));
            let strict = command.clone().ignore_errors(false);
            strict.try_get_matches_from(alone).is_ok()
        };
        let mut layer = environment::layer(&command, &world.env);
        layer.retain(|setting| setting.arguments.is_ok() && parses(setting));
        let settings = settings::choose(&command, &typed, [layer]).unwrap_or_default();
        let matches = command.get_matches_from(settings.insert_first(&world.args));
        Self::from_arg_matches(&matches).unwrap_or(Self {
            format: None,
            json: false,
            quiet: false,
            verbose: false,
            color: ColorArg::Auto,
            config: None,
            profile: None,
        })
    }

    /// `--color`, then `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR`, then whether the stream is a terminal.
    fn colored(&self, env: &Env, is_terminal: bool) -> bool {
        let is_on = |name| env.get(name).is_some_and(|value| value != "0");
        match self.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto if env.get("NO_COLOR").is_some() => false,
            ColorArg::Auto if is_on("CLICOLOR_FORCE") => true,
            ColorArg::Auto => {
                is_terminal
                    && env.get("CLICOLOR").is_none_or(|value| value != "0")
                    && env.get("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}
