//! Puts a signature on a request, as Syncfy would at that moment.

use jiff::Timestamp;

use super::{Claims, DEFAULT_LIFETIME_SECONDS, DEFAULT_NAMES, Key, SignError, sign};
use crate::domain::capture::Capture;
use crate::domain::headers::Header;

/// What signs requests.
#[derive(Debug)]
pub struct Stamp<'a> {
    /// The key, with its own algorithm.
    pub key: &'a Key,
    /// The header that takes the token.
    pub header: &'a str,
    /// When it signs.
    pub now: Timestamp,
}

impl Stamp<'_> {
    /// Puts a new token, which covers the body, in the place of whatever signature the request has.
    ///
    /// # Errors
    ///
    /// When the key may not sign.
    pub fn put_on(&self, capture: &mut Capture, rid: Option<&str>) -> Result<(), SignError> {
        let claims = Claims::new(self.now, DEFAULT_LIFETIME_SECONDS).covering(&capture.body, rid);
        let token = sign(claims, self.key, self.key.default_algorithm())?;
        for name in DEFAULT_NAMES.iter().chain([&self.header]) {
            capture.headers.remove(name);
        }
        capture.headers.push(Header::new(self.header, token));
        Ok(())
    }
}
