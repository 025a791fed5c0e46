//! What a text is that is not JSON, told by how it begins: another format, or something wrapped round the JSON.

use serde::de::IgnoredAny;

use super::explanation::{Explanation, explained};

/// How a kind is recognised, what it is, and what to do instead.
type Kind = (fn(&str) -> bool, &'static str, &'static str);

const KINDS: &[Kind] = &[
    (
        |text| text.starts_with('<'),
        "this is HTML or XML, not JSON",
        "this is often the error page of a proxy or a login page: look at the address and the status",
    ),
    (
        is_form,
        "this is form-encoded data, not JSON",
        "send the JSON itself with `Content-Type: application/json` (curl: `--json @file` or `--data-binary @file`)",
    ),
    (
        |text| starts_with_any(text, &["%7B", "%7b", "%5B", "%5b"]),
        "this is percent-encoded, not JSON",
        "decode it first; what posts it should not encode the body like a form",
    ),
    (
        is_token,
        "this is a token (JWT), not the notification that it signs",
        "give the body of the request; `syncfy-hooks verify --token` checks the token",
    ),
    (
        is_base64,
        "this is JSON in base64",
        "decode it first: `base64 -d`",
    ),
    (
        |text| starts_with_any(text, &["curl ", "$ ", "http POST "]),
        "this is a command, not the body that it sends",
        "give what stands behind `-d` or `--data`, without the quotes of the shell",
    ),
    (
        is_http,
        "this is an HTTP message with its head, not the body alone",
        "give what stands below the empty line",
    ),
    (
        |text| text.starts_with("--") && text.contains("Content-Disposition"),
        "this is a multipart form, not JSON",
        "send the JSON itself with `Content-Type: application/json`",
    ),
    (
        |text| text.starts_with("```"),
        "this is a block of Markdown, not JSON",
        "remove the lines with the backquotes",
    ),
    (
        |text| starts_with_any(text, &["b'", "b\"", "u'"]),
        "this is a printed Python string, not JSON",
        "write the bytes themselves to the file, not their `repr`",
    ),
    (
        |text| text.starts_with("[object "),
        "this is a printed JavaScript object, not JSON",
        "`JSON.stringify` writes JSON; better still, keep the bytes as they came",
    ),
    (
        |text| starts_with_any(text, &["const ", "let ", "var ", "export ", "module."]),
        "this is JavaScript, not JSON",
        "`JSON.stringify` writes JSON",
    ),
    (
        |text| text.starts_with("data:"),
        "this is a stream of server-sent events, not JSON",
        "give what stands behind `data:`",
    ),
    (
        is_yaml,
        "this is YAML or the head of a message, not JSON",
        "of a message give the body alone; YAML becomes JSON with `yq -o json`",
    ),
    (
        has_escaped_quotes,
        "the quotes are escaped with backslashes",
        "this was copied from inside a string: remove one level of backslashes, as `jq -r` does",
    ),
];

/// The kind of a text that is not JSON, where it is known.
pub(super) fn explain(text: &str) -> Option<Explanation> {
    let text = text.trim_start();
    let (_, message, help) = KINDS.iter().find(|(is_kind, ..)| is_kind(text))?;
    let page = title(text).map(|title| format!("this is the HTML page `{title}`, not JSON"));
    Some(explained(
        page.unwrap_or_else(|| (*message).to_owned()),
        help,
    ))
}

/// A text that is JSON from some place on, as a log writes it.
pub(super) fn explain_prefix(text: &str) -> Option<Explanation> {
    let start = text.find('{').filter(|start| *start > 0)?;
    let (before, json) = text.split_at_checked(start)?;
    let is_text = before.contains(|c: char| c.is_alphabetic());
    (is_text && serde_json::from_str::<IgnoredAny>(json).is_ok()).then(|| {
        explained(
            "something stands before the JSON, as in a log",
            "cut off what stands before `{`",
        )
    })
}

fn starts_with_any(text: &str, beginnings: &[&str]) -> bool {
    beginnings
        .iter()
        .any(|beginning| text.starts_with(beginning))
}

/// The title of an HTML page, such as `502 Bad Gateway`: of it only what no terminal can be misled by.
fn title(text: &str) -> Option<String> {
    const LONGEST: usize = 60;
    if !text.starts_with('<') {
        return None;
    }
    let (_, rest) = text
        .split_once("<title>")
        .or_else(|| text.split_once("<TITLE>"))?;
    let title = rest.split('<').next()?.trim();
    let is_plain =
        |c: &char| c.is_alphanumeric() || (c.is_ascii_graphic() && *c != '`') || *c == ' ';
    let title: String = title.chars().filter(is_plain).take(LONGEST).collect();
    (!title.is_empty()).then_some(title)
}

fn is_form(text: &str) -> bool {
    let word = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.%+[]".contains(byte))
        .count();
    let rest = text.get(word..).unwrap_or_default();
    // At the end of base64 the same character stands for nothing.
    let is_value = !rest.trim_end().trim_start_matches('=').is_empty();
    word > 0 && rest.starts_with('=') && is_value && !text.starts_with(['[', '{'])
}

fn is_token(text: &str) -> bool {
    let token = text.strip_prefix("Bearer ").unwrap_or(text).trim_end();
    token.starts_with("ey")
        && token.bytes().filter(|byte| *byte == b'.').count() == 2
        && token
            .bytes()
            .all(|byte| is_base64_character(byte) || byte == b'.')
}

fn is_base64(text: &str) -> bool {
    // How `{"`, `{` and a line break, and `[{` begin in base64.
    starts_with_any(text, &["eyJ", "ewo", "ew0", "eyA", "W3s"])
        && text
            .bytes()
            .all(|byte| is_base64_character(byte) || byte.is_ascii_whitespace())
}

fn is_base64_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte)
}

fn is_http(text: &str) -> bool {
    let Some((method, rest)) = text.split_once(' ') else {
        return false;
    };
    let is_request = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method);
    method.starts_with("HTTP/")
        || (is_request && (rest.starts_with('/') || rest.starts_with("http")))
}

fn is_yaml(text: &str) -> bool {
    let word = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte))
        .count();
    let (word, rest) = text.split_at_checked(word).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let is_key = word.starts_with(|c: char| c.is_ascii_alphabetic());
    word == "---" || (is_key && (line == ":" || line.starts_with(": ")) && !line.contains('{'))
}

fn has_escaped_quotes(text: &str) -> bool {
    let inside = text.get(1..).unwrap_or_default().trim_start();
    text.starts_with(['{', '[']) && inside.starts_with("\\\"")
}
