//! Other ids for ids: the same for the same under one salt, of the same shape, and not to be undone without the salt.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::domain::notification::Environment;

/// Where a UUID has its version and its variant (RFC 9562, section 4).
const KEPT: [usize; 2] = [14, 19];

/// Numbers stay below 2^53, so that every reader has the same.
const NUMBERS: u64 = 999_999_999_999_999;

/// Makes pseudonyms under one salt. Has no `Debug`: whoever has the salt can find an id by trying.
#[derive(Clone)]
pub(super) struct Pseudonyms {
    salt: [u8; 16],
}

/// The letter case of an id's digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
    Mixed,
}

impl Case {
    fn of(id: &str) -> Self {
        let has_upper = id.bytes().any(|byte| byte.is_ascii_uppercase());
        let has_lower = id.bytes().any(|byte| byte.is_ascii_lowercase());
        match (has_upper, has_lower) {
            (false, _) => Self::Lower,
            (true, false) => Self::Upper,
            (true, true) => Self::Mixed,
        }
    }
}

impl Pseudonyms {
    pub(super) fn new(salt: [u8; 16]) -> Self {
        Self { salt }
    }

    /// The pseudonym of an id: an `ObjectId` for an `ObjectId`, a UUID of the same version and variant for a UUID, and
    /// `external-` with 16 digits for whatever else somebody has made up. Letter case is kept as far as it tells
    /// whether the id is valid; which digits were letters is not, since that alone would give away which id it was.
    ///
    /// The ids of the two environments are public, and stand for themselves; so does nothing.
    pub(super) fn id(&self, id: &str) -> String {
        if id.is_empty() || Environment::from_id(id).is_some() {
            return id.to_owned();
        }
        if !is_shaped(id) {
            let digits = self
                .hash(id)
                .iter()
                .take(8)
                .fold(String::new(), |mut digits, byte| {
                    write!(digits, "{byte:02x}").expect("writing to a `String` cannot fail");
                    digits
                });
            return format!("external-{digits}");
        }
        let case = Case::of(id);
        // In capitals it is still the same id; two mixtures of cases would no longer be told apart.
        let hash = match case {
            Case::Mixed => self.hash(id),
            Case::Lower | Case::Upper => self.hash(&id.to_ascii_lowercase()),
        };
        let kept: &[usize] = if id.len() == 36 { &KEPT } else { &[] };
        let mut nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let mut digit = |at: usize, was: char| {
            if was == '-' || kept.contains(&at) {
                return was;
            }
            let nibble = nibbles.next().unwrap_or_default();
            match (case, at) {
                // A pseudonym without letters would lose the case.
                (Case::Upper | Case::Mixed, 0) => char::from(b'A' + nibble % 6),
                (Case::Mixed, 1) => char::from(b'a' + nibble % 6),
                (Case::Upper, _) => hexadecimal(nibble).to_ascii_uppercase(),
                _ => hexadecimal(nibble),
            }
        };
        id.chars()
            .enumerate()
            .map(|(at, was)| digit(at, was))
            .collect()
    }

    /// The pseudonym of a number: a whole number with at most 15 digits.
    pub(super) fn number(&self, number: &str) -> String {
        let hash = self.hash(number);
        let bytes = hash.first_chunk::<8>().copied().unwrap_or_default();
        (1 + u64::from_be_bytes(bytes) % NUMBERS).to_string()
    }

    fn hash(&self, id: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.salt)
            .chain_update(id)
            .finalize()
            .into()
    }
}

fn hexadecimal(nibble: u8) -> char {
    char::from_digit(nibble.into(), 16).unwrap_or('0')
}

/// Whether an id has one of the shapes that Syncfy makes, in any letter case.
pub(super) fn is_shaped(id: &str) -> bool {
    is_object_id(id) || (id.len() == 36 && Uuid::try_parse(id).is_ok())
}

/// Whether an id is 24 hexadecimal digits, in any letter case.
pub(super) fn is_object_id(id: &str) -> bool {
    id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: &str) -> String {
        Pseudonyms::new([7; 16]).id(id)
    }

    #[test]
    fn shapes_stay() {
        let object_id = id("648a053b59f043380d473be3");
        assert!(is_object_id(&object_id));
        assert_eq!(object_id, object_id.to_lowercase());
        assert_eq!(
            id("648A053B59F043380D473BE3").to_lowercase()[1..],
            object_id[1..]
        );
        let mixed = id("648A053b59f043380d473be3");
        assert!(is_object_id(&mixed) && Case::of(&mixed) == Case::Mixed);
        for uuid in [
            "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb",
            "6FF4DA49-4193-1EE0-CE9E-7415B7FCB9CB",
            "00000000-0000-0000-0000-000000000000",
        ] {
            let new = id(uuid);
            assert_eq!(new[14..15], uuid[14..15]);
            assert_eq!(new[19..20], uuid[19..20]);
            assert!(Uuid::try_parse(&new).is_ok());
            assert_ne!(new[..8], uuid[..8]);
        }
        for text in [
            "20230614-DEMO",
            "42",
            "ñandú",
            "{6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb}",
        ] {
            let new = id(text);
            assert!(!is_shaped(&new));
            assert_eq!((&new[..9], new.len()), ("external-", 25));
        }
    }

    #[test]
    fn what_is_public_stands_for_itself() {
        for environment in Environment::ALL {
            assert_eq!(id(environment.id()), environment.id());
        }
        assert_eq!(id(""), "");
    }

    #[test]
    fn another_salt_gives_another_pseudonym() {
        let other = Pseudonyms::new([8; 16]);
        assert_ne!(other.id("a"), id("a"));
        assert_ne!(other.number("7"), Pseudonyms::new([7; 16]).number("7"));
    }

    #[test]
    fn pseudonyms_never_change() {
        // What was exported yesterday is compared with what is exported today.
        assert_eq!(id("a"), "external-8fbfcfbbca84bc56");
    }
}
