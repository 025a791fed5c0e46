//! Why a token did not pass, found by trying offline what would have passed.
//!
//! Owns the guesses and their words. Runs only after a verdict, never changes one, and refuses to show any part of a
//! secret: a hint names keys by their source.

mod body;
mod clock;
mod elsewhere;
mod format;
mod key;

use jiff::Timestamp;

pub use self::clock::Span;
use super::header::Found;
use super::key::Key;
use super::policy::Policy;
use super::presented::Presented;
use super::reason::Reason;
use super::ring::KeyRing;
use super::token::ClaimSet;

/// A check that failed, and all that it had to go by.
pub(super) struct Failure<'a> {
    pub(super) reason: Reason,
    pub(super) presented: &'a Presented<'a>,
    pub(super) now: Timestamp,
    pub(super) ring: &'a KeyRing,
    pub(super) policy: &'a Policy,
    pub(super) header_names: &'a [String],
}

impl<'a> Failure<'a> {
    /// The token as received; empty where there was not exactly one.
    fn token(&self) -> &'a [u8] {
        match self.presented.token {
            Found::One(token) => token,
            Found::None | Found::Repeated | Found::Several => &[],
        }
    }

    /// The keys that are tried for a hint. Not all of many: a stranger must not make that expensive.
    fn keys(&self) -> impl Iterator<Item = &'a Key> {
        const MOST: usize = 4;

        self.ring.iter().take(MOST)
    }

    /// The body, unless it is too large to be hashed again for a hint: a stranger must not make that expensive.
    fn body(&self) -> Option<&'a [u8]> {
        const MAX_BODY_BYTES: usize = 1 << 20;

        self.presented
            .body
            .filter(|body| body.len() <= MAX_BODY_BYTES)
    }
}

/// What is odd about a token that passed.
pub(super) fn remark(claims: &ClaimSet<'_>) -> Option<String> {
    let hint = clock::other_unit(claims, "exp")?;
    Some(format!("the token does not expire: {hint}"))
}

/// The likely causes and what to do about each, most likely first.
pub(super) fn explain(failure: &Failure<'_>) -> Vec<String> {
    let fixed = match failure.reason {
        Reason::BadSignature | Reason::AlgorithmNotAllowed | Reason::AlgorithmConfusion => {
            return key::wrong_key_or_algorithm(failure);
        }
        Reason::MalformedToken => return format::not_a_token(failure),
        Reason::Expired | Reason::NotYetValid | Reason::IssuedInFuture | Reason::TooOld => {
            return clock::out_of_time(failure);
        }
        Reason::BodyMismatch => return vec![body::changed(failure)],
        Reason::EnvironmentMismatch => return key::other_environment(failure),
        Reason::Unsigned => return unsigned(failure),
        Reason::NoKey => {
            "give the JWT key of the Syncfy dashboard with `--key-file FILE` or in `SYNCFY_HOOKS_KEY`"
        }
        Reason::SeveralSignatures => {
            "send one signature header; a proxy in between may have added the other"
        }
        Reason::RepeatedSignature => {
            "send the signature header once; a proxy in between may have added it again"
        }
        Reason::NonCanonicalEncoding => return format::another_spelling(failure),
        Reason::AlgorithmNone => {
            "sign the token with `HS256`: anyone can make one without a signature"
        }
        Reason::CriticalHeader => "leave `crit` out of the header of the token",
        Reason::HeaderJwk | Reason::HeaderJku | Reason::HeaderX5c | Reason::HeaderX5u => {
            "leave it out of the header of the token: the key is agreed on beforehand, and `kid` is there to name it"
        }
        Reason::ClaimsNotObject => "sign a JSON object of claims, not the body or a digest itself",
        Reason::MalformedClaims => {
            "write `exp`, `nbf` and `iat` as Unix seconds: numbers, without quotes"
        }
        Reason::MissingIat => "add `iat` to the claims, or set no age with `--max-age`",
        Reason::BodyUnbound => {
            "put `body_sha256`, the SHA-256 of the exact body in hex, into the claims, or leave out `--require-binding`"
        }
    };
    vec![fixed.to_owned()]
}

