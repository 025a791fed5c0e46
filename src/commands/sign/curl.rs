//! The curl command that posts a signed notification: what it prints can be pasted into any POSIX shell.

use std::fmt::Write as _;

use crate::domain::activity::Signed;
use crate::domain::capture::Capture;

/// Longer bodies do not fit into one argument of a command (128 KiB on Linux).
const LONGEST_ARGUMENT: usize = 100 * 1024;

/// One line, with its line break. `file` is the file that holds exactly the body, where there is one.
pub(super) fn command(url: &str, signed: &Signed, capture: &Capture, file: Option<&str>) -> String {
    let mut headers = format!(
        "-H {}",
        quoted(&format!("{}: {}", signed.header, signed.token))
    );
    for (name, default) in [
        ("content-type", Some("application/json")),
        ("content-encoding", None),
    ] {
        let value = capture
            .headers
            .get(name)
            .filter(|value| is_plain(value) && !value.contains('\n'));
        if let Some(value) = value.or(default) {
            headers = format!("-H {} {headers}", quoted(&format!("{name}: {value}")));
        }
    }
    let url = quoted(url);
    let argument = std::str::from_utf8(&capture.body)
        .ok()
        .filter(|body| is_plain(body) && !body.starts_with('@') && body.len() < LONGEST_ARGUMENT);
    match (file.filter(|file| is_plain(file)), argument) {
        (Some(file), _) => {
            let file = quoted(&format!("@{file}"));
            format!("curl {url} {headers} --data-binary {file}\n")
        }
        (None, Some(body)) => format!("curl {url} {headers} --data-binary {}\n", quoted(body)),
        (None, None) => format!(
            "printf {} | curl {url} {headers} --data-binary @-\n",
            escaped(&capture.body)
        ),
    }
}

/// Whether the text can stand between quotes, and mislead neither the shell nor a terminal.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|character| matches!(character, '\n' | ' '..='~') || character.is_alphanumeric())
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"@%+=:,./-_".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_word) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The bytes as the format of `printf`, in which octal escapes spell whatever is not plainly itself.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    text.push('\'');
    for &byte in bytes {
        match byte {
            b'%' => text.push_str("%%"),
            _ if byte.is_ascii_alphanumeric() || b" {}[]\":,._".contains(&byte) => {
                text.push(char::from(byte));
            }
            _ => write!(text, "\\{byte:03o}").expect("writing to a `String` cannot fail"),
        }
    }
    text.push('\'');
    text
}
