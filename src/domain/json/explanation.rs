//! The usual ways in which a body turns out not to be JSON, told by their first bytes and by the place of the error.

use super::beginning;

/// What is wrong, and what to do where the cause is known.
pub(super) struct Explanation {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

pub(super) fn explained(message: impl Into<String>, help: &str) -> Explanation {
    Explanation {
        message: message.into(),
        help: Some(help.to_owned()),
    }
}

/// Beginnings of bodies that are no text at all.
const BINARY: &[(&[u8], &str, &str)] = &[
    (b"\x1f\x8b", "gzip data", "decompress it first: `gzip -dc`"),
    (
        b"\x28\xb5\x2f\xfd",
        "zstd data",
        "decompress it first: `zstd -dc`",
    ),
    (
        b"PK\x03\x04",
        "a zip archive",
        "unzip it and give the file inside",
    ),
    (b"\xff\xfe\0\0", "UTF-32 text", "save the file as UTF-8"),
    (b"\0\0\xfe\xff", "UTF-32 text", "save the file as UTF-8"),
    (b"\xff\xfe", "UTF-16 text", "save the file as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save the file as UTF-8"),
    (b"{\0", "UTF-16 text", "save the file as UTF-8"),
    (b"\0{", "UTF-16 text", "save the file as UTF-8"),
];

/// A body that needs no parser to be refused.
pub(super) fn of_bytes(body: &[u8]) -> Option<Explanation> {
    if body.trim_ascii().is_empty() {
        return Some(explained(
            "the body is empty",
            "check that the sender writes the body, or that the file was saved",
        ));
    }
    let (_, what, help) = BINARY.iter().find(|(magic, ..)| body.starts_with(magic))?;
    Some(explained(format!("this is {what}, not JSON"), help))
}

/// Bytes that are not UTF-8.
pub(super) fn of_invalid_utf8(byte: Option<u8>, offset: usize) -> Explanation {
    let byte = byte.unwrap_or_default();
    let message = format!("invalid UTF-8: byte `0x{byte:02x}` at offset {offset} of the body");
    explained(
        message,
        "JSON is UTF-8 (RFC 8259): save the text as UTF-8, or look for a body that was cut or compressed",
    )
}

/// A text in which `serde_json` met an error at `offset`.
pub(super) fn of_text(text: &str, offset: usize, error: &serde_json::Error) -> Explanation {
    let prefix = || (!error.is_eof()).then(|| beginning::explain_prefix(text))?;
    beginning::explain(text)
        .or_else(prefix)
        .or_else(|| of_place(text, offset))
        .unwrap_or_else(|| of_verdict(text, offset, error))
}

/// Beginnings of what stands where JSON expects something else.
const FOREIGN: &[(&str, &str, &str)] = &[
    (
        "'",
        "single quotes are not JSON",
        "use double quotes; a printed Python dict becomes JSON with `json.dumps`",
    ),
    (
        "True",
        "`True` is Python, not JSON",
        "write `true`; a printed Python dict becomes JSON with `json.dumps`",
    ),
    (
        "False",
        "`False` is Python, not JSON",
        "write `false`; a printed Python dict becomes JSON with `json.dumps`",
    ),
    (
        "None",
        "`None` is Python, not JSON",
        "write `null`; a printed Python dict becomes JSON with `json.dumps`",
    ),
    (
        "NaN",
        "`NaN` is not JSON",
        "JSON has no such number: write `null`",
    ),
    (
        "Infinity",
        "`Infinity` is not JSON",
        "JSON has no such number: write `null`",
    ),
    (
        "undefined",
        "`undefined` is not JSON",
        "write `null` or leave the member out",
    ),
    ("//", "comments are not JSON", "remove the comment"),
    ("/*", "comments are not JSON", "remove the comment"),
    ("#", "comments are not JSON", "remove the comment"),
    (
        "...",
        "an ellipsis is not JSON",
        "something was left out here: give the whole text",
    ),
    (
        "\u{2026}",
        "an ellipsis is not JSON",
        "something was left out here: give the whole text",
    ),
    (
        "\u{1b}",
        "colour codes of a terminal are not JSON",
        "write the text to a file, or print it without colours (`jq -M`)",
    ),
    (
        "`",
        "backquotes are not JSON",
        "use double quotes: `JSON.stringify` writes JSON",
    ),
    (
        "${",
        "a placeholder is not JSON",
        "fill in the template first",
    ),
    (
        "=",
        "`=` stands where `:` belongs",
        "write `\"key\": value`; a printed Ruby hash becomes JSON with `to_json`",
    ),
    (
        ";",
        "a semicolon stands where a comma belongs",
        "separate members and items with commas",
    ),
    (
        "\u{201c}",
        "curly quotes are not JSON",
        "use straight double quotes: a word processor may have replaced them",
    ),
    (
        "\u{201d}",
        "curly quotes are not JSON",
        "use straight double quotes: a word processor may have replaced them",
    ),
];

const NOT_A_NUMBER: (&str, &str) = (
    "not a number as JSON writes it",
    "decimal digits on both sides of the point, no leading zeros, no `+`",
);

/// Whether what other languages take for a number stands there.
fn is_odd_number(text: &str, start: usize) -> bool {
    let mut characters = text.get(start..).unwrap_or_default().chars();
    let (first, second) = (characters.next(), characters.next());
    match first {
        Some('+' | '.') => second.is_some_and(|digit| digit.is_ascii_digit()),
        Some('0') => matches!(second, Some('x' | 'X' | 'o' | 'b')),
        _ => false,
    }
}

fn of_place(text: &str, offset: usize) -> Option<Explanation> {
    // serde_json may have read into the word or past the sign before it gave up.
    let before = text.get(..offset).unwrap_or_default();
    let start = before
        .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .map_or(0, |end| end + 1);
    let starts = [
        offset,
        text.ceil_char_boundary(start),
        offset.saturating_sub(1),
    ];
    if starts.iter().any(|start| is_odd_number(text, *start)) {
        return Some(explained(NOT_A_NUMBER.0, NOT_A_NUMBER.1));
    }
    let (_, message, help) = starts.iter().find_map(|start| {
        let here = text.get(*start..)?;
        FOREIGN
            .iter()
            .find(|(beginning, ..)| here.starts_with(beginning))
    })?;
    Some(explained(*message, help))
}

const A_VALUE: &str = "a value is an object, an array, a string in double quotes, a number, `true`, `false` or `null`";

/// `serde_json`'s own words, with advice for the common ones.
const VERDICTS: &[(&str, &str, &str)] = &[
    ("expected ident", "this is no JSON value", A_VALUE),
    ("expected value", "this is no JSON value", A_VALUE),
    (
        "trailing comma",
        "a comma before the closing bracket",
        "remove the last comma",
    ),
    (
        "recursion limit exceeded",
        "the nesting is too deep",
        "a notification is a few levels deep; 127 levels are read",
    ),
    (
        "key must be a string",
        "a key is not in double quotes",
        "write every key in double quotes",
    ),
    (
        "control character",
        "a raw control character in a string",
        "escape it: a line break is `\\n`, a tab is `\\t`",
    ),
    (
        "invalid escape",
        "an unknown escape in a string",
        "a backslash itself is written `\\\\`",
    ),
    (
        "number out of range",
        "a number beyond the range of a double",
        "send such a number as a string",
    ),
    ("invalid number", NOT_A_NUMBER.0, NOT_A_NUMBER.1),
    (
        "expected `,`",
        "a comma or the closing bracket is missing",
        "separate members and items with commas",
    ),
    (
        "expected `:`",
        "a `:` is missing after a key",
        "write `\"key\": value`",
    ),
    (
        "hex escape",
        "half of a surrogate pair in an escape",
        "characters beyond U+FFFF take two `\\u` escapes",
    ),
];

/// What is left over of a document that was cut out of another one.
const SURPLUS: [char; 7] = ['}', ']', ',', ' ', '\t', '\r', '\n'];

fn of_verdict(text: &str, offset: usize, error: &serde_json::Error) -> Explanation {
    let told = error.to_string();
    let told = told
        .rsplit_once(" at line ")
        .map_or(told.as_str(), |(message, _)| message);
    if error.is_eof() {
        let bytes = match text.len() {
            1 => "1 byte".to_owned(),
            length => format!("{length} bytes"),
        };
        let message = format!("the JSON ends too soon, after {bytes}");
        return explained(
            message,
            "the body was cut: compare its length with `Content-Length`",
        );
    }
    let here = text.get(offset..).unwrap_or_default().trim_start();
    if told == "trailing characters" && here.trim_end_matches(SURPLUS).is_empty() {
        let message = format!("there is more than what was opened: `{}`", here.trim_end());
        return explained(message, "remove what stands behind the last bracket");
    }
    if told.starts_with("expected `,`") && here.starts_with(['}', ']']) {
        let help = "`{` is closed by `}`, and `[` by `]`: look for one that is missing before";
        return explained("the wrong bracket stands here", help);
    }
    if told == "trailing characters" {
        return explained(
            "there is more text after the end of the JSON",
            "one notification is one JSON value; several go one on each line, as NDJSON",
        );
    }
    VERDICTS
        .iter()
        .find(|(part, ..)| told.contains(part))
        .map_or_else(
            || Explanation {
                message: format!("not JSON: {told}"),
                help: None,
            },
            |(_, message, help)| explained(*message, help),
        )
}

#[cfg(test)]
mod tests {
    use crate::domain::json::{Document, read_text};

