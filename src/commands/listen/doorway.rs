//! What stands between a run and the world: the address it listens on, the folder it saves to, the file that says it is
//! ready.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;

use crate::domain::target::Target;
use crate::files::{self, Folder};
use crate::report::Report;

/// A listener on the address that this option names, and its URL.
pub(in crate::commands) async fn bind(
    option: &str,
    address: SocketAddr,
    path: &str,
) -> Result<(TcpListener, String), Report> {
    let taken = |error: &std::io::Error| {
        let report = Report::new(
            "listen-failed",
            format!("cannot listen on {address}: {error}"),
        );
        let another = if address.port() == 4001 { 4002 } else { 4001 };
        match error.kind() {
            std::io::ErrorKind::AddrInUse => report
                .hint(format!(
                    "another program has this port: stop it, or pick another with `{option} 127.0.0.1:{another}`"
                ))
                .hint(format!("`{option} 127.0.0.1:0` picks a free port")),
            std::io::ErrorKind::PermissionDenied => report.hint("ports below 1024 need special rights: pick a higher one"),
            std::io::ErrorKind::AddrNotAvailable => report.hint("this machine has no such address: try `127.0.0.1`"),
            _ => report,
        }
    };
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| taken(&error))?;
    let bound = listener.local_addr().map_err(|error| taken(&error))?;
    Ok((listener, format!("http://{bound}{path}")))
}

/// A listener that forwards to itself would never come to rest.
pub(in crate::commands) fn refuse_a_loop<'a>(
    mut targets: impl Iterator<Item = &'a Target>,
    own: SocketAddr,
) -> Result<(), Report> {
    let is_own = |target: &&Target| {
        let is_here = |host: &str| match host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || address == own.ip(),
            Err(_) => host.eq_ignore_ascii_case("localhost"),
        };
        target
            .host_and_port()
            .is_some_and(|(host, port)| port == own.port() && is_here(&host))
    };
    match targets.find(is_own) {
        None => Ok(()),
        Some(target) => {
            let message = format!("the target `{target}` is this listener itself");
            let hint = "name the port of your app, or listen on another one with `--listen`";
            Err(Report::new("forwarding-loop", message).hint(hint))
        }
    }
}

/// The folder that takes captures, and the highest number in it.
pub(super) fn open_folder(path: &Path) -> Result<(Folder, u64), Report> {
    Folder::open(path).map_err(|error| {
        Report::new(
            "save-failed",
            format!("cannot save to `{}`: {error}", path.display()),
        )
        .hint("name a folder that can be written, or one that is to be made")
    })
}

/// The file that says where this listens, for whoever waits for it.
pub(super) struct ReadyFile {
    path: PathBuf,
    /// What was written.
    text: String,
}

impl ReadyFile {
    /// Writes the URL where it is known, else makes sure that it can be written.
    pub(super) fn prepare(path: PathBuf, url: Option<&str>) -> Result<Self, Report> {
        let text = String::new();
        let mut file = Self { path, text };
        match url {
            Some(url) => file.write(url)?,
            None => files::probe_file(&file.path).map_err(|error| file.failed(&error))?,
        }
        Ok(file)
    }

    /// Writes this URL into it, in the place of another.
    pub(super) fn write(&mut self, url: &str) -> Result<(), Report> {
        self.text = format!("{url}\n");
        if files::is_special(&self.path) {
            let (path, text) = (self.path.clone(), self.text.clone());
            // A pipe takes nothing until somebody reads it, and listening does not wait for that.
            tokio::task::spawn_blocking(move || files::write(&path, text.as_bytes()));
            return Ok(());
        }
        files::write(&self.path, self.text.as_bytes()).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Report {
        let name = self.path.display();
        let message = format!("cannot write the ready file `{name}`: {error}");
        Report::new("write-failed", message)
    }

    /// Takes it away: the next run's readers must not find it.
    pub(super) fn take_back(&self) {
        if !self.text.is_empty() {
            files::take_back(&self.path, self.text.as_bytes());
        }
    }
}
