//! A process that is never left behind: not when it is stopped, not when this program dies by whatever cause.

use std::ffi::OsStr;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long a program may take to end once it was asked to.
const PATIENCE: Duration = Duration::from_secs(3);

/// A longer line is cut into lines of this many bytes.
const LONGEST_LINE: usize = 4096;

/// What an agent has no business to know.
const SECRETS: [&str; 3] = [
    "SYNCFY_HOOKS_KEY",
    "SYNCFY_WEBHOOK_SIGNATURE_KEY",
    "SYNCFY_HOOKS_TUNNEL_PASSPHRASE",
];

/// What runs between us and the program, so that it ends when we do.
#[cfg(unix)]
const GUARD: &str = include_str!("guard.sh");

/// What happens to a program.
pub(super) enum Happening {
    /// It prints a line.
    Line(String),
    /// It has ended.
    End(io::Result<ExitStatus>),
}

/// A program that runs.
pub(super) struct Process {
    child: Box<dyn ChildWrapper>,
    /// Closed to stop the program.
    hold: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
    readers: JoinSet<()>,
}

impl Process {
    /// Starts a program in a process group of its own.
    pub(super) fn start(program: &OsStr, arguments: &[String]) -> io::Result<Self> {
        let mut child = wrapped(program, arguments).spawn()?;
        let hold = child.stdin().take();
        let (sender, lines) = mpsc::channel(64);
        let mut readers = JoinSet::new();
        if let Some(pipe) = child.stdout().take() {
            readers.spawn(read(pipe, sender.clone()));
        }
        if let Some(pipe) = child.stderr().take() {
            readers.spawn(read(pipe, sender));
        }
        Ok(Self {
            child,
            hold,
            lines,
            readers,
        })
    }

    /// The next line that it prints; `None` when nothing more can come. Can be dropped and called again without losing one.
    pub(super) async fn line(&mut self) -> Option<String> {
        self.lines.recv().await
    }

    /// What happens next. Can be dropped and called again without losing anything.
    pub(super) async fn next(&mut self) -> Happening {
        tokio::select! {
            Some(line) = self.lines.recv() => Happening::Line(line),
            status = self.child.wait() => Happening::End(status),
        }
    }

    /// Stops it, and whatever it has started.
    pub(super) async fn stop(mut self) {
        drop(self.hold.take());
        // It may have ended already.
        let _ = timeout(PATIENCE, self.child.wait()).await;
        // What it has left in its group. There may be nothing.
        let _ = self.child.start_kill();
        let _ = self.child.wait().await;
        self.readers.shutdown().await;
    }
}

#[cfg(unix)]
fn wrapped(program: &OsStr, arguments: &[String]) -> CommandWrap {
    let mut wrapped = CommandWrap::with_new("sh", |command| {
        command.args(["-c", GUARD, "guard"]).arg(program);
        prepare(command, arguments, Stdio::piped());
    });
    wrapped
        .wrap(process_wrap::tokio::ProcessGroup::leader())
        .wrap(KillOnDrop);
    wrapped
}

#[cfg(windows)]
fn wrapped(program: &OsStr, arguments: &[String]) -> CommandWrap {
    let mut wrapped = CommandWrap::with_new(program, |command| {
        prepare(command, arguments, Stdio::null());
    });
    wrapped
        .wrap(process_wrap::tokio::JobObject)
        .wrap(KillOnDrop);
    wrapped
}

fn prepare(command: &mut Command, arguments: &[String], stdin: Stdio) {
    for name in SECRETS {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

/// Hands on line by line what comes through the pipe.
async fn read(mut pipe: impl AsyncRead + Unpin, lines: mpsc::Sender<String>) {
    let mut pending = Vec::new();
    let mut chunk = [0; LONGEST_LINE];
    while let Ok(length @ 1..) = pipe.read(&mut chunk).await {
        pending.extend_from_slice(chunk.get(..length).unwrap_or_default());
        while let Some(end) = end_of_line(&pending) {
            let line: Vec<u8> = pending.drain(..end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            // Nobody listens any more when it is being stopped, and what it says then does not matter.
            if !line.is_empty() && lines.send(line.to_owned()).await.is_err() {
                return;
            }
        }
    }
    let rest = String::from_utf8_lossy(&pending);
    if !rest.is_empty() {
        let _ = lines.send(rest.into_owned()).await;
    }
}

/// Where the first line ends, as far as it has.
fn end_of_line(bytes: &[u8]) -> Option<usize> {
    let found = memchr::memchr2(b'\n', b'\r', bytes).map(|at| at + 1);
    let is_too_long = bytes.len() >= LONGEST_LINE;
    match found {
        Some(end) if end <= LONGEST_LINE => Some(end),
        _ if is_too_long => Some(LONGEST_LINE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(bytes: &[u8]) -> Vec<String> {
        let (sender, mut receiver) = mpsc::channel(64);
        read(bytes, sender).await;
        let mut lines = Vec::new();
        while let Some(line) = receiver.recv().await {
            lines.push(line);
        }
        lines
    }

    #[tokio::test]
    async fn lines_are_cut_and_never_grow() {
        assert_eq!(lines(b"one\r\n\ntwo\rthree").await, ["one", "two", "three"]);
        assert_eq!(lines(b"\xff\xfe\n").await, ["\u{fffd}\u{fffd}"]);
        let long = lines(&[b'x'; 3 * LONGEST_LINE + 1]).await;
        assert_eq!(
            long.iter().map(String::len).collect::<Vec<_>>(),
            [LONGEST_LINE, LONGEST_LINE, LONGEST_LINE, 1]
        );
    }
}
