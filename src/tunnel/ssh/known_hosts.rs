//! Which SSH servers are known, as `ssh` keeps account of them (the manual page `sshd(8)` has their format).

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use hmac_sha1::{Hmac, KeyInit as _, Mac as _};
use russh::keys::ssh_key::known_hosts::{Entry, HostPatterns, Marker};
use russh::keys::{Algorithm, HashAlg, PublicKey};
use sha1::Sha1;

use crate::domain::tunnel::{SSH_PORT, SshServer};
use crate::tunnel::Failure;

/// A line of a file that is about the server.
struct Known {
    file: PathBuf,
    /// From 1.
    line: usize,
    key: PublicKey,
    is_revoked: bool,
}

/// What the files say of a server.
pub(super) struct KnownHosts {
    server: SshServer,
    lines: Vec<Known>,
    /// Lines about the host whatever the port, where the port is another than that of SSH.
    portless: Vec<Known>,
    /// A file that is there and cannot be read: what it says of the server is not known.
    unread: Option<String>,
    /// Where new servers are added, where they are to be.
    accepts_into: Option<PathBuf>,
}

impl KnownHosts {
    /// Reads the files, those that are there.
    pub(super) fn read(server: &SshServer, files: &[PathBuf], accept_new: bool) -> Self {
        let mut unread = None;
        let mut texts: Vec<(&PathBuf, String)> = Vec::new();
        for file in files {
            match fs::read(file) {
                Ok(text) => texts.push((file, String::from_utf8_lossy(&text).into_owned())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => unread = Some(format!("`{}`: {error}", file.display())),
            }
        }
        let lines = |name: &str| {
            let about = texts
                .iter()
                .flat_map(|(file, text)| about(text, name, file));
            about.collect::<Vec<_>>()
        };
        let portless = SshServer {
            port: SSH_PORT,
            ..server.clone()
        };
        Self {
            server: server.clone(),
            lines: lines(&name(server)),
            portless: lines(&name(&portless)),
            unread,
            accepts_into: files.first().filter(|_| accept_new).cloned(),
        }
    }

    /// The order in which algorithms of host keys are asked for: those of the keys that are known come first, so that a
    /// server with several keys shows one of them.
    pub(super) fn order(&self, usual: &[Algorithm]) -> Vec<Algorithm> {
        let is_known = |algorithm: &Algorithm| {
            let known = self.lines.iter().chain(&self.portless);
            let known = known.filter(|known| !known.is_revoked);
            known
                .map(|known| known.key.algorithm())
                .any(|known| same_kind(&known, algorithm))
        };
        let (mut known, others): (Vec<_>, Vec<_>) = usual.iter().cloned().partition(is_known);
        known.extend(others);
        known
    }

    /// Whether this is the server's key.
    ///
    /// # Errors
    ///
    /// When it is not, or when the server is not known.
    pub(super) fn check(&self, key: &PublicKey) -> Result<(), Failure> {
        let is_same = |known: &&Known| known.key.key_data() == key.key_data();
        let same: Vec<&Known> = self.lines.iter().filter(is_same).collect();
        let other_ports = self.portless.iter().filter(is_same);
        let mut named = same.iter().copied().chain(other_ports);
        if let Some(revoked) = named.find(|known| known.is_revoked) {
            return Err(self.refusal("has been revoked", revoked, key));
        }
        // As `ssh` does: a host that is known on its usual port may show the same key on another.
        let is_on_another_port =
            self.lines.is_empty() && self.portless.iter().any(|known| is_same(&known));
        if !same.is_empty() || is_on_another_port {
            return Ok(());
        }
        if let Some(file) = &self.unread {
            let message = format!("cannot read the SSH servers that are known from {file}");
            return Err(Failure::new("tunnel-host-unknown", message).for_good());
        }
        match (
            self.lines.iter().find(|known| !known.is_revoked),
            &self.accepts_into,
        ) {
            (Some(known), _) => Err(self.refusal("is not the one that is known", known, key)),
            (None, None) => Err(self.unknown(key)),
            (None, Some(file)) => add(file, &name(&self.server), key).map_err(|error| {
                let message = format!(
                    "cannot remember the SSH server in `{}`: {error}",
                    file.display()
                );
                Failure::new("tunnel-host-unknown", message).for_good()
            }),
        }
    }

    fn refusal(&self, what: &str, known: &Known, key: &PublicKey) -> Failure {
        let message = format!(
            "the key of the SSH server `{}` {what} ({} line {}): it shows {}; somebody may be in between",
            self.server,
            known.file.display(),
            known.line,
            describe(key)
        );
        if known.is_revoked {
            return Failure::new("tunnel-host-revoked", message)
                .hint("do not use it before whoever runs the server has given it another key")
                .for_good();
        }
        Failure::new("tunnel-host-changed", message)
            .hint("ask whoever runs the server whether its key has changed")
            .hint(format!(
                "if it has, take the old one out with `ssh-keygen -R '{}'`",
                name(&self.server)
            ))
            .for_good()
    }

    fn unknown(&self, key: &PublicKey) -> Failure {
        let message = format!(
            "the SSH server `{}` is not known yet: it shows {}",
            self.server,
            describe(key)
        );
        let port = match self.server.port {
            SSH_PORT => String::new(),
            port => format!(" -p {port}"),
        };
        let user = self
            .server
            .user
            .as_ref()
            .map(|user| format!("{user}@"))
            .unwrap_or_default();
        Failure::new("tunnel-host-unknown", message)
            .hint(format!(
                "connect once with `ssh{port} {user}{}` and compare the fingerprint, or trust it with `--accept-new`",
                self.server.host
            ))
            .for_good()
    }
}

/// How `ssh` names a server in these files.
fn name(server: &SshServer) -> String {
    let host = server.host.to_ascii_lowercase();
    match server.port {
        SSH_PORT => host,
        port => format!("[{host}]:{port}"),
    }
}

fn describe(key: &PublicKey) -> String {
    format!(
        "the {} key {}",
        key.algorithm().as_str(),
        key.fingerprint(HashAlg::Sha256)
    )
}

/// The hash of RSA signatures is no matter of the key.
fn same_kind(one: &Algorithm, other: &Algorithm) -> bool {
    matches!((one, other), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. })) || one == other
}

