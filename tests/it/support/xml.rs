//! XML, read by a parser that had no hand in writing it.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Fails unless this is a document. Where there is no `python3`, nobody knows.
#[expect(clippy::print_stderr, reason = "a check that is skipped says so")]
#[track_caller]
pub(crate) fn well_formed(text: &str) {
    let script =
        "import sys, xml.etree.ElementTree as tree; tree.fromstring(sys.stdin.buffer.read())";
    let python = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        eprintln!("SKIPPED: there is no python3 on this machine");
        return;
    };
    let mut stdin = python.stdin.take().expect("it is a pipe");
    stdin.write_all(text.as_bytes()).expect("it reads it all");
    drop(stdin);
    let output = python.wait_with_output().expect("it ends");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}\n{text}");
}
