//! Signs requests again, as Syncfy would sign them now.

use crate::clock::Clock;
use crate::commands::keys::{self, KeySources};
use crate::domain::signature::{DEFAULT_NAMES, KeyRing, SignError, Stamp};
use crate::report::Report;

use super::load::Load;

/// Signs with the first key.
pub(in crate::commands) struct Signer {
    ring: KeyRing,
    clock: Clock,
}

impl Signer {
    /// Reads the keys.
    pub(in crate::commands) fn new(sources: KeySources, clock: Clock) -> Result<Self, Report> {
        let ring = keys::load(sources)?;
        if ring.is_empty() {
            return Err(keys::missing());
        }
        Ok(Self { ring, clock })
    }

    /// Signs with these keys.
    pub(in crate::commands) const fn with(ring: KeyRing, clock: Clock) -> Self {
        Self { ring, clock }
    }

    /// Puts a new token in the place of whatever signature the request has.
    pub(in crate::commands) fn sign(&self, load: &mut Load) -> Result<(), SignError> {
        let [header, ..] = DEFAULT_NAMES;
        let environment = load.outline.environments().next();
        let key = self.ring.signer(environment);
        let stamp = Stamp {
            key: key.ok_or(SignError::NoKey)?,
            header,
            now: self.clock.now(),
        };
        stamp.put_on(&mut load.capture, load.outline.rid.as_deref())
    }
}
