//! A panic may show whatever it comes by: nothing that can hold a key tells it by its `Debug`, nor do the errors.

use std::fmt::Debug;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{Algorithm, Claims, KeyRing, Policy, Secret, Stamp, Verifier, sign};

/// So many bytes in a row, or digits of them, are a leak.
const WINDOW: usize = 8;

/// What the thing looks like in the message of a panic, on one line and on several.
fn in_panic(thing: &dyn Debug) -> String {
    let panic = || std::panic::panic_any(format!("{thing:?}\n{thing:#?}"));
    let payload = catch_unwind(AssertUnwindSafe(panic)).expect_err("it panics");
    *payload.downcast().expect("the message is text")
}

/// Every spelling of these bytes, without space and in lower case, in pieces.
fn pieces(secret: &[u8]) -> impl Iterator<Item = String> {
    let encoded = [
        URL_SAFE_NO_PAD.encode(secret),
        STANDARD.encode(secret),
        dense(&format!("{secret:02x?}")).replace([',', '[', ']'], ""),
        secret.escape_ascii().to_string(),
    ];
    let lists = secret.windows(WINDOW).map(|bytes| format!("{bytes:?}"));
    let lists: Vec<String> = lists
        .map(|list| dense(list.trim_matches(['[', ']'])))
        .collect();
    let digits = encoded.map(|text| dense(&text).into_bytes());
    let cut = |text: Vec<u8>| -> Vec<String> {
        let windows = text.windows(2 * WINDOW);
        windows
            .map(|piece| String::from_utf8_lossy(piece).into_owned())
            .collect()
    };
    digits.into_iter().flat_map(cut).chain(lists)
}

fn dense(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

fn tells(told: &str, secret: &[u8]) -> Option<String> {
    let told = dense(told);
    pieces(secret).find(|piece| told.contains(piece))
}

fn keys() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/tokens/keys");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let private = files.filter(|file| !file.to_string_lossy().contains("public"));
    let mut keys: Vec<String> = private
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let k = "gvNfpOQHwgt3V_ljUIf2wH-1o6nxGOjtccdF9iNNDsELbd_QvF8JAobH4edpDmtO";
    let hex = "82f35fa4e407c20b7757f9635087f6c07fb5a3a9f118e8ed71c745f6234d0ec1";
    keys.extend([
        k.to_owned(),
        STANDARD.encode(URL_SAFE_NO_PAD.decode(k).unwrap()),
        hex.to_owned(),
        format!("hex:{hex}"),
        format!("base64:{k}"),
        format!("text:{k}"),
        format!("\"{k}\""),
        format!(r#"{{"keys":[{{"kty":"oct","k":{{"kty":"oct","k":"{k}"}}}}]}}"#),
        "Zq7!wz-Rk3^pV9m_Xb5~tY2&hL8@nC4$".to_owned(),
    ]);
    keys
}

/// The numbers that make the key, and all of the text that holds them but the names of its parts.
fn secrets(ring: &KeyRing) -> Vec<Vec<u8>> {
    let jwk = |key: &super::Key| -> Vec<Vec<u8>> {
        let jwk: serde_json::Value = serde_json::from_str(&key.to_jwk()).unwrap();
        let members = ["k", "d", "p", "q", "dp", "dq", "qi"].into_iter();
        members
            .filter_map(|name| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok())
            .collect()
    };
    ring.iter().flat_map(jwk).collect()
}

#[test]
fn no_panic_tells_a_key() {
    for pasted in keys() {
        let mut ring = KeyRing::default();
        ring.add_pasted(pasted.as_bytes(), "k").unwrap();
        let key = ring.first().unwrap();
        let stamp = Stamp {
            key,
            header: "request-signature",
            now: Timestamp::UNIX_EPOCH,
        };
        let verifier = Verifier::new(ring.clone(), Policy::default(), Vec::new());
        let error =
            Algorithm::ALL.map(|algorithm| sign(Claims::new(stamp.now, 1), key, algorithm).err());
        let broken = pasted.get(..pasted.len() / 2).unwrap_or_default();
        let broken = KeyRing::default().add_pasted(broken.as_bytes(), "k").err();
        let readings: Vec<_> = key.readings().collect();
        let pasted = Secret::new(pasted.into_bytes());
        let described = key.describe();
        let things: [&dyn Debug; 9] = [
            &ring, key, &readings, &stamp, &verifier, &error, &broken, &pasted, &described,
        ];
        for secret in secrets(&ring) {
            for thing in things {
                let told = in_panic(thing);
                assert_eq!(tells(&told, &secret), None, "{told}");
            }
        }
    }
}

#[test]
fn a_key_that_is_told_would_be_found() {
    for pasted in keys() {
        let mut ring = KeyRing::default();
        ring.add_pasted(pasted.as_bytes(), "k").unwrap();
        for secret in secrets(&ring) {
            let bytes = secret.get(1..WINDOW + 1).unwrap();
            assert!(tells(&in_panic(&bytes), &secret).is_some());
            let text = URL_SAFE_NO_PAD.encode(&secret);
            assert!(tells(&in_panic(&text), &secret).is_some());
        }
    }
}

#[test]
fn what_holds_a_key_is_wiped_when_it_is_dropped() {
    fn wiped<T: ZeroizeOnDrop>() {}

    wiped::<Secret>();
    wiped::<Zeroizing<String>>();
    wiped::<jsonwebtoken::EncodingKey>();
    wiped::<jsonwebtoken::DecodingKey>();
    wiped::<p521::SecretKey>();
    wiped::<ed25519_dalek::SigningKey>();
    wiped::<rsa::RsaPrivateKey>();
}
