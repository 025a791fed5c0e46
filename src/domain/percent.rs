//! Percent-encoding, as URLs write what they cannot hold.
//!
//! Refuses to know the parts of a URL.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Undoes `%41`; what is no escape stays, and what is then not UTF-8 is U+FFFD.
#[must_use]
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return text.into();
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .filter(|digits| first == b'%' && digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = escaped.map_or(after, |_| after.get(2..).unwrap_or_default());
        decoded.push(escaped.unwrap_or(first));
    }
    String::from_utf8_lossy(&decoded).into_owned().into()
}

/// Undoes `%41`, and `+` for a space, as forms write the parameters of a query.
#[must_use]
pub fn decode_parameter(text: &str) -> Cow<'_, str> {
    if text.contains('+') {
        decode(&text.replace('+', " ")).into_owned().into()
    } else {
        decode(text)
    }
}

/// Escapes all that does not stand for itself in every part of a URL (RFC 3986, section 2.3), but for `*`.
#[must_use]
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~*".contains(&byte) {
            encoded.push(byte.into());
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a `String` cannot fail");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_comes_back() {
        let text = "ana+1@x.mx/ñ %41&=***";
        assert_eq!(encode(text), "ana%2B1%40x.mx%2F%C3%B1%20%2541%26%3D***");
        assert_eq!(decode(&encode(text)), text);
        assert_eq!(decode_parameter(&encode(text)), text);
    }

    #[test]
    fn what_is_no_escape_stays() {
        assert_eq!(decode("%zz%4%41%"), "%zz%4A%");
        assert_eq!(decode("%ff+"), "\u{fffd}+");
        assert_eq!(decode_parameter("a+%2B"), "a +");
    }
}