    fn message(body: &[u8]) -> String {
        let error = read_text(body).map_or_else(
            |error| error,
            |(text, _)| Document::parse(text).unwrap_err(),
        );
        format!("{error}; {}", error.help().unwrap_or_default())
    }

    #[test]
    fn explains_the_usual_mistakes() {
        let table: &[(&[u8], &str)] = &[
            (b"", "is empty"),
            (b" \r\n", "is empty"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"\x28\xb5\x2f\xfd ", "zstd"),
            (b"<!doctype html>", "HTML"),
            (b"payload=%7B%22rid%22", "form-encoded"),
            (b"rid=1&b=2", "form-encoded"),
            (b"{\\\"rid\\\":1}", "escaped with backslashes"),
            (b"{'rid': 1}", "single quotes"),
            (b"{\"rid\": 'x'}", "single quotes"),
            (b"{\"a\": True}", "`True` is Python"),
            (b"[None]", "`None` is Python"),
            (b"[NaN]", "`NaN`"),
            (b"[-Infinity]", "`Infinity`"),
            (b"[undefined]", "`undefined`"),
            (b"{\"a\":1, // x\n}", "comments"),
            (b"[1, /* x */ 2]", "comments"),
            (b"[1,]", "a comma before"),
            (b"{\"a\":1,}", "a comma before"),
            (b"{a:1}", "double quotes"),
            (b"[\"a\nb\"]", "control character"),
            (b"[\"\\x\"]", "unknown escape"),
            (b"[01]", "not a number"),
            (b"[1e999]", "beyond the range"),
            (b"{\"a\":1", "ends too soon, after 6 bytes"),
            (b"{} {}", "more text after"),
            (b"[\"\\ud800\"]", "surrogate"),
            (b"{\"a\" 1}", "a `:` is missing"),
            (b"{\"a\":1\n\"b\":2}", "a comma or the closing"),
            (b"{\"a\"=>1}", "`=` stands where"),
            (b"{\"a\":1;\"b\":2}", "a semicolon"),
            (b"{\0\"\0", "UTF-16"),
            (b"\xff\xfe\0\0{\0\0\0", "UTF-32"),
            (b"{\"a\": +1}", "not a number"),
            (b"{\"a\":.5}", "not a number"),
            (b"{\"a\": 0x10}", "not a number"),
            (b"{\"a\":1]", "the wrong bracket"),
            (b"{\"a\":1}\n}, ", "more than what was opened: `},`"),
            (b"t", "after 1 byte;"),
        ];
        for (body, part) in table {
            let message = message(body);
            assert!(
                message.contains(part),
                "{}: {message}",
                String::from_utf8_lossy(body)
            );
        }
        let deep = "[".repeat(128) + &"]".repeat(128);
        assert!(message(deep.as_bytes()).starts_with("the nesting is too deep; "));
        assert!(message("[".repeat(100_000).as_bytes()).contains("too deep"));
        assert!(message("{\u{201c}a\u{201d}:1}".as_bytes()).contains("curly"));
    }
}
