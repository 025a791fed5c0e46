//! What `validate --fix` reports.

use serde::{Deserialize, Serialize};

use super::is_false;

/// One repair of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Repair {
    /// The file, or `-`.
    pub source: String,
    /// The line on which what was repaired stood.
    pub line: usize,
    /// Its column, in characters.
    pub column: usize,
    /// The code of the rule that found it.
    pub code: String,
    /// The text that stood there, as JSON writes it.
    pub from: String,
    /// The text in its place; empty where it was taken away.
    pub to: String,
    /// Whether the body stands in the file as base64: the place is then that in the body.
    #[serde(skip_serializing_if = "is_false")]
    pub decoded: bool,
    /// The line of the file on which the capture stands, where `line` is that of its decoded body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// Whether nothing was written.
    #[serde(skip_serializing_if = "is_false")]
    pub dry_run: bool,
}

/// What came of the repairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fixed {
    /// How many there are.
    pub fixed: u64,
    /// In how many files.
    pub files: u64,
    /// Whether nothing was written.
    pub dry_run: bool,
}
