//! Where notifications are sent on: the short forms that people type, and what they mean for one request.

use std::fmt;

use http::Uri;
use http::uri::{Authority, PathAndQuery};

use super::explain::Explain;

/// A place to send to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Scheme and authority, such as `http://localhost:3000`.
    origin: String,
    /// The path and query that were typed; `None` keeps those of the request that is sent on.
    path: Option<String>,
}

/// Why a target cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is not a target: {reason}")]
pub struct TargetError {
    text: String,
    reason: String,
}

impl Explain for TargetError {
    fn code(&self) -> &'static str {
        "target-invalid"
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "a target is a port (`3000`), `:3000/path`, `host/path`, a whole `http://` or `https://` URL, or \
             `GLOB=TARGET` where events are routed by name"
                .into(),
        ]
    }
}

/// The text of a target, for a message: what stands before an `@` may be a password.
fn without_userinfo(text: &str) -> String {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}***@{host}"),
        None => text.to_owned(),
    }
}

impl Target {
    /// Reads `3000`, `:3000/path`, `/path`, `host/path`, `host:port/path` or a whole `http(s)` URL.
    ///
    /// A target without a host is on `localhost`; `/path` alone is on the origin of `base`, where one is given.
    ///
    /// # Errors
    ///
    /// When the text is none of these.
    pub fn parse(text: &str, base: Option<&Self>) -> Result<Self, TargetError> {
        let fail = |reason: &str| TargetError {
            text: without_userinfo(text),
            reason: reason.to_owned(),
        };
        let typed = text.trim();
        let url = if typed.contains("://") {
            typed.to_owned()
        } else if typed.starts_with('/') {
            format!(
                "{}{typed}",
                base.map_or("http://localhost", |base| &base.origin)
            )
        } else if typed.starts_with(':') {
            format!("http://localhost{typed}")
        } else if typed.starts_with(|first: char| first.is_ascii_digit()) && is_port(typed) {
            format!("http://localhost:{typed}")
        } else {
            format!("http://{typed}")
        };
        let url = url
            .split_once('#')
            .map_or(url.as_str(), |(url, _fragment)| url);
        let uri: Uri = url
            .parse()
            .map_err(|error: http::uri::InvalidUri| fail(&error.to_string()))?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) =
            (uri.scheme_str(), uri.authority())
        else {
            return Err(fail("only `http` and `https` URLs can be sent to"));
        };
        if authority.host().is_empty() {
            return Err(fail("it has no host"));
        }
        if authority.as_str().contains('@') {
            return Err(fail(
                "user names and passwords in a URL are not sent; use `-H 'Authorization: …'`",
            ));
        }
        if authority.as_str().len() > authority.host().len()
            && authority.port_u16().is_none_or(|port| port == 0)
        {
            return Err(fail("its port is not a number from 1 to 65535"));
        }
        let origin = format!("{scheme}://{authority}");
        let path = uri.path_and_query().map(PathAndQuery::as_str).filter(|_| {
            url.split_once("://")
                .is_some_and(|(_, rest)| rest.contains(['/', '?']))
        });
        Ok(Self {
            origin,
            path: path.map(str::to_owned),
        })
    }

    /// The URL for a request that came for `request_target` (path and query).
    ///
    /// A target typed with a path keeps it, and is given the query that came; one without takes both.
    #[must_use]
    pub fn url(&self, request_target: &str) -> String {
        let origin = &self.origin;
        let query = request_target
            .split_once('?')
            .map(|(_, query)| query)
            .filter(|query| !query.is_empty());
        match (&self.path, query) {
            (None, _) if request_target.starts_with('/') => format!("{origin}{request_target}"),
            (None, _) => format!("{origin}/"),
            (Some(path), None) => format!("{origin}{path}"),
            (Some(path), Some(query)) => {
                let join = if path.contains('?') { '&' } else { '?' };
                format!("{origin}{path}{join}{query}")
            }
        }
    }

    /// Whether it is called with the path of the request that is sent on.
    #[must_use]
    pub fn keeps_path(&self) -> bool {
        self.path.is_none()
    }

    /// Host and port, where the port is that of the scheme unless it was typed.
    #[must_use]
    pub fn host_and_port(&self) -> Option<(String, u16)> {
        let authority: Authority = self.origin.split_once("://")?.1.parse().ok()?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let default = if self.is_https() { 443 } else { 80 };
        Some((host, authority.port_u16().unwrap_or(default)))
    }

    /// Whether it is reached over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

/// As a user would type it in full, such as `http://localhost:3000/hooks`.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}{}",
            self.origin,
            self.path.as_deref().unwrap_or_default()
        )
    }
}

/// Whether the text begins with a port and nothing that would make it a host name or an address.
fn is_port(text: &str) -> bool {
    let digits = text.split(['/', '?']).next().unwrap_or_default();
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms() {
        for (typed, full) in [
            ("3000", "http://localhost:3000"),
            ("3000/path", "http://localhost:3000/path"),
            (":3000/path", "http://localhost:3000/path"),
            (":3000", "http://localhost:3000"),
            ("/path", "http://localhost/path"),
            ("127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("example.test/hook?a=1", "http://example.test/hook?a=1"),
            ("https://example.test", "https://example.test"),
            ("https://example.test/#top", "https://example.test/"),
            ("http://h/?a=1", "http://h/?a=1"),
        ] {
            assert_eq!(
                Target::parse(typed, None).unwrap().to_string(),
                full,
                "{typed}"
            );
        }
    }

    #[test]
    fn a_path_alone_takes_the_host_of_another_target() {
        let base = Target::parse("https://example.test:8443/hook", None).unwrap();
        assert_eq!(
            Target::parse("/other", Some(&base)).unwrap().to_string(),
            "https://example.test:8443/other"
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for typed in [
            "",
            ":",
            "ftp://h/",
            "http://",
            "http:///x",
            "a b",
            "99999",
            ":0",
            "http://user:pw@h/",
            "h:port",
        ] {
            assert!(Target::parse(typed, None).is_err(), "{typed}");
        }
    }

    #[test]
    fn host_and_port() {
        for (target, host, port) in [
            ("4000", "localhost", 4000),
            ("[::1]:4000/x", "::1", 4000),
            ("https://example.test/x", "example.test", 443),
            ("example.test", "example.test", 80),
        ] {
            let target = Target::parse(target, None).unwrap();
            assert_eq!(target.host_and_port(), Some((host.to_owned(), port)));
        }
    }

    #[test]
    fn path_and_query_of_the_request() {
        let url = |target: &str, request: &str| Target::parse(target, None).unwrap().url(request);
        assert_eq!(url("3000", "/hook?x=1"), "http://localhost:3000/hook?x=1");
        assert_eq!(url("3000", "*"), "http://localhost:3000/");
        assert_eq!(
            url("3000/api", "/hook?x=1"),
            "http://localhost:3000/api?x=1"
        );
        assert_eq!(
            url("3000/api?y=2", "/hook?x=1"),
            "http://localhost:3000/api?y=2&x=1"
        );
        assert_eq!(
            url("3000/api?y=2", "/hook"),
            "http://localhost:3000/api?y=2"
        );
        assert_eq!(url("http://h/", "/hook"), "http://h/");
    }

    #[test]
    fn a_password_is_not_told_again() {
        for typed in [
            "http://bob:s3cret@host/x",
            "bob:s3cret@host/x",
            "ftp://bob:s3/cret@host/x",
        ] {
            let error = Target::parse(typed, None).unwrap_err().to_string();
            assert!(!error.contains("s3"), "{error}");
            assert!(error.contains("***@host/x"), "{error}");
        }
    }
}
