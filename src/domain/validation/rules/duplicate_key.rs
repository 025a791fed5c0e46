//! A key stands twice in one object.
//!
//! ## What it checks
//! That no object, at any depth, has two members whose names are equal once their escapes are read.
//!
//! ## Why
//! RFC 8259 leaves the outcome open: some parsers keep the first value, some the last, some refuse. What one program
//! checked is then not what another one uses.
//!
//! ## Example
//! ```text
//! {"id_user": "648a053b59f043380d473be3", "id_user": "648a053b59f043380d473be4"}
//! ```
//!
//! ## Do instead
//! Remove one of them. Serialisers write a key once; look for a body that was put together by hand.

use std::collections::HashSet;

use super::Rule;
use crate::domain::json::{Spot, Value};
use crate::domain::notification::Notification;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH003",
    "duplicate-key",
    Severity::Error,
    include_str!("duplicate_key.rs"),
)
.on_document(check);

/// Up to here a scan of the earlier keys is faster than a set.
const FEW: usize = 24;

fn check(notification: &Notification<'_>, report: &mut Report<'_>) {
    for object in notification.document().objects() {
        check_object(object, report);
    }
}

fn check_object(object: Value<'_, '_>, report: &mut Report<'_>) {
    let mut sketch = 0_u64;
    let mut seen = None;
    for (position, (key, value)) in object.members().enumerate() {
        let repeated = if position < FEW {
            let bit = 1_u64 << trait_of(key);
            let perhaps = sketch & bit != 0;
            sketch |= bit;
            perhaps
                && object
                    .members()
                    .take(position)
                    .any(|(earlier, _)| earlier == key)
        } else {
            let first = || {
                object
                    .members()
                    .take(FEW)
                    .map(|(earlier, _)| earlier)
                    .collect()
            };
            let seen: &mut HashSet<&str> = seen.get_or_insert_with(first);
            !seen.insert(key)
        };
        if repeated {
            let help = "parsers disagree about which value counts: remove one";
            report.add(
                Spot::key(value),
                format!("the key {} is repeated", quote(key)),
                help,
            );
        }
    }
}

/// A number below 64 in which different keys mostly differ: most objects need no comparison at all.
fn trait_of(key: &str) -> u32 {
    let byte = |byte: Option<&u8>| byte.copied().map_or(0, u32::from);
    let bytes = key.as_bytes();
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    length
        .wrapping_mul(7)
        .wrapping_add(byte(bytes.last()).wrapping_mul(5))
        .wrapping_add(byte(bytes.get(4)))
        % 64
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(V1)],
        bad: &[
            Edited(
                CREATED,
                "\"is_executing\": 1",
                "\"is_executing\": 1, \"x\": 2, \"\\u0078\": 3",
            ),
            Edited(
                CREATED,
                "\"is_executing\": 1",
                "\"is_executing\": 1, \"x\": [{\"y\": 2, \"y\": 2}]",
            ),
            Edited(CREATED, "\"is_executing\": 1", MANY_MEMBERS),
        ],
    }
};
