//! Words that several renderers use.

use super::Stream;
use super::style::Role;
use crate::domain::signature::{BodyBinding, Verdict};

/// A number of things: `1 error`, `2 errors`, `3 deliveries`.
pub(super) fn plural(number: u64, what: &str) -> String {
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {what}s"),
    }
}

/// The first names, and how many more there are.
pub(super) fn summarize(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let shown = names
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A time in milliseconds, as people write it.
pub(super) fn latency(millis: f64) -> String {
    if millis < 10.0 {
        format!("{millis:.1} ms")
    } else if millis < 10_000.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{:.1} s", millis / 1000.0)
    }
}

/// A place in a source, as people write it.
pub(super) fn place(source: &str, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("{source}:{line}"),
        None => source.to_owned(),
    }
}

/// What a signature proved.
pub(super) fn signature(
    verdict: Verdict,
    body_binding: Option<BodyBinding>,
    reason: Option<&str>,
    out: Stream,
) -> String {
    let (role, text) = match (verdict, body_binding) {
        (Verdict::Valid, Some(BodyBinding::Bound)) => (Role::Good, "signed".to_owned()),
        (Verdict::Valid, _) => (Role::Good, "signed, body unbound".to_owned()),
        (Verdict::NoKey, _) => (Role::Dim, "signature not checked".to_owned()),
        (Verdict::Unsigned, _) => (Role::Bad, "unsigned".to_owned()),
        (Verdict::Invalid, _) => {
            let reason = reason.unwrap_or("unknown");
            (Role::Bad, format!("bad token ({})", out.foreign(reason)))
        }
    };
    out.style.paint(role, &text)
}
