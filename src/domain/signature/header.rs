//! Which request header carries the token.
//!
//! Owns the names seen in public integrations; refuses to know what a token looks like inside.

use crate::domain::headers::Header;

/// The names looked for when none is configured: what public integrations use, most common first.
pub const DEFAULT_NAMES: [&str; 5] = [
    "request-signature",
    "request_signature",
    "x-request-signature",
    "x-syncfy-signature",
    "x-paybook-signature",
];

/// What the headers of a request hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    /// No signature header at all.
    None,
    /// One token as received. Under differing names it may come more than once.
    One(&'a [u8]),
    /// One token, more than once under the same name: whoever reads only the first or the last one sees something else.
    Repeated,
    /// Differing tokens: there is no telling which one to trust.
    Several,
}

/// Looks for the token under `names` (compared without regard to case) in all headers, in whatever order they came.
pub(super) fn find<'a>(names: &[impl AsRef<str>], headers: &'a [Header]) -> Found<'a> {
    let is_known = |header: &&Header| names.iter().any(|name| header.is(name.as_ref()));
    let mut first: Option<(&str, &[u8])> = None;
    let mut repeated = false;
    for header in headers.iter().filter(is_known) {
        for value in joined(&header.value) {
            match first {
                None => first = Some((&header.name, value)),
                Some((known, token)) if token.trim_ascii() == value.trim_ascii() => {
                    repeated |= header.is(known);
                }
                Some(_) => return Found::Several,
            }
        }
    }
    match first {
        None => Found::None,
        Some(_) if repeated => Found::Repeated,
        Some((_, token)) => Found::One(token),
    }
}

/// The tokens of a header that a proxy may have joined of repeated ones (RFC 9110, section 5.3). A JWT never contains a
/// comma, so what has one and is no list of tokens is left as it came.
fn joined(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let parts = || value.split(|byte| *byte == b',');
    let is_like_a_token = |part: &&[u8]| memchr::memchr_iter(b'.', part).count() == 2;
    let are_tokens = parts().filter(is_like_a_token).count() > 1;
    let whole = (!are_tokens).then_some(value);
    whole.into_iter().chain(parts().filter(move |_| are_tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in these headers, as a word and the token.
    fn look(names: &[&str], headers: &[(&str, &str)]) -> (&'static str, String) {
        let names: Vec<String> = names.iter().copied().map(str::to_owned).collect();
        let header = |(name, value): &(&str, &str)| Header::new(*name, *value);
        let headers: Vec<Header> = headers.iter().map(header).collect();
        match find(&names, &headers) {
            Found::None => ("none", String::new()),
            Found::One(token) => ("one", String::from_utf8_lossy(token).into_owned()),
            Found::Repeated => ("repeated", String::new()),
            Found::Several => ("several", String::new()),
        }
    }

    fn found(headers: &[(&str, &str)]) -> &'static str {
        look(&DEFAULT_NAMES, headers).0
    }

    #[test]
    fn finds_every_known_name_in_any_case() {
        for name in DEFAULT_NAMES {
            let upper = name.to_uppercase();
            let found = look(&DEFAULT_NAMES, &[("host", "x"), (&upper, "t")]);
            assert_eq!(found, ("one", "t".to_owned()));
        }
        assert_eq!(found(&[("authorization", "Bearer t")]), "none");
    }

    #[test]
    fn configured_names_replace_the_default_ones() {
        let headers = [("request-signature", "a"), ("X-Mine", "b")];
        assert_eq!(look(&["x-mine"], &headers), ("one", "b".to_owned()));
    }

    #[test]
    fn differing_values_are_several_in_either_order() {
        let (a, b) = (("request-signature", "a"), ("x-syncfy-signature", "b"));
        assert_eq!(found(&[a, b]), "several");
        assert_eq!(found(&[b, a]), "several");
        assert_eq!(found(&[a, a, b, a]), "several");
        assert_eq!(found(&[("request-signature", "a.b.c, d.e.f")]), "several");
        // Other schemes have commas too.
        assert_eq!(found(&[("request-signature", "t=1,v1=abc")]), "one");
    }

    #[test]
    fn identical_repeats_are_told_apart_from_variants_of_the_name() {
        let variants = [("request-signature", "a"), ("x-syncfy-signature", " a ")];
        assert_eq!(found(&variants), "one");
        let repeats = [("request-signature", "a"), ("Request-Signature", " a ")];
        for repeats in [&repeats[..], &[("request-signature", "a.b.c, a.b.c")]] {
            assert_eq!(found(repeats), "repeated");
        }
    }
}
