//! What must hold of every token, key and body there can be.

use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::respell::{Escapes, Spacing, respell};
use super::{
    Algorithm, BodyBinding, ClaimSet, Claims, Key, KeyRing, Policy, Presented, Reason, Token,
    Verdict, Verification, Verifier, sign,
};
use crate::domain::notification::Outline;

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/fixtures/tokens/keys/",
            $name
        ))
    };
}

/// A private key of each type.
const KEYS: [&str; 6] = [
    key!("hs.jwk"),
    key!("rsa.jwk"),
    key!("p256.jwk"),
    key!("p384.jwk"),
    key!("p521.jwk"),
    key!("ed25519.jwk"),
];

const NOW: i64 = 1_700_000_000;

/// A signer and a verifier for each algorithm.
static SIDES: LazyLock<Vec<(Algorithm, Key, Verifier)>> = LazyLock::new(|| {
    let of = |pasted: &'static str| {
        let key = Key::parse(pasted.as_bytes(), "key").unwrap();
        let algorithms: Vec<Algorithm> = key.algorithms().collect();
        algorithms
            .into_iter()
            .map(move |algorithm| (algorithm, key.clone(), verifier(pasted.as_bytes())))
    };
    KEYS.into_iter().flat_map(of).collect()
});

fn verifier(pasted: &[u8]) -> Verifier {
    let mut ring = KeyRing::default();
    ring.add_pasted(pasted, "key").unwrap();
    Verifier::new(ring, Policy::default(), Vec::new())
}

fn judge(verifier: &Verifier, token: &[u8], body: &[u8]) -> Verification {
    let outline = Outline::default();
    let presented = Presented::token(token).with(body, &outline);
    verifier.verify(&presented, Timestamp::from_second(NOW).unwrap())
}

/// A token that covers the body.
fn token(key: &Key, algorithm: Algorithm, body: &[u8]) -> String {
    let now = Timestamp::from_second(NOW).unwrap();
    sign(Claims::new(now, 300).covering(body, None), key, algorithm).unwrap()
}

fn flip(bytes: &[u8], bit: prop::sample::Index) -> Vec<u8> {
    let bit = bit.index(bytes.len() * 8);
    let mut flipped = bytes.to_vec();
    flipped[bit / 8] ^= 1 << (bit % 8);
    flipped
}

fn side() -> impl Strategy<Value = &'static (Algorithm, Key, Verifier)> {
    (0..SIDES.len()).prop_map(|index| &SIDES[index])
}

