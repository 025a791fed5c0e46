//! The private ids of one request: gathered from all of it first, so that each is then found wherever it stands.

use std::collections::HashSet;

use super::pseudonym::{Pseudonyms, is_object_id, is_shaped};
use crate::domain::notification::Environment;

/// A shorter id that somebody made up is replaced where it is the whole text, but not looked for within others: `1` or
/// `ana` would be found in too much that has nothing to do with it.
const SHORTEST: usize = 6;

/// What was found so far.
#[derive(Default)]
pub(super) struct Found {
    named: HashSet<String>,
    in_urls: HashSet<String>,
    catalogue: HashSet<String>,
    numbers: HashSet<String>,
}

impl Found {
    /// An id, by its name.
    pub(super) fn id(&mut self, id: &str) {
        if !id.is_empty() {
            self.named.insert(id.to_owned());
        }
    }

    /// A number that stands for an id.
    pub(super) fn number(&mut self, number: String) {
        self.numbers.insert(number);
    }

    /// An id of the public catalogue, by its name; what has not the shape of one is taken for private.
    pub(super) fn catalogue(&mut self, id: &str) {
        if is_object_id(id) {
            self.catalogue.insert(id.to_owned());
        } else {
            self.id(id);
        }
    }

    /// The ids in a part of a path or of a query, by their shape.
    pub(super) fn shapes(&mut self, part: &str) {
        let is_inner = |character: char| character.is_alphanumeric() || character == '-';
        for word in part.split(|character: char| !is_inner(character)) {
            if is_shaped(word) {
                self.in_urls.insert(word.to_owned());
            } else {
                let ids = word.split('-').filter(|id| is_object_id(id));
                self.in_urls.extend(ids.map(str::to_owned));
            }
        }
    }

    /// What is private, all in all. An id that also stands under the name of a private one is no longer the catalogue's.
    pub(super) fn known(self) -> Known {
        let in_urls = self
            .in_urls
            .into_iter()
            .filter(|id| !self.catalogue.contains(id));
        let ids: HashSet<String> = self.named.into_iter().chain(in_urls).collect();
        let ids: HashSet<String> = ids
            .into_iter()
            .filter(|id| Environment::from_id(id).is_none())
            .collect();
        Known::new(ids, self.numbers)
    }
}

/// The private ids of a request, ready to be looked for.
pub(super) struct Known {
    ids: HashSet<String>,
    numbers: HashSet<String>,
    /// The lengths of those that are looked for in text, the longest first.
    lengths: Vec<usize>,
    /// One bit for each pair of bytes that one of them begins with, so that most places need no look at them all.
    beginnings: Vec<u64>,
}

/// Which ids are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// All but those that are too short.
    All,
    /// Those of a shape that Syncfy makes: nothing else looks like one.
    Shaped,
}

impl Known {
    fn new(ids: HashSet<String>, numbers: HashSet<String>) -> Self {
        let mut beginnings = vec![0; 1024];
        let mut lengths = Vec::new();
        for id in ids.iter().filter(|id| id.len() >= SHORTEST) {
            lengths.push(id.len());
            if let Some((word, bit)) = beginning(id.as_bytes())
                && let Some(word) = beginnings.get_mut(word)
            {
                *word |= bit;
            }
        }
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        Self {
            ids,
            numbers,
            lengths,
            beginnings,
        }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    pub(super) fn has_number(&self, number: &str) -> bool {
        self.numbers.contains(number)
    }

    /// The text with a pseudonym for every id in it; `None` where there is none.
    pub(super) fn replace(
        &self,
        text: &str,
        which: Which,
        pseudonyms: &Pseudonyms,
    ) -> Option<String> {
        let mut replaced = String::new();
        let (mut at, mut copied) = (0, 0);
        while at < text.len() {
            let Some(id) = self.at(text, at, which) else {
                at += 1;
                continue;
            };
            replaced.push_str(text.get(copied..at).unwrap_or_default());
            replaced.push_str(&pseudonyms.id(id));
            at += id.len();
            copied = at;
        }
        (copied > 0).then(|| replaced + text.get(copied..).unwrap_or_default())
    }

    /// The longest id that stands at this byte.
    fn at<'t>(&self, text: &'t str, at: usize, which: Which) -> Option<&'t str> {
        let (word, bit) = beginning(text.as_bytes().get(at..)?)?;
        if self.beginnings.get(word)? & bit == 0 {
            return None;
        }
        self.lengths
            .iter()
            .filter_map(|length| text.get(at..at + length))
            .find(|id| self.ids.contains(*id) && (which == Which::All || is_shaped(id)))
    }
}

/// The place of the first two bytes among all pairs.
fn beginning(text: &[u8]) -> Option<(usize, u64)> {
    let [first, second] = *text.first_chunk::<2>()?;
    let pair = usize::from(u16::from_be_bytes([first, second]));
    Some((pair / 64, 1 << (pair % 64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "648a053b59f043380d473be3";

    fn known(ids: &[&str]) -> Known {
        let mut found = Found::default();
        for id in ids {
            found.id(id);
        }
        found.known()
    }

    #[test]
    fn every_occurrence_is_replaced_the_longest_first() {
        let pseudonyms = Pseudonyms::new([0; 16]);
        let known = known(&[ID, "acme-1", "acme-12", "ñandú-é", "ana"]);
        let new = |id| pseudonyms.id(id);
        let text = format!("ana acme-12 x{ID}{ID}ñandú-é acme-1");
        let expected = format!(
            "ana {} x{}{}{} {}",
            new("acme-12"),
            new(ID),
            new(ID),
            new("ñandú-é"),
            new("acme-1")
        );
        assert_eq!(
            known.replace(&text, Which::All, &pseudonyms),
            Some(expected)
        );
        assert_eq!(known.replace("acme- ña", Which::All, &pseudonyms), None);
        assert_eq!(known.replace("acme-12", Which::Shaped, &pseudonyms), None);
        assert_eq!(known.replace(ID, Which::Shaped, &pseudonyms), Some(new(ID)));
    }

    #[test]
    fn an_id_of_the_catalogue_is_private_where_it_is_also_a_users() {
        let mut found = Found::default();
        found.catalogue(ID);
        found.shapes(ID);
        found.catalogue("bank");
        let known = found.known();
        assert!(!known.has(ID) && known.has("bank"));
        let mut found = Found::default();
        found.catalogue(ID);
        found.id(ID);
        assert!(found.known().has(ID));
    }

    #[test]
    fn shapes_are_found_between_other_characters() {
        let mut found = Found::default();
        let uuid = "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb";
        found.shapes(&format!("job-{ID}.json,{uuid};{ID}0"));
        let known = found.known();
        assert!(known.has(ID) && known.has(uuid));
        assert_eq!(known.ids.len(), 2);
    }
}
