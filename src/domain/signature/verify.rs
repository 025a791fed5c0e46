//! The check itself: a request's token against the ring of keys, the time, and the body.
//!
//! Owns the order of the checks, which is: format, algorithm, signature, claims, time, body. Nothing that a token says is
//! believed before its signature is good, and its header never chooses what it is checked with. Refuses to know where
//! the token came from and what becomes of the request.

use jiff::Timestamp;

use super::algorithm::Algorithm;
use super::binding::BodyBinding;
use super::header::Found;
use super::hints::{self, Failure};
use super::key::{Key, KeyRing, Reading};
use super::token::{ClaimSet, Token};
use super::verdict::{KeyUsed, Reason, Verdict, Verification};

/// How far the clocks of sender and receiver may differ unless told otherwise, in seconds.
pub const DEFAULT_LEEWAY_SECONDS: u32 = 60;

/// Checks tokens against keys that were prepared once.
#[derive(Debug, Clone)]
pub struct Verifier {
    ring: KeyRing,
    leeway_seconds: u32,
}

impl Verifier {
    /// A verifier with these keys, tolerant of clocks that differ by `leeway_seconds` (for `exp` and `nbf`).
    #[must_use]
    pub fn new(ring: KeyRing, leeway_seconds: u32) -> Self {
        Self {
            ring,
            leeway_seconds,
        }
    }

    /// Judges what the headers hold. `body` is the exact body as received; without one the binding stays unknown. Hints
    /// are worked out only for a verdict that is not valid.
    #[must_use]
    pub fn verify(&self, found: Found<'_>, body: Option<&[u8]>, now: Timestamp) -> Verification {
        let mut report = Verification::unknown();
        let (token, checked) = match found {
            Found::One(token) => (token, self.check(token, body, now, &mut report)),
            Found::Several => (&[][..], Err(Reason::SeveralSignatures)),
            Found::None => (&[][..], Err(Reason::Unsigned)),
        };
        let outcome = if self.ring.is_empty() {
            Err(Reason::NoKey)
        } else {
            checked
        };
        match outcome {
            Ok(()) => report.verdict = Verdict::Valid,
            Err(reason) => {
                report.verdict = reason.into();
                report.reason = Some(reason);
                let failure = Failure {
                    reason,
                    token,
                    body,
                    now,
                    ring: &self.ring,
                };
                report.hints = hints::explain(&failure);
            }
        }
        report
    }

    /// Fills the report as far as the checks come; the first that fails is the reason.
    fn check(
        &self,
        token: &[u8],
        body: Option<&[u8]>,
        now: Timestamp,
        report: &mut Verification,
    ) -> Result<(), Reason> {
        let token = Token::parse(token)?;
        report.alg = Some(token.alg().to_owned());
        report.kid = token.kid().map(str::to_owned);
        // Shown even when the signature is bad, but judged only after it.
        report.claims = token.claims().ok();
        let claims = report
            .claims
            .as_deref()
            .ok_or(Reason::ClaimsNotObject)
            .and_then(ClaimSet::parse);
        report.expires_at = claims.as_ref().ok().and_then(|claims| claims.time("exp"));

        let algorithm = token.algorithm()?;
        let (key, reading) = self.signer(&token, algorithm)?;
        report.key = Some(KeyUsed {
            source: key.source().clone(),
            shape: reading.shape(),
            bytes: reading.secret().len(),
        });
        let claims = claims?;
        self.check_time(&claims, now)?;
        report.body_binding = body.map(|body| BodyBinding::judge(&claims, body));
        match report.body_binding {
            Some(BodyBinding::Mismatch) => Err(Reason::BodyMismatch),
            _ => Ok(()),
        }
    }

