//! Other text in the place of some values, every other byte untouched.

use super::document::Document;
use super::locate::{Spot, locate};

/// The text of a document in which each spot is replaced by the JSON text beside it (a string with its quotes). No spot
/// may stand twice, nor in another one.
#[must_use]
pub fn edit(document: &Document<'_>, mut changes: Vec<(Spot, String)>) -> String {
    changes.sort_unstable_by_key(|(spot, _)| *spot);
    let (spots, replacements): (Vec<_>, Vec<_>) = changes.into_iter().unzip();
    let text = document.text();
    let mut edited = String::with_capacity(text.len() + 64);
    let mut copied = 0;
    let mut replacements = replacements.into_iter();
    locate(document, &spots, &mut |_, span| {
        edited.push_str(text.get(copied..span.start).unwrap_or_default());
        edited.extend(replacements.next());
        copied = span.end;
    });
    edited.push_str(text.get(copied..).unwrap_or_default());
    edited
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_spots_change() {
        let document = Document::parse(r#" {"a\u0062" : [1.10, "x"],"c":{ } } "#).unwrap();
        let root = document.root();
        let changes = [
            (Spot::value(root.pointed("/c").unwrap()), "null"),
            (Spot::value(root.pointed("/ab/1").unwrap()), "\"y\\n\""),
            (Spot::key(root.pointed("/ab").unwrap()), "\"k\""),
            (Spot::value(root.pointed("/ab/0").unwrap()), "2"),
        ];
        let changes = changes.map(|(spot, text)| (spot, text.to_owned()));
        assert_eq!(
            edit(&document, changes.to_vec()),
            r#" {"k" : [2, "y\n"],"c":null } "#
        );
        assert_eq!(edit(&document, Vec::new()), document.text());
    }
}
