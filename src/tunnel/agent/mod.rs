//! Agents: programs of others that carry requests, started on the listener's port and never left behind.

mod api;
mod process;
mod recipe;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use self::process::{Happening, Process};
use self::recipe::{LastLines, NGROK_API, ngrok_api};
use super::{Agent, Change, Failure, LocalApi};
use crate::report::Report;

/// How often an API is asked for a URL that is not there yet, and for another one later.
const SOON: Duration = Duration::from_millis(300);
const LATER: Duration = Duration::from_secs(5);

/// After so long without an API, what the agent prints is believed.
const API_PATIENCE: Duration = Duration::from_secs(10);

/// An agent that has ended so often without a URL is given up.
const ATTEMPTS: u8 = 3;

/// How long what an agent said last may take to come through, once it has ended; and how long it may take to tell its
/// version.
const LAST_WORDS: Duration = Duration::from_millis(500);
const VERSION: Duration = Duration::from_secs(5);

/// An agent that was found.
pub(super) struct Program {
    agent: Agent,
    path: PathBuf,
    /// How often in a row it has ended without a URL.
    failures: AtomicU8,
}

/// An agent that runs.
struct Run<'a> {
    program: &'a Program,
    port: u16,
    process: Process,
    /// Where it serves its API, as far as that is known.
    api: String,
    /// Every URL that was told.
    told: Vec<String>,
    /// URLs that it printed, and that wait for the API to tell better.
    printed: Vec<String>,
    last: LastLines,
    began: Instant,
}

impl Program {
    /// Finds the program.
    ///
    /// # Errors
    ///
    /// When it is not installed.
    pub(super) fn find(agent: &Agent) -> Result<Self, Report> {
        let name = agent.program();
        let path = which::which(name).map_err(|_| {
            let message = format!("`{name}` is not installed: it is not on the `PATH`");
            Report::new("tunnel-agent-missing", message)
                .hint(agent.installation())
                .hint("`--tunnel ssh://nokey@localhost.run` needs nothing but this program")
        })?;
        Ok(Self {
            agent: agent.clone(),
            path,
            failures: AtomicU8::new(0),
        })
    }

    /// Runs it until it has ended or is stopped, and tells its URLs.
    pub(super) async fn carry(
        &self,
        port: u16,
        http: &dyn LocalApi,
        changes: &mpsc::Sender<Change>,
        mut stop: oneshot::Receiver<()>,
    ) {
        let mut run = match self.start(port) {
            Ok(run) => run,
            Err(failure) => return tell(changes, Change::Lost(failure)).await,
        };
        let failure = tokio::select! {
            biased;
            _ = &mut stop => None,
            failure = run.follow(http, changes) => Some(failure),
        };
        let has_worked = !run.told.is_empty();
        run.process.stop().await;
        if let Some(failure) = failure {
            let failure = self.judged(failure, has_worked);
            tell(changes, Change::Lost(failure)).await;
        }
    }

    /// Whether it is there, and which version.
    pub(super) async fn check(&self) -> Result<String, Failure> {
        let place = format!("`{}` is at {}", self.agent.program(), self.path.display());
        let Some(flag) = self.agent.version() else {
            return Ok("the command is started by the shell".into());
        };
        let arguments = [flag.to_owned()];
        let mut process = Process::start(self.path.as_os_str(), &arguments)
            .map_err(|error| self.not_started(&error))?;
        let line = timeout(VERSION, process.line()).await.ok().flatten();
        process.stop().await;
        Ok(match line {
            Some(line) => format!("{place}: {}", line.trim()),
            None => place,
        })
    }

