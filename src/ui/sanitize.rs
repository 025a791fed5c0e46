//! Foreign text at the terminal border: what could move the cursor, hide or reorder text is shown as its escape.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a terminal could be misled by this character: controls, bidirectional overrides, zero-width characters.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line of foreign text. Line breaks and other controls are always escaped, so that nobody can forge a line; what
/// only a terminal could be misled by stays as it is where there is none.
pub(crate) fn line(text: &str, terminal: bool) -> Cow<'_, str> {
    escape(text, |character| {
        if terminal {
            is_unsafe(character)
        } else {
            character.is_control()
        }
    })
}

/// Foreign text of several lines for a terminal: line feeds and tabs stay.
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    escape(text, |character| {
        is_unsafe(character) && !matches!(character, '\n' | '\t')
    })
}

/// One character of a picture that has to line up: what a terminal could be misled by is escaped, and what makes the
/// character before it wider on some of them; a tab stays.
pub(crate) fn character(character: char) -> String {
    let changes_width = |character| {
        matches!(
            character,
            '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'
        )
    };
    let is_unsafe = |found| (is_unsafe(found) && found != '\t') || changes_width(found);
    escape(character.encode_utf8(&mut [0; 4]), is_unsafe).into_owned()
}

fn escape(text: &str, is_unsafe: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("writing to a `String` cannot fail");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misleads_a_terminal_is_escaped() {
        assert_eq!(line("a\u{1b}[2Jb", true), "a\\u001b[2Jb");
        assert_eq!(line("a\u{202e}b\u{200b}", true), "a\\u202eb\\u200b");
        assert_eq!(line("\u{e0041}", true), "\\udb40\\udc41");
        assert_eq!(block("a\tb\n\rc"), "a\tb\n\\u000dc");
    }

    #[test]
    fn a_pipe_keeps_all_but_line_breaks() {
        assert_eq!(line("a\u{202e}b\n", false), "a\u{202e}b\\u000a");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(line("señor 你好", true), Cow::Borrowed(_)));
    }
}