/// The lines about a server. What cannot be read is passed over, as `ssh` does.
fn about<'a>(text: &'a str, name: &'a str, file: &'a Path) -> Vec<Known> {
    let numbered = text.lines().zip(1..);
    // Any blanks may stand between the words.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let entries =
        numbered.filter_map(|(line, number)| Some((words(line).parse::<Entry>().ok()?, number)));
    let ours = entries.filter(|(entry, _)| {
        entry.marker() != Some(&Marker::CertAuthority) && names(entry.host_patterns(), name)
    });
    let known = ours.map(|(entry, line)| Known {
        file: file.to_owned(),
        line,
        key: entry.public_key().clone(),
        is_revoked: entry.marker() == Some(&Marker::Revoked),
    });
    known.collect()
}

/// Whether a line is about the server of this name.
fn names(patterns: &HostPatterns, name: &str) -> bool {
    match patterns {
        HostPatterns::HashedName { salt, hash } => {
            let mac = Hmac::<Sha1>::new_from_slice(salt).expect("a key of any length will do");
            mac.chain_update(name).verify_slice(hash).is_ok()
        }
        HostPatterns::Patterns(patterns) => {
            let fits = |pattern: &str| matches(&pattern.to_ascii_lowercase(), name);
            let (negated, meant): (Vec<&String>, Vec<&String>) = patterns
                .iter()
                .partition(|pattern| pattern.starts_with('!'));
            let is_meant = meant.iter().any(|pattern| fits(pattern));
            is_meant
                && !negated
                    .iter()
                    .any(|pattern| fits(pattern.trim_start_matches('!')))
        }
    }
}

