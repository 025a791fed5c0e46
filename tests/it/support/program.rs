//! One run of the program in clean surroundings, compared exactly.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use pretty_assertions::StrComparison;
use tempfile::TempDir;

use super::output::Output;
use super::redact;
use super::running::{Listener, Running};

/// The program itself.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_syncfy-hooks");

/// What the program may see of this process's environment: nothing that could hold a setting or a key.
const PASSED_ON: [&str; 6] = [
    "PATH",
    "SystemRoot",
    "TEMP",
    "TMP",
    "LLVM_PROFILE_FILE",
    "LD_LIBRARY_PATH",
];

/// One run of the program: what it is given, and what must come of it.
///
/// Unless told otherwise it must say nothing and end with 0.
pub(crate) struct Test {
    directory: Arc<TempDir>,
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    stdin: Option<Vec<u8>>,
    status: i32,
    stdout: String,
    stderr: String,
    hides_uuids: bool,
}

impl Test {
    /// In a fresh folder, which is also home.
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().expect("there is room for a folder");
        for folder in [work(&directory), home(&directory)] {
            fs::create_dir(folder).expect("a fresh folder can be written");
        }
        Self::inside(Arc::new(directory))
    }

    pub(super) fn inside(directory: Arc<TempDir>) -> Self {
        Self {
            directory,
            program: PROGRAM.into(),
            args: Vec::new(),
            env: Vec::new(),
            stdin: None,
            status: 0,
            stdout: String::new(),
            stderr: String::new(),
            hides_uuids: false,
        }
    }

    /// Runs this line of shell instead, which finds the program by its name and has one stream of output.
    #[cfg(unix)]
    pub(crate) fn shell(mut self, line: &str) -> Self {
        let programs = Path::new(PROGRAM).parent().expect("it is in a folder");
        self.program = "sh".into();
        let script = format!("PATH={}:$PATH; exec 2>&1; {line}", programs.display());
        self.args(["-c", &script])
    }

    /// Runs another program instead.
    pub(crate) fn program(mut self, program: impl AsRef<OsStr>) -> Self {
        program.as_ref().clone_into(&mut self.program);
        self
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Puts a folder in front of the `PATH`.
    pub(crate) fn with_path(self, folder: &Path) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "what is not in the folder comes from there"
        )]
        let rest = std::env::var("PATH").unwrap_or_default();
        self.env("PATH", format!("{}:{rest}", folder.display()))
    }

    /// What comes on standard input, which is empty otherwise.
    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(bytes.as_ref().to_owned());
        self
    }

    /// A file in the working directory; the folders of its path are made.
    pub(crate) fn file(self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Self {
        write(&work(&self.directory).join(path), bytes.as_ref());
        self
    }

    /// A file in the home directory, such as `.config/syncfy-hooks/config.toml`.
    pub(crate) fn home_file(self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Self {
        write(&home(&self.directory).join(path), bytes.as_ref());
        self
    }

    /// The exit status that must come.
    pub(crate) fn status(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    /// What must be on standard output, what is volatile replaced.
    pub(crate) fn stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = text.into();
        self
    }

    /// What must be on standard error, what is volatile replaced.
    pub(crate) fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = text.into();
        self
    }

    /// Compares with every UUID replaced by `[UUID]`.
    pub(crate) fn hide_uuids(mut self) -> Self {
        self.hides_uuids = true;
        self
    }

    /// The working directory, for what has to be prepared by hand.
    pub(crate) fn directory(&self) -> PathBuf {
        work(&self.directory)
    }

    /// Runs, and compares status, standard output and standard error.
    #[track_caller]
    pub(crate) fn run(mut self) -> Output {
        let expected = Expected {
            status: self.status,
            stdout: std::mem::take(&mut self.stdout),
            stderr: std::mem::take(&mut self.stderr),
            hides_uuids: self.hides_uuids,
        };
        let output = self.output();
        expected.compare(&output);
        output
    }

    /// Runs, and compares nothing.
    #[track_caller]
    pub(crate) fn output(self) -> Output {
        self.spawn().finish()
    }

    /// Begins to run.
    #[track_caller]
    pub(crate) fn spawn(self) -> Running {
        let mut command = self.command();
        Running::start(&mut command, self.stdin, self.directory)
    }

    /// Begins to run `listen --json` on a free port with these arguments behind, and waits until it is ready.
    #[track_caller]
    pub(crate) fn listen(mut self) -> Listener {
        let listen = ["listen", "--json", "--listen", "127.0.0.1:0"];
        self.args.splice(0..0, listen.map(OsString::from));
        Listener::new(self.spawn())
    }

    /// Runs `listen --json` on a free port with these arguments behind, which is to end before it is ready.
    #[track_caller]
    pub(crate) fn listen_output(mut self) -> Output {
        let listen = ["listen", "--json", "--listen", "127.0.0.1:0"];
        self.args.splice(0..0, listen.map(OsString::from));
        self.output()
    }

    /// The same, begun by this line of shell, which has the whole command in `"$0" "$@"`.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn listen_through(mut self, line: &str) -> Listener {
        let listen = ["listen", "--json", "--listen", "127.0.0.1:0"];
        self.args.splice(0..0, listen.map(OsString::from));
        self.args
            .splice(0..0, ["-c", line, PROGRAM].map(OsString::from));
        self.program = "sh".into();
        Listener::new(self.spawn())
    }

    /// The process that would be run.
    pub(crate) fn command(&self) -> Command {
        let home = home(&self.directory);
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .current_dir(work(&self.directory))
            .env_clear()
            .envs(PASSED_ON.iter().filter_map(|name| {
                #[expect(clippy::disallowed_methods, reason = "the program gets a clean one")]
                std::env::var_os(name).map(|value| (name, value))
            }))
            .env("HOME", &home)
            .env("USERPROFILE", &home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("TZ", "UTC")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(match self.stdin {
                Some(_) => Stdio::piped(),
                None => Stdio::null(),
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

struct Expected {
    status: i32,
    stdout: String,
    stderr: String,
    hides_uuids: bool,
}

impl Expected {
    #[track_caller]
    fn compare(&self, output: &Output) {
        let seen = |text: String| {
            if self.hides_uuids {
                redact::uuids(&text)
            } else {
                text
            }
        };
        let (stdout, stderr) = (seen(output.stdout()), seen(output.stderr()));
        let mut report = String::new();
        for (name, expected, found) in [
            ("standard output", &self.stdout, &stdout),
            ("standard error", &self.stderr, &stderr),
        ] {
            if expected != found {
                report += &format!("{name}:\n{}\n", StrComparison::new(expected, found));
            }
        }
        if output.code() != Some(self.status) {
            report += &format!("{} instead of {}\n", output.status, self.status);
            if stderr == self.stderr {
                report += &stderr;
            }
        }
        assert!(report.is_empty(), "{report}");
    }
}

/// Where the program runs.
pub(super) fn work(directory: &TempDir) -> PathBuf {
    directory.path().join("work")
}

fn home(directory: &TempDir) -> PathBuf {
    directory.path().join("home")
}

fn write(path: &Path, bytes: &[u8]) {
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("a fresh folder can be written");
    fs::write(path, bytes).expect("a fresh folder can be written");
}
