//! Ids of 24 hexadecimal digits: how they are read, and how one leads to others.

use fastrand::Rng;
use sha2::{Digest as _, Sha256};

/// An id: eight digits of Unix time and sixteen more, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ObjectId(String);

/// A list has no more items than this, whatever pages a notification names. As in an `ObjectId`, the last six digits of
/// an id count.
pub(super) const MOST_ITEMS: u64 = 200_000;

impl ObjectId {
    /// An id in either case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_id = text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| Self(text.to_ascii_lowercase()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// When it was made, in Unix seconds.
    pub(super) fn second(&self) -> u64 {
        let digits = self.0.get(..8).unwrap_or_default();
        u64::from_str_radix(digits, 16).unwrap_or_default()
    }

    /// Chance that this id and a purpose decide: the same on every machine.
    pub(super) fn chance(&self, purpose: &str) -> Rng {
        Rng::with_seed(self.seed(purpose))
    }

    /// The chance of one item of a list.
    pub(super) fn item_chance(seed: u64, index: u64) -> Rng {
        Rng::with_seed(seed ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number that this id and a purpose decide.
    pub(super) fn seed(&self, purpose: &str) -> u64 {
        let digest = Sha256::digest(format!("{purpose}\0{}", self.0));
        let (first, _) = digest.split_at(8);
        first
            .iter()
            .fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }

    /// The id of an item of a list that belongs to this id, made in the same second. Two items never share theirs.
    pub(super) fn item(&self, seed: u64, index: u64) -> String {
        let time = self.0.get(..8).unwrap_or_default();
        format!("{time}{:010x}{index:06x}", seed & 0xff_ffff_ffff)
    }

    /// Another id that this one leads to.
    pub(super) fn relative(&self, purpose: &str) -> String {
        self.item(self.seed(purpose), 0)
    }
}

/// An id of a catalogue that is the same for everybody.
pub(super) fn of_catalogue(name: &str) -> String {
    let made = ObjectId("520000000000000000000000".to_owned());
    made.relative(name)
}