/// `*` and `?` alone mean something in these patterns.
fn matches(pattern: &str, name: &str) -> bool {
    let mut glob = String::new();
    for c in pattern.chars() {
        if !matches!(c, '*' | '?') && !c.is_ascii_alphanumeric() {
            glob.push('\\');
        }
        glob.push(c);
    }
    fast_glob::glob_match(&glob, name)
}

/// Adds a server, on a line of its own.
fn add(file: &Path, name: &str, key: &PublicKey) -> io::Result<()> {
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        make_folder(folder)?;
    }
    let before = match fs::read(file) {
        Ok(before) => before,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let key = key.to_openssh().map_err(io::Error::other)?;
    // The comment of a key is not the server's.
    let key: Vec<&str> = key.split(' ').take(2).collect();
    let lead = if before.is_empty() || before.ends_with(b"\n") {
        ""
    } else {
        "\n"
    };
    options
        .open(file)?
        .write_all(format!("{lead}{name} {}\n", key.join(" ")).as_bytes())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";

    #[test]
    fn patterns_are_those_of_ssh() {
        for (patterns, name, expected) in [
            ("example.com", "example.com", true),
            ("Example.com", "example.com", true),
            ("a,example.com", "example.com", true),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com,!b.example.com", "b.example.com", false),
            ("!b.example.com", "a.example.com", false),
            ("192.168.?.1", "192.168.7.1", true),
            ("[example.com]:2222", "[example.com]:2222", true),
            ("[*.example.com]:2222", "[a.example.com]:2222", true),
            ("example.com", "[example.com]:2222", false),
            (
                "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=",
                "192.168.1.61",
                true,
            ),
            (
                "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=",
                "192.168.1.62",
                false,
            ),
        ] {
            let found = about(&format!("{patterns} {KEY}"), name, Path::new("f"));
            assert_eq!(found.len() == 1, expected, "{patterns} {name}");
        }
    }

    #[test]
    fn broken_lines_hide_no_other() {
        let text = format!(
            "rubbish\n# host {KEY}\n@cert-authority host {KEY}\n\nhost {KEY} me@here\n@revoked\t *  {KEY}\n"
        );
        let found = about(&text, "host", Path::new("f"));
        let told: Vec<_> = found
            .iter()
            .map(|known| (known.line, known.is_revoked))
            .collect();
        assert_eq!(told, [(5, false), (6, true)]);
    }

    /// What comes of this file for a server on port 2222 that shows the key.
    fn check(text: &str) -> Result<(), &'static str> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        let server = SshServer {
            user: None,
            host: "Host".into(),
            port: 2222,
        };
        let hosts = KnownHosts::read(&server, &[file.path().to_owned()], false);
        let key = PublicKey::from_openssh(KEY).unwrap();
        hosts.check(&key).map_err(|failure| failure.report.code)
    }

    #[test]
    fn keys_are_judged_as_ssh_does() {
        const OTHER: &str =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEl0xmAGTVqXsOYDKbYqmFvdFIWIVHSwyZTEGwjQBHCI";
        for (text, expected) in [
            (format!("[host]:2222 {KEY}"), Ok(())),
            (format!("host {KEY}"), Ok(())),
            (String::new(), Err("tunnel-host-unknown")),
            (format!("[host]:2222 {OTHER}"), Err("tunnel-host-changed")),
            (
                format!("[host]:2222 {OTHER}\nhost {KEY}"),
                Err("tunnel-host-changed"),
            ),
            (format!("host {OTHER}"), Err("tunnel-host-unknown")),
            (
                format!("[host]:2222 {KEY}\n@revoked\thost {KEY}"),
                Err("tunnel-host-revoked"),
            ),
            (format!("@revoked * {KEY}"), Err("tunnel-host-revoked")),
        ] {
            assert_eq!(check(&text), expected, "{text}");
        }
        let folder = tempfile::tempdir().unwrap();
        let server = SshServer {
            user: None,
            host: "host".into(),
            port: 22,
        };
        let hosts = KnownHosts::read(&server, &[folder.path().to_owned()], true);
        let key = PublicKey::from_openssh(KEY).unwrap();
        assert!(
            hosts.check(&key).is_err(),
            "what cannot be read may know another key"
        );
    }
}
