//! Lengths of time in a scenario, such as `4s`, `1m 30s` or `90d`.

use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

/// Reads a length of time, of which a day has 24 hours.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<Span>()
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .ok()
        .filter(|length| !length.is_negative())
        .ok_or_else(|| {
            D::Error::custom("a length of time is written `4s`, `1m 30s`, `2h` or `90d`")
        })
}
