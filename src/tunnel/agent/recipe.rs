//! How each agent is started, how it tells its URL, and how it is installed.

use std::collections::VecDeque;

use crate::domain::tunnel::{Agent, printed};

/// The API that an agent serves on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    /// `cloudflared`: on the address of its metrics.
    Cloudflared,
    /// `ngrok`.
    Ngrok,
}

/// Where `ngrok` serves its API unless told otherwise (its documentation of the agent API).
pub(super) const NGROK_API: &str = "127.0.0.1:4040";

/// The server of `bore` unless another is named (its README).
const BORE_SERVER: &str = "bore.pub";

impl Agent {
    /// The name of the program.
    pub(super) fn program(&self) -> &'static str {
        match self {
            Self::Cloudflared => "cloudflared",
            Self::Ngrok => "ngrok",
            Self::Bore(_) => "bore",
            Self::Localtunnel(_) => "lt",
            Self::Tailscale => "tailscale",
            Self::Command(_) if cfg!(windows) => "cmd",
            Self::Command(_) => "sh",
        }
    }

    /// The API that it serves, where it does.
    pub(super) fn api(&self) -> Option<Api> {
        match self {
            Self::Cloudflared => Some(Api::Cloudflared),
            Self::Ngrok => Some(Api::Ngrok),
            _ => None,
        }
    }

    /// The arguments that make it lead to a port of this machine. `api` is where it is to serve its API, as far as it can be
    /// told.
    pub(super) fn arguments(&self, port: u16, api: &str) -> Vec<String> {
        let local = format!("127.0.0.1:{port}");
        let port = port.to_string();
        let arguments: Vec<&str> = match self {
            Self::Cloudflared => {
                let url = format!("http://{local}");
                return ["tunnel", "--no-autoupdate", "--url", &url, "--metrics", api]
                    .map(str::to_owned)
                    .into();
            }
            Self::Ngrok => vec!["http", &local, "--log", "stdout", "--log-format", "logfmt"],
            Self::Bore(server) => {
                let server = server.as_deref().unwrap_or(BORE_SERVER);
                vec!["local", &port, "--local-host", "127.0.0.1", "--to", server]
            }
            Self::Localtunnel(server) => {
                let named = server.iter().flat_map(|server| ["--host", server]);
                ["--port", &port, "--local-host", "127.0.0.1"]
                    .into_iter()
                    .chain(named)
                    .collect()
            }
            Self::Tailscale => vec!["funnel", &port],
            Self::Command(line) => {
                let line = line.replace(Self::PORT, &port);
                let flag = if cfg!(windows) { "/C" } else { "-c" };
                return vec![flag.into(), line];
            }
        };
        arguments.into_iter().map(str::to_owned).collect()
    }

    /// The arguments that make it tell its version.
    pub(super) fn version(&self) -> Option<&'static str> {
        match self {
            Self::Cloudflared | Self::Bore(_) | Self::Localtunnel(_) => Some("--version"),
            Self::Ngrok | Self::Tailscale => Some("version"),
            Self::Command(_) => None,
        }
    }

    /// How it is installed.
    pub(super) fn installation(&self) -> &'static str {
        match self {
            Self::Cloudflared => {
                "install it with `brew install cloudflared`, `winget install Cloudflare.cloudflared`, or from \
                 https://github.com/cloudflare/cloudflared/releases"
            }
            Self::Ngrok => {
                "install it with `brew install ngrok`, `winget install Ngrok.Ngrok`, or from https://ngrok.com/download; it \
                 needs an account"
            }
            Self::Bore(_) => "install it with `cargo install bore-cli`, or `brew install bore-cli`",
            Self::Localtunnel(_) => "install it with `npm install --global localtunnel`",
            Self::Tailscale => {
                "install it from https://tailscale.com/download; it needs an account"
            }
            Self::Command(_) => "the shell has to be on the `PATH`",
        }
    }

    /// What to do about a failure of which it said this.
    pub(super) fn remedy(&self, said: &str) -> Option<&'static str> {
        match self {
            Self::Ngrok if said.contains("ERR_NGROK_4018") || said.contains("authtoken") => {
                Some("give it the token of your account: `ngrok config add-authtoken TOKEN`")
            }
            Self::Ngrok if said.contains("ERR_NGROK_108") => {
                Some("another `ngrok` of your account runs already: stop it first")
            }
            Self::Cloudflared if said.contains("429") => Some(
                "Cloudflare lets in so many quick tunnels only: wait some minutes, or take another tunnel",
            ),
            Self::Tailscale if said.to_ascii_lowercase().contains("funnel") => {
                Some("turn Funnel on for this machine: https://tailscale.com/kb/1223/funnel")
            }
            _ => None,
        }
    }

    /// The public URLs in a line of its output, when it leads to this port.
    pub(super) fn urls(&self, line: &str, port: u16) -> Vec<String> {
        if let Self::Bore(_) = self {
            // `listening at HOST:PORT`, without a scheme.
            let place = line.split_once("listening at ").map(|(_, rest)| rest);
            let place = place.and_then(|rest| rest.split_whitespace().next());
            let is_fit = |c: char| c.is_ascii_alphanumeric() || ".:-[]".contains(c);
            let place = place.filter(|place| place.contains(':') && place.chars().all(is_fit));
            return place
                .map(|place| format!("http://{place}"))
                .into_iter()
                .collect();
        }
        printed::urls(line)
            .filter(|url| !is_local(url, port))
            .collect()
    }
}

