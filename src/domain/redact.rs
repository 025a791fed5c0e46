//! Requests and records that may be shown to others: pseudonyms for ids, nothing for secrets.
//!
//! Who holds the salt and how long it is kept is for others to know. What is hidden is what names a user, a credential,
//! a job, a request or an event, and what grants access. Free text, such as the description of a payment, stays but for
//! the ids in it.

mod ids;
mod mask;
mod names;
mod pseudonym;
mod url;

use bytes::Bytes;

use self::ids::{Found, Which};
use self::mask::{HIDDEN, Mask};
use self::names::Role;
use self::pseudonym::Pseudonyms;
use self::url::Part;
use super::capture::Capture;
use super::encoding;
use super::headers::{Header, Headers};
use super::json::{Document, read_text};
use super::notification::{EventOutline, Outline};
use super::record::{AnswerHead, AttemptRecord, Record};

/// What stands in the place of the host that was called: its name may tell whose it is (RFC 2606).
const HIDDEN_HOST: &str = "redacted.invalid";

/// Header fields that say nothing private, and are kept. They must keep their meaning, so that an id which somebody made
/// up, such as `gzip-1`, is not looked for in them.
const PLAIN: [&str; 10] = [
    "accept",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "server",
    "transfer-encoding",
    "user-agent",
];

/// Hides what is private, the same under the same salt.
///
/// - Ids get pseudonyms of their own shape, so that a notification is as valid as it was, its parts still agree, and
///   two notifications of one user still show that they are. The ids of environments and of the catalogue of sites are
///   public and stay. An id is known by its name; in endpoints, in other URLs and in the request target, also by its
///   shape. Once known, it is replaced wherever it stands; one that somebody made up with fewer than six characters only where
///   it is the whole text.
/// - Header fields become `***`, but for the usual ones that say nothing private, and the host that was called
///   `redacted.invalid`.
/// - Secrets become `***`: parameters of URLs and members of the body, known by their names, and the credentials in a
///   URL.
/// - Whatever is not replaced keeps its bytes; of a text in which something is, only the escapes may be written
///   otherwise.
#[derive(Clone)]
pub struct Redactor {
    pseudonyms: Pseudonyms,
}

impl Redactor {
    /// A redactor. Whoever knows the salt can tell by trying whether a
    /// pseudonym stands for an id that they know.
    #[must_use]
    pub fn new(salt: [u8; 16]) -> Self {
        Self {
            pseudonyms: Pseudonyms::new(salt),
        }
    }

    /// The request without what is private.
    ///
    /// A compressed body is decoded first, and goes without `Content-Encoding`; `Content-Length` is that of the new
    /// body. A body that is not JSON goes empty, since nobody can tell what is private in it; it is as invalid as it
    /// was. The signature is hidden: it would no longer fit, and may hold ids in its claims.
    #[must_use]
    pub fn capture(&self, capture: &Capture) -> Capture {
        let body = encoding::readable(&capture.headers, &capture.body);
        let (body, mask) = self.body(&body, Some(&capture.target));
        Capture {
            received_at: capture.received_at,
            method: capture.method.clone(),
            target: mask.url(&capture.target),
            headers: Self::headers(&capture.headers, body.len(), &mask),
            body,
        }
    }

    /// The outline with the pseudonyms that the notification has in [`Redactor::capture`].
    #[must_use]
    pub fn outline(&self, outline: &Outline) -> Outline {
        Outline {
            rid: self.some_id(outline.rid.as_ref()),
            events: self.events(&outline.events),
            ..outline.clone()
        }
    }

    /// The record with the pseudonyms that the notification has in [`Redactor::capture`], and its targets without
    /// secrets.
    #[must_use]
    pub fn record(&self, record: &Record) -> Record {
        let mut redacted = Record {
            rid: self.some_id(record.rid.as_ref()),
            events: self.events(&record.events),
            ..record.clone()
        };
        for delivery in &mut redacted.deliveries {
            delivery.target = self.target(&delivery.target);
        }
        redacted
    }

