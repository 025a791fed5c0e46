//! How a moment that this program has seen is written: RFC 3339 in UTC, always with milliseconds.
//!
//! A fixed width lets lines be compared and sorted as text. Times that come from elsewhere are not rounded here.

use jiff::Timestamp;
use serde::Serializer;

/// Writes a moment such as `2026-01-02T03:04:05.320Z`, for `serialize_with`; `null` where there is none.
///
/// # Errors
///
/// Those of the serializer.
pub fn milliseconds<S: Serializer>(
    at: &(impl Copy + Into<Option<Timestamp>>),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match (*at).into() {
        Some(at) => serializer.collect_str(&format_args!("{at:.3}")),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_always_there() {
        let written = |at: Option<&str>| {
            let at: Option<Timestamp> = at.map(|at| at.parse().unwrap());
            milliseconds(&at, serde_json::value::Serializer).unwrap()
        };
        for (at, expected) in [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
            ("2026-01-02T03:04:05.32Z", "2026-01-02T03:04:05.320Z"),
            ("2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05.678Z"),
        ] {
            assert_eq!(written(Some(at)), expected);
        }
        assert!(written(None).is_null());
    }
}
