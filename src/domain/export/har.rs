//! An HTTP archive (HAR 1.2), as browsers and proxies read and write it: one entry for each notification.
//!
//! It comes in pieces, so that an archive of a million entries needs the memory of one. What an archive must say and a
//! record does not hold, such as durations and the answer's header fields, is given as unknown or as nothing.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde::Serialize;

use crate::domain::capture::Capture;
use crate::domain::headers::Header;
use crate::domain::percent::decode_parameter;
use crate::domain::record::Record;

/// The server speaks nothing else.
const HTTP_VERSION: &str = "HTTP/1.1";

/// What HAR has for a size that is not known.
const UNKNOWN_SIZE: i64 = -1;

/// An archive that is being written: its pieces in their order are one JSON text.
#[derive(Debug)]
pub struct Har {
    has_entries: bool,
}

impl Har {
    /// Begins an archive: the text before its first entry. `version` is this program's own.
    #[must_use]
    pub fn begin(version: &str) -> (Self, Vec<u8>) {
        let mut text = br#"{"log":{"version":"1.2","creator":"#.to_vec();
        text.extend(json(&Creator {
            name: "syncfy-hooks",
            version,
        }));
        text.extend(br#","entries":["#);
        (Self { has_entries: false }, text)
    }

    /// The next entry: the request as it came, and what Syncfy was answered.
    #[must_use]
    pub fn entry(&mut self, capture: &Capture, record: &Record) -> Vec<u8> {
        let separator: &[u8] = if self.has_entries { b",\n" } else { b"\n" };
        self.has_entries = true;
        let entry = Entry {
            // Always with milliseconds, as all moments that this program has seen.
            started_date_time: format!("{:.3}", record.received_at),
            time: 0,
            request: Request::of(capture),
            response: Response::of(record.answered),
            cache: Empty {},
            timings: Timings::default(),
            comment: comment(record),
        };
        [separator, &json(&entry)].concat()
    }

    /// The text after the last entry.
    #[must_use]
    pub fn end(self) -> &'static [u8] {
        b"\n]}}\n"
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings, numbers and lists can always be written")
}

/// The number of the record and the names of its events, for those who look for one among many.
fn comment(record: &Record) -> String {
    let names: Vec<&str> = record
        .events
        .iter()
        .filter_map(|event| event.name.as_deref())
        .collect();
    format!("#{} {}", record.id, names.join(", "))
        .trim_end()
        .to_owned()
}

#[derive(Serialize)]
struct Creator<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    started_date_time: String,
    time: u32,
    request: Request<'a>,
    response: Response,
    cache: Empty,
    timings: Timings,
    comment: String,
}

#[derive(Default, Serialize)]
struct Timings {
    send: u32,
    wait: u32,
    receive: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    method: &'a str,
    url: String,
    http_version: &'static str,
    cookies: [(); 0],
    headers: Vec<Field<'a>>,
    query_string: Vec<Field<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData<'a>>,
    headers_size: i64,
    body_size: usize,
}

#[derive(Serialize)]
struct Field<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData<'a> {
    mime_type: &'a str,
    text: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [(); 0],
    headers: [(); 0],
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: &'static str,
    headers_size: i64,
    body_size: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: u32,
    mime_type: &'static str,
}

impl<'a> Request<'a> {
    fn of(capture: &'a Capture) -> Self {
        let Capture {
            method,
            target,
            headers,
            body,
            ..
        } = capture;
        Self {
            method,
            url: url(headers.get("host"), target),
            http_version: HTTP_VERSION,
            cookies: [],
            headers: headers.iter().map(field).collect(),
            query_string: query(target),
            post_data: (!body.is_empty())
                .then(|| PostData::of(headers.get("content-type").unwrap_or_default(), body)),
            headers_size: UNKNOWN_SIZE,
            body_size: body.len(),
        }
    }
}

fn field(header: &Header) -> Field<'_> {
    let is_text = std::str::from_utf8(&header.value).is_ok();
    Field {
        name: header.name.as_str().into(),
        value: header.text(),
        comment: (!is_text).then_some("the value is not UTF-8; what is not stands as U+FFFD"),
    }
}

/// The target as it was called, made absolute where it is a path. It was plain HTTP where it arrived.
fn url(host: Option<&str>, target: &str) -> String {
    if target.starts_with("http://") || target.starts_with("https://") {
        return target.to_owned();
    }
    let host = host.filter(|host| !host.is_empty()).unwrap_or("localhost");
    let slash = if target.starts_with('/') { "" } else { "/" };
    format!("http://{host}{slash}{target}")
}

/// The parameters of a target, decoded.
fn query(target: &str) -> Vec<Field<'_>> {
    let Some((_, query)) = target.split_once('?') else {
        return Vec::new();
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Field {
                name: decode_parameter(name),
                value: decode_parameter(value),
                comment: None,
            }
        })
        .collect()
}

impl<'a> PostData<'a> {
    fn of(mime_type: &'a str, body: &'a [u8]) -> Self {
        match std::str::from_utf8(body) {
            Ok(text) => Self {
                mime_type,
                text: text.into(),
                encoding: None,
                comment: None,
            },
            // HAR has `encoding` for answers only; its readers know it from there.
            Err(_) => Self {
                mime_type,
                text: STANDARD.encode(body).into(),
                encoding: Some("base64"),
                comment: Some("the body is not UTF-8: `text` is its base64"),
            },
        }
    }
}

