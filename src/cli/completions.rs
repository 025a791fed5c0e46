//! `completions`: the completion script for a shell.

use clap::Args;
use clap_complete::Shell;

/// The arguments of `completions`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  syncfy-hooks completions bash > ~/.local/share/bash-completion/completions/syncfy-hooks
  syncfy-hooks completions zsh > ~/.zfunc/_syncfy-hooks
  syncfy-hooks completions fish > ~/.config/fish/completions/syncfy-hooks.fish")]
pub struct CompletionsArgs {
    /// The shell that is to complete commands
    #[arg(value_enum)]
    shell: Shell,
}

impl CompletionsArgs {
    /// The script.
    #[must_use]
    pub fn script(&self) -> Vec<u8> {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut super::described(),
            "syncfy-hooks",
            &mut script,
        );
        script
    }
}
