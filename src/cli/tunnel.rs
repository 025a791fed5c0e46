//! The arguments of tunnels.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use http::Uri;

use super::environment::variable;
use super::values;
use crate::commands::listen::{self, TunnelPath};
use crate::commands::{Remote, Ssh};
use crate::domain::signature::Secret;
use crate::domain::tunnel::Carrier;
use crate::report::Report;
use crate::world::World;

/// What it takes to open a tunnel.
#[derive(Args, Debug)]
#[command(next_help_heading = "Tunnel")]
pub(super) struct CarrierArgs {
    /// Get a public URL by this tunnel: an SSH server, or a program that you have installed
    ///
    /// `ssh://[user@]host[:port]` has any SSH server listen for you, as `ssh -R` does: one of your own, or a service such
    /// as `ssh://nokey@localhost.run`, `ssh://serveo.net` or `ssh://tuns.sh`. `cloudflared`, `ngrok`, `bore[:HOST]`,
    /// `localtunnel[:URL]` and `tailscale` are started, watched and stopped with this program; so is any other command
    /// that prints its URL, as `'cmd: COMMAND {port}'`. Cannot be set in a configuration file.
    #[arg(long, value_name = "CARRIER", value_parser = str::parse::<Carrier>)]
    tunnel: Option<Carrier>,

    /// Where the SSH server listens for the senders [default: a port of its choice; 80 at services that print a URL]
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = remote)]
    tunnel_remote: Option<Remote>,

    /// Log in to the SSH server with this private key alone; may be given more than once
    ///
    /// Otherwise the keys of the SSH agent are tried, then `id_ed25519`, `id_ecdsa` and `id_rsa` in `~/.ssh`. The
    /// passphrase is asked for on the terminal, or taken from `SYNCFY_HOOKS_TUNNEL_PASSPHRASE`.
    #[arg(long, value_name = "FILE")]
    tunnel_identity: Vec<PathBuf>,

    /// The file of SSH servers that are known, and their keys [default: `~/.ssh/known_hosts`, and the system's]
    #[arg(long, value_name = "FILE")]
    tunnel_known_hosts: Option<PathBuf>,

    /// Trust an SSH server that is not known yet, and remember its key; a key that has changed is refused all the same
    #[arg(long, requires = "tunnel")]
    accept_new: bool,
}

/// What it takes to keep a tunnel.
#[derive(Args, Debug)]
#[command(next_help_heading = "Tunnel")]
pub(super) struct TunnelArgs {
    #[command(flatten)]
    carrier: CarrierArgs,

    /// The public URL, where the tunnel cannot tell it: as when a web server of your own stands in front
    #[arg(long, value_name = "URL", value_parser = public_url, requires = "tunnel")]
    tunnel_url: Option<String>,

    /// Answer below this path only, which nobody guesses; `random` makes one
    ///
    /// It is part of the URL that is printed, and what is recorded and forwarded is without it.
    #[arg(long, value_name = "SECRET|random", value_parser = tunnel_path, requires = "tunnel", conflicts_with = "path")]
    tunnel_path: Option<TunnelPath>,

    /// Give up, with status 2, when no public URL has led here for this long
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = values::duration)]
    tunnel_timeout: Duration,

    /// After this much silence, make sure that the public URL still leads here; `never` takes it at its word from the
    /// start
    #[arg(long, value_name = "DURATION|never", default_value = "60s", value_parser = probe)]
    tunnel_probe: Probe,

    /// Answer 429 to more requests a second than this; ten times as many may come at once
    #[arg(long, value_name = "NUMBER", default_value = "1000")]
    tunnel_rate: NonZeroU32,

    /// Print the public URL on standard output, on a line of its own
    #[arg(long)]
    print_url: bool,

    /// Have the terminal put the public URL on the clipboard (by OSC 52, which most know, also through SSH)
    #[arg(long)]
    copy_url: bool,
}

/// A duration, or none for `never`.
#[derive(Clone, Copy, Debug)]
struct Probe(Option<Duration>);

/// The variable that takes the passphrase of the private keys.
const PASSPHRASE: &str = "tunnel-passphrase";

/// The private keys that are tried, in the order of `ssh`.
const USUAL_IDENTITIES: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];

/// The files of known hosts: the user's, and those of the system.
const KNOWN_HOSTS: [&str; 2] = ["known_hosts", "known_hosts2"];
const SYSTEM_KNOWN_HOSTS: [&str; 2] = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];