impl Response {
    /// Status 0 is what browsers write where there was no answer.
    fn of(answered: Option<u16>) -> Self {
        let reason = answered
            .and_then(|status| StatusCode::from_u16(status).ok())
            .and_then(|status| status.canonical_reason());
        Self {
            status: answered.unwrap_or_default(),
            status_text: reason.unwrap_or_default(),
            http_version: HTTP_VERSION,
            cookies: [],
            headers: [],
            content: Content {
                size: 0,
                mime_type: "x-unknown",
            },
            redirect_url: "",
            headers_size: UNKNOWN_SIZE,
            body_size: UNKNOWN_SIZE,
            comment: answered
                .is_none()
                .then_some("the status that Syncfy was answered is not known"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::headers::Headers;
    use crate::domain::notification::{EventOutline, Version};
    use crate::domain::record::SignatureRecord;
    use crate::domain::signature::Verdict;

    fn record(answered: Option<u16>) -> Record {
        let event = |name: &str| EventOutline {
            name: Some(name.into()),
            ..EventOutline::default()
        };
        Record {
            dropped: false,
            id: 12,
            rid: None,
            received_at: "2026-01-02T03:04:05.6Z".parse().unwrap(),
            environment: None,
            version: Version::V3,
            events: vec![event("a.b"), event("c\"d")],
            signature: SignatureRecord {
                verdict: Verdict::NoKey,
                reason: None,
                body_binding: None,
            },
            valid: true,
            duplicate_of: None,
            answered,
            refused: None,
            deliveries: Vec::new(),
        }
    }

    fn capture(target: &str, headers: &[(&str, &[u8])], body: &[u8]) -> Capture {
        Capture {
            target: target.into(),
            headers: headers
                .iter()
                .map(|(name, value)| Header::new(*name, *value))
                .collect::<Headers>(),
            ..Capture::bare(body.to_vec().into())
        }
    }

    fn archive(entries: &[(Capture, Record)]) -> Value {
        let (mut har, mut text) = Har::begin("1.2.3");
        for (capture, record) in entries {
            text.extend(har.entry(capture, record));
        }
        text.extend(har.end());
        serde_json::from_slice(&text).unwrap()
    }

    #[test]
    fn an_entry_is_complete() {
        let headers: [(&str, &[u8]); 3] = [
            ("host", b"hooks.test:4000"),
            ("content-type", b"application/json"),
            ("x-odd", b"caf\xe9"),
        ];
        let entry = (
            capture("/hook?a=1%202&b&a=%C3%A9+%zz", &headers, b"{\"a\": 1.10}"),
            record(Some(200)),
        );
        let expected = json!({"log": {
            "version": "1.2",
            "creator": {"name": "syncfy-hooks", "version": "1.2.3"},
            "entries": [{
                "startedDateTime": "2026-01-02T03:04:05.600Z",
                "time": 0,
                "request": {
                    "method": "POST",
                    "url": "http://hooks.test:4000/hook?a=1%202&b&a=%C3%A9+%zz",
                    "httpVersion": "HTTP/1.1",
                    "cookies": [],
                    "headers": [
                        {"name": "host", "value": "hooks.test:4000"},
                        {"name": "content-type", "value": "application/json"},
                        {"name": "x-odd", "value": "caf\u{fffd}",
                         "comment": "the value is not UTF-8; what is not stands as U+FFFD"},
                    ],
                    "queryString": [
                        {"name": "a", "value": "1 2"},
                        {"name": "b", "value": ""},
                        {"name": "a", "value": "é %zz"},
                    ],
                    "postData": {"mimeType": "application/json", "text": "{\"a\": 1.10}"},
                    "headersSize": -1,
                    "bodySize": 11,
                },
                "response": {
                    "status": 200,
                    "statusText": "OK",
                    "httpVersion": "HTTP/1.1",
                    "cookies": [],
                    "headers": [],
                    "content": {"size": 0, "mimeType": "x-unknown"},
                    "redirectURL": "",
                    "headersSize": -1,
                    "bodySize": -1,
                },
                "cache": {},
                "timings": {"send": 0, "wait": 0, "receive": 0},
                "comment": "#12 a.b, c\"d",
            }],
        }});
        assert_eq!(archive(&[entry]), expected);
    }

    #[test]
    fn any_number_of_entries_is_one_text() {
        assert_eq!(archive(&[])["log"]["entries"], json!([]));
        let entries = vec![(capture("/", &[], b""), record(None)); 3];
        let written = archive(&entries);
        let written = written["log"]["entries"].as_array().unwrap();
        assert_eq!(written.len(), 3);
        for entry in written {
            assert_eq!(entry["request"]["url"], "http://localhost/");
            assert_eq!(entry["request"].get("postData"), None);
            assert_eq!(entry["response"]["status"], 0);
            assert_eq!(
                entry["response"]["comment"],
                "the status that Syncfy was answered is not known"
            );
        }
    }

    #[test]
    fn bytes_that_are_no_text_go_as_base64() {
        let written = archive(&[(capture("/", &[], b"\xff\x00"), record(Some(401)))]);
        let entry = &written["log"]["entries"][0];
        assert_eq!(
            entry["request"]["postData"],
            json!({"mimeType": "", "text": "/wA=", "encoding": "base64",
                   "comment": "the body is not UTF-8: `text` is its base64"})
        );
        assert_eq!(entry["request"]["bodySize"], 2);
        assert_eq!(entry["response"]["statusText"], "Unauthorized");
    }

    #[test]
    fn every_target_makes_a_url() {
        let host = Some("h");
        assert_eq!(url(host, "*"), "http://h/*");
        assert_eq!(url(host, "https://a/b"), "https://a/b");
        assert_eq!(url(Some(""), "/a"), "http://localhost/a");
    }
}
