//! Arbitrary bytes as a token, against a key that the first byte chooses: whatever comes is judged, on one line, and
//! nothing is valid that was not signed.
#![no_main]

use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use syncfy_hooks::domain::notification::Outline;
use syncfy_hooks::domain::signature::{KeyRing, Policy, Presented, Verdict, Verifier};

const KEYS: [&str; 6] = [
    include_str!("../../tests/it/fixtures/tokens/keys/hs.jwk"),
    include_str!("../../tests/it/fixtures/tokens/keys/rsa.public.pem"),
    include_str!("../../tests/it/fixtures/tokens/keys/p256.public.pem"),
    include_str!("../../tests/it/fixtures/tokens/keys/p384.public.jwk"),
    include_str!("../../tests/it/fixtures/tokens/keys/p521.public.jwk"),
    include_str!("../../tests/it/fixtures/tokens/keys/ed25519.public.jwk"),
];

static VERIFIERS: LazyLock<[Verifier; 6]> = LazyLock::new(|| KEYS.map(verifier));

fn verifier(key: &str) -> Verifier {
    let mut ring = KeyRing::default();
    ring.add_pasted(key.as_bytes(), "key").expect("a key of the tests can be read");
    Verifier::new(ring, Policy::default(), Vec::new())
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, token)) = data.split_first() else {
        return;
    };
    let at = Timestamp::from_second(1_767_323_045).unwrap();
    let verifier = &VERIFIERS[usize::from(*choice) % VERIFIERS.len()];
    let outline = Outline::default();
    let report = verifier.verify(&Presented::token(token).with(b"{}", &outline), at);

    assert_eq!(report.verdict == Verdict::Valid, report.reason.is_none());
    assert!(report.verdict != Verdict::Valid || report.key.is_some());
    assert!(!serde_json::to_string(&report).unwrap().contains('\n'));
});
