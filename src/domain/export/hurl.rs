//! A notification as one entry of a Hurl file (<https://hurl.dev>), to be sent again to the developer's own app.
//!
//! The origin is Hurl's variable `target` (`hurl --variable target=http://localhost:3000 file.hurl`). Nothing else is a
//! template: where foreign text holds `{{`, the first brace is written as an escape.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};

use crate::domain::capture::Capture;
use crate::domain::curl::is_plain;
use crate::domain::headers::Header;

/// Longer bodies go as base64: as one line of text no editor would show them anyway.
const LONGEST_TEXT: usize = 64 * 1024;

/// What Hurl takes in a URL as it is, besides letters and digits.
const OF_URLS: &[u8] = b":/.-?=&_%*,@~+!$'();[]";

/// The entry, with an empty line at its end. It sends the exact body, and expects to be answered 200.
///
/// What Hurl cannot express is left out with a comment that says so: a header field whose value is not UTF-8, and a
/// whole request whose method is not made of capital letters.
#[must_use]
pub fn entry(capture: &Capture) -> String {
    let Capture {
        received_at,
        method,
        target,
        headers,
        body,
    } = capture;
    let mut text = String::new();
    if let Some(received_at) = received_at {
        line(&mut text, format_args!("# received at {received_at:.3}"));
    }
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let method = method.escape_debug();
        line(
            &mut text,
            format_args!("# left out: Hurl has no method `{method}`\n"),
        );
        return text;
    }
    let (left_out, sent): (Vec<_>, Vec<_>) = headers
        .end_to_end()
        .iter()
        .filter_map(field)
        .partition(|field| field.starts_with('#'));
    for comment in left_out {
        line(&mut text, format_args!("{comment}"));
    }
    line(
        &mut text,
        format_args!("{method} {{{{target}}}}{}", path(target)),
    );
    for field in sent {
        line(&mut text, format_args!("{field}"));
    }
    if has_dots(target) {
        line(&mut text, format_args!("[Options]\npath-as-is: true"));
    }
    if !body.is_empty() {
        line(&mut text, format_args!("{}", self::body(body)));
    }
    line(&mut text, format_args!("HTTP 200\n"));
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a `String` cannot fail");
}

/// The path and query of a target. Escapes what Hurl does not take in a URL, braces among it.
fn path(target: &str) -> String {
    let after_scheme = target.split_once("://").map(|(_, rest)| rest);
    let target = match after_scheme {
        Some(rest) if !target.starts_with('/') => {
            rest.find(['/', '?']).map_or("/", |at| &rest[at..])
        }
        _ => target,
    };
    let mut path = String::from(if target.starts_with('/') { "" } else { "/" });
    for byte in target.bytes() {
        if byte.is_ascii_alphanumeric() || OF_URLS.contains(&byte) {
            path.push(byte.into());
        } else {
            write!(path, "%{byte:02X}").expect("writing to a `String` cannot fail");
        }
    }
    path
}

/// Whether curl, which sends for Hurl, would shorten the path.
fn has_dots(target: &str) -> bool {
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    path.split('/')
        .any(|segment| segment == "." || segment == "..")
}

/// One header field, or the comment that says why it is left out; nothing where HTTP cannot carry it.
fn field(header: &Header) -> Option<String> {
    let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
    HeaderValue::from_bytes(&header.value).ok()?;
    let Ok(value) = std::str::from_utf8(&header.value) else {
        return Some(format!("# left out: `{name}`, whose value is not UTF-8"));
    };
    let mut field = String::new();
    for character in header.name.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.') {
            field.push(character);
        } else {
            escape(&mut field, character);
        }
    }
    field.push_str(": ");
    // Hurl trims what stands around the value.
    let inner = value.trim_matches(' ');
    let start = value.len() - value.trim_start_matches(' ').len();
    for (at, character) in value.char_indices() {
        let is_around = at < start || at >= start + inner.len();
        if is_around || matches!(character, '#' | '\\') || character.is_control() {
            escape(&mut field, character);
        } else {
            push(&mut field, character, &value[at..]);
        }
    }
    Some(field)
}

/// A body in the most readable form that keeps its bytes:
///
/// - a block between lines of backticks, which Hurl sends from the first line to the last line break, for text that ends
///   with a line break and has nothing that Hurl reads otherwise (some versions read escapes there, some do not);
/// - a string between backticks with escapes, for other text: never bare JSON, which Hurl writes anew;
/// - base64 for the rest.
fn body(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.len() <= LONGEST_TEXT && is_readable(text) => {
            let is_block =
                text.ends_with('\n') && !["\\", "{{", "```"].iter().any(|mark| text.contains(mark));
            if is_block {
                format!("```\n{text}```")
            } else {
                quoted(text)
            }
        }
        _ => format!("base64,{};", STANDARD.encode(body)),
    }
}

/// Whether all characters show as themselves or have an escape that everybody knows.
fn is_readable(text: &str) -> bool {
    text.split('\t').all(is_plain)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("`");
    for (at, character) in text.char_indices() {
        match character {
            '`' | '\\' | '#' => {
                quoted.push('\\');
                quoted.push(character);
            }
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ => push(&mut quoted, character, &text[at..]),
        }
    }
    quoted.push('`');
    quoted
}

