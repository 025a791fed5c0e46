//! A request as it was received, and the capture file that keeps it.
//!
//! Bytes are sacred: whatever the body holds comes back bit for bit. Knows nothing of where captures are kept.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::explain::Explain;
use super::headers::Headers;
use super::instant;

/// The version of the capture file that this program writes, and the newest that it reads.
const VERSION: u64 = 1;

/// The member by which a capture calls itself one.
const MARK: &[u8] = b"\"syncfy_hooks\"";

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A request as received, or one to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// When the whole request had arrived. `None` for a notification that was not received by this program.
    pub received_at: Option<Timestamp>,
    /// The HTTP method, as sent.
    pub method: String,
    /// The request target: path and query.
    pub target: String,
    /// The header fields.
    pub headers: Headers,
    /// The exact bytes of the body.
    pub body: Bytes,
}

/// The capture file, version 1.
#[derive(Serialize, Deserialize)]
struct File<'a> {
    syncfy_hooks: u64,
    #[serde(serialize_with = "instant::milliseconds")]
    received_at: Option<Timestamp>,
    method: String,
    target: String,
    headers: Headers,
    #[serde(
        borrow,
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    body: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

/// Reads a member that is there: a body may be `null`, and that is not the same as none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// How a capture is laid out in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A file of its own, in which the body may hold line breaks.
    Document,
    /// One line of many: a body with line breaks goes as base64.
    Line,
}

/// A notification read from a file: the request it makes, and where its body stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The request. A bare notification makes a `POST /` without headers.
    pub capture: Capture,
    /// Whether the text was a capture rather than a bare notification.
    pub is_capture: bool,
    /// Where in the text the body stands verbatim, in bytes. `None` when it was kept as base64.
    pub body_offset: Option<usize>,
}

/// Why a capture file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The file says that it is a capture, but is not laid out as one.
    #[error("the capture is not readable: {0}")]
    Malformed(String),
    /// The file was written by a later version of this program.
    #[error(
        "the capture has format {0}, and this version of `syncfy-hooks` reads formats up to {VERSION}"
    )]
    Newer(u64),
}

impl Explain for CaptureError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "capture-malformed",
            Self::Newer(_) => "capture-newer",
        }
    }

    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::Malformed(_) => {
                "a capture has `syncfy_hooks`, `received_at`, `method`, `target`, `headers` and either `body` or \
                 `body_base64`; save a bare notification without these to have it read as one"
                    .into()
            }
            Self::Newer(_) => "update `syncfy-hooks`".into(),
        }]
    }
}

impl Capture {
    /// A notification that was not received over HTTP, as the request that would carry it.
    #[must_use]
    pub fn bare(body: Bytes) -> Self {
        Self {
            received_at: None,
            method: "POST".into(),
            target: "/".into(),
            headers: Headers::default(),
            body,
        }
    }

    /// The capture as a file's text, without a line break at its end.
    ///
    /// # Panics
    ///
    /// Never: strings, numbers and verbatim JSON can always be written.
    #[must_use]
    pub fn write(&self, layout: Layout) -> Vec<u8> {
        let body = self.verbatim_body(layout);
        let file = File {
            syncfy_hooks: VERSION,
            received_at: self.received_at,
            method: self.method.clone(),
            target: self.target.clone(),
            headers: self.headers.clone(),
            body,
            body_base64: body.is_none().then(|| STANDARD.encode(&self.body)),
        };
        serde_json::to_vec(&file).expect("a capture is made of strings, numbers and verbatim JSON")
    }

    /// The body where it can stand verbatim in a capture and come back exactly: JSON with nothing round it.
    fn verbatim_body(&self, layout: Layout) -> Option<&RawValue> {
        let text = std::str::from_utf8(&self.body).ok()?;
        let value: &RawValue = serde_json::from_str(text).ok()?;
        let breaks_the_line = layout == Layout::Line && text.contains(['\n', '\r']);
        (value.get().len() == text.len() && !breaks_the_line).then_some(value)
    }
}

