//! A program that runs on while a test talks to it.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

use super::client::{Connection, Response};
use super::output::Output;
use super::program::{Test, work};
use super::wait::PATIENCE;

/// A program that runs on. It is killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<(Stream, Vec<u8>)>,
    /// JSON lines that were read, and that no test has asked for yet.
    pending: VecDeque<Value>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    directory: Arc<TempDir>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Stdout,
    Stderr,
}

impl Running {
    #[track_caller]
    pub(super) fn start(
        command: &mut Command,
        stdin: Option<Vec<u8>>,
        directory: Arc<TempDir>,
    ) -> Self {
        let mut child = command.spawn().expect("the program was built");
        if let (Some(bytes), Some(mut pipe)) = (stdin, child.stdin.take()) {
            // The program may end before it has read everything.
            thread::spawn(move || drop(pipe.write_all(&bytes)));
        }
        let (sender, lines) = mpsc::channel();
        if let Some(pipe) = child.stdout.take() {
            read(Stream::Stdout, pipe, sender.clone());
        }
        if let Some(pipe) = child.stderr.take() {
            read(Stream::Stderr, pipe, sender);
        }
        Self {
            child,
            lines,
            pending: VecDeque::new(),
            stdout: Vec::new(),
            stderr: Vec::new(),
            directory,
        }
    }

    /// Waits for the next JSON line of this type on standard output. Lines of other types stay for later calls.
    #[track_caller]
    pub(crate) fn next(&mut self, kind: &str) -> Value {
        let is_wanted = |line: &Value| line["type"] == kind;
        loop {
            if let Some(index) = self.pending.iter().position(is_wanted) {
                return self.pending.remove(index).expect("it was just found");
            }
            let (stream, line) = self.line(&format!("a `{kind}` line"));
            if stream == Stream::Stdout {
                self.pending.extend(serde_json::from_slice::<Value>(&line));
            }
        }
    }

    /// Waits until standard error contains this text.
    #[track_caller]
    pub(crate) fn until_stderr(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.stderr).contains(text) {
            self.line(&format!("`{text}` on standard error"));
        }
    }

    /// Waits until standard output contains this text.
    #[track_caller]
    pub(crate) fn until_stdout(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.stdout).contains(text) {
            self.line(&format!("`{text}` on standard output"));
        }
    }

    /// Waits for a line that contains this text, on either stream.
    #[track_caller]
    pub(crate) fn line_with(&mut self, text: &str) -> String {
        loop {
            let (_, line) = self.line(&format!("a line with `{text}`"));
            let line = String::from_utf8_lossy(&line);
            if line.contains(text) {
                return line.into_owned();
            }
        }
    }

    /// The folder that the program runs in.
    pub(crate) fn directory(&self) -> PathBuf {
        work(&self.directory)
    }

    /// Asks the program to stop, as ^C does.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        self.signal(rustix::process::Signal::INT);
    }

    /// Sends a signal.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("the program still runs");
    }

    /// Kills the program, which can do nothing about it, and waits until it is gone.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn kill(self) -> Output {
        self.signal(rustix::process::Signal::KILL);
        self.finish()
    }

    /// Lets the program write no file beyond so many bytes, or any.
    #[cfg(target_os = "linux")]
    pub(crate) fn limit_files(&self, bytes: Option<u64>) {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};

        let limit = Rlimit {
            current: bytes,
            maximum: None,
        };
        prlimit(Some(Pid::from_child(&self.child)), Resource::Fsize, limit)
            .expect("the limit of a child can be set");
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Output {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok((stream, line)) => self.keep(stream, &line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => self.fail("its end"),
            }
        }
        Output {
            status: self
                .child
                .wait()
                .expect("the program was not waited for yet"),
            stdout: std::mem::take(&mut self.stdout),
            stderr: std::mem::take(&mut self.stderr),
            directory: Arc::clone(&self.directory),
        }
    }

    /// Waits for one more line.
    #[track_caller]
    fn line(&mut self, wanted: &str) -> (Stream, Vec<u8>) {
        let Ok((stream, line)) = self.lines.recv_timeout(PATIENCE) else {
            self.fail(wanted);
        };
        self.keep(stream, &line);
        (stream, line)
    }

    fn keep(&mut self, stream: Stream, line: &[u8]) {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
        .extend_from_slice(line);
    }

    #[track_caller]
    fn fail(&self, wanted: &str) -> ! {
        panic!(
            "waited in vain for {wanted}\nstandard output:\n{}\nstandard error:\n{}",
            String::from_utf8_lossy(&self.stdout),
            String::from_utf8_lossy(&self.stderr)
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Hands on line by line what comes through the pipe.
fn read(stream: Stream, pipe: impl Read + Send + 'static, lines: Sender<(Stream, Vec<u8>)>) {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe
            .read_until(b'\n', &mut line)
            .is_ok_and(|length| length > 0)
        {
            let line = std::mem::take(&mut line);
            if lines.send((stream, line)).is_err() {
                break;
            }
        }
    });
}

/// A `listen` that is ready.
pub(crate) struct Listener {
    running: Running,
    url: String,
}

impl Listener {
    /// Runs `listen --json` on a free port with these arguments behind, in a fresh folder.
    #[track_caller]
    pub(crate) fn start<const N: usize>(args: [&str; N]) -> Self {
        Test::new().args(args).listen()
    }

    #[track_caller]
    pub(super) fn new(mut running: Running) -> Self {
        let ready = running.next("ready");
        let url = ready["url"].as_str().expect("the URL is a string");
        Self {
            url: url.to_owned(),
            running,
        }
    }

    /// Where notifications are to be posted.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A connection of its own, for requests that are sent by hand.
    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.url)
    }

    /// Sends a request, and waits for its answer.
    #[track_caller]
    pub(crate) fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Response {
        let mut connection = self.connect();
        connection.send(method, target, headers, body.as_ref());
        connection.response()
    }

    /// Posts a body, and waits for the answer.
    #[track_caller]
    pub(crate) fn post(
        &self,
        target: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Response {
        self.request("POST", target, headers, body)
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn finish(self) -> Output {
        self.running.finish()
    }

    /// Kills it, and waits until it is gone.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn kill(self) -> Output {
        self.running.kill()
    }

    /// Asks it to stop, as ^C does, and waits for the end.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn stop(self) -> Output {
        self.interrupt();
        self.finish()
    }
}

impl Deref for Listener {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

impl DerefMut for Listener {
    fn deref_mut(&mut self) -> &mut Running {
        &mut self.running
    }
}
