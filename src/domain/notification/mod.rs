//! A notification as Syncfy sends it: what it is, which events it carries, and how to make one.
//!
//! Reads leniently; what is wrong with a notification is said by `validation`.

pub mod amend;
pub mod catalogue;
mod environment;
pub mod event;
mod event_view;
mod glob;
mod outline;
pub mod sample;
pub mod time;
mod typed;
mod version;

pub use environment::Environment;
pub use event_view::{EventView, PayloadFields};
pub use glob::{BadGlob, EventFilter, EventGlob};
pub use outline::{EventOutline, Outline};
pub use typed::{
    Credentials, CredentialsAction, Documents, DocumentsOutcome, Endpoints, Event, Job, Payments,
    Subject,
};
pub use version::Version;

use crate::domain::json::{Document, SyntaxError, Tape, Value, read_text};

/// The version in every documented example of `header.event.version`.
pub const DOCUMENTED_VERSION: &str = "3.1";

/// A body that is JSON, and what it was recognised as. Borrows the body; nothing is decoded twice.
#[derive(Debug)]
pub struct Notification<'a> {
    document: Document<'a>,
    version: Version,
    byte_order_mark: usize,
}

impl<'a> Notification<'a> {
    /// Reads a body.
    ///
    /// ```
    /// use syncfy_hooks::domain::notification::{Notification, Version};
    ///
    /// let notification = Notification::read(br#"{"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": []}"#)?;
    /// assert_eq!(notification.version(), Version::V3);
    /// assert_eq!(notification.rid(), Some("c53b1fcb-e112-465c-ad3e-8b64cf2f602c"));
    ///
    /// let error = Notification::read(b"{'rid': 1}").unwrap_err();
    /// assert_eq!((error.place().line, error.place().column), (1, 2));
    /// # Ok::<(), syncfy_hooks::domain::json::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// A body that is not JSON; any JSON at all is a notification, though of an unknown version.
    pub fn read(body: &'a [u8]) -> Result<Self, SyntaxError> {
        Self::parse(body, Document::parse)
    }

    /// Like [`Notification::read`], in the memory of an earlier one.
    ///
    /// # Errors
    /// As for [`Notification::read`]; the memory is then lost.
    pub fn read_with(body: &'a [u8], tape: Tape) -> Result<Self, SyntaxError> {
        Self::parse(body, |text| Document::parse_with(text, tape))
    }

    fn parse(
        body: &'a [u8],
        parse: impl FnOnce(&'a str) -> Result<Document<'a>, SyntaxError>,
    ) -> Result<Self, SyntaxError> {
        let (text, byte_order_mark) = read_text(body)?;
        let document = parse(text).map_err(|error| error.moved(byte_order_mark))?;
        let version = Version::of(document.root());
        Ok(Self {
            document,
            version,
            byte_order_mark,
        })
    }

    /// Gives the memory back for the next notification.
    #[must_use]
    pub fn into_tape(self) -> Tape {
        self.document.into_tape()
    }

    /// The JSON text, without its byte order mark.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.document.text()
    }

    /// The parsed text.
    #[must_use]
    pub fn document(&self) -> &Document<'a> {
        &self.document
    }

    /// The value that fills the text.
    #[must_use]
    pub fn root(&self) -> Value<'_, 'a> {
        self.document.root()
    }

    /// The generation of Webhooks that it belongs to.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// How many bytes of the body stand before the text: 3 for a byte order mark, else 0.
    #[must_use]
    pub fn byte_order_mark(&self) -> usize {
        self.byte_order_mark
    }

    /// `rid`, where it is a string.
    #[must_use]
    pub fn rid(&self) -> Option<&str> {
        self.root().get("rid").and_then(Value::as_str)
    }

    /// The events of the batch, looked up one by one; none in V1.
    pub fn events(&self) -> impl Iterator<Item = EventView<'_, 'a>> {
        self.root()
            .get("events")
            .into_iter()
            .flat_map(Value::items)
            .map(EventView::new)
    }

    /// What is worth remembering of it, owned.
    #[must_use]
    pub fn outline(&self) -> Outline {
        Outline::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_any_json() {
        for text in [
            "null",
            "[]",
            "{}",
            "\"x\"",
            r#"{"events":3}"#,
            r#"{"events":[1,{"header":2}]}"#,
        ] {
            let notification = Notification::read(text.as_bytes()).unwrap();
            let _ = notification.outline();
        }
        assert!(Notification::read(b"").is_err());
    }

    #[test]
    fn places_count_the_byte_order_mark() {
        let error = Notification::read(b"\xef\xbb\xbf{x").unwrap_err();
        assert_eq!((error.place().line, error.place().column), (1, 2));
        assert_eq!(error.place().span, 4..5);
    }

    #[test]
    fn memory_is_handed_on() {
        let first = Notification::read(br#"{"rid":"a"}"#).unwrap();
        let second = Notification::read_with(br#"{"rid":"b"}"#, first.into_tape()).unwrap();
        assert_eq!(second.rid(), Some("b"));
    }
}