impl Saved {
    /// Reads a capture, or takes the whole text as a bare notification when it does not call itself a capture.
    ///
    /// # Errors
    ///
    /// When the text is a capture that is damaged, or of a later format.
    pub fn read(text: &Bytes) -> Result<Self, CaptureError> {
        let json = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        if !is_capture(text) {
            return Ok(Self {
                capture: Capture::bare(text.clone()),
                is_capture: false,
                body_offset: Some(0),
            });
        }
        match version(json)? {
            VERSION => Self::read_capture(text, json),
            0 => Err(CaptureError::Malformed("there is no format 0".into())),
            newer => Err(CaptureError::Newer(newer)),
        }
    }

    /// Reads the capture that stands in `text` as `json`.
    fn read_capture(text: &Bytes, json: &[u8]) -> Result<Self, CaptureError> {
        let file: File<'_> = serde_json::from_slice(json)
            .map_err(|error| CaptureError::Malformed(error.to_string()))?;
        let (body, body_offset) = match (file.body, &file.body_base64) {
            (Some(body), None) => {
                let body = text.slice_ref(body.get().as_bytes());
                let offset = body.as_ptr().addr() - text.as_ptr().addr();
                (body, Some(offset))
            }
            (None, Some(encoded)) => {
                let bytes = STANDARD
                    .decode(encoded)
                    .map_err(|error| CaptureError::Malformed(format!("`body_base64`: {error}")))?;
                (bytes.into(), None)
            }
            (Some(_), Some(_)) => {
                return Err(CaptureError::Malformed(
                    "it has both `body` and `body_base64`".into(),
                ));
            }
            (None, None) => {
                return Err(CaptureError::Malformed(
                    "it has neither `body` nor `body_base64`".into(),
                ));
            }
        };
        let capture = Capture {
            received_at: file.received_at,
            method: file.method,
            target: file.target,
            headers: file.headers,
            body,
        };
        Ok(Self {
            capture,
            is_capture: true,
            body_offset,
        })
    }
}

/// Whether there may be captures in a text of many lines.
#[must_use]
pub fn is_mentioned(lines: &[u8]) -> bool {
    memchr::memmem::find(lines, MARK).is_some()
}

/// Whether a text calls itself a capture: by its first member, as they are written, even where the rest is damaged; or by
/// any other member. What was recorded, secrets among it, must never be sent as the body of a bare notification.
#[must_use]
pub fn is_capture(text: &[u8]) -> bool {
    // An editor may have put the mark there; in a bare notification it is part of the body.
    let json = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if !is_mentioned(json) {
        return false;
    }
    let begins_so = json
        .trim_ascii_start()
        .strip_prefix(b"{")
        .is_some_and(|members| members.trim_ascii_start().starts_with(MARK));
    begins_so
        || serde_json::from_slice::<BTreeMap<Cow<'_, str>, &RawValue>>(json)
            .is_ok_and(|members| members.contains_key("syncfy_hooks"))
}