/// JSON of every kind.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// The members that a JWK or the header of a token can have, with values that they can have, and others.
fn members() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "kty", "k", "n", "e", "d", "p", "q", "crv", "x", "y", "alg", "use", "kid", "key_ops",
        "keys", "crit", "jwk", "jku", "x5c", "x5u", "typ",
    ]);
    let known = prop::sample::select(vec![
        r#""oct""#,
        r#""RSA""#,
        r#""EC""#,
        r#""OKP""#,
        r#""P-256""#,
        r#""P-521""#,
        r#""Ed25519""#,
        r#""AQAB""#,
        r#""AA""#,
        r#""""#,
        r#""HS256""#,
        r#""none""#,
        "[]",
        "{}",
        "null",
        "7",
        r#"["verify"]"#,
        r#"{"k":"QUJD"}"#,
        r#"[{"k":"QUJD"}]"#,
    ]);
    let encoded = vec(any::<u8>(), 0..80)
        .prop_map(|bytes| format!("\"{}\"", super::encoding::base64url(&bytes)));
    let value = prop_oneof![
        known.prop_map(str::to_owned),
        encoded,
        json().prop_map(|json| json.to_string())
    ];
    vec((names, value), 0..8).prop_map(|members| {
        let members = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_was_signed_passes_and_no_bit_of_it_may_change(
        (algorithm, key, verifier) in side(),
        body in vec(any::<u8>(), 1..200),
        bit in any::<prop::sample::Index>(),
    ) {
        let token = token(key, *algorithm, &body);
        let report = judge(verifier, token.as_bytes(), &body);
        prop_assert_eq!((report.verdict, report.body_binding), (Verdict::Valid, Some(BodyBinding::Bound)));

        let changed = judge(verifier, &flip(token.as_bytes(), bit), &body);
        prop_assert_eq!(changed.verdict, Verdict::Invalid);
        let changed = judge(verifier, token.as_bytes(), &flip(&body, bit));
        prop_assert_eq!(changed.reason, Some(Reason::BodyMismatch));
    }

    #[test]
    fn no_key_passes_for_another(
        (algorithm, key, _) in side(),
        (other, _, verifier) in side(),
    ) {
        let token = token(key, *algorithm, b"{}");
        let same = algorithm.key_type() == other.key_type();
        prop_assert_eq!(judge(verifier, token.as_bytes(), b"{}").verdict == Verdict::Valid, same);
    }

    #[test]
    fn claims_that_repeat_the_body_bind_what_it_says(
        events in json(),
        other in json(),
        spacing in prop::sample::select(Spacing::ALL.to_vec()),
        escapes in prop::sample::select(Escapes::ALL.to_vec()),
    ) {
        let notification = |payload: &Value| {
            serde_json::json!({ "rid": "r", "events": [{ "payload": payload }] }).to_string()
        };
        let claims = serde_json::value::RawValue::from_string(notification(&events)).unwrap();
        let claims = ClaimSet::parse(&claims).unwrap();
        let respelt = respell(notification(&events).as_bytes(), spacing, escapes).unwrap();
        prop_assert_eq!(BodyBinding::judge(&claims, &respelt), BodyBinding::Bound);
        let (one, two) = (notification(&events), notification(&other));
        let expected = if one == two { BodyBinding::Bound } else { BodyBinding::Mismatch };
        let judged = BodyBinding::judge(&claims, two.as_bytes());
        prop_assert_eq!(judged, expected);
    }

    #[test]
    fn another_spelling_says_the_same(
        json in json(),
        spacing in prop::sample::select(Spacing::ALL.to_vec()),
        escapes in prop::sample::select(Escapes::ALL.to_vec()),
    ) {
        let text = json.to_string();
        let respelt = respell(text.as_bytes(), spacing, escapes).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Value>(&respelt).unwrap(), json);
        let back = respell(&respelt, Spacing::Compact, Escapes::Least).unwrap();
        prop_assert_eq!(String::from_utf8(back).unwrap(), text);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = KeyRing::default().add_pasted(&bytes, "key");
        for (_, _, verifier) in SIDES.iter() {
            prop_assert_ne!(judge(verifier, &bytes, &bytes).verdict, Verdict::Valid);
        }
    }

    #[test]
    fn no_header_payload_or_jwk_makes_it_panic(
        header in members(),
        payload in json(),
        jwk in members(),
        signature in vec(any::<u8>(), 0..140),
    ) {
        let mut ring = KeyRing::default();
        let _ = ring.add_pasted(jwk.as_bytes(), "key");
        let parts = [header.as_bytes(), payload.to_string().as_bytes(), &signature]
            .map(super::encoding::base64url);
        let token = parts.join(".");
        let _ = Token::parse(token.as_bytes());
        let verifiers = SIDES.iter().map(|(_, _, verifier)| verifier.clone());
        let own = Verifier::new(ring, Policy::default(), Vec::new());
        for verifier in verifiers.chain([own]) {
            prop_assert_ne!(judge(&verifier, token.as_bytes(), b"{}").verdict, Verdict::Valid);
        }
    }
}

#[test]
fn every_byte_of_a_token_of_each_algorithm_counts() {
    for (algorithm, key, verifier) in SIDES.iter() {
        let token = token(key, *algorithm, b"{}").into_bytes();
        for index in 0..token.len() {
            let mut changed = token.clone();
            changed[index] ^= 1 << (index % 8);
            let report = judge(verifier, &changed, b"{}");
            assert_eq!(
                report.verdict,
                Verdict::Invalid,
                "{algorithm}, byte {index}"
            );
        }
    }
}
