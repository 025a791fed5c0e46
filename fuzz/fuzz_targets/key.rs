//! Arbitrary bytes as a pasted key: what is read reads back the same, and `Debug` shows nothing of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use syncfy_hooks::domain::signature::{Key, KeyRing};

fuzz_target!(|data: &[u8]| {
    let mut ring = KeyRing::default();
    for key in ring.add_pasted(data, "fuzz").unwrap_or_default() {
        let again = Key::parse(key.to_jwk().as_bytes(), "fuzz").expect("a JWK of ours is a key");
        let (one, other) = (key.describe(), again.describe());
        assert_eq!(one.thumbprint, other.thumbprint);
        assert_eq!((one.kid, one.private), (other.kid, other.private));
    }
    // Two secrets of one length look alike, so neither is shown.
    let shown = |secret: &[u8]| {
        let key = Key::parse(&[b"text:", secret].concat(), "fuzz").ok()?;
        let bytes = key.first_reading().bytes();
        Some((bytes, format!("{key:?} {key:#?}")))
    };
    let secret = std::str::from_utf8(data).unwrap_or_default().trim();
    if let Some((bytes, looks)) = shown(secret.as_bytes()) {
        assert_eq!(Some((bytes, looks)), shown(&vec![b'x'; bytes]));
    }
});