/// The format number of a capture.
fn version(json: &[u8]) -> Result<u64, CaptureError> {
    #[derive(Deserialize)]
    struct Mark {
        syncfy_hooks: u64,
    }
    serde_json::from_slice(json)
        .map(|Mark { syncfy_hooks }| syncfy_hooks)
        .map_err(|error| CaptureError::Malformed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::headers::Header;

    fn capture(body: &[u8]) -> Capture {
        Capture {
            received_at: Some("2026-01-02T03:04:05.678Z".parse().unwrap()),
            method: "POST".into(),
            target: "/hook?x=1".into(),
            headers: [Header::new("x-a", "1"), Header::new("x-a", "2")]
                .into_iter()
                .collect(),
            body: Bytes::copy_from_slice(body),
        }
    }

    #[test]
    fn the_text_is_the_documented_one() {
        let text = String::from_utf8(capture(br#"{"a":  1.10}"#).write(Layout::Line)).unwrap();
        assert_eq!(
            text,
            r#"{"syncfy_hooks":1,"received_at":"2026-01-02T03:04:05.678Z","method":"POST","target":"/hook?x=1","headers":[["x-a","1"],["x-a","2"]],"body":{"a":  1.10}}"#
        );
    }

    #[test]
    fn the_time_always_has_milliseconds() {
        let received_at = "2026-01-02T03:04:05.32Z".parse().ok();
        let text = Capture {
            received_at,
            ..capture(b"{}")
        }
        .write(Layout::Line);
        let written = br#""received_at":"2026-01-02T03:04:05.320Z""#;
        assert!(memchr::memmem::find(&text, written).is_some());
    }

    #[test]
    fn every_body_comes_back_exactly() {
        let bodies: [&[u8]; 11] = [
            b"",
            b"null",
            b"{}",
            b" {} ",
            b"{\n \"a\" : 251.63999999999999 }",
            b"{}\n",
            b"\xef\xbb\xbf{}",
            b"not json",
            b"{\"a\":\"\xff\"}",
            b"{\"a\\/b\":1e400,\"a\\/b\":2}",
            "{\"é\":\"\u{2028}\"}".as_bytes(),
        ];
        for body in bodies {
            for layout in [Layout::Line, Layout::Document] {
                let text = Bytes::from(capture(body).write(layout));
                assert!(layout == Layout::Document || !text.contains(&b'\n'));
                let saved = Saved::read(&text).unwrap();
                assert_eq!(saved.capture, capture(body));
                if let Some(offset) = saved.body_offset {
                    assert_eq!(text.slice(offset..offset + body.len()), body);
                }
            }
        }
    }

    #[test]
    fn a_bare_notification_is_taken_whole() {
        let text = Bytes::from_static(b"{\"events\":[\"syncfy_hooks\"]}\n");
        let saved = Saved::read(&text).unwrap();
        assert!(!saved.is_capture);
        assert_eq!(saved.capture.body, text);
    }

    #[test]
    fn damaged_and_newer_captures_are_refused() {
        let read =
            |text: &'static str| Saved::read(&Bytes::from_static(text.as_bytes())).unwrap_err();
        assert_eq!(read(r#"{"syncfy_hooks":2}"#).code(), "capture-newer");
        assert_eq!(read(r#"{"syncfy_hooks":1}"#).code(), "capture-malformed");
        let both = r#"{"syncfy_hooks":1,"received_at":null,"method":"POST","target":"/","headers":[],"body":1,"body_base64":""}"#;
        assert_eq!(read(both).code(), "capture-malformed");
        for damaged in [
            r#"{"syncfy_hooks":1,"rec"#,
            "{ \n\"syncfy_hooks\"",
            "\u{feff}{\"syncfy_hooks\":1,",
            r#"{"syncfy_hooks":"1"}"#,
            r#"{"syncfy_hooks":null}"#,
            r#"{"method":"POST","syncfy_hooks":[]}"#,
            r#"{"method":"POST","syncfy_hooks":1,"syncfy_hooks":1}"#,
        ] {
            assert_eq!(read(damaged).code(), "capture-malformed", "{damaged}");
        }
        let none = read(r#"{"syncfy_hooks":0}"#).to_string();
        assert_eq!(none, "the capture is not readable: there is no format 0");
    }

    #[test]
    fn a_byte_order_mark_before_a_capture_is_passed_over() {
        let mut text = b"\xef\xbb\xbf".to_vec();
        text.extend(capture(b"{}").write(Layout::Line));
        let text = Bytes::from(text);
        let saved = Saved::read(&text).unwrap();
        assert_eq!(saved.capture, capture(b"{}"));
        let offset = saved.body_offset.unwrap();
        assert_eq!(text.get(offset..offset + 2).unwrap(), b"{}");
    }
}
