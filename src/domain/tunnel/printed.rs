//! Public URLs in what carriers print, among links to their manuals and whatever else they say.

use http::Uri;

/// Names of hosts where a carrier has its manual or its users' accounts.
const OWN_PAGES: [&str; 8] = [
    "admin",
    "api",
    "console",
    "dashboard",
    "docs",
    "login",
    "status",
    "www",
];

/// The URLs in a text that may lead to a listener: absolute ones, without a path, and not of the carrier's own pages.
///
/// URLs of tunnels have no path (all of cloudflared, ngrok, localtunnel, tailscale, localhost.run, serveo and pico print
/// them so), and links to manuals have one.
pub fn urls(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    text.split(move |c: char| !is_part(c))
        // `url=https://…` and the like.
        .filter_map(|word| word.find("http").and_then(|start| word.get(start..)))
        .filter_map(url)
}

fn url(word: &str) -> Option<String> {
    let word = word.trim_end_matches(['.', ',', ';', ':', ')', ']', '\'', '!', '?']);
    let uri: Uri = word.parse().ok()?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| ["http", "https"].contains(scheme))?;
    let authority = uri.authority()?;
    let first = authority.host().split('.').next()?;
    let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !word.contains('#');
    let is_a_tunnel = is_bare && !authority.as_str().contains('@') && !OWN_PAGES.contains(&first);
    is_a_tunnel.then(|| format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(urls(text).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn urls_of_tunnels_are_found() {
        check(
            "your url is: https://late-cat.loca.lt",
            &["https://late-cat.loca.lt"],
        );
        check(
            "t=2026-01-01 lvl=info msg=\"started tunnel\" addr=http://localhost:4000 url=https://a.ngrok-free.app",
            &["http://localhost:4000", "https://a.ngrok-free.app"],
        );
        check(
            "|  https://a-b.trycloudflare.com      |",
            &["https://a-b.trycloudflare.com"],
        );
        check(
            "a1.lhr.life tunneled with tls termination, https://a1.lhr.life\r",
            &["https://a1.lhr.life"],
        );
        check(
            "\x1b[32mForwarding HTTP traffic from https://a.serveo.net\x1b[0m",
            &["https://a.serveo.net"],
        );
        check("https://box.tail1.ts.net/", &["https://box.tail1.ts.net"]);
        check("(http://[::1]:80), see.", &["http://[::1]:80"]);
    }

    #[test]
    fn other_links_are_not() {
        check(
            "see https://localhost.run/docs/ or https://admin.localhost.run/",
            &[],
        );
        check(
            "https://a.example/#x https://a.example?x https://me@a.example ftp://a http https:// httpx://a",
            &[],
        );
    }
}