    /// The key, and the reading of it, that made the signature.
    fn signer<'v>(
        &'v self,
        token: &'v Token<'_>,
        algorithm: Algorithm,
    ) -> Result<(&'v Key, &'v Reading), Reason> {
        let mut allowed = self
            .ring
            .best_first(token.kid())
            .filter(|key| key.may_verify(algorithm))
            .peekable();
        if allowed.peek().is_none() {
            return Err(Reason::AlgorithmNotAllowed);
        }
        allowed
            .flat_map(|key| key.readings().map(move |reading| (key, reading)))
            .find(|(_, reading)| token.is_signed_by(reading, algorithm))
            .ok_or(Reason::BadSignature)
    }

    /// A token is expired on or after `exp`, and not valid before `nbf` (RFC 7519, section 4.1), give or take the leeway.
    /// `iat` only has to be a number: the RFC rejects nothing for it.
    fn check_time(&self, claims: &ClaimSet<'_>, now: Timestamp) -> Result<(), Reason> {
        let (expires, begins) = (claims.seconds("exp")?, claims.seconds("nbf")?);
        claims.seconds("iat")?;
        let (now, leeway) = (
            now.as_duration().as_secs_f64(),
            f64::from(self.leeway_seconds),
        );
        if expires.is_some_and(|expires| now >= expires + leeway) {
            return Err(Reason::Expired);
        }
        if begins.is_some_and(|begins| now + leeway < begins) {
            return Err(Reason::NotYetValid);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;
    use crate::domain::signature::{Claims, KeySource, Shape, sign};

    /// RFC 7515, appendix A.1.
    const RFC_K: &str =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    const RFC_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const RFC_EXP: i64 = 1_300_819_380;
    const BODY: &[u8] = br#"{"rid":"r","events":[]}"#;
    const NOW: i64 = 1_700_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn verifier(pasted: &str) -> Verifier {
        let mut ring = KeyRing::default();
        ring.add_pasted(pasted.as_bytes(), KeySource::from("test"))
            .unwrap();
        Verifier::new(ring, DEFAULT_LEEWAY_SECONDS)
    }

    fn check(verifier: &Verifier, token: &str, now: i64) -> Verification {
        let found = Found::One(token.as_bytes());
        verifier.verify(found, Some(BODY), at(now))
    }

    fn made(pasted: &str, claims: &str) -> String {
        let key = Key::parse(pasted.as_bytes(), "test").unwrap();
        let claims = Claims::new(at(NOW), 300).with(serde_json::from_str(claims).unwrap());
        sign(claims, &key, key.default_algorithm()).unwrap()
    }

    fn compact(header: &str, payload: &str, secret: &[u8], algorithm: Algorithm) -> String {
        let input = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        );
        let key = jsonwebtoken::EncodingKey::from_secret(secret);
        let signature =
            jsonwebtoken::crypto::sign(input.as_bytes(), &key, algorithm.into()).unwrap();
        format!("{input}.{signature}")
    }

    #[test]
    fn the_example_of_the_rfc_verifies_until_it_expires() {
        let verifier = verifier(&format!(r#"{{"kty":"oct","k":"{RFC_K}"}}"#));
        let edge = RFC_EXP + i64::from(DEFAULT_LEEWAY_SECONDS);
        for now in [RFC_EXP - 1, RFC_EXP, edge - 1] {
            let report = check(&verifier, RFC_TOKEN, now);
            assert_eq!((report.verdict, report.reason), (Verdict::Valid, None));
            assert_eq!(report.body_binding, Some(BodyBinding::Unbound));
            assert!(report.hints.is_empty());
        }
        let report = check(&verifier, RFC_TOKEN, edge);
        assert_eq!(
            (report.verdict, report.reason),
            (Verdict::Invalid, Some(Reason::Expired))
        );
        let report = check(&verifier, RFC_TOKEN, RFC_EXP + 3 * 3600);
        assert!(
            report.hints[0].starts_with("it expired 3 h ago"),
            "{:?}",
            report.hints
        );
    }

    #[test]
    fn the_report_is_the_line_of_the_contract() {
        let pasted = format!(r#"{{"kid":"k1","k":{{"kty":"oct","k":"{RFC_K}"}}}}"#);
        let token = made(&pasted, r#"{"exp":1700000300.5}"#);
        let report = serde_json::to_string(&check(&verifier(&pasted), &token, NOW)).unwrap();
        assert_eq!(
            report,
            concat!(
                r#"{"verdict":"valid","reason":null,"alg":"HS256","kid":"k1","#,
                r#""key":{"source":"test","shape":"nested-jwk","bytes":64},"#,
                r#""claims":{"exp":1700000300.5,"iat":1700000000},"expires_at":"2023-11-14T22:18:20.5Z","#,
                r#""body_binding":"unbound","hints":[]}"#
            )
        );
    }

    #[test]
    fn every_pasted_shape_verifies_a_token_made_with_the_raw_bytes() {
        let secret = URL_SAFE_NO_PAD.decode(RFC_K).unwrap();
        let hex = secret
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let jwk = format!(r#"{{"kty":"oct","k":"{RFC_K}"}}"#);
        let nested = format!(r#"{{"kid":"a","kty":"oct","k":{jwk}}}"#);
        let shapes = [
            (jwk.clone(), Shape::Jwk),
            (format!("\u{feff}{jwk}\r\n"), Shape::Jwk),
            (nested.clone(), Shape::NestedJwk),
            (
                serde_json::Value::from(nested).to_string(),
                Shape::NestedJwk,
            ),
            (
                format!(r#"{{"keys":[{{"kty":"oct","k":"QUJD"}},{jwk}]}}"#),
                Shape::Jwk,
            ),
            (RFC_K.to_owned(), Shape::Base64url),
            (format!("\"{RFC_K}\"\n"), Shape::Base64url),
            (STANDARD.encode(&secret), Shape::Base64),
            (hex, Shape::Hex),
        ];
        for (pasted, shape) in shapes {
            let report = check(&verifier(&pasted), RFC_TOKEN, RFC_EXP);
            let used = report.key.map(|key| (key.shape, key.bytes));
            assert_eq!(used, Some((shape, 64)), "{pasted}");
        }
        let plain = compact(
            r#"{"alg":"HS256"}"#,
            "{}",
            b"a plain secret",
            Algorithm::Hs256,
        );
        let report = check(&verifier("a plain secret\n"), &plain, NOW);
        assert_eq!(report.verdict, Verdict::Valid);
    }

    #[test]
    fn each_bad_token_has_its_own_reason() {
        let secret = b"a secret of my own";
        let restricted = r#"{"alg":"HS256","k":"YSBzZWNyZXQgb2YgbXkgb3du"}"#;
        let hs256 =
            |payload: &str| compact(r#"{"alg":"HS256"}"#, payload, secret, Algorithm::Hs256);
        let unsigned = |alg: &str| {
            compact(
                &format!(r#"{{"alg":"{alg}"}}"#),
                "{}",
                b"",
                Algorithm::Hs256,
            )
        };
        let crit = compact(
            r#"{"alg":"HS256","crit":null}"#,
            "{}",
            secret,
            Algorithm::Hs256,
        );
        let wrong_body = hs256(
            r#"{"body_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}"#,
        );
        let cases = [
            ("garbage".to_owned(), Reason::MalformedToken),
            (unsigned("none"), Reason::AlgorithmNone),
            (unsigned("nOnE"), Reason::AlgorithmNone),
            (unsigned("RS256"), Reason::AlgorithmNotAllowed),
            (unsigned("hs256"), Reason::AlgorithmNotAllowed),
            (
                compact(r#"{"alg":"HS512"}"#, "{}", secret, Algorithm::Hs512),
                Reason::AlgorithmNotAllowed,
            ),
            (crit, Reason::CriticalHeader),
            (
                compact(r#"{"alg":"HS256"}"#, "{}", b"another", Algorithm::Hs256),
                Reason::BadSignature,
            ),
            (hs256("[]"), Reason::ClaimsNotObject),
            (hs256("\"text\""), Reason::ClaimsNotObject),
            (hs256("{"), Reason::ClaimsNotObject),
            (hs256(r#"{"exp":"1700000000"}"#), Reason::MalformedClaims),
            (hs256(r#"{"iat":null}"#), Reason::MalformedClaims),
            (hs256(r#"{"exp":-1e300}"#), Reason::Expired),
            (hs256(r#"{"nbf":1700000061}"#), Reason::NotYetValid),
            (wrong_body, Reason::BodyMismatch),
        ];
        let verifier = verifier(restricted);
        for (token, reason) in cases {
            let report = check(&verifier, &token, NOW);
            assert_eq!(
                (report.verdict, report.reason),
                (Verdict::Invalid, Some(reason)),
                "{token}"
            );
            assert!(!report.hints.is_empty(), "{reason:?}");
        }
    }

    #[test]
    fn times_count_up_to_the_leeway() {
        let verifier = verifier("secret");
        for good in [
            r#"{"exp":1e300}"#,
            r#"{"nbf":1700000060}"#,
            r#"{"iat":9e9}"#,
            "{}",
        ] {
            let token = compact(r#"{"alg":"HS256"}"#, good, b"secret", Algorithm::Hs256);
            let report = check(&verifier, &token, NOW);
            assert_eq!(report.verdict, Verdict::Valid, "{good}");
        }
    }

    #[test]
    fn no_key_no_token_and_too_many_tokens() {
        let none = Verifier::new(KeyRing::default(), 0);
        let report = check(&none, RFC_TOKEN, NOW);
        assert_eq!(
            (report.verdict, report.alg.as_deref()),
            (Verdict::NoKey, Some("HS256"))
        );
        assert_eq!(
            none.verify(Found::None, None, at(NOW)).verdict,
            Verdict::NoKey
        );

        let some = verifier("secret");
        assert_eq!(
            some.verify(Found::None, Some(BODY), at(NOW)).verdict,
            Verdict::Unsigned
        );
        let several = some.verify(Found::Several, Some(BODY), at(NOW));
        assert_eq!(several.reason, Some(Reason::SeveralSignatures));
    }

    #[test]
    fn a_covered_body_is_bound_and_any_other_refused() {
        let key = Key::parse(b"secret", "test").unwrap();
        let claims = Claims::new(at(NOW), 300).covering(BODY, Some("r"));
        let token = sign(claims, &key, Algorithm::Hs256).unwrap();
        let verifier = verifier("secret");
        assert_eq!(
            check(&verifier, &token, NOW).body_binding,
            Some(BodyBinding::Bound)
        );

        let found = Found::One(token.as_bytes());
        let changed = verifier.verify(found, Some(&[BODY, b"\n"].concat()), at(NOW));
        assert_eq!(changed.reason, Some(Reason::BodyMismatch));
        assert!(
            changed.hints[0].contains("trailing newline"),
            "{:?}",
            changed.hints
        );
        assert_eq!(verifier.verify(found, None, at(NOW)).body_binding, None);
    }

    #[test]
    fn no_flipped_bit_and_no_truncation_passes() {
        let verifier = verifier(RFC_K);
        for (index, byte) in RFC_TOKEN.bytes().enumerate() {
            for bit in 0..8 {
                let mut token = RFC_TOKEN.as_bytes().to_vec();
                token[index] = byte ^ (1 << bit);
                let report = verifier.verify(Found::One(&token), Some(BODY), at(RFC_EXP));
                assert_eq!(report.verdict, Verdict::Invalid, "byte {index}, bit {bit}");
            }
            let report = check(&verifier, &RFC_TOKEN[..index], RFC_EXP);
            assert_eq!(report.verdict, Verdict::Invalid, "cut at {index}");
        }
    }
}
