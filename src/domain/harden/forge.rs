//! Makes the requests of the checks: notifications, right tokens, and wrong ones.
//!
//! Time, randomness and keys are its maker's.

use bytes::Bytes;
use fastrand::Rng;
use jiff::Timestamp;
use serde_json::Value;

use super::probe::Probe;
use crate::domain::notification::{Environment, Notification, sample};
use crate::domain::signature::{
    self, Algorithm, Claims, DEFAULT_LIFETIME_SECONDS, Key, SignError, signed_by_another_key,
};

/// What the endpoint trusts.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'k> {
    /// The key.
    pub key: &'k Key,
    /// The algorithm that it signs with.
    pub algorithm: Algorithm,
    /// The key of the other environment, where there is one of its own.
    pub other: Option<&'k Key>,
}

/// Makes requests.
#[derive(Debug)]
pub struct Forge<'k> {
    /// What the endpoint trusts, where that is known.
    pub signer: Option<Signer<'k>>,
    /// A key that it does not trust.
    pub stranger: &'k Key,
    /// The header that carries the token.
    pub header: &'k str,
    /// The environment that the endpoint is for.
    pub environment: Environment,
    /// Chance.
    pub random: Rng,
    /// The time.
    pub now: Timestamp,
}

/// Why a request cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unarmed {
    /// There is no key.
    #[error("it needs a key")]
    NoKey,
    /// The key does not sign.
    #[error("{0}")]
    Sign(#[from] SignError),
}

impl<'k> Forge<'k> {
    /// A notification with one event of this name, of which the catalogue must have one.
    pub(super) fn event(&mut self, name: &str) -> Vec<u8> {
        self.batch(&[name])
    }

    /// A notification with an event of each of these names.
    pub(super) fn batch(&mut self, names: &[&str]) -> Vec<u8> {
        let batch = sample::batch(names, &mut self.random, self.now, self.environment);
        batch.unwrap_or_default()
    }

    /// A plain notification.
    pub(super) fn plain(&mut self) -> Vec<u8> {
        self.event("credentials.updated")
    }

    /// The key and its algorithm.
    pub(super) fn signer(&self) -> Result<Signer<'k>, Unarmed> {
        self.signer.ok_or(Unarmed::NoKey)
    }

    /// The claims of a right token for this body.
    pub(super) fn claims(&self, body: &[u8]) -> Claims {
        claims_since(self.now, DEFAULT_LIFETIME_SECONDS, body)
    }

    /// These claims, signed with the right key.
    pub(super) fn sign(&self, claims: Claims) -> Result<String, Unarmed> {
        let Signer { key, algorithm, .. } = self.signer()?;
        Ok(signature::sign(claims, key, algorithm)?)
    }

    /// A right token for this body.
    pub(super) fn token(&self, body: &[u8]) -> Result<String, Unarmed> {
        self.sign(self.claims(body))
    }

    /// A token for this body by another key of the same kind.
    pub(super) fn strange_token(&mut self, body: &[u8]) -> Result<String, Unarmed> {
        match self.signer {
            Some(Signer { key, .. }) if !key.is_shared_secret() => {
                let token = self.token(body)?;
                Ok(signed_by_another_key(&token, &mut self.random))
            }
            signer => {
                let algorithm = signer.map(|signer| signer.algorithm).unwrap_or_default();
                Ok(signature::sign(
                    self.claims(body),
                    self.stranger,
                    algorithm,
                )?)
            }
        }
    }

    /// A request that carries this token.
    pub(super) fn carrying(&self, body: impl Into<Bytes>, token: &str) -> Probe {
        Probe::post(body).with(self.header, token)
    }

    /// A request with these claims over the body, signed with the right key.
    pub(super) fn claiming(
        &self,
        body: impl Into<Bytes>,
        claims: Claims,
    ) -> Result<Probe, Unarmed> {
        Ok(self.carrying(body, &self.sign(claims)?))
    }

    /// A request with this body that a right endpoint takes as far as the signature goes. Without a key it has none.
    pub(super) fn right(&self, body: impl Into<Bytes>) -> Result<Probe, Unarmed> {
        let body = body.into();
        if self.signer.is_none() {
            return Ok(Probe::post(body));
        }
        let token = self.token(&body)?;
        Ok(self.carrying(body, &token))
    }

    /// So many different plain notifications.
    pub(super) fn many(&mut self, count: usize) -> Result<Vec<Probe>, Unarmed> {
        std::iter::repeat_with(|| {
            let body = self.plain();
            self.right(body)
        })
        .take(count)
        .collect()
    }
}

/// The claims of a token for this body that was made at some time, for so many seconds.
pub(super) fn claims_since(at: Timestamp, lifetime_seconds: i64, body: &[u8]) -> Claims {
    let notification = Notification::read(body).ok();
    let rid = notification.as_ref().and_then(Notification::rid);
    Claims::new(at, lifetime_seconds).covering(body, rid)
}

/// The notification with a change that is made by hand. The order of keys is lost: nobody may rely on it.
pub(super) fn changed(body: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    // What the forge makes is JSON.
    let mut notification = serde_json::from_slice(body).unwrap_or_default();
    change(&mut notification);
    serde_json::to_vec(&notification).unwrap_or_default()
}

/// Puts a value in the place of another.
pub(super) fn set(notification: &mut Value, pointer: &str, value: impl Into<Value>) {
    if let Some(place) = notification.pointer_mut(pointer) {
        *place = value.into();
    }
}
