//! `man`: the manual pages.

mod section;

use std::io;
use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;

use crate::commands::man::{Options, Page};
use crate::domain::harden;
use crate::domain::validation::rules;

/// The arguments of `man`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks man ~/.local/share/man/man1      then: man syncfy-hooks-listen")]
pub struct ManArgs {
    /// The folder to write the pages into; it is made when it is not there
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

impl ManArgs {
    /// The options of the command.
    ///
    /// # Errors
    ///
    /// When a page cannot be rendered.
    pub fn resolve(self) -> io::Result<Options> {
        let mut command = super::described();
        command.build();
        let mut pages = Vec::new();
        collect(&command, "syncfy-hooks", &mut pages)?;
        Ok(Options {
            directory: self.directory,
            pages,
        })
    }
}

/// The page of a command, then those of its subcommands.
fn collect(command: &clap::Command, name: &str, pages: &mut Vec<Page>) -> io::Result<()> {
    let mut text = Vec::new();
    Man::new(command.clone().name(name.to_owned())).render(&mut text)?;
    match command.get_name() {
        "validate" => {
            let pages = rules::all().iter().map(|rule| {
                let title = format!("{} {} ({})", rule.code, rule.name, rule.severity);
                (title, rule.page())
            });
            section::append(&mut text, "RULES", pages)?;
        }
        "harden" => {
            let pages = harden::all().iter().map(|check| {
                let title = format!("{} {} ({})", check.code, check.name, check.expect);
                (title, check.page.text())
            });
            section::append(&mut text, "CHECKS", pages)?;
        }
        _ => {}
    }
    pages.push(Page {
        file: format!("{name}.1"),
        text,
    });
    for subcommand in command
        .get_subcommands()
        .filter(|subcommand| !subcommand.is_hide_set())
    {
        collect(
            subcommand,
            &format!("{name}-{}", subcommand.get_name()),
            pages,
        )?;
    }
    Ok(())
}
