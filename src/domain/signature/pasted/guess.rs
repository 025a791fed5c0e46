//! Whether a text that was typed where no key belongs is one all the same.

use super::encoding;
use super::pem;

/// From this many characters on, a text without a word in it is taken for a key.
const LONG: usize = 16;

/// Whether the text looks like a key: a JWK, PEM, a forced reading, or a long text of random base64 or hex. Such a text is
/// not to be repeated in a message. A passphrase looks like any other text.
#[must_use]
pub fn looks_like_a_key(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let text = match text.split_once('=') {
        Some((name, value)) if name.starts_with("SYNCFY_") => value,
        _ => text,
    };
    let is_around = |char: char| char.is_whitespace() || "\"'“”‘’…".contains(char);
    let bare = text.trim_matches(is_around);
    let is_forced = ["text:", "hex:", "base64:"].iter().any(|prefix| {
        bare.get(..prefix.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    });
    let text = text.trim();
    is_forced || pem::is_pem(text) || is_json(text) || is_random(bare)
}

/// Also where it is cut, or its quotes are escaped or lost.
fn is_json(text: &str) -> bool {
    let mut words = text.split(|other: char| !other.is_ascii_alphanumeric());
    let opens = text.starts_with(['{', '[', '"', '\'']);
    opens && text.contains('{') && words.any(|word| ["k", "d", "kty", "keys"].contains(&word))
}

fn is_random(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    let is_hex = text.len() >= 2 * LONG && encoding::decode_hex(text).is_some();
    // The names in a path are no base64 by themselves.
    let is_mixed = |part: &str| {
        let has = |class: fn(&u8) -> bool| part.bytes().any(|byte| class(&byte));
        part.len() >= LONG
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_digit)
    };
    let digits = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
    is_hex || text.len() > LONG && text.bytes().all(digits) && text.split('/').any(is_mixed)
}

#[cfg(test)]
mod tests {
    use super::looks_like_a_key;

    #[test]
    fn keys_are_told_from_names() {
        for key in [
            r#"{"kty":"oct","k":"QUJD"}"#,
            r#"{"kty":"oct","k":"QU"#,
            r#""{\"kty\":\"oct\""#,
            "{kty:oct,k:QUJD}",
            "-----BEGIN PRIVATE KEY-----",
            "hex:00ff",
            r#""AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ""#,
            "text:secret",
            "Text:secret",
            "“AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ”",
            "export SYNCFY_HOOKS_KEY=AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ",
            "00112233445566778899aabbccddeeff",
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T",
            "AyM1SysPpbyDfgZld3um/1qzKObwVMkoqQ+EstJQLr==",
        ] {
            assert!(looks_like_a_key(key), "{key}");
        }
        for name in [
            "",
            "syncfy.jwk",
            "captures/2026/Production1",
            "/home/Someone/keys/syncfy-2026.txt",
            "0b9f2a3c-1d4e-4f5a-8b6c-7d8e9f0a1b2c",
            "65a1b2c3d4e5f60718293a4b",
            "--signature-header",
            r#"{"rid":"r-1","events":[]}"#,
        ] {
            assert!(!looks_like_a_key(name), "{name}");
        }
    }
}
