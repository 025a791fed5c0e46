//! An app made of a handler: how each language builds and runs it, and what that needs.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Connection, Output, Port, Response, Running, Test};

/// Where an app looks for its key.
const KEY_VARIABLE: &str = "SYNCFY_WEBHOOK_SIGNATURE_KEY";

/// Where Debian's packages put Java's libraries.
const JAVA_LIBRARIES: &str = "/usr/share/java";

/// What every app says where its key cannot be used.
const UNUSABLE_KEY: &str =
    "SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows";

/// A language, as `--snippet` calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Node,
    Python,
    Php,
    Ruby,
    Go,
    Java,
}

/// What `tests/peers/install` has installed.
fn peers() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    target.expect("it is in the target folder").join("peers")
}

fn succeeds(program: impl AsRef<OsStr>, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    command.output().is_ok_and(|output| output.status.success())
}

impl Language {
    pub(super) fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    fn file(self) -> &'static str {
        match self {
            Self::Node => "handler.mjs",
            Self::Python => "handler.py",
            Self::Php => "handler.php",
            Self::Ruby => "handler.rb",
            Self::Go => "handler.go",
            Self::Java => "Handler.java",
        }
    }

    /// Whether all is there that its apps need; says so where it is not.
    pub(super) fn is_installed(self) -> bool {
        let java_library = Path::new(JAVA_LIBRARIES).join("jackson-databind.jar");
        let (is_there, needs) = match self {
            Self::Node => (
                succeeds("node", &["--version"]) && peers().join("node_modules/jose").exists(),
                "Node.js, and `jose` from `tests/peers/install`",
            ),
            Self::Python => (
                succeeds(python(), &["-c", "import flask, jwt"]),
                "Flask and PyJWT from `tests/peers/install`",
            ),
            Self::Php => (succeeds("php", &["--version"]), "PHP"),
            Self::Ruby => (succeeds("ruby", &["-e", "require 'puma'"]), "Ruby and Puma"),
            Self::Go => (succeeds("go", &["version"]), "Go"),
            Self::Java => (
                succeeds("javac", &["--version"]) && java_library.exists(),
                "a JDK and Jackson",
            ),
        };
        if !is_there {
            // Past what collects the output of tests, which nobody sees when they pass.
            let line = format!("left out: verify_snippet::{} needs {needs}\n", self.name());
            std::io::stderr()
                .write_all(line.as_bytes())
                .expect("standard error is open");
        }
        is_there
    }
}

fn python() -> PathBuf {
    peers().join("python/bin/python")
}

/// A handler that is ready to be run.
pub(super) struct App {
    language: Language,
    built: Output,
}

impl App {
    /// What the program prints with these arguments, made ready.
    #[track_caller]
    pub(super) fn new(language: Language, test: Test, args: &[&str]) -> Self {
        let printed = test
            .args(["verify", "--snippet", &language.name()])
            .args(args)
            .output();
        assert_eq!(
            (printed.code(), printed.stderr().as_str()),
            (Some(0), ""),
            "{args:?}"
        );
        let test = printed.then().file(language.file(), &printed.stdout);
        let built = match language {
            Language::Go => test
                .program("go")
                .args(["build", "-o", "handler", language.file()])
                .env("GOCACHE", peers().join("go-build"))
                .env("GOTOOLCHAIN", "local")
                .run(),
            Language::Node => {
                let libraries = test.directory().join("node_modules");
                std::os::unix::fs::symlink(peers().join("node_modules"), libraries)
                    .expect("a fresh folder can be written");
                printed
            }
            _ => printed,
        };
        Self { language, built }
    }

    /// A run of it with this key.
    fn with_key(&self, key: Option<&str>, port: &str) -> Test {
        let file = self.language.file();
        let address = format!("127.0.0.1:{port}");
        let libraries = format!("{JAVA_LIBRARIES}/*");
        let test = self.built.then().env("PORT", port);
        let test = match key {
            Some(key) => test.env(KEY_VARIABLE, key),
            None => test,
        };
        match self.language {
            Language::Node => test.program("node").arg(file),
            Language::Python => test.program(python()).arg(file),
            Language::Php => test.program("php").args(["-S", &address, file]),
            Language::Ruby => test.program("ruby").arg(file),
            Language::Go => test.program(self.built.directory().join("handler")),
            Language::Java => {
                test.program("java")
                    .args(["-XX:TieredStopAtLevel=1", "-cp", &libraries, file])
            }
        }
    }

    /// Begins to run it, and waits until it listens.
    #[track_caller]
    pub(super) fn serve(&self, key: Option<&str>) -> Serving {
        // PHP's own server cannot choose a port by itself.
        let (port, mut running) = if self.language == Language::Php {
            let port = Port::reserve();
            let number = port.url().rsplit(':').next().map(str::to_owned);
            let number = number.expect("the URL ends with the port");
            let running = self.with_key(key, &number).spawn();
            (Some(port), running)
        } else {
            (None, self.with_key(key, "0").spawn())
        };
        let line = running.line_with("http://127.0.0.1:");
        let (_, number) = line.split_once("127.0.0.1:").expect("it was just found");
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        Serving {
            url: format!("http://127.0.0.1:{number}"),
            running,
            _port: port,
        }
    }

    /// With such a key it must not begin to serve, and say why. PHP has no beginning: there every request tells.
    #[track_caller]
    pub(super) fn refuses_the_key(&self, key: Option<&str>) {
        if self.language == Language::Php {
            let mut serving = self.serve(key);
            assert_eq!(serving.send("POST", &[], b"{}"), 500, "{key:?}");
            serving.running.line_with(UNUSABLE_KEY);
            return;
        }
        let output = self.with_key(key, "0").output();
        assert_eq!(
            (output.code(), output.stdout(), output.stderr()),
            (Some(1), String::new(), format!("{UNUSABLE_KEY}\n")),
            "{key:?}"
        );
    }

    /// The handler itself.
    pub(super) fn source(&self) -> String {
        fs::read_to_string(self.built.directory().join(self.language.file()))
            .expect("it was just written")
    }
}

/// An app that listens. It is killed when it is dropped.
pub(super) struct Serving {
    url: String,
    running: Running,
    /// Nobody else may have it meanwhile.
    _port: Option<Port>,
}

impl Serving {
    /// Sends a request on a connection of its own. The status of the answer.
    #[track_caller]
    pub(super) fn send(&self, method: &str, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        self.try_send(method, headers, body)
            .expect("every request is answered")
            .status
    }

    /// The same for what an app may also hang up on.
    #[track_caller]
    pub(super) fn try_send(
        &self,
        method: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Response> {
        let mut connection = Connection::open(&self.url);
        connection.send(method, "/", headers, body);
        connection.try_response()
    }

    /// Waits for a line of the log with this text.
    #[track_caller]
    pub(super) fn logs(&mut self, text: &str) -> String {
        self.running.line_with(text)
    }

    /// Waits until the app has done its work for the event of this id.
    #[track_caller]
    pub(super) fn works_on(&mut self, eid: &str) {
        self.running.line_with(eid);
    }
}
