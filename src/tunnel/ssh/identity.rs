//! The keys that this program logs in with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::keys::{Error as KeyError, PrivateKey, PublicKey, decode_secret_key, load_public_key};
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use super::Ssh;
use crate::report::Report;

/// So often a passphrase is asked for.
const ATTEMPTS: u8 = 3;

/// A key to log in with.
pub(super) struct Identity {
    /// Where it is, as the user knows it.
    pub(super) path: PathBuf,
    pub(super) half: Half,
}

/// What there is of a key.
pub(super) enum Half {
    /// All of it.
    Private(Arc<PrivateKey>),
    /// The public half: the SSH agent may have the private one.
    Public(PublicKey),
}

/// Where a passphrase comes from.
struct Passphrase<'a> {
    ssh: &'a Ssh,
    is_named: bool,
}

/// Reads the keys that the user names, or else the usual ones that are there.
///
/// # Errors
///
/// When a key that the user names cannot be used.
pub(super) async fn read_all(ssh: Ssh) -> Result<Vec<Identity>, Report> {
    let reading = spawn_blocking(move || {
        let is_named = !ssh.identities.is_empty();
        let paths = if is_named {
            &ssh.identities
        } else {
            &ssh.usual_identities
        };
        let source = Passphrase {
            ssh: &ssh,
            is_named,
        };
        let mut found = Vec::new();
        for path in paths {
            match source.read(path) {
                Ok(identity) => found.push(identity),
                Err(report) if is_named => return Err(report),
                // A key that nobody asked for, and that cannot be used, is no failure.
                Err(_) => {}
            }
        }
        Ok(found)
    });
    let failed =
        |error: tokio::task::JoinError| Report::new("tunnel-key-unreadable", error.to_string());
    reading.await.map_err(failed)?
}

impl Passphrase<'_> {
    fn read(&self, path: &Path) -> Result<Identity, Report> {
        let identity = |half| Identity {
            path: path.to_owned(),
            half,
        };
        let public_path = with_suffix(path, ".pub");
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) => {
                // As `ssh -i` does: the private half may be with the agent.
                return match load_public_key(&public_path) {
                    Ok(key) if error.kind() == io::ErrorKind::NotFound => {
                        Ok(identity(Half::Public(key)))
                    }
                    _ => Err(unreadable(path, &error.to_string())),
                };
            }
        };
        if let Ok(key) = load_public_key(path) {
            return Ok(identity(Half::Public(key)));
        }
        match decode_secret_key(&text, None) {
            Ok(key) => Ok(identity(Half::Private(Arc::new(key)))),
            Err(KeyError::KeyIsEncrypted) => match load_public_key(&public_path) {
                // A key that nobody named is not worth a question, where the agent may have it.
                Ok(key) if !self.is_named && self.ssh.agent.is_some() => {
                    Ok(identity(Half::Public(key)))
                }
                _ => self
                    .decrypt(path, &text)
                    .map(|key| identity(Half::Private(Arc::new(key)))),
            },
            Err(error) => Err(unreadable(path, &error.to_string())),
        }
    }

    fn decrypt(&self, path: &Path, text: &str) -> Result<PrivateKey, Report> {
        let wrong = || {
            Report::new(
                "tunnel-key-locked",
                format!(
                    "this is not the passphrase of the private key `{}`",
                    path.display()
                ),
            )
        };
        if let Some(secret) = &self.ssh.passphrase {
            let passphrase = std::str::from_utf8(secret.expose()).map_err(|_| wrong())?;
            return decode_secret_key(text, Some(passphrase))
                .map_err(|_| wrong().hint("it was taken from `SYNCFY_HOOKS_TUNNEL_PASSPHRASE`"));
        }
        let locked = || {
            let message = format!(
                "the private key `{}` is encrypted, and there is no passphrase",
                path.display()
            );
            Report::new("tunnel-key-locked", message).hint(
                "set `SYNCFY_HOOKS_TUNNEL_PASSPHRASE`, start this at a terminal, or add the key to the agent with `ssh-add`",
            )
        };
        if !self.ssh.can_ask {
            return Err(locked());
        }
        for _ in 0..ATTEMPTS {
            let question = format!("Passphrase of the private key {}: ", path.display());
            let typed = rpassword::prompt_password(question).map_err(|_| locked())?;
            let typed = Zeroizing::new(typed);
            if let Ok(key) = decode_secret_key(text, Some(&typed)) {
                return Ok(key);
            }
        }
        Err(wrong())
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn unreadable(path: &Path, reason: &str) -> Report {
    let message = format!("cannot read the private key `{}`: {reason}", path.display());
    Report::new("tunnel-key-unreadable", message).hint(
        "`--tunnel-identity` takes a file such as `~/.ssh/id_ed25519`, which `ssh-keygen` makes",
    )
}