    fn start(&self, port: u16) -> Result<Run<'_>, Failure> {
        let api = match self.agent {
            Agent::Cloudflared => free_address().map_err(|error| self.not_started(&error))?,
            _ => NGROK_API.to_owned(),
        };
        let arguments = self.agent.arguments(port, &api);
        let process = Process::start(self.path.as_os_str(), &arguments)
            .map_err(|error| self.not_started(&error))?;
        Ok(Run {
            program: self,
            port,
            process,
            api,
            told: Vec::new(),
            printed: Vec::new(),
            last: LastLines::default(),
            began: Instant::now(),
        })
    }

    /// A failure that is final where the agent has ended too often without a URL: what it needs does not come by itself.
    fn judged(&self, failure: Failure, has_worked: bool) -> Failure {
        if has_worked {
            self.failures.store(0, Ordering::Relaxed);
        } else if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= ATTEMPTS {
            return failure.for_good();
        }
        failure
    }

    fn not_started(&self, error: &std::io::Error) -> Failure {
        let message = format!("`{}` cannot be started: {error}", self.agent.program());
        Failure::new("tunnel-agent-failed", message)
    }
}

impl Run<'_> {
    /// Tells the URLs of the agent until it has ended, and says why it has.
    async fn follow(&mut self, http: &dyn LocalApi, changes: &mpsc::Sender<Change>) -> Failure {
        let api = self.program.agent.api();
        let mut due = Instant::now();
        loop {
            tokio::select! {
                happening = self.process.next() => match happening {
                    Happening::Line(line) => self.hear(&line, changes).await,
                    Happening::End(status) => return self.end(status, changes).await,
                },
                () = sleep_until(due), if api.is_some() => {
                    if let Some(api) = api {
                        match api.url(http, &self.api, self.port).await {
                            Some(url) => self.tell(url, changes).await,
                            None if self.began.elapsed() > API_PATIENCE => self.believe(changes).await,
                            None => {}
                        }
                    }
                    due = Instant::now() + if self.told.is_empty() { SOON } else { LATER };
                }
            }
        }
    }

    /// Takes a line of its output.
    async fn hear(&mut self, line: &str, changes: &mpsc::Sender<Change>) {
        self.last.push(line);
        if self.program.agent == Agent::Ngrok
            && let Some(address) = ngrok_api(line)
        {
            self.api = address;
        }
        for url in self.program.agent.urls(line, self.port) {
            if self.printed.len() < MOST_PRINTED && !self.printed.contains(&url) {
                self.printed.push(url);
            }
        }
        if self.program.agent.api().is_none() {
            self.believe(changes).await;
        }
    }

    /// Tells what it has printed.
    async fn believe(&mut self, changes: &mpsc::Sender<Change>) {
        for url in self.printed.clone() {
            self.tell(url, changes).await;
        }
    }

    /// Tells a URL, once.
    async fn tell(&mut self, url: String, changes: &mpsc::Sender<Change>) {
        if !self.told.contains(&url) {
            self.told.push(url.clone());
            tell(changes, Change::Url(url)).await;
        }
    }

    /// Why it has ended.
    async fn end(
        &mut self,
        status: std::io::Result<ExitStatus>,
        changes: &mpsc::Sender<Change>,
    ) -> Failure {
        let until = Instant::now() + LAST_WORDS;
        while let Ok(Some(line)) = tokio::time::timeout_at(until, self.process.line()).await {
            self.hear(&line, changes).await;
        }
        let name = self.program.agent.program();
        let how = match status {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        let said = self.last.text();
        let message = if said.is_empty() {
            format!("`{name}` has ended without a word ({how})")
        } else {
            format!("`{name}` has ended ({how}): {said}")
        };
        let failure = Failure::new("tunnel-agent-failed", message);
        match self.program.agent.remedy(&said) {
            Some(remedy) => failure.hint(remedy),
            None => failure,
        }
    }
}

/// More URLs than this are no URLs of a tunnel.
const MOST_PRINTED: usize = 32;

async fn tell(changes: &mpsc::Sender<Change>, change: Change) {
    // Nobody listens any more when it is being stopped.
    let _ = changes.send(change).await;
}

/// An address of this machine that nobody listens on.
fn free_address() -> std::io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.to_string())
}