/// Whether a URL is the listener's own on this machine.
fn is_local(url: &str, port: u16) -> bool {
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|host| *url == format!("http://{host}:{port}"))
}

/// The address of its API in a line of ngrok's log, such as `msg="starting web service" obj=web addr=127.0.0.1:4041`.
pub(super) fn ngrok_api(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("starting web service")?;
    let (_, rest) = rest.split_once("addr")?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || ".:[]-".contains(c);
    let rest = rest.trim_start_matches(['=', '"', ':', ' ']);
    let address: String = rest.chars().take_while(|c| is_part(*c)).collect();
    address.contains(':').then_some(address)
}

/// The last lines of an agent, for when it fails.
#[derive(Default)]
pub(super) struct LastLines(VecDeque<String>);

impl LastLines {
    /// So many lines say why something failed.
    const MOST: usize = 5;

    /// Of each so many characters.
    const LONGEST: usize = 300;

    pub(super) fn push(&mut self, line: &str) {
        if self.0.len() == Self::MOST {
            self.0.pop_front();
        }
        self.0.push_back(line.chars().take(Self::LONGEST).collect());
    }

    /// What it said last, as one text.
    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self.0.iter().map(|line| line.trim()).collect();
        lines.join(" | ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_agent_is_led_to_the_port() {
        for (agent, expected) in [
            (
                Agent::Cloudflared,
                "tunnel --no-autoupdate --url http://127.0.0.1:4000 --metrics API",
            ),
            (
                Agent::Ngrok,
                "http 127.0.0.1:4000 --log stdout --log-format logfmt",
            ),
            (
                Agent::Bore(None),
                "local 4000 --local-host 127.0.0.1 --to bore.pub",
            ),
            (
                Agent::Bore(Some("b".into())),
                "local 4000 --local-host 127.0.0.1 --to b",
            ),
            (
                Agent::Localtunnel(None),
                "--port 4000 --local-host 127.0.0.1",
            ),
            (
                Agent::Localtunnel(Some("http://l".into())),
                "--port 4000 --local-host 127.0.0.1 --host http://l",
            ),
            (Agent::Tailscale, "funnel 4000"),
            (
                Agent::Command("a {port} b{port}".into()),
                if cfg!(windows) {
                    "/C a 4000 b4000"
                } else {
                    "-c a 4000 b4000"
                },
            ),
        ] {
            assert_eq!(agent.arguments(4000, "API").join(" "), expected);
        }
    }

    #[test]
    fn urls_are_read_from_output() {
        let bore = Agent::Bore(None);
        assert_eq!(
            bore.urls("2026 INFO bore_cli::client: listening at bore.pub:9041", 1),
            ["http://bore.pub:9041"]
        );
        assert_eq!(
            bore.urls("connected to server remote_port=9041", 1),
            [""; 0]
        );
        assert_eq!(bore.urls("listening at ;rm:1", 1), [""; 0]);
        let line = "started tunnel addr=http://localhost:4000 url=https://a.ngrok.app";
        assert_eq!(Agent::Ngrok.urls(line, 4000), ["https://a.ngrok.app"]);
        assert_eq!(
            Agent::Tailscale.urls("|-- proxy http://127.0.0.1:4000", 4000),
            [""; 0]
        );
    }

    #[test]
    fn the_address_of_the_api_is_read_from_the_log() {
        for (line, expected) in [
            (
                r#"lvl=info msg="starting web service" obj=web addr=127.0.0.1:4041 allow_hosts=[]"#,
                Some("127.0.0.1:4041"),
            ),
            (
                r#"{"msg":"starting web service","addr":"127.0.0.1:4042"}"#,
                Some("127.0.0.1:4042"),
            ),
            (r#"msg="started tunnel" addr=http://localhost:4000"#, None),
            ("starting web service", None),
        ] {
            assert_eq!(ngrok_api(line).as_deref(), expected);
        }
    }
}
