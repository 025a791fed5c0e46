//! JSON lines: one object for each activity, and errors on standard error.

use serde::Serialize;

use super::sanitize;
use crate::report::Report;

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

#[derive(Serialize)]
#[serde(tag = "type", rename = "error")]
struct ErrorLine<'a> {
    code: &'a str,
    message: &'a str,
    hints: &'a [String],
}

/// A failure as its line; `None` where there is nobody to tell.
pub(crate) fn error(report: &Report, terminal: bool) -> Option<Vec<u8>> {
    let Report::Failure {
        code,
        message,
        hints,
    } = report
    else {
        return None;
    };
    Some(line(
        &ErrorLine {
            code,
            message,
            hints,
        },
        terminal,
    ))
}
