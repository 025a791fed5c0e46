//! What agents tell of their tunnels over the API that they serve on this machine.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::recipe::Api;
use crate::tunnel::LocalApi;

/// `GET /quicktunnel` of cloudflared's metrics server (its source, `metrics/metrics.go`).
#[derive(Deserialize)]
struct QuickTunnel {
    hostname: String,
}

/// `GET /api/tunnels` of ngrok (its documentation of the agent API).
#[derive(Deserialize)]
struct Tunnels {
    tunnels: Vec<NgrokTunnel>,
}

#[derive(Deserialize)]
struct NgrokTunnel {
    public_url: String,
    #[serde(default)]
    config: NgrokConfig,
}

#[derive(Default, Deserialize)]
struct NgrokConfig {
    #[serde(default)]
    addr: String,
}

impl Api {
    /// The public URL, once it leads to this port. Whatever the API may answer instead is as good as no answer.
    pub(super) async fn url(self, http: &dyn LocalApi, address: &str, port: u16) -> Option<String> {
        match self {
            Self::Cloudflared => {
                http.get(format!("http://{address}/ready")).await?;
                let tunnel: QuickTunnel =
                    read(http, format!("http://{address}/quicktunnel")).await?;
                let is_part = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
                let is_name = !tunnel.hostname.is_empty() && tunnel.hostname.chars().all(is_part);
                is_name.then(|| format!("https://{}", tunnel.hostname))
            }
            Self::Ngrok => {
                let Tunnels { tunnels } =
                    read(http, format!("http://{address}/api/tunnels")).await?;
                let port = format!(":{port}");
                let leads_here = |tunnel: &NgrokTunnel| {
                    let to = tunnel.config.addr.trim_end_matches('/');
                    to.is_empty() || to.ends_with(&port)
                };
                let urls = tunnels.into_iter().filter(leads_here);
                let urls: Vec<String> = urls
                    .map(|tunnel| tunnel.public_url)
                    .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
                    .collect();
                let encrypted = urls.iter().find(|url| url.starts_with("https://"));
                encrypted.or(urls.first()).cloned()
            }
        }
    }
}

async fn read<T: DeserializeOwned>(http: &dyn LocalApi, url: String) -> Option<T> {
    serde_json::from_slice(&http.get(url).await?).ok()
}
