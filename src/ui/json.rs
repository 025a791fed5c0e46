//! JSON lines: one object for each activity, and for each error.

use serde::Serialize;

use super::sanitize;

/// One line, with its line break. A terminal gets an equal JSON text in which nothing can mislead it.
pub(crate) fn line(value: &impl Serialize, terminal: bool) -> Vec<u8> {
    let mut text = serde_json::to_vec(value)
        .expect("activities are made of strings, numbers and verbatim JSON");
    if terminal && let Ok(plain) = std::str::from_utf8(&text) {
        text = sanitize::block(plain).into_owned().into_bytes();
    }
    text.push(b'\n');
    text
}
