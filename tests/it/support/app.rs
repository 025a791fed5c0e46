//! Sample apps that take webhooks, each in a process of its own.
//!
//! Owns how they are started and ended; refuses to know what they do.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::peers::flask;

/// A language that a sample app is written in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    Node,
    Python,
}

/// A running app, which ends with this value.
pub(crate) struct App {
    child: Child,
    url: String,
}

impl App {
    /// Starts the app with this fault, or none where it is empty. `None`, with a line, where its language is not here.
    pub(crate) fn start(language: Language, fault: &str, key: &str) -> Option<Self> {
        let apps = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/apps");
        let mut command = match language {
            Language::Node => {
                let mut node = Command::new("node");
                node.arg(apps.join("handler.mjs"));
                node
            }
            Language::Python => {
                let mut python = flask("a sample app in Flask")?;
                python.arg(apps.join("handler.py"));
                python
            }
        };
        let child = command
            .env("FAULT", fault)
            .env("SYNCFY_WEBHOOK_SIGNATURE_KEY", key)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.ok()?;
        let stdout = child.stdout.take().expect("it is piped");
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url).ok()?;
        assert!(!url.is_empty(), "the app in {language:?} did not start");
        Some(Self {
            child,
            url: url.trim_end().to_owned(),
        })
    }

    /// Where it takes notifications.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
