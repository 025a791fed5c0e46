//! What checking a token costs beside the same check by jsonwebtoken alone, on one core.
//!
//! Both sides have their key ready, check the signature and the times, and read the claims: jsonwebtoken into a struct of
//! two numbers, ours into the whole report of a verdict. With a body, ours hashes it too, and the other side does so by
//! hand. The two take turns in short rounds, so that both have the same machine. Compare the ratios, not the numbers:
//!
//! ```console
//! $ cargo bench --bench verify
//! ```

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark is for whoever reads it here"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jsonwebtoken::{DecodingKey, Validation, decode};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use syncfy_hooks::domain::notification::Outline;
use syncfy_hooks::domain::signature::{
    Algorithm, BodyBinding, Claims, Key, KeyRing, Policy, Presented, Verdict, Verifier, sign,
};

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("../tests/it/fixtures/tokens/keys/", $name))
    };
}

/// The algorithms, each with a private key and the public one as jsonwebtoken reads it.
const CASES: [(Algorithm, &str, &str); 7] = [
    (Algorithm::Hs256, key!("hs.jwk"), key!("hs.jwk")),
    (Algorithm::Hs512, key!("hs.jwk"), key!("hs.jwk")),
    (Algorithm::Rs256, key!("rsa.pem"), key!("rsa.public.jwk")),
    (Algorithm::Ps256, key!("rsa.pem"), key!("rsa.public.jwk")),
    (Algorithm::Es256, key!("p256.pem"), key!("p256.public.jwk")),
    (Algorithm::Es384, key!("p384.pem"), key!("p384.public.jwk")),
    (
        Algorithm::EdDsa,
        key!("ed25519.pem"),
        key!("ed25519.public.jwk"),
    ),
];

const NOW: i64 = 1_900_000_000;

/// How long one round of one side takes.
const ROUND: Duration = Duration::from_millis(20);

/// So many rounds are taken of each side, in turn.
const ROUNDS: usize = 31;

/// What jsonwebtoken reads.
#[derive(Deserialize)]
struct Times {
    exp: u64,
    iat: u64,
}

/// The claims that cover a body, as an application would read them.
#[derive(Deserialize)]
struct Covering {
    body_sha256: String,
}

fn main() {
    println!(
        "{:<24}{:>14}{:>16}{:>8}",
        "", "ours, ns", "alone, ns", "ratio"
    );
    let body = vec![b'x'; 787];
    for (algorithm, private, public) in CASES {
        let sides = Sides::new(algorithm, private, public, &body);
        let alone = || black_box(sides.alone());
        let ours = || black_box(sides.ours());
        report(&format!("{algorithm}, token"), ours, alone);
        let alone = || black_box(sides.alone_with_body(&body));
        let ours = || black_box(sides.ours_with_body(&body));
        report(&format!("{algorithm}, token and body"), ours, alone);
    }
}

/// One algorithm, ready on both sides.
struct Sides {
    token: String,
    key: DecodingKey,
    validation: Validation,
    verifier: Verifier,
    outline: Outline,
    now: Timestamp,
}

impl Sides {
    fn new(algorithm: Algorithm, private: &str, public: &str, body: &[u8]) -> Self {
        let now = Timestamp::from_second(NOW).unwrap();
        let signer = Key::parse(private.as_bytes(), "private").unwrap();
        // Long-lived, as jsonwebtoken has a clock of its own; of the length that such tokens have.
        let own = format!(
            r#"{{"exp":4000000000,"iat":1700000000,"pad":"{}"}}"#,
            "x".repeat(400)
        );
        let claims = Claims::new(now, 300).covering(body, Some("r"));
        let claims = claims.with(serde_json::from_str(&own).unwrap());
        let mut ring = KeyRing::default();
        ring.add_pasted(public.as_bytes(), "public").unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(public).unwrap();
        let name = algorithm.name().parse().unwrap();
        let mut validation = Validation::new(name);
        validation.validate_nbf = true;
        Self {
            token: sign(claims, &signer, algorithm).unwrap(),
            key: DecodingKey::from_jwk(&jwk).unwrap(),
            validation,
            verifier: Verifier::new(ring, Policy::default(), Vec::new()),
            outline: Outline::default(),
            now,
        }
    }

    fn alone(&self) -> u64 {
        let token = decode::<Times>(&self.token, &self.key, &self.validation).unwrap();
        token.claims.exp - token.claims.iat
    }

    fn alone_with_body(&self, body: &[u8]) -> bool {
        let token = decode::<Covering>(&self.token, &self.key, &self.validation).unwrap();
        let equal = token.claims.body_sha256 == format!("{:x}", Sha256::digest(body));
        assert!(equal);
        equal
    }

    fn ours(&self) -> Verdict {
        let report = self
            .verifier
            .verify(&Presented::token(self.token.as_bytes()), self.now);
        assert_eq!(report.verdict, Verdict::Valid);
        report.verdict
    }

    fn ours_with_body(&self, body: &[u8]) -> Verdict {
        let presented = Presented::token(self.token.as_bytes()).with(body, &self.outline);
        let report = self.verifier.verify(&presented, self.now);
        assert_eq!(report.body_binding, Some(BodyBinding::Bound));
        report.verdict
    }
}

/// The medians of both sides in nanoseconds a call, and how much of the throughput of the other ours reaches.
fn report<A, B>(name: &str, ours: impl Fn() -> A, alone: impl Fn() -> B) {
    let calls = ROUND.as_nanos() / round(&alone, 16).max(1);
    let calls = u32::try_from(calls).unwrap().max(1);
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        one.push(round(&ours, calls));
        other.push(round(&alone, calls));
    }
    let median = |mut times: Vec<u128>| {
        times.sort_unstable();
        times.get(ROUNDS / 2).copied().unwrap_or_default()
    };
    let (ours, alone) = (median(one), median(other));
    println!(
        "{name:<24}{ours:>14}{alone:>16}{:>8.2}",
        alone as f64 / ours as f64
    );
}

/// The time of one of so many calls, in nanoseconds.
fn round<T>(call: &impl Fn() -> T, calls: u32) -> u128 {
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed().as_nanos() / u128::from(calls)
}
