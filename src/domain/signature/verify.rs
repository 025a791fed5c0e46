//! The check itself: a request's token against the ring of keys, the time, and the body.
//!
//! Owns the order of the checks, which is: format, algorithm, signature, environment, claims, times, body. Nothing that a
//! token says is believed before its signature is good, and its header never chooses what it is checked with. Refuses to
//! know where the token came from and what becomes of the request.

use jiff::Timestamp;

use super::algorithm::{Algorithm, KeyType};
use super::binding::BodyBinding;
use super::header::{DEFAULT_NAMES, Found, find};
use super::hints::{self, Failure};
use super::key::{Key, Reading};
use super::policy::Policy;
use super::presented::Presented;
use super::reason::Reason;
use super::ring::KeyRing;
use super::token::{ClaimSet, Token};
use super::verdict::{KeyUsed, PartVerdict, Verdict, Verification, parts};
use crate::domain::capture::Capture;
use crate::domain::notification::Outline;

/// Checks tokens against keys that were prepared once.
#[derive(Debug, Clone)]
pub struct Verifier {
    ring: KeyRing,
    policy: Policy,
    header_names: Vec<String>,
}

impl Verifier {
    /// A verifier with these keys, for tokens in one of these headers (compared without regard to case; where none is
    /// named, [`DEFAULT_NAMES`]).
    #[must_use]
    pub fn new(ring: KeyRing, policy: Policy, header_names: Vec<String>) -> Self {
        let defaults = || DEFAULT_NAMES.map(str::to_owned).to_vec();
        Self {
            ring,
            policy,
            header_names: Some(header_names)
                .filter(|names| !names.is_empty())
                .unwrap_or_else(defaults),
        }
    }

