//! A request as a curl command that can be pasted into any POSIX shell, and sends the exact bytes.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};

use super::capture::Capture;
use super::headers::Header;

/// Longer bodies are piped in: a system limits how long one argument may be (128 KiB on Linux).
const LONGEST_ARGUMENT: usize = 64 * 1024;

/// Header fields that curl adds by itself unless it is told not to.
const OF_CURL: [&str; 3] = ["accept", "user-agent", "content-type"];

/// The command that sends the capture to `url`, without a line break at its end. `options` are for curl itself, such as
/// `--insecure`; `file` is the name of a file that holds exactly the body, where there is one.
#[must_use]
pub fn command(url: &str, capture: &Capture, options: &[String], file: Option<&str>) -> String {
    let Capture {
        method,
        headers,
        body,
        ..
    } = capture;
    let mut lines = vec![format!(
        "curl --globoff --path-as-is --request {} {}",
        word(method.as_bytes()),
        word(url.as_bytes())
    )];
    lines.extend(options.iter().map(|option| word(option.as_bytes())));
    lines.extend(headers.iter().filter_map(header));
    let added = OF_CURL
        .iter()
        .filter(|name| headers.iter().all(|header| !header.is(name)));
    lines.extend(added.map(|name| format!("--header '{name}:'")));
    let mut before = String::new();
    match (file, std::str::from_utf8(body)) {
        (Some(file), _) => lines.push(format!(
            "--data-binary {}",
            word(format!("@{file}").as_bytes())
        )),
        (None, Ok("")) if method == "GET" || method == "HEAD" => {}
        (None, Ok(text)) if is_pasteable(text) => {
            lines.push(format!("--data-binary {}", quote(text)));
        }
        (None, _) => {
            before = format!("printf %s '{}' | base64 -d | ", STANDARD.encode(body));
            lines.push("--data-binary @-".into());
        }
    }
    before + &lines.join(" \\\n  ")
}

/// One header field; nothing where HTTP cannot carry it.
fn header(header: &Header) -> Option<String> {
    HeaderName::from_bytes(header.name.as_bytes()).ok()?;
    HeaderValue::from_bytes(&header.value).ok()?;
    let field = if header.value.is_empty() {
        // With a colon curl would leave the field out.
        format!("{};", header.name).into_bytes()
    } else {
        [header.name.as_bytes(), b": ", &header.value].concat()
    };
    Some(format!("--header {}", word(&field)))
}

/// Whether a body can stand in the command: it is shown as it is, and curl would not take it for the name of a file.
fn is_pasteable(text: &str) -> bool {
    text.len() <= LONGEST_ARGUMENT && !text.starts_with('@') && is_plain(text)
}

/// Whether a terminal shows every character as itself.
pub(super) fn is_plain(text: &str) -> bool {
    text.chars().all(|character| {
        matches!(character, '\n' | '\'' | '"' | '\\') || character.escape_debug().len() == 1
    })
}

/// One word of a shell command. `printf` makes what cannot be typed.
fn word(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_plain(text) => quote(text),
        _ => {
            let escaped = bytes.iter().fold(String::new(), |mut text, byte| {
                write!(text, "\\{byte:03o}").expect("writing to a `String` cannot fail");
                text
            });
            format!("\"$(printf '{escaped}')\"")
        }
    }
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curl(headers: &[(&str, &[u8])], body: &[u8]) -> String {
        let headers = headers
            .iter()
            .map(|(name, value)| Header::new(*name, *value));
        let mut capture = Capture::bare(body.to_vec().into());
        capture.headers = headers.collect();
        command("http://h/a?b=c&d", &capture, &[], None)
    }

    #[test]
    fn text_stands_in_single_quotes() {
        assert_eq!(
            curl(
                &[("content-type", b"application/json"), ("x", b"")],
                br#"{"a":"it's $1 `x` \n"}"#
            ),
            "curl --globoff --path-as-is --request 'POST' 'http://h/a?b=c&d' \\\n  \
             --header 'content-type: application/json' \\\n  --header 'x;' \\\n  \
             --header 'accept:' \\\n  --header 'user-agent:' \\\n  \
             --data-binary '{\"a\":\"it'\\''s $1 `x` \\n\"}'"
        );
    }

    #[test]
    fn what_cannot_be_pasted_is_piped() {
        let long = vec![b'a'; LONGEST_ARGUMENT + 1];
        for body in [
            b"\xff".as_slice(),
            b"a\0b",
            b"@file",
            b"\r\n",
            "\u{202e}".as_bytes(),
            &long,
        ] {
            let command = curl(&[], body);
            assert!(command.starts_with("printf %s '"), "{command}");
            assert!(command.ends_with("--data-binary @-"), "{command}");
        }
    }

    #[test]
    fn odd_header_values_are_made_by_printf() {
        assert!(
            curl(&[("x", b"\xe9")], b"").contains(r#"--header "$(printf '\170\072\040\351')""#)
        );
        assert!(!curl(&[("bad name", b"1")], b"").contains("bad name"));
    }
}
