//! The keys that a signature may be made with.
//!
//! Owns the order in which they are tried, and which of them signs; refuses to know what a key is made of.

use super::key::{Key, KeySource};
use super::pasted::KeyError;
use crate::domain::notification::Environment;

/// Every key that a signature may be made with: one per environment, and old and new during a rotation.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: Vec<Key>,
}

impl KeyRing {
    /// Adds what was pasted: one key, or all usable ones of a JWK set. Answers with those added.
    ///
    /// # Errors
    /// As [`Key::parse`]; the ring is then unchanged.
    pub fn add_pasted(
        &mut self,
        pasted: &[u8],
        source: impl Into<KeySource>,
    ) -> Result<&[Key], KeyError> {
        let before = self.keys.len();
        self.keys.extend(Key::parse_all(pasted, &source.into())?);
        Ok(self.keys.get(before..).unwrap_or_default())
    }

    /// Every key, in the order added.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The first key.
    #[must_use]
    pub fn first(&self) -> Option<&Key> {
        self.keys.first()
    }

    /// The key that signs for an environment: the first one that is not for another. Where the environment is unknown, the
    /// first of all.
    #[must_use]
    pub fn signer(&self, environment: Option<Environment>) -> Option<&Key> {
        self.iter().find(|key| key.source().serves(environment))
    }

    /// Whether there is no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Every key: those that the token names first, those for another environment last. A `kid` is a wish of the token, so
    /// it excludes none.
    pub(super) fn best_first<'r>(
        &'r self,
        kid: Option<&'r str>,
        environment: Option<Environment>,
    ) -> impl Iterator<Item = &'r Key> {
        let rank = move |key: &Key| match key.source().serves(environment) {
            true if kid.is_some() && key.kid() == kid => 0,
            true => 1,
            false => 2,
        };
        (0..3).flat_map(move |wanted| self.keys.iter().filter(move |key| rank(key) == wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_offers_the_named_key_first_and_excludes_none() {
        let mut ring = KeyRing::default();
        let set = br#"{"keys":[{"kid":"a","k":"QUJD"},{"kid":"b","k":"QUJE"}]}"#;
        assert_eq!(ring.add_pasted(set, "set").unwrap().len(), 2);
        let sandbox = KeySource::from("s").limited_to(Some(Environment::Sandbox));
        ring.add_pasted(br#"{"kid":"s","k":"QUJF"}"#, sandbox)
            .unwrap();
        let order = |kid, environment| {
            ring.best_first(kid, environment)
                .filter_map(Key::kid)
                .collect::<Vec<_>>()
                .concat()
        };
        let production = Some(Environment::Production);
        assert_eq!(order(Some("b"), None), "bas");
        assert_eq!(order(Some("s"), None), "sab");
        assert_eq!(order(Some("s"), production), "abs");
        assert_eq!(order(Some("z"), None), "abs");
        assert_eq!(order(None, production), "abs");
    }

    #[test]
    fn the_key_of_the_environment_signs() {
        let mut ring = KeyRing::default();
        for (name, environment) in [("s", Environment::Sandbox), ("p", Environment::Production)] {
            let source = KeySource::from(name).limited_to(Some(environment));
            ring.add_pasted(b"text:secret", source).unwrap();
        }
        let signer = |environment| ring.signer(environment).unwrap().source().to_string();
        assert_eq!(signer(None), "sandbox=s");
        assert_eq!(signer(Some(Environment::Sandbox)), "sandbox=s");
        assert_eq!(signer(Some(Environment::Production)), "production=p");
    }
}
