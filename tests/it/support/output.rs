//! What a run of the program left behind.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;

use super::program::Test;
use super::redact;

/// What a run of the program left behind: status, output and folder.
pub(crate) struct Output {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(super) directory: Arc<TempDir>,
}

impl Output {
    /// The exit status; `None` after a signal.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Standard output with what is volatile replaced.
    pub(crate) fn stdout(&self) -> String {
        self.text(&self.stdout)
    }

    /// Standard error with what is volatile replaced.
    pub(crate) fn stderr(&self) -> String {
        self.text(&self.stderr)
    }

    /// Standard output, read as one JSON value per line.
    pub(crate) fn json(&self) -> Vec<Value> {
        json_lines(&self.stdout)
    }

    /// Standard output, read as one JSON value.
    pub(crate) fn json_text(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Standard error, read as one JSON value per line.
    pub(crate) fn json_errors(&self) -> Vec<Value> {
        json_lines(&self.stderr)
    }

    /// The folder that the program ran in.
    pub(crate) fn directory(&self) -> PathBuf {
        super::program::work(&self.directory)
    }

    /// The bytes of a file in that folder.
    pub(crate) fn file(&self, name: impl AsRef<Path>) -> Vec<u8> {
        let path = self.directory().join(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// One more run in the same folder.
    pub(crate) fn then(&self) -> Test {
        Test::inside(Arc::clone(&self.directory))
    }

    fn text(&self, bytes: &[u8]) -> String {
        redact::volatile(&String::from_utf8_lossy(bytes), &self.directory())
    }
}

fn json_lines(bytes: &[u8]) -> Vec<Value> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            serde_json::from_slice(line)
                .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(line)))
        })
        .collect()
}
