//! Signs requests again, as Syncfy would sign them now.

use crate::clock::Clock;
use crate::commands::keys::{self, KeySources};
use crate::domain::headers::Header;
use crate::domain::signature::{
    Claims, DEFAULT_LIFETIME_SECONDS, DEFAULT_NAMES, KeyRing, SignError, sign,
};
use crate::report::Report;

use super::loads::Load;

/// Signs with the first key.
pub(super) struct Signer {
    ring: KeyRing,
    clock: Clock,
}

impl Signer {
    /// Reads the keys.
    pub(super) fn new(sources: KeySources, clock: Clock) -> Result<Self, Report> {
        let ring = keys::load(sources)?;
        if ring.is_empty() {
            return Err(keys::missing());
        }
        Ok(Self { ring, clock })
    }

    /// Puts a new token in the place of whatever signature the request has.
    pub(super) fn sign(&self, load: &mut Load) -> Result<(), SignError> {
        let key = self.ring.first().expect("a signer has a key");
        let capture = &mut load.capture;
        let claims = Claims::new(self.clock.now(), DEFAULT_LIFETIME_SECONDS)
            .covering(&capture.body, load.outline.rid.as_deref());
        let token = sign(claims, key, key.default_algorithm())?;
        for name in DEFAULT_NAMES {
            capture.headers.remove(name);
        }
        let [name, ..] = DEFAULT_NAMES;
        capture.headers.push(Header::new(name, token));
        Ok(())
    }
}
