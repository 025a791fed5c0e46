//! How a body came to differ from the one that the sender covered.
//!
//! Undoes what is usually done to a body on its way, and looks whether the digest fits then. Refuses to know keys and
//! signatures.

use std::borrow::Cow;
use std::fmt;

use super::binding::{digests, sha256};
use super::respell::{Escapes, Spacing, respell};
use super::token::ClaimSet;

/// How a body came to differ from the one that the sender covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MismatchCause {
    /// A line break at the end was added on the way.
    NewlineAdded,
    /// A line break at the end was lost on the way.
    NewlineLost,
    /// Line breaks were turned from CRLF into LF.
    CrlfToLf,
    /// Line breaks were turned from LF into CRLF.
    LfToCrlf,
    /// Whitespace around the body was added on the way.
    Padded,
    /// A byte order mark was added on the way.
    BomAdded,
    /// A byte order mark was lost on the way.
    BomLost,
    /// Text in UTF-8 was written as Latin-1.
    Utf8ToLatin1,
    /// Text in Latin-1 was written as UTF-8; also of text that was UTF-8 already.
    Latin1ToUtf8,
    /// The JSON was covered in this spelling, and arrived in another.
    Respelt(Spacing, Escapes),
}

/// A guess at the body as it was before a change, where the change is possible.
type Undo = fn(&[u8]) -> Option<Cow<'_, [u8]>>;

/// The changes of bytes, each with what it was before.
const CHANGES: [(MismatchCause, Undo); 10] = [
    (MismatchCause::NewlineAdded, |body| {
        body.strip_suffix(b"\n").map(Cow::from)
    }),
    (MismatchCause::NewlineAdded, |body| {
        body.strip_suffix(b"\r\n").map(Cow::from)
    }),
    (MismatchCause::NewlineLost, |body| {
        Some([body, b"\n"].concat().into())
    }),
    (MismatchCause::CrlfToLf, |body| Some(with_crlf(body).into())),
    (MismatchCause::LfToCrlf, |body| {
        Some(without_cr(body).into())
    }),
    (MismatchCause::Padded, |body| Some(body.trim_ascii().into())),
    (MismatchCause::BomAdded, |body| {
        body.strip_prefix(BOM).map(Cow::from)
    }),
    (MismatchCause::BomLost, |body| {
        Some([BOM, body].concat().into())
    }),
    (MismatchCause::Utf8ToLatin1, |body| {
        Some(widened(body).into())
    }),
    (MismatchCause::Latin1ToUtf8, |body| {
        narrowed(body).map(Cow::from)
    }),
];

/// The byte order mark in UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

impl MismatchCause {
    /// The change that explains why the claims cover another body, if one of the usual ones does.
    pub(super) fn find(claims: &ClaimSet<'_>, body: &[u8]) -> Option<Self> {
        let claimed: Vec<_> = digests(claims).map(|(_, digest)| digest).collect();
        if claimed.is_empty() {
            return None;
        }
        let explains = |was: &[u8]| claimed.contains(&sha256(was));
        let changed = CHANGES
            .iter()
            .find(|(_, before)| before(body).is_some_and(|was| explains(&was)));
        if let Some((cause, _)) = changed {
            return Some(*cause);
        }
        let spellings = Spacing::ALL
            .into_iter()
            .flat_map(|spacing| Escapes::ALL.map(|escapes| (spacing, escapes)));
        spellings
            .filter(|(spacing, escapes)| {
                respell(body, *spacing, *escapes).is_some_and(|was| {
                    explains(&was) || explains(&[&was, b"\n".as_slice()].concat())
                })
            })
            .map(|(spacing, escapes)| Self::Respelt(spacing, escapes))
            .next()
    }
}

impl fmt::Display for MismatchCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewlineAdded => {
                f.write_str("a trailing newline was added to the body on its way: pass the raw bytes on")
            }
            Self::NewlineLost => {
                f.write_str("the trailing newline of the body was lost on its way: pass the raw bytes on")
            }
            Self::CrlfToLf => {
                f.write_str("CRLF became LF in the body: pass it on as binary (`curl --data-binary`)")
            }
            Self::LfToCrlf => f.write_str(
                "LF became CRLF in the body: pass it on as binary, and keep editors away from it",
            ),
            Self::Padded => {
                f.write_str("whitespace was added around the body on its way: pass the raw bytes on")
            }
            Self::BomAdded => {
                f.write_str("a byte order mark was added to the body on its way: pass the raw bytes on")
            }
            Self::BomLost => {
                f.write_str("the byte order mark of the body was lost on its way: pass the raw bytes on")
            }
            Self::Utf8ToLatin1 => f.write_str(
                "the body was covered in UTF-8 and arrived in Latin-1: let nothing on the way change its charset",
            ),
            Self::Latin1ToUtf8 => f.write_str(
                "the body was turned from Latin-1 into UTF-8 after signing: let nothing on the way change its charset",
            ),
            Self::Respelt(spacing, escapes) => write!(
                f,
                "the JSON was re-serialised: the token covers it {spacing}{escapes}; pass the raw bytes on"
            ),
        }
    }
}

