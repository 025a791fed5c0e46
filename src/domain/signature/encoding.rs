//! Bytes written as base64 or hex by strangers.
//!
//! Owns how forgiving the reading is; refuses to know whether the bytes are a key, a digest or a signature. Tokens are
//! not read here: their base64url is strict.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Base64url whose padding and leftover bits do not matter.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The two spellings of base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// `+` and `/`, with or without padding; also where a text has padding and none of the special digits.
    Standard,
    /// `-` and `_`, with or without padding; also where a text has none of the special digits.
    UrlSafe,
}

/// Base64url without padding, as tokens and JWKs are written.
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Pairs of lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    bytes.iter().flat_map(digits).flatten().collect()
}

/// Base64 of either alphabet, padded or not.
pub(super) fn decode_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let url_safe = |byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    };
    let url_safe: Zeroizing<Vec<u8>> = Zeroizing::new(text.bytes().map(url_safe).collect());
    decode(&FORGIVING, &url_safe)
}

/// Decodes in a place that is wiped, also where it comes to nothing.
fn decode(engine: &GeneralPurpose, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let length = engine.decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// Base64 exactly as an encoder writes it, with padding or without, and nothing that merely decodes.
pub(super) fn decode_canonical(text: &str) -> Option<(Alphabet, Zeroizing<Vec<u8>>)> {
    let (alphabet, engine) = if text.contains(['+', '/', '=']) && !text.contains(['-', '_']) {
        (Alphabet::Standard, STANDARD_NO_PAD)
    } else {
        (Alphabet::UrlSafe, URL_SAFE_NO_PAD)
    };
    let unpadded = text.trim_end_matches('=');
    let padding = text.len() - unpadded.len();
    let padding_fits = padding == 0 || padding <= 2 && text.len().is_multiple_of(4);
    let bytes = decode(&engine, unpadded.as_bytes())?;
    padding_fits.then_some((alphabet, bytes))
}

/// Pairs of hex digits in either case.
pub(super) fn decode_hex(digits: &str) -> Option<Zeroizing<Vec<u8>>> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let byte = |[high, low]: &[u8; 2]| u8::try_from(nibble(*high)? << 4 | nibble(*low)?).ok();
    // Large enough, so that no smaller copy is left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for pair in pairs {
        bytes.push(byte(pair)?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_pairs_of_digits() {
        assert_eq!(decode_hex("00fFa0"), Some(vec![0, 255, 160].into()));
        for bad in ["0", "+f", "0g", "é"] {
            assert_eq!(decode_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn canonical_base64_is_what_an_encoder_writes() {
        assert_eq!(
            decode_canonical("-_8"),
            Some((Alphabet::UrlSafe, vec![0xfb, 0xff].into()))
        );
        assert_eq!(
            decode_canonical("-_8="),
            Some((Alphabet::UrlSafe, vec![0xfb, 0xff].into()))
        );
        assert_eq!(
            decode_canonical("+/8="),
            Some((Alphabet::Standard, vec![0xfb, 0xff].into()))
        );
        assert_eq!(
            decode_canonical("+/8"),
            Some((Alphabet::Standard, vec![0xfb, 0xff].into()))
        );
        for bad in [
            "+/9", "+/8==", "QUJD====", "-_9", "-/8", "-_8==", "a b", "a",
        ] {
            assert_eq!(decode_canonical(bad), None, "{bad}");
        }
    }

    #[test]
    fn forgiving_base64_takes_both_alphabets() {
        for text in ["+/8=", "-_8", "-/9"] {
            assert_eq!(decode_base64(text), Some(vec![0xfb, 0xff].into()), "{text}");
        }
    }
}
