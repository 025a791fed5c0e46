//! The same JSON in the spellings of the usual serialisers: digits and order stay, which no round trip would promise.

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;

/// Deeper JSON is left alone: indented, it would grow without bounds.
const DEEPEST: usize = 128;

/// The space between the tokens of a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// None, as `JSON.stringify` writes it.
    Compact,
    /// One after `,` and `:`, as `json.dumps` of Python writes it.
    Spaced,
    /// Line breaks, with so many spaces for each level.
    Indented(usize),
}

impl Spacing {
    /// The usual ones.
    pub(super) const ALL: [Self; 4] = [
        Self::Compact,
        Self::Spaced,
        Self::Indented(2),
        Self::Indented(4),
    ];
}

impl fmt::Display for Spacing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compact => f.write_str("compact, without spaces"),
            Self::Spaced => f.write_str("with a space after `,` and `:`"),
            Self::Indented(spaces) => write!(f, "indented by {spaces}"),
        }
    }
}

/// What is escaped in strings beyond what must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// What was escaped before.
    Same,
    /// Nothing.
    Least,
    /// All but ASCII, as `json.dumps` of Python does.
    NonAscii,
    /// The solidus.
    Solidus,
    /// Both, as `json_encode` of PHP does.
    NonAsciiAndSolidus,
    /// What HTML would take for markup, as `json.Marshal` of Go does.
    Markup,
}

impl Escapes {
    /// Every one.
    pub(super) const ALL: [Self; 6] = [
        Self::Same,
        Self::Least,
        Self::NonAscii,
        Self::Solidus,
        Self::NonAsciiAndSolidus,
        Self::Markup,
    ];

    fn applies_to(self, char: char) -> bool {
        match self {
            Self::Same | Self::Least => false,
            Self::NonAscii => !char.is_ascii(),
            Self::Solidus => char == '/',
            Self::NonAsciiAndSolidus => !char.is_ascii() || char == '/',
            Self::Markup => matches!(char, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'),
        }
    }
}

impl fmt::Display for Escapes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "",
            Self::Least => ", nothing escaped that need not be",
            Self::NonAscii => ", all but ASCII escaped",
            Self::Solidus => ", `/` escaped",
            Self::NonAsciiAndSolidus => ", `/` and all but ASCII escaped",
            Self::Markup => ", `<`, `>` and `&` escaped",
        })
    }
}

/// The same JSON in another spelling; nothing where the text is not JSON.
pub(super) fn respell(json: &[u8], spacing: Spacing, escapes: Escapes) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(json).ok()?;
    serde_json::from_str::<&RawValue>(text).ok()?;
    let mut written = Writer {
        text: String::with_capacity(text.len() + text.len() / 4),
        spacing,
        depth: 0,
    };
    let mut rest = text.trim_ascii();
    while let Some(first) = rest.chars().next() {
        if written.depth > DEEPEST {
            return None;
        }
        let length = match first {
            '"' => string_length(rest),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(length)?;
        rest = after.trim_ascii_start();
        match first {
            '"' => written.text.push_str(&restring(token, escapes)),
            _ => written.push(first, rest.starts_with(['}', ']'])),
        }
    }
    Some(written.text.into_bytes())
}

/// The length of the string that the text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let closes = !escaped && byte == b'"';
        escaped = !escaped && byte == b'\\';
        closes
    });
    end.map_or(text.len(), |end| end + 2)
}

/// A quoted string with other escapes. One that is no text (half a surrogate pair) stays as it is.
fn restring(quoted: &str, escapes: Escapes) -> Cow<'_, str> {
    if escapes == Escapes::Same {
        return quoted.into();
    }
    let plain =
        serde_json::from_str::<String>(quoted).and_then(|text| serde_json::to_string(&text));
    let Ok(plain) = plain else {
        return quoted.into();
    };
    let mut text = String::with_capacity(plain.len() + 16);
    for char in plain.chars() {
        match char {
            '/' if escapes.applies_to(char) => text.push_str("\\/"),
            _ if escapes.applies_to(char) => {
                let units = char.encode_utf16(&mut [0; 2]).to_vec();
                text.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
            }
            _ => text.push(char),
        }
    }
    text.into()
}

/// Puts the tokens of a JSON text together, with space where the spelling has some.
struct Writer {
    text: String,
    spacing: Spacing,
    depth: usize,
}

impl Writer {
    /// A character outside strings. Nothing stands between brackets that `closes_next`.
    fn push(&mut self, char: char, closes_next: bool) {
        let is_empty = self.text.ends_with(['{', '[']);
        match char {
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                if !is_empty {
                    self.break_line();
                }
                self.text.push(char);
            }
            '{' | '[' => {
                self.text.push(char);
                self.depth += 1;
                if !closes_next {
                    self.break_line();
                }
            }
            ',' => {
                self.text.push(char);
                if self.spacing == Spacing::Spaced {
                    self.text.push(' ');
                }
                self.break_line();
            }
            ':' => {
                self.text.push(char);
                if self.spacing != Spacing::Compact {
                    self.text.push(' ');
                }
            }
            _ => self.text.push(char),
        }
    }

    fn break_line(&mut self) {
        if let Spacing::Indented(spaces) = self.spacing {
            self.text.push('\n');
            self.text
                .extend(std::iter::repeat_n(' ', spaces * self.depth));
        }
    }
}
