//! Colours, by role. The only place that knows the `colored` crate and its global switch.

use colored::{ColoredString, Colorize as _};

/// What a piece of text is to its reader. Meaning never rests on colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
    /// It deserves a look.
    Warn,
    /// It can be skipped.
    Dim,
    /// It is what the line is about.
    Strong,
    /// It frames an excerpt.
    Gutter,
    /// A key of a JSON object.
    Key,
    /// A JSON string.
    Text,
    /// A JSON number, boolean or null.
    Literal,
}

/// Whether one output stream takes colours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    colored: bool,
}

impl Style {
    /// For what is no stream, such as a part of a document.
    pub(super) const PLAIN: Self = Self { colored: false };

    pub(crate) fn new(colored: bool) -> Self {
        // Each stream decides for itself, so the crate must not.
        colored::control::set_override(true);
        Self { colored }
    }

    pub(crate) fn is_colored(self) -> bool {
        self.colored
    }

    /// The text in the colour of its role, or as it is.
    pub(crate) fn paint(self, role: Role, text: &str) -> String {
        if !self.colored || text.is_empty() {
            return text.to_owned();
        }
        let painted: ColoredString = match role {
            Role::Good | Role::Text => text.green(),
            Role::Bad => text.red().bold(),
            Role::Warn => text.yellow(),
            Role::Dim => text.dimmed(),
            Role::Strong => text.bold(),
            Role::Gutter => text.bright_blue().bold(),
            Role::Key => text.blue(),
            Role::Literal => text.magenta(),
        };
        painted.to_string()
    }
}
