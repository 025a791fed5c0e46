//! The parts of a URL or of a request target in which ids and secrets stand.

use crate::domain::percent;

/// Every endpoint begins so, whatever an id may look like.
const API: &str = "/v1/";

/// A part of a URL, without percent-encoding.
pub(super) enum Part<'a> {
    /// A segment of the path, or a query that has no parameters.
    Segment(&'a str),
    /// The value of a parameter.
    Value {
        /// The parameter.
        name: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// The name of a parameter, or the host.
    Name(&'a str),
    /// The user and the password before the host.
    Credentials,
}

/// Whether a text is to be read as a URL or a path.
pub(super) fn is_url(text: &str) -> bool {
    (text.starts_with('/') || text.contains("://")) && !text.contains(char::is_whitespace)
}

/// The URL with other text for those parts for which there is some; every other byte stays.
pub(super) fn map(url: &str, change: &mut impl FnMut(Part<'_>) -> Option<String>) -> String {
    let mut mapped = String::with_capacity(url.len());
    let rest = origin(url, &mut mapped, change);
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let put = |mapped: &mut String, raw: &str, changed: Option<String>| match changed {
        Some(text) => mapped.push_str(&percent::encode(&text)),
        None => mapped.push_str(raw),
    };
    for (position, segment) in path.split('/').enumerate() {
        if position > 0 {
            mapped.push('/');
        }
        let changed = change(Part::Segment(&percent::decode(segment)));
        put(&mut mapped, segment, changed);
    }
    for (position, pair) in query
        .into_iter()
        .flat_map(|query| query.split('&'))
        .enumerate()
    {
        mapped.push(if position > 0 { '&' } else { '?' });
        let Some((name, value)) = pair.split_once('=') else {
            let changed = change(Part::Segment(&percent::decode_parameter(pair)));
            put(&mut mapped, pair, changed);
            continue;
        };
        let decoded = percent::decode_parameter(name);
        let changed = change(Part::Name(&decoded));
        put(&mut mapped, name, changed);
        mapped.push('=');
        let changed = change(Part::Value {
            name: &decoded,
            value: &percent::decode_parameter(value),
        });
        put(&mut mapped, value, changed);
    }
    mapped
}

/// Writes what stands before the path, and returns the rest.
fn origin<'u>(
    url: &'u str,
    mapped: &mut String,
    change: &mut impl FnMut(Part<'_>) -> Option<String>,
) -> &'u str {
    if let Some(rest) = url.strip_prefix(API) {
        mapped.push_str(API);
        return rest;
    }
    let scheme = url
        .find("://")
        .filter(|end| !url.get(..*end).unwrap_or_default().contains(['/', '?']));
    let Some((scheme, rest)) = scheme.and_then(|end| url.split_at_checked(end + 3)) else {
        return url;
    };
    mapped.push_str(scheme);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let (credentials, host) = match authority.rsplit_once('@') {
        Some((credentials, host)) => (Some(credentials), host),
        None => (None, authority),
    };
    if let Some(credentials) = credentials {
        mapped.push_str(change(Part::Credentials).as_deref().unwrap_or(credentials));
        mapped.push('@');
    }
    mapped.push_str(change(Part::Name(host)).as_deref().unwrap_or(host));
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        let mut parts = Vec::new();
        let url = "https://u:p@h:1/v1/a%20b/?c=d+e&f&g%3D=&%";
        let same = map(url, &mut |part| {
            parts.push(match part {
                Part::Segment(text) => format!("segment {text}"),
                Part::Value { name, value } => format!("value {name} {value}"),
                Part::Name(text) => format!("name {text}"),
                Part::Credentials => "credentials".into(),
            });
            None
        });
        assert_eq!(same, url);
        let expected = [
            "credentials",
            "name h:1",
            "segment ",
            "segment v1",
            "segment a b",
            "segment ",
            "name c",
            "value c d e",
            "segment f",
            "name g=",
            "value g= ",
            "segment %",
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn changes_are_encoded() {
        let changed = |url| map(url, &mut |_| Some("a/*".into()));
        assert_eq!(changed("/x?y=z"), "a%2F*/a%2F*?a%2F*=a%2F*");
        assert_eq!(changed("/v1/x"), "/v1/a%2F*");
        assert_eq!(changed("http://a@b"), "http://a/*@a/*a%2F*");
    }
}