    /// An attempt to deliver this request: its URL without secrets and without the ids of the request, and the answer as
    /// [`Redactor::capture`] has requests: a body that is not JSON goes empty, also one of which only the beginning was
    /// kept.
    #[must_use]
    pub fn attempt(&self, attempt: &AttemptRecord, of: &Capture) -> AttemptRecord {
        let readable = encoding::readable(&of.headers, &of.body);
        let (_, known) = self.body(&readable, Some(&of.target));
        let answer = attempt.answer.as_ref().map(|answer| {
            let (body, mask) = self.body(&Bytes::from(answer.body.clone()), None);
            let body = String::from_utf8_lossy(&body).into_owned();
            AnswerHead {
                headers: Self::headers(&answer.headers, body.len(), &mask),
                body: known.replace(&body, Which::All).unwrap_or(body),
            }
        });
        AttemptRecord {
            url: known.url(&self.target(&attempt.url)),
            answer,
            ..attempt.clone()
        }
    }

    /// The pseudonym of one id.
    #[must_use]
    pub fn id(&self, id: &str) -> String {
        self.pseudonyms.id(id)
    }

    fn some_id(&self, id: Option<&String>) -> Option<String> {
        id.map(|id| self.id(id))
    }

    fn events(&self, events: &[EventOutline]) -> Vec<EventOutline> {
        let event = |event: &EventOutline| EventOutline {
            eid: self.some_id(event.eid.as_ref()),
            id_user: self.some_id(event.id_user.as_ref()),
            id_external: self.some_id(event.id_external.as_ref()),
            id_credential: self.some_id(event.id_credential.as_ref()),
            ..event.clone()
        };
        events.iter().map(event).collect()
    }

    /// A URL that belongs to no request.
    fn target(&self, url: &str) -> String {
        let mut found = Found::default();
        mask::gather_url(url, &mut found);
        self.mask(found).url(url)
    }

    fn mask(&self, found: Found) -> Mask<'_> {
        Mask {
            pseudonyms: &self.pseudonyms,
            known: found.known(),
        }
    }

    /// The body, and what hides the rest of the request; nothing where the body is not JSON.
    fn body(&self, body: &[u8], target: Option<&str>) -> (Bytes, Mask<'_>) {
        let mut found = Found::default();
        if let Some(target) = target {
            mask::gather_url(target, &mut found);
        }
        let json = read_text(body)
            .and_then(|(text, before)| Ok((Document::parse(text)?, before)))
            .ok();
        let Some((document, before)) = json else {
            return (Bytes::new(), self.mask(found));
        };
        mask::gather(&document, &mut found);
        let mask = self.mask(found);
        let byte_order_mark = body.get(..before).unwrap_or_default();
        let redacted = [byte_order_mark, mask.json(&document).as_bytes()].concat();
        (redacted.into(), mask)
    }

    fn headers(headers: &Headers, length: usize, mask: &Mask<'_>) -> Headers {
        headers
            .iter()
            .filter(|header| !header.is("content-encoding"))
            .map(|header| {
                let value = if header.is("content-length") {
                    length.to_string()
                } else {
                    Self::header(header, mask)
                };
                Header::new(header.name.as_str(), value)
            })
            .collect()
    }

    fn header(header: &Header, mask: &Mask<'_>) -> String {
        let Ok(value) = std::str::from_utf8(&header.value) else {
            return HIDDEN.to_owned();
        };
        if is_credential(value) {
            return HIDDEN.to_owned();
        }
        if header.is("host") {
            return HIDDEN_HOST.to_owned();
        }
        if !PLAIN.iter().any(|name| header.is(name)) {
            // Anybody may put anything in it.
            return HIDDEN.to_owned();
        }
        mask.replace(value, Which::Shaped)
            .unwrap_or_else(|| value.to_owned())
    }
}

/// A URL or a request target in which secrets are `***`; ids stay.
#[must_use]
pub fn without_secrets(url: &str) -> String {
    url::map(url, &mut |part| match part {
        Part::Credentials => Some(HIDDEN.to_owned()),
        Part::Value { name, .. } if names::of_parameter(name) == Role::Secret => {
            Some(HIDDEN.to_owned())
        }
        _ => None,
    })
}

/// Whether a value of whatever header field is a secret by its looks: `Bearer …`, `Basic …`, or a JWT somewhere in it.
fn is_credential(value: &str) -> bool {
    let has_scheme = value.trim().split_once(' ').is_some_and(|(scheme, _)| {
        ["basic", "bearer"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
    });
    // So begins a JSON object in base64, as a JWT does.
    let is_token = |word: &str| word.starts_with("eyJ") && word.contains('.');
    has_scheme || value.split([' ', ',', ';', '=', '"']).any(is_token)
}

#[cfg(test)]
mod tests;