/// Adds a character, `rest` being the text from it on; as an escape where it would begin a template.
fn push(text: &mut String, character: char, rest: &str) {
    if rest.starts_with("{{") {
        escape(text, character);
    } else {
        text.push(character);
    }
}

fn escape(text: &mut String, character: char) {
    write!(text, "\\u{{{:x}}}", u32::from(character)).expect("writing to a `String` cannot fail");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn capture(target: &str, headers: &[(&str, &[u8])], body: &[u8]) -> Capture {
        let mut capture = Capture::bare(body.to_vec().into());
        capture.target = target.into();
        capture.headers = headers
            .iter()
            .map(|(name, value)| Header::new(*name, *value))
            .collect();
        capture
    }

    #[test]
    fn an_entry_can_be_sent_again() {
        let headers: [(&str, &[u8]); 5] = [
            ("host", b"old.test"),
            ("content-length", b"9"),
            ("content-type", b"application/json"),
            ("x-odd", b"caf\xe9"),
            ("x-empty", b""),
        ];
        let mut capture = capture("/hook?x=1", &headers, br#"{"a":1.10}"#);
        capture.received_at = "2026-01-02T03:04:05Z".parse().ok();
        assert_eq!(
            entry(&capture),
            "# received at 2026-01-02T03:04:05.000Z\n\
             # left out: `x-odd`, whose value is not UTF-8\n\
             POST {{target}}/hook?x=1\n\
             content-type: application/json\n\
             x-empty: \n\
             `{\"a\":1.10}`\n\
             HTTP 200\n\n"
        );
    }

    #[test]
    fn foreign_text_is_no_template_and_no_comment() {
        let headers: [(&str, &[u8]); 2] = [("x-a", b" a{{{b}} #\\ "), ("x#b", b"\t1")];
        let text = entry(&capture("/{{a}}/../#\"é", &headers, b"{{x}} `#\\n` \n\t{{"));
        assert_eq!(
            text,
            "POST {{target}}/%7B%7Ba%7D%7D/../%23%22%C3%A9\n\
             x-a: \\u{20}a\\u{7b}\\u{7b}{b}} \\u{23}\\u{5c}\\u{20}\n\
             x\\u{23}b: \\u{9}1\n\
             [Options]\n\
             path-as-is: true\n\
             `\\u{7b}{x}} \\`\\#\\\\n\\` \\n\\t\\u{7b}{`\n\
             HTTP 200\n\n"
        );
    }

    #[test]
    fn bodies_take_the_most_readable_exact_form() {
        for (text, expected) in [
            ("{\n}\n", "```\n{\n}\n```"),
            ("{\n}", "`{\\n}`"),
            ("\\\n", "`\\\\\\n`"),
            ("{}\r\n", "base64,e30NCg==;"),
            ("\u{feff}{}", "base64,77u/e30=;"),
            ("\u{202e}", "base64,4oCu;"),
        ] {
            assert_eq!(body(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(body(b"\xff"), "base64,/w==;");
        assert!(body("a".repeat(LONGEST_TEXT + 1).as_bytes()).starts_with("base64,"));
    }

    #[test]
    fn a_method_that_hurl_has_not_is_left_out() {
        let mut capture = Capture::bare(b"x".to_vec().into());
        capture.method = "get\n".into();
        assert_eq!(
            entry(&capture),
            "# left out: Hurl has no method `get\\n`\n\n"
        );
    }

    #[test]
    fn a_target_with_an_origin_loses_it() {
        assert_eq!(path("http://h:1/a?b"), "/a?b");
        assert_eq!(path("http://h"), "/");
        assert_eq!(path("*"), "/*");
        assert_eq!(path("/a?u=http://h/b"), "/a?u=http://h/b");
    }

    /// What Hurl makes of a string between backticks: escapes are read, and two plain braces are a template.
    fn read(quoted: &str) -> Option<String> {
        let mut rest = quoted.strip_prefix('`')?.strip_suffix('`')?.chars();
        let (mut text, mut after_brace) = (String::new(), false);
        while let Some(character) = rest.next() {
            let plain = match (character, after_brace) {
                ('`' | '\n', _) | ('{', true) => return None,
                ('\\', _) => None,
                _ => Some(character),
            };
            after_brace = plain == Some('{');
            text.push(match plain {
                Some(character) => character,
                None => match rest.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'u' => {
                        let digits: String = rest.by_ref().take_while(|c| *c != '}').collect();
                        char::from_u32(u32::from_str_radix(&digits[1..], 16).ok()?)?
                    }
                    other => other,
                },
            });
        }
        Some(text)
    }

    proptest! {
        #[test]
        fn the_exact_body_is_sent(text in "[\\{\\}a`#\\\\\n\té\"]{0,12}") {
            let written = body(text.as_bytes());
            if let Some(block) = written.strip_prefix("```\n") {
                prop_assert_eq!(block.strip_suffix("```"), Some(text.as_str()));
            } else {
                prop_assert_eq!(read(&written), Some(text));
            }
        }
    }
}