fn without_cr(body: &[u8]) -> Vec<u8> {
    body.iter().copied().filter(|byte| *byte != b'\r').collect()
}

fn with_crlf(body: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(body.len() + 64);
    for byte in without_cr(body) {
        if byte == b'\n' {
            lines.push(b'\r');
        }
        lines.push(byte);
    }
    lines
}

/// The bytes taken for Latin-1, in UTF-8.
fn widened(body: &[u8]) -> Vec<u8> {
    let text: String = body.iter().copied().map(char::from).collect();
    text.into_bytes()
}

/// The text in Latin-1, where it has no other characters.
fn narrowed(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    text.chars().map(|char| u8::try_from(char).ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn cause(covered: &[u8], arrived: &[u8]) -> Option<MismatchCause> {
        let claims = format!(r#"{{"body_sha256":"{:x}"}}"#, Sha256::digest(covered));
        let raw = RawValue::from_string(claims).unwrap();
        MismatchCause::find(&ClaimSet::parse(&raw).unwrap(), arrived)
    }

    #[test]
    fn usual_changes_of_the_bytes_are_recognised() {
        let cases: [(&[u8], &[u8], Option<MismatchCause>); 11] = [
            (b"{}", b"{}\n", Some(MismatchCause::NewlineAdded)),
            (b"{}", b"{}\r\n", Some(MismatchCause::NewlineAdded)),
            (b"{}\n", b"{}", Some(MismatchCause::NewlineLost)),
            (b"{\r\n}", b"{\n}", Some(MismatchCause::CrlfToLf)),
            (b"{\n}", b"{\r\n}", Some(MismatchCause::LfToCrlf)),
            (b"{}", b"  {} \n", Some(MismatchCause::Padded)),
            (b"{}", b"\xef\xbb\xbf{}", Some(MismatchCause::BomAdded)),
            (b"\xef\xbb\xbf{}", b"{}", Some(MismatchCause::BomLost)),
            (
                "\"é\"".as_bytes(),
                b"\"\xe9\"",
                Some(MismatchCause::Utf8ToLatin1),
            ),
            (
                "\"é\"".as_bytes(),
                "\"Ã©\"".as_bytes(),
                Some(MismatchCause::Latin1ToUtf8),
            ),
            (b"{}", b"[]", None),
        ];
        for (covered, arrived, expected) in cases {
            let arrived_text = String::from_utf8_lossy(arrived);
            assert_eq!(cause(covered, arrived), expected, "{arrived_text}");
        }
    }

    #[test]
    fn usual_spellings_of_json_are_recognised() {
        let cases = [
            (
                r#"{"a":"x , \" : ","b":1.0}"#,
                r#"{ "a": "x , \" : ", "b" :1.0 }"#,
                "compact, without spaces",
            ),
            (
                r#"{"a": "x,\\", "b": [1, 2]}"#,
                r#"{"a":"x,\\","b":[1,2]}"#,
                "with a space after `,` and `:`",
            ),
            (
                "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}\n",
                r#"{"a":[1],"b":{}}"#,
                "indented by 2",
            ),
            (
                r#"{"a": "\u00e9\ud83d\ude00"}"#,
                r#"{"a":"é😀"}"#,
                "with a space after `,` and `:`, all but ASCII escaped",
            ),
            (
                r#"{"a":"\/v1\/x"}"#,
                r#"{"a": "/v1/x"}"#,
                "compact, without spaces, `/` escaped",
            ),
            (
                r#"{"a":"\u003cb\u003e\u0026"}"#,
                r#"{"a":"<b>&"}"#,
                "compact, without spaces, `<`, `>` and `&` escaped",
            ),
        ];
        for (covered, arrived, expected) in cases {
            let found =
                cause(covered.as_bytes(), arrived.as_bytes()).map(|cause| cause.to_string());
            let found = found.unwrap_or_default();
            let wording = format!("the token covers it {expected}; pass");
            assert!(found.contains(&wording), "{arrived}: {found}");
        }
    }
}