impl CarrierArgs {
    /// Who carries, and how to use an SSH server.
    pub(super) fn resolve(self, world: &World) -> Option<(Carrier, Ssh)> {
        let env = &world.env;
        let folder = etcetera::home_dir().ok().map(|home| home.join(".ssh"));
        let in_folder = |names: &[&str]| -> Vec<PathBuf> {
            let folder = folder.iter();
            folder
                .flat_map(|folder| names.iter().map(|name| folder.join(name)))
                .collect()
        };
        let known_hosts = self.tunnel_known_hosts.map_or_else(
            || {
                let mut files = in_folder(&KNOWN_HOSTS);
                files.extend(SYSTEM_KNOWN_HOSTS.map(PathBuf::from));
                files
            },
            |file| vec![file],
        );
        // As `ssh` does where no user is named.
        let user = env
            .get("USER")
            .map(|user| user.to_string_lossy().into_owned());
        let passphrase = env.get(&variable(PASSPHRASE));
        let ssh = Ssh {
            user: user.or_else(|| whoami::username().ok()).unwrap_or_default(),
            remote: self.tunnel_remote,
            identities: self.tunnel_identity,
            usual_identities: in_folder(&USUAL_IDENTITIES),
            agent: env.get("SSH_AUTH_SOCK").map(PathBuf::from),
            passphrase: passphrase.map(|text| Secret::new(text.as_encoded_bytes().to_vec())),
            can_ask: world.stdin_is_terminal,
            known_hosts,
            accept_new: self.accept_new,
        };
        self.tunnel.map(|carrier| (carrier, ssh))
    }
}

impl TunnelArgs {
    /// How the URL is told.
    pub(super) fn announcement(&self) -> listen::Announcement {
        listen::Announcement {
            prints: self.print_url,
            copies: self.copy_url,
        }
    }

    /// The way to a public URL, which leads to this address.
    ///
    /// # Errors
    ///
    /// When others can reach the address without the tunnel.
    pub(super) fn resolve(
        self,
        address: SocketAddr,
        world: &World,
    ) -> Result<Option<listen::TunnelOptions>, Report> {
        let Some((carrier, ssh)) = self.carrier.resolve(world) else {
            return Ok(None);
        };
        if !address.ip().is_loopback() {
            let message = format!(
                "`--tunnel` leads to this machine alone, and `{address}` is open to others"
            );
            let hint = "leave `--listen` out, or name a loopback address such as `127.0.0.1:4000`";
            return Err(Report::new("usage", message).hint(hint));
        }
        if matches!(carrier, Carrier::Agent(_)) && address.ip() != Ipv4Addr::LOCALHOST {
            let message = format!(
                "`--tunnel {}` leads to 127.0.0.1, and not to `{address}`",
                carrier.name()
            );
            return Err(Report::new("usage", message)
                .hint("leave `--listen` out, or name `127.0.0.1:PORT`"));
        }
        Ok(Some(listen::TunnelOptions {
            carrier,
            ssh,
            url: self.tunnel_url,
            path: self.tunnel_path,
            timeout: self.tunnel_timeout,
            probe: self.tunnel_probe.0,
            rate: self.tunnel_rate,
        }))
    }
}

fn remote(text: &str) -> Result<Remote, String> {
    let (address, port) = match text.rsplit_once(':') {
        Some((address, port)) => (Some(address), port),
        None => (None, text),
    };
    let address = address.map(|address| {
        address
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned()
    });
    match port.parse() {
        Ok(port) => Ok(Remote { address, port }),
        Err(_) => Err("a place to listen is written `8080`, `0.0.0.0:8080` or `name:80`; port 0 is the server's choice".into()),
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let uri: Option<Uri> = text.parse().ok();
    let is_public = uri.is_some_and(|uri| {
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        is_http
            && uri.query().is_none()
            && uri
                .authority()
                .is_some_and(|host| !host.as_str().contains('@'))
    });
    if is_public {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("a public URL is written `https://hooks.example.com`, or with a path behind it".into())
    }
}

fn tunnel_path(text: &str) -> Result<TunnelPath, String> {
    if text == "random" {
        return Ok(TunnelPath::Random);
    }
    let name = text.strip_prefix('/').unwrap_or(text);
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if name.is_empty()
        || !name.chars().all(is_fit)
        || [".", ".."].contains(&name)
        || name == "healthz"
    {
        return Err(
            "a secret path is `random`, or made of letters, digits, `-`, `.`, `_` and `~`".into(),
        );
    }
    Ok(TunnelPath::Named(name.to_owned()))
}

fn probe(text: &str) -> Result<Probe, String> {
    if text == "never" {
        return Ok(Probe(None));
    }
    match values::duration(text) {
        Ok(every) if every >= Duration::from_millis(100) => Ok(Probe(Some(every))),
        Ok(_) => Err("a shorter time than 100ms is no silence".into()),
        Err(error) => Err(format!("{error}, or `never`")),
    }
}