fn unsigned(failure: &Failure<'_>) -> Vec<String> {
    let found = elsewhere::signature(failure);
    if !found.is_empty() {
        return found;
    }
    let names: Vec<String> = failure
        .header_names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    vec![format!(
        "none of its headers is {}: name the one that carries the token with `--signature-header`",
        names.join(", ")
    )]
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;
    use crate::domain::headers::Header;
    use crate::domain::notification::Outline;
    use crate::domain::signature::{Algorithm, Claims, Verdict, Verifier, sign};

    const BODY: &[u8] = b"{}";
    const NOW: i64 = 1_700_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn hints(pasted: &str, token: &str, now: i64) -> String {
        let outline = Outline::default();
        let presented = Presented::token(token.as_bytes()).with(BODY, &outline);
        hints_for(pasted, &presented, now)
    }

    fn hints_for(pasted: &str, presented: &Presented<'_>, now: i64) -> String {
        let mut ring = KeyRing::default();
        ring.add_pasted(pasted.as_bytes(), "my.key").unwrap();
        let policy = Policy {
            max_age_seconds: Some(3600),
            ..Policy::default()
        };
        let report = Verifier::new(ring, policy, Vec::new()).verify(presented, at(now));
        assert_ne!(report.verdict, Verdict::Valid);
        for hint in &report.hints {
            assert!(!hint.ends_with('.') && !hint.contains("hunter"), "{hint}");
        }
        report.hints.join("\n")
    }

    fn made(pasted: &[u8], algorithm: Algorithm) -> String {
        let key = Key::parse(pasted, "sender").unwrap();
        sign(Claims::new(at(NOW), 300), &key, algorithm).unwrap()
    }

    #[test]
    fn the_sender_used_the_key_in_another_way() {
        let jwk = r#"{"k":"aHVudGVyMi1odW50ZXIy"}"#;
        let cases: [(&[u8], &str, &str); 4] = [
            (
                b"text:aHVudGVyMi1odW50ZXIy",
                jwk,
                "undecoded base64url text of the key",
            ),
            (b"base64:aHVudGVyMgo=", "text:hunter2", "trailing newline"),
            (
                b"text:hunter2",
                "base64:aHVudGVyMgo=",
                "without the whitespace",
            ),
            (
                b"base64:aHVudGVyMi1odW50ZXIy",
                "text:aHVudGVyMi1odW50ZXIy",
                "from base64 once more",
            ),
        ];
        for (sender, receiver, cause) in cases {
            let told = hints(receiver, &made(sender, Algorithm::Hs256), NOW);
            assert!(told.contains(cause) && told.contains("`my.key`"), "{told}");
        }
    }

    #[test]
    fn the_algorithm_is_named() {
        let token = made(b"hunter2!", Algorithm::Hs512);
        let told = hints(r#"{"alg":"HS256","k":"aHVudGVyMiE"}"#, &token, NOW);
        assert!(
            told.contains("`HS512` and the key allows `HS256`") && told.contains("itself is right"),
            "{told}"
        );
        let (_, rest) = token.split_once('.').unwrap();
        let told = hints(
            "hunter2!",
            &format!("{}.{rest}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#)),
            NOW,
        );
        assert!(told.contains("`HS512` has so many"), "{told}");
        let (_, rest) = made(b"hunter2!", Algorithm::Hs256)
            .split_once('.')
            .map(|(header, rest)| (header.to_owned(), rest.to_owned()))
            .unwrap();
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"hs256"}"#);
        assert_eq!(
            hints("hunter2!", &format!("{header}.{rest}"), NOW),
            "the token names `hs256`: write `HS256`, as the names of algorithms are case-sensitive"
        );
        let told = hints(r#"{"key_ops":["sign"],"k":"aHVudGVyMiE"}"#, &token, NOW);
        assert!(told.contains("add `verify` to `key_ops`"), "{told}");
    }

    #[test]
    fn a_header_that_names_the_wrong_algorithm_is_told() {
        let key = Key::parse(b"hunter2!", "sender").unwrap();
        let input = format!("{}.e30", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#));
        let maker = key.first_reading().maker().unwrap();
        let signature = maker.sign(input.as_bytes(), Algorithm::Hs384).unwrap();
        let told = hints("hunter2!", &format!("{input}.{signature}"), NOW);
        assert!(
            told.contains("names `HS256` but is signed with `HS384`"),
            "{told}"
        );
    }

    #[test]
    fn another_key_is_told_by_its_name() {
        let token = made(br#"{"kid":"old","k":"QUJD"}"#, Algorithm::Hs256);
        let told = hints(r#"{"kid":"new","k":"QUJE"}"#, &token, NOW);
        assert!(
            told.contains("names the key `old`, and the keys given are `new`"),
            "{told}"
        );
    }

    #[test]
    fn the_hmac_of_the_body_is_recognised() {
        let key = Key::parse(b"hunter2!", "k").unwrap();
        let maker = key.first_reading().maker().unwrap();
        let mac = maker.sign(BODY, Algorithm::Hs256).unwrap();
        let mac = URL_SAFE_NO_PAD.decode(mac).unwrap();
        let hex = mac
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        for value in [hex.clone(), format!("sha256={hex}"), STANDARD.encode(&mac)] {
            let told = hints("hunter2!", &value, NOW);
            assert!(
                told.contains("the HMAC (`HS256`) of the body"),
                "{value}: {told}"
            );
            assert!(
                in_header("x-hub-signature-256", &value)
                    .contains("`x-hub-signature-256` carries the HMAC")
            );
        }
    }

    fn in_header(name: &str, value: &str) -> String {
        let presented = Presented {
            token: Found::None,
            headers: &[Header::new("host", "x"), Header::new(name, value)],
            ..Presented::token(b"")
        };
        let outline = Outline::default();
        hints_for("hunter2!", &presented.with(BODY, &outline), NOW)
    }

    #[test]
    fn a_signature_in_another_place_is_found() {
        let token = made(b"hunter2!", Algorithm::Hs256);
        let told = in_header("authorization", &format!("Bearer {token}"));
        assert!(
            told.contains("name it with `--signature-header authorization`"),
            "{told}"
        );
        let stranger = made(b"another", Algorithm::Hs256);
        let told = in_header("authorization", &stranger);
        assert!(
            told.contains("carries a token: if it is the signature"),
            "{told}"
        );
        for clear in ["Bearer hunter2!", "68756e7465723221", "aHVudGVyMiE="] {
            let told = in_header("x-token", clear);
            assert!(
                told.contains("`x-token` carries the JWT key itself"),
                "{told}"
            );
        }
        let told = in_header("x-other", "nothing");
        assert!(
            told.starts_with("none of its headers is `request-signature`, "),
            "{told}"
        );
    }

    #[test]
    fn the_text_of_the_key_is_not_the_key() {
        let jwk = r#"{"kty":"oct","k":"aHVudGVyMi1odW50ZXIy"}"#;
        let token = made(format!("text:{jwk}").as_bytes(), Algorithm::Hs256);
        let told = hints(&format!("{jwk}\n"), &token, NOW);
        assert!(told.contains("the whole text of the JWK"), "{told}");
    }

    /// The hints on a token with these claims.
    fn on_claims(claims: &str) -> String {
        let key = Key::parse(b"hunter2!", "sender").unwrap();
        let own = serde_json::from_str(claims).unwrap();
        let token = sign(Claims::new(at(NOW), 300).with(own), &key, Algorithm::Hs256).unwrap();
        hints("hunter2!", &token, NOW)
    }

    #[test]
    fn times_that_are_no_seconds_or_of_another_zone_are_recognised() {
        for (claims, told) in [
            (
                r#"{"iat":1700000000000,"exp":1700000300000}"#,
                "`iat` looks like milliseconds",
            ),
            (
                r#"{"iat":1700000000000000}"#,
                "`iat` looks like microseconds",
            ),
            (r#"{"exp":300}"#, "`exp` is not after its `iat`"),
            (
                r#"{"iat":1700021600}"#,
                "made 6 h in the future: to the minute",
            ),
            (
                r#"{"iat":1700000600}"#,
                "10 min in the future: this clock is behind",
            ),
            (
                r#"{"iat":1699978395,"exp":1699978695}"#,
                "6 h old: to the minute, as where local time",
            ),
        ] {
            let hints = on_claims(claims);
            assert!(hints.contains(told), "{claims}: {hints}");
        }
    }

    #[test]
    fn clocks_and_ages_are_measured() {
        let token = made(b"hunter2!", Algorithm::Hs256);
        let told = hints("hunter2!", &token, NOW + 300 + 600);
        assert!(
            told.contains("expired 10 min ago") && told.contains("it is 15 min old"),
            "{told}"
        );
        let shown = |seconds| Span(seconds).to_string();
        assert_eq!(
            [5.4, 61.0, 7200.0, 200_000.0, 4e7].map(shown),
            ["5 s", "1 min 1 s", "2 h", "2 d 7 h", "462 d"]
        );
        assert_eq!([f64::INFINITY, 1e300].map(shown), ["ages", "ages"]);
    }

    #[test]
    fn malformed_tokens_are_told_apart() {
        let cases = [
            ("", "empty"),
            ("a.b.c.d.e", "encrypted"),
            ("abc", "compact JWT"),
            ("ab==.c.d", "not base64url"),
            (
                "eyJhbGciOiJIUzI1NiJ9.e30=.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "without padding",
            ),
            ("eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "the token was cut"),
            ("eyJhbG...abc.d", "shortened"),
            ("hunter2!", "the JWT key itself"),
            ("\"a.b.c\"", "remove the quotes"),
            ("a.b.c", "not base64url"),
        ];
        for (token, cause) in cases {
            assert!(hints("hunter2!", token, NOW).contains(cause), "{token}");
        }
    }
}
