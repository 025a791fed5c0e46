//! Tunnels: who carries requests from a public URL to the listener, as a user names it.

pub mod printed;
pub mod probe;

use std::fmt;
use std::str::FromStr;

/// Who carries requests from a public URL to the listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// An SSH server, by remote forwarding.
    Ssh(SshServer),
    /// An agent: a program of others, which the user has installed.
    Agent(Agent),
}

/// `ssh://[user@]host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshServer {
    /// The user to log in as, where one is named.
    pub user: Option<String>,
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    pub host: String,
    /// The port; 22 unless another is named.
    pub port: u16,
}

/// A program that carries requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agent {
    /// `cloudflared`: a quick tunnel of Cloudflare.
    Cloudflared,
    /// `ngrok`.
    Ngrok,
    /// `bore`, with the server where one is named.
    Bore(Option<String>),
    /// `localtunnel`, with the server's URL where one is named.
    Localtunnel(Option<String>),
    /// `tailscale funnel`.
    Tailscale,
    /// A command line for the shell, in which `{port}` stands for the port of the listener.
    Command(String),
}

/// Why a tunnel cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// None of the words that begin one.
    #[error(
        "a tunnel is `ssh://[user@]host[:port]`, `cloudflared`, `ngrok`, `bore[:HOST]`, `localtunnel[:URL]`, `tailscale` or `cmd: … {{port}} …`"
    )]
    Unknown,
    /// Not the URL of an SSH server.
    #[error("an SSH server is written `ssh://[user@]host[:port]`, without a password or a path")]
    Ssh,
    /// A command that does not say which port it leads to.
    #[error("the command of a tunnel names the port of the listener as `{{port}}`")]
    NoPort,
}

/// The port of SSH (RFC 4253, 4.1).
pub const SSH_PORT: u16 = 22;

impl FromStr for Carrier {
    type Err = CarrierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(rest) = text.strip_prefix("ssh://") {
            return rest.parse().map(Self::Ssh);
        }
        if let Some(command) = text.strip_prefix("cmd:") {
            let command = command.trim();
            return if command.contains(Agent::PORT) {
                Ok(Self::Agent(Agent::Command(command.to_owned())))
            } else {
                Err(CarrierError::NoPort)
            };
        }
        let (name, place) = match text.split_once(':') {
            Some((name, place)) if !place.is_empty() => (name, Some(place.to_owned())),
            Some(_) => return Err(CarrierError::Unknown),
            None => (text, None),
        };
        Ok(Self::Agent(match (name, place) {
            ("cloudflared", None) => Agent::Cloudflared,
            ("ngrok", None) => Agent::Ngrok,
            ("bore", host) => Agent::Bore(host),
            ("localtunnel", url) => Agent::Localtunnel(url),
            ("tailscale", None) => Agent::Tailscale,
            _ => return Err(CarrierError::Unknown),
        }))
    }
}

impl FromStr for SshServer {
    type Err = CarrierError;

    /// What follows `ssh://`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (user, place) = match text.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, text),
        };
        let (host, port) = if let Some(rest) = place.strip_prefix('[') {
            let (host, rest) = rest.split_once(']').ok_or(CarrierError::Ssh)?;
            let port = if rest.is_empty() {
                None
            } else {
                Some(rest.strip_prefix(':').ok_or(CarrierError::Ssh)?)
            };
            (host, port)
        } else {
            match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            }
        };
        let port = match port.map(str::parse) {
            None => SSH_PORT,
            Some(Ok(port)) if port != 0 => port,
            Some(_) => return Err(CarrierError::Ssh),
        };
        let is_name = |text: &str| {
            let is_fit = |c: char| !c.is_whitespace() && !c.is_control() && !"/?#@,*!|".contains(c);
            !text.is_empty() && !text.starts_with('-') && text.chars().all(is_fit)
        };
        // A password in a URL is one on the command line.
        if !is_name(host) || user.is_some_and(|user| !is_name(user) || user.contains(':')) {
            return Err(CarrierError::Ssh);
        }
        Ok(Self {
            user: user.map(str::to_owned),
            host: host.to_owned(),
            port,
        })
    }
}

impl Agent {
    /// Stands for the port of the listener in a command.
    pub const PORT: &str = "{port}";
}

impl Carrier {
    /// Who it is, for a message: a command line may hold secrets.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Agent(Agent::Command(_)) => "a command of yours".into(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Carrier {
    /// As a user would type it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ssh(server) => write!(f, "ssh://{server}"),
            Self::Agent(agent) => agent.fmt(f),
        }
    }
}

impl fmt::Display for SshServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        match self.port {
            SSH_PORT => Ok(()),
            port => write!(f, ":{port}"),
        }
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, place) = match self {
            Self::Cloudflared => ("cloudflared", None),
            Self::Ngrok => ("ngrok", None),
            Self::Bore(host) => ("bore", host.as_ref()),
            Self::Localtunnel(url) => ("localtunnel", url.as_ref()),
            Self::Tailscale => ("tailscale", None),
            Self::Command(command) => return write!(f, "cmd: {command}"),
        };
        f.write_str(name)?;
        place.map_or(Ok(()), |place| write!(f, ":{place}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_are_read_and_written() {
        for text in [
            "ssh://me@example.com",
            "ssh://example.com:2222",
            "ssh://[2001:db8::1]",
            "ssh://me@[2001:db8::1]:2222",
            "cloudflared",
            "ngrok",
            "bore",
            "bore:bore.example.com",
            "localtunnel",
            "localtunnel:http://tunnels.example.com:8080",
            "tailscale",
            "cmd: carry --to {port}",
        ] {
            assert_eq!(
                text.parse::<Carrier>().map(|it| it.to_string()).as_deref(),
                Ok(text)
            );
        }
        let server = |user: Option<&str>, host: &str, port| {
            let user = user.map(str::to_owned);
            Ok(Carrier::Ssh(SshServer {
                user,
                host: host.into(),
                port,
            }))
        };
        assert_eq!(
            "ssh://a@b@c:1/".parse(),
            Err::<Carrier, _>(CarrierError::Ssh)
        );
        assert_eq!("ssh://a@c:1/".parse(), server(Some("a"), "c", 1));
        assert_eq!("ssh://c".parse(), server(None, "c", 22));
    }

    #[test]
    fn what_is_no_carrier_is_told() {
        for (text, error) in [
            ("", CarrierError::Unknown),
            ("wget", CarrierError::Unknown),
            ("bore:", CarrierError::Unknown),
            ("ngrok:x", CarrierError::Unknown),
            ("cmd: carry", CarrierError::NoPort),
            ("ssh://", CarrierError::Ssh),
            ("ssh://me@", CarrierError::Ssh),
            ("ssh://host:0", CarrierError::Ssh),
            ("ssh://host:x", CarrierError::Ssh),
            ("ssh://host/path", CarrierError::Ssh),
            ("ssh://me:secret@host", CarrierError::Ssh),
            ("ssh://-oProxyCommand=x", CarrierError::Ssh),
            ("ssh://[::1", CarrierError::Ssh),
            ("ssh://[::1]2", CarrierError::Ssh),
        ] {
            assert_eq!(text.parse::<Carrier>(), Err(error), "{text}");
        }
    }
}
