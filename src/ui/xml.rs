//! Foreign text in XML: whatever it is, the document stays well-formed and harmless to a terminal.

use std::fmt::Write as _;

use super::sanitize;

/// What stands in an element.
pub(super) fn text(text: &str) -> String {
    escape(text, |character| matches!(character, '\n' | '\t'))
}

/// The start of an element with these attributes, up to where its `>` or `/>` belongs.
pub(super) fn start(name: &str, attributes: &[(&str, &str)]) -> String {
    attributes
        .iter()
        .fold(format!("<{name}"), |start, (name, value)| {
            // A reader makes a space of each line break and tab that is not escaped.
            start + &format!(" {name}=\"{}\"", escape(value, |_| false))
        })
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            _ if stays(character) => escaped.push(character),
            _ if is_forbidden(character) => write!(escaped, "\\u{:04x}", u32::from(character))
                .expect("writing to a `String` cannot fail"),
            _ if sanitize::is_unsafe(character) => {
                write!(escaped, "&#x{:x};", u32::from(character))
                    .expect("writing to a `String` cannot fail");
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Whether XML 1.0 has no way to write this character, not even as a reference.
fn is_forbidden(character: char) -> bool {
    let is_control = character < ' ' && !matches!(character, '\t' | '\n' | '\r');
    is_control || matches!(character, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_a_document() {
        assert_eq!(
            start("a", &[("b", "<\"&'>\r\n\t")]),
            "<a b=\"&lt;&quot;&amp;'&gt;&#xd;&#xa;&#x9;\""
        );
        assert_eq!(text("]]>\r\n\tñ"), "]]&gt;&#xd;\n\tñ");
        assert_eq!(
            text("\0\u{1b}\u{7f}\u{202e}\u{ffff}"),
            "\\u0000\\u001b&#x7f;&#x202e;\\uffff"
        );
    }
}
