//! Which request header carries the token.
//!
//! Owns the names seen in public integrations; refuses to know what a token looks like inside.

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
pub fn find<'a>(
    names: &[impl AsRef<str>],
    headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Found<'a> {
    let is_known = |name: &str| {
        names
            .iter()
            .any(|known| known.as_ref().eq_ignore_ascii_case(name))
    };
    let mut first: Option<(&str, &[u8])> = None;
    let mut repeated = false;
    for (name, value) in headers.into_iter().filter(|(name, _)| is_known(name)) {
        // A proxy may join repeated headers (RFC 9110, section 5.3), and a JWT never contains a comma.
        for value in value.split(|byte| *byte == b',') {
            match first {
                None => first = Some((name, value)),
                Some((known, token)) if token.trim_ascii() == value.trim_ascii() => {
                    repeated |= known.eq_ignore_ascii_case(name);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn look<'a>(headers: &[(&'a str, &'a str)]) -> Found<'a> {
        find(
            &DEFAULT_NAMES,
            headers
                .iter()
                .map(|(name, value)| (*name, value.as_bytes())),
        )
    }

    #[test]
    fn finds_every_known_name_in_any_case() {
        for name in DEFAULT_NAMES {
            let upper = name.to_uppercase();
            let expected = Found::One(b"t");
            assert_eq!(look(&[("host", "x"), (&upper, "t")]), expected);
        }
        assert_eq!(look(&[("authorization", "Bearer t")]), Found::None);
    }

    #[test]
    fn configured_names_replace_the_default_ones() {
        let headers = [
            ("request-signature", b"a".as_slice()),
            ("X-Mine", b"b".as_slice()),
        ];
        assert_eq!(find(&["x-mine"], headers), Found::One(b"b"));
    }

    #[test]
    fn differing_values_are_several_in_either_order() {
        let (a, b) = (("request-signature", "a"), ("x-syncfy-signature", "b"));
        assert_eq!(look(&[a, b]), Found::Several);
        assert_eq!(look(&[b, a]), Found::Several);
        assert_eq!(look(&[a, a, b, a]), Found::Several);
        assert_eq!(look(&[("request-signature", "a, b")]), Found::Several);
    }

    #[test]
    fn identical_repeats_are_told_apart_from_variants_of_the_name() {
        let variants = [("request-signature", "a"), ("x-syncfy-signature", " a ")];
        assert_eq!(look(&variants), Found::One(b"a"));
        let repeats = [("request-signature", "a"), ("Request-Signature", " a ")];
        for repeats in [&repeats[..], &[("request-signature", "a, a")]] {
            assert_eq!(look(repeats), Found::Repeated);
        }
    }
}