    /// Judges a request by its headers. `readable` is its body as it reads, where it came compressed; else the body.
    ///
    /// ```
    /// use syncfy_hooks::domain::Timestamp;
    /// use syncfy_hooks::domain::capture::Capture;
    /// use syncfy_hooks::domain::notification::Outline;
    /// use syncfy_hooks::domain::signature::{KeyRing, Policy, Reason, Stamp, Verdict, Verifier};
    ///
    /// let mut keys = KeyRing::default();
    /// keys.add_pasted(b"a secret that is long enough for HS256", "the dashboard")?;
    /// let now = Timestamp::from_second(1_686_942_378)?;
    /// let mut request = Capture::bare(br#"{"rid": "x", "events": []}"#.to_vec().into());
    /// let key = keys.first().unwrap();
    /// Stamp { key, header: "request-signature", now }.put_on(&mut request, None)?;
    ///
    /// let verifier = Verifier::new(keys, Policy::default(), Vec::new());
    /// let verified = verifier.verify_capture(&request, &request.body, &Outline::default(), now);
    /// assert_eq!(verified.verdict, Verdict::Valid);
    ///
    /// request.body = br#"{"rid": "y", "events": []}"#.to_vec().into();
    /// let verified = verifier.verify_capture(&request, &request.body, &Outline::default(), now);
    /// assert_eq!(verified.reason, Some(Reason::BodyMismatch));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verify_capture(
        &self,
        capture: &Capture,
        readable: &[u8],
        outline: &Outline,
        now: Timestamp,
    ) -> Verification {
        let headers = capture.headers.as_slice();
        let presented = Presented {
            token: find(&self.header_names, headers),
            headers,
            body: Some(&capture.body),
            readable: Some(readable),
            outline: Some(outline),
        };
        self.verify(&presented, now)
    }

    /// Judges what was presented. Hints are worked out only for a verdict that is not valid.
    #[must_use]
    pub fn verify(&self, presented: &Presented<'_>, now: Timestamp) -> Verification {
        let mut report = Verification::unknown();
        let checked = match presented.token {
            Found::One(token) => self.check(token, presented, now, &mut report),
            Found::Several => Err(Reason::SeveralSignatures),
            Found::Repeated => Err(Reason::RepeatedSignature),
            Found::None => Err(Reason::Unsigned),
        };
        let outcome = if self.ring.is_empty() {
            Err(Reason::NoKey)
        } else {
            checked
        };
        match outcome {
            Ok(()) => {
                report.verdict = Verdict::Valid;
                report.signature_verdict = Some(PartVerdict::Valid);
                report.claims_verdict = Some(PartVerdict::Valid);
            }
            Err(reason) => {
                report.verdict = reason.into();
                report.reason = Some(reason);
                (report.signature_verdict, report.claims_verdict) = parts(reason);
                report.hints = hints::explain(&Failure {
                    reason,
                    presented,
                    now,
                    ring: &self.ring,
                    policy: &self.policy,
                    header_names: &self.header_names,
                });
            }
        }
        report
    }

    /// Fills the report as far as the checks come; the first that fails is the reason.
    fn check(
        &self,
        token: &[u8],
        presented: &Presented<'_>,
        now: Timestamp,
        report: &mut Verification,
    ) -> Result<(), Reason> {
        let token = Token::parse(token)?;
        report.alg = Some(token.alg().to_owned());
        let kid = token.kid();
        report.kid = kid.as_deref().map(str::to_owned);
        // Shown even when the signature is bad, but judged only after it.
        report.claims = token.claims().ok();
        let claims = report
            .claims
            .as_deref()
            .ok_or(Reason::ClaimsNotObject)
            .and_then(ClaimSet::parse);
        report.expires_at = claims.as_ref().ok().and_then(|claims| claims.time("exp"));

        let algorithm = token.algorithm()?;
        let (key, reading) = self.signer(&token, kid.as_deref(), algorithm, presented.outline)?;
        report.key = Some(KeyUsed {
            source: key.source().clone(),
            shape: reading.shape(),
            bytes: reading.bytes(),
            kid: key.kid().map(str::to_owned),
            environment: key.source().environment(),
        });
        if !key.source().serves_all(presented.outline) {
            return Err(Reason::EnvironmentMismatch);
        }
        let claims = claims?;
        self.policy.check_times(&claims, now)?;
        report.hints.extend(hints::remark(&claims));
        report.body_binding = presented.binding(&claims);
        match report.body_binding {
            Some(BodyBinding::Mismatch) => Err(Reason::BodyMismatch),
            Some(BodyBinding::Unbound) if self.policy.require_binding => Err(Reason::BodyUnbound),
            _ => Ok(()),
        }
    }

    /// The key, and the reading of it, that made the signature.
    fn signer<'v>(
        &'v self,
        token: &Token<'_>,
        kid: Option<&'v str>,
        algorithm: Algorithm,
        outline: Option<&Outline>,
    ) -> Result<(&'v Key, &'v Reading), Reason> {
        let environment = outline.and_then(|outline| outline.environments().next());
        let mut allowed = self
            .ring
            .best_first(kid, environment)
            .filter(|key| key.may_verify(algorithm))
            .peekable();
        if allowed.peek().is_none() {
            let is_hmac = algorithm.key_type() == KeyType::Oct;
            let of_pairs = !self.ring.iter().any(Key::is_shared_secret);
            return Err(if is_hmac && of_pairs {
                Reason::AlgorithmConfusion
            } else {
                Reason::AlgorithmNotAllowed
            });
        }
        allowed
            .flat_map(|key| key.readings().map(move |reading| (key, reading)))
            .find(|(_, reading)| token.is_signed_by(reading, algorithm))
            .ok_or(Reason::BadSignature)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;
    use crate::domain::notification::{Environment, Notification};
    use crate::domain::signature::{Claims, KeySource, Secret, Shape, sign};

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
        Verifier::new(ring, Policy::default(), Vec::new())
    }

    fn check(verifier: &Verifier, token: &str, now: i64) -> Verification {
        check_with(verifier, Found::One(token.as_bytes()), BODY, now)
    }

    fn check_with(verifier: &Verifier, token: Found<'_>, body: &[u8], now: i64) -> Verification {
        let outline = Outline::default();
        let presented = Presented {
            token,
            ..Presented::token(b"").with(body, &outline)
        };
        verifier.verify(&presented, at(now))
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
        let reading = Reading::of_secret(Secret::new(secret.to_vec())).unwrap();
        let signature = reading.maker().unwrap().sign(input.as_bytes(), algorithm);
        format!("{input}.{}", signature.unwrap())
    }

    #[test]
    fn the_example_of_the_rfc_verifies_until_it_expires() {
        let verifier = verifier(&format!(r#"{{"kty":"oct","k":"{RFC_K}"}}"#));
        let edge = RFC_EXP + i64::from(Policy::default().leeway_seconds);
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
                r#"{"verdict":"valid","reason":null,"signature_verdict":"valid","claims_verdict":"valid","#,
                r#""alg":"HS256","kid":"k1","#,
                r#""key":{"source":"test","shape":"nested-jwk","bytes":64,"kid":"k1","environment":null},"#,
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
        let with_header = |name: &str, value: &str| {
            let header = format!(r#"{{"alg":"HS256","{name}":{value}}}"#);
            compact(&header, "{}", secret, Algorithm::Hs256)
        };
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
            (with_header("crit", "null"), Reason::CriticalHeader),
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
            (hs256(r#"{"iat":1700000061}"#), Reason::IssuedInFuture),
            (hs256("{}") + "=", Reason::NonCanonicalEncoding),
            (with_header("jwk", "{}"), Reason::HeaderJwk),
            (with_header("jku", "null"), Reason::HeaderJku),
            (with_header("x5c", "[]"), Reason::HeaderX5c),
            (with_header("x5u", "\"\""), Reason::HeaderX5u),
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
    fn an_age_may_be_asked_for() {
        let mut verifier = verifier("secret");
        verifier.policy.max_age_seconds = Some(300);
        let judged = |claims: &str| {
            let token = compact(r#"{"alg":"HS256"}"#, claims, b"secret", Algorithm::Hs256);
            check(&verifier, &token, NOW).reason
        };
        assert_eq!(judged(r#"{"iat":1699999640}"#), None);
        assert_eq!(judged(r#"{"iat":1699999639}"#), Some(Reason::TooOld));
        assert_eq!(judged(r#"{"exp":1700000300}"#), Some(Reason::MissingIat));
    }

    #[test]
    fn a_binding_may_be_asked_for() {
        let mut verifier = verifier("secret");
        verifier.policy.require_binding = true;
        let token = compact(r#"{"alg":"HS256"}"#, "{}", b"secret", Algorithm::Hs256);
        let report = check(&verifier, &token, NOW);
        assert_eq!(report.reason, Some(Reason::BodyUnbound));
        assert_eq!(report.body_binding, Some(BodyBinding::Unbound));
    }

    #[test]
    fn a_key_of_one_environment_signs_for_no_other() {
        let mut ring = KeyRing::default();
        for (secret, environment) in [
            ("one", Environment::Sandbox),
            ("two", Environment::Production),
            ("two", Environment::Sandbox),
        ] {
            let source = KeySource::from(secret).limited_to(Some(environment));
            ring.add_pasted(format!("text:{secret}").as_bytes(), source)
                .unwrap();
        }
        let verifier = Verifier::new(ring, Policy::default(), Vec::new());
        let body = |environment: Environment| {
            let id = environment.id();
            format!(
                r#"{{"rid":"r","events":[{{"header":{{"user":{{"id_environment":"{id}"}}}}}}]}}"#
            )
        };
        let judged = |secret: &str, environment| {
            let body = body(environment);
            let outline = Notification::read(body.as_bytes()).unwrap().outline();
            let token = compact(
                r#"{"alg":"HS256"}"#,
                "{}",
                secret.as_bytes(),
                Algorithm::Hs256,
            );
            let presented = Presented::token(token.as_bytes()).with(body.as_bytes(), &outline);
            verifier.verify(&presented, at(NOW))
        };
        assert_eq!(judged("one", Environment::Sandbox).reason, None);
        assert_eq!(judged("two", Environment::Sandbox).reason, None);
        assert_eq!(judged("two", Environment::Production).reason, None);
        let other = judged("one", Environment::Production);
        assert_eq!(other.reason, Some(Reason::EnvironmentMismatch));
        assert_eq!(other.signature_verdict, Some(PartVerdict::Valid));
        assert!(
            other.hints[0].contains(
                "the key from `sandbox=one` made the token, and the notification is of production"
            ),
            "{:?}",
            other.hints
        );
    }

    #[test]
    fn times_count_up_to_the_leeway() {
        let verifier = verifier("secret");
        for good in [
            r#"{"exp":1e300}"#,
            r#"{"nbf":1700000060}"#,
            r#"{"iat":1700000060}"#,
            "{}",
        ] {
            let token = compact(r#"{"alg":"HS256"}"#, good, b"secret", Algorithm::Hs256);
            let report = check(&verifier, &token, NOW);
            assert_eq!(report.verdict, Verdict::Valid, "{good}");
        }
    }

    #[test]
    fn no_key_no_token_and_too_many_tokens() {
        let none = Verifier::new(KeyRing::default(), Policy::default(), Vec::new());
        let report = check(&none, RFC_TOKEN, NOW);
        assert_eq!(
            (report.verdict, report.alg.as_deref()),
            (Verdict::NoKey, Some("HS256"))
        );
        assert_eq!(
            check_with(&none, Found::None, BODY, NOW).verdict,
            Verdict::NoKey
        );

        let some = verifier("secret");
        assert_eq!(
            check_with(&some, Found::None, BODY, NOW).verdict,
            Verdict::Unsigned
        );
        for (found, reason) in [
            (Found::Several, Reason::SeveralSignatures),
            (Found::Repeated, Reason::RepeatedSignature),
        ] {
            let report = check_with(&some, found, BODY, NOW);
            assert_eq!(report.reason, Some(reason));
        }
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
        let changed = check_with(&verifier, found, &[BODY, b"\n"].concat(), NOW);
        assert_eq!(changed.reason, Some(Reason::BodyMismatch));
        assert!(
            changed.hints[0].contains("trailing newline"),
            "{:?}",
            changed.hints
        );
        let alone = verifier.verify(&Presented::token(token.as_bytes()), at(NOW));
        assert_eq!(alone.body_binding, None);
    }

    #[test]
    fn no_flipped_bit_and_no_truncation_passes() {
        let verifier = verifier(RFC_K);
        for (index, byte) in RFC_TOKEN.bytes().enumerate() {
            for bit in 0..8 {
                let mut token = RFC_TOKEN.as_bytes().to_vec();
                token[index] = byte ^ (1 << bit);
                let report = check_with(&verifier, Found::One(&token), BODY, RFC_EXP);
                assert_eq!(report.verdict, Verdict::Invalid, "byte {index}, bit {bit}");
            }
            let report = check(&verifier, &RFC_TOKEN[..index], RFC_EXP);
            assert_eq!(report.verdict, Verdict::Invalid, "cut at {index}");
        }
    }
}
