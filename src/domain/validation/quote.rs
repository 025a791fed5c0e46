//! Foreign text inside a message: short, on one line, harmless to a terminal.

/// The most characters of foreign text that a message shows.
const LONGEST: usize = 60;

/// `text` between backticks, control and invisible characters escaped, clipped to 60 characters.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    for character in text.chars().take(LONGEST) {
        match character {
            '"' | '\'' | '\\' => quoted.push(character),
            other => quoted.extend(other.escape_debug()),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}

/// Names between backticks: `a`, `b` and `c`.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_tamed() {
        assert_eq!(quote("it's \"ñ\""), "`it's \"ñ\"`");
        assert_eq!(
            quote("a\n\u{1b}[31m\u{202e}\u{200b}"),
            "`a\\n\\u{1b}[31m\\u{202e}\\u{200b}`"
        );
        assert_eq!(quote(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }

    #[test]
    fn names_are_listed() {
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
