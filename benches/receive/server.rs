//! The processes under load: how they are started, where they listen, what they use. Linux only, for `/proc`.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::SECRET;

/// Whether the load has a core of its own.
#[derive(Clone, Copy)]
pub(crate) struct Pinning(bool);

impl Pinning {
    /// Keeps this process to one core where that can be done; the servers then get another.
    pub(crate) fn try_now() -> Self {
        let done = |arguments: &[&str]| {
            Command::new("taskset")
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        };
        let this = std::process::id().to_string();
        Self(done(&["-c", "0", "true"]) && done(&["-c", "-p", "1", &this]))
    }

    pub(crate) fn command(self, program: &str) -> Command {
        if self.0 {
            let mut command = Command::new("taskset");
            command.args(["-c", "0", program]);
            command
        } else {
            Command::new(program)
        }
    }
}

impl fmt::Display for Pinning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.0 {
            "one core for the server, one for the load"
        } else {
            "the server and the load share all cores (`taskset` would give each its own)"
        })
    }
}

/// A folder for the files of one server. On the disk of the build, since a sync of a file in memory costs nothing.
pub(crate) struct Workplace {
    folder: TempDir,
    pinning: Pinning,
}

impl Workplace {
    pub(crate) fn new(pinning: Pinning) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::write(folder.path().join("key"), [b"text:", SECRET].concat()).unwrap();
        Self { folder, pinning }
    }

    /// A limit server doing this work.
    pub(crate) fn limit(&self, work: &str) -> Server {
        let this = std::env::current_exe().unwrap();
        let mut command = self.pinning.command(this.to_str().unwrap());
        command.args(["serve", work]).arg(self.folder.path());
        Server::start(command)
    }

    /// `listen`, with files of this folder for `{key}` and `{store}`.
    pub(crate) fn listen(&self, arguments: &[&str]) -> Server {
        let mut command = self.pinning.command(env!("CARGO_BIN_EXE_syncfy-hooks"));
        command.args(["listen", "--json", "--listen", "0"]);
        command.args(self.arguments(arguments));
        Server::start(command)
    }

    /// Another command of the product, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.pinning.command(env!("CARGO_BIN_EXE_syncfy-hooks"));
        command.args(self.arguments(arguments));
        command
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The bytes of the store, with all files that belong to it.
    pub(crate) fn store_size(&self) -> u64 {
        let files = self.folder.path().read_dir().unwrap().map(Result::unwrap);
        files
            .filter(|file| file.file_name().to_str().unwrap().starts_with("store"))
            .map(|file| file.metadata().unwrap().len())
            .sum()
    }

    fn arguments(&self, arguments: &[&str]) -> impl Iterator<Item = PathBuf> {
        arguments.iter().map(|argument| match *argument {
            "{key}" => self.folder.path().join("key"),
            "{store}" => self.folder.path().join("store.db"),
            other => PathBuf::from(other),
        })
    }
}

/// A process that listens. It is killed when this is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts a server that prints where it listens; what it prints later is thrown away.
    fn start(mut command: Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut errors = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        // With `--format compact` the address is told to people, on the other stream.
        if command.get_args().any(|word| word == "compact") {
            errors.read_line(&mut line).unwrap();
        } else {
            output.read_line(&mut line).unwrap();
        }
        let Some((_, address)) = line.split_once("http://") else {
            errors.read_to_string(&mut line).unwrap();
            panic!("{command:?} did not begin to listen: {line}");
        };
        let address = address.split(['"', '\n']).next().unwrap().to_owned();
        discard(output);
        discard(errors);
        Self { process, address }
    }

    /// A process that listens at this address already.
    pub(crate) fn of(process: Child, address: String) -> Self {
        Self { process, address }
    }

    /// Starts a server that prints its URL first; what it prints later is thrown away.
    pub(crate) fn printing_its_url(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        discard(output);
        Self { process, address }
    }

    /// The CPU time of all its threads until now, in steps of 10 ms.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = self.read("stat");
        let after_name = stat.rsplit_once(')').unwrap().1;
        let ticks = after_name.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(|ticks| ticks.parse::<u64>().unwrap());
        Duration::from_millis(ticks.sum::<u64>() * 10)
    }

    /// The most memory that it ever had resident, in MB.
    pub(crate) fn peak_memory(&self) -> f64 {
        self.memory("VmHWM:")
    }

    /// The memory that it has resident, in MB.
    pub(crate) fn resident_memory(&self) -> f64 {
        self.memory("VmRSS:")
    }

    /// Waits for it to end by itself.
    pub(crate) fn ended(mut self) {
        assert!(self.process.wait().unwrap().success());
    }

    fn memory(&self, field: &str) -> f64 {
        let status = self.read("status");
        let mut lines = status.lines();
        let size = lines.find_map(|line| line.strip_prefix(field)).unwrap();
        let kibibytes: f64 = size.trim().trim_end_matches(" kB").parse().unwrap();
        kibibytes / 1024.0
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.process.id())).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn discard(mut output: impl Read + Send + 'static) {
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
}
