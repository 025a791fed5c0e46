//! `is_executing` is neither 0 nor 1.
//!
//! ## What it checks
//! That `is_executing` is the number 0 or 1 in `credentials.created` and `credentials.updated`.
//!
//! ## Why
//! Programs wait while it is 1. A boolean or a string there is true in some languages and false in others.
//!
//! ## Example
//! ```text
//! {"is_executing": true}
//! ```
//!
//! ## Do instead
//! Send the number 1 while the work goes on, else 0.

use super::Rule;
use crate::domain::json::{Kind, Spot, Value};
use crate::domain::notification::EventView;
use crate::domain::notification::event::PayloadKind;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::{Remedy, Report};
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH305",
    "is-executing",
    Severity::Error,
    include_str!("is_executing.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let (Some(PayloadKind::Credential), Some(value)) = (
        event.known.map(|known| known.payload),
        event.fields.is_executing,
    ) else {
        return;
    };
    if matches!(value.as_u64(), Some(0 | 1)) {
        return;
    }
    let message = match value.as_str() {
        Some(text) => format!("`is_executing` is {}, expected 0 or 1", quote(text)),
        None if value.kind() == Kind::Number => {
            "`is_executing` is another number than 0 or 1".to_owned()
        }
        None => format!("`is_executing` is {}, expected 0 or 1", value.kind()),
    };
    report.add_remediable(
        Spot::value(value),
        message,
        "send the number 1 while the work goes on, else 0",
        number(value).map(|number| Remedy::Value(number.to_owned())),
    );
}

/// The number that is meant, where it is in no doubt.
fn number(value: Value<'_, '_>) -> Option<&'static str> {
    match (value.as_bool(), value.as_str()) {
        (Some(true), _) | (_, Some("1")) => Some("1"),
        (Some(false), _) | (_, Some("0")) => Some("0"),
        _ => None,
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[
            Whole(CREATED),
            Whole(REFRESHED),
            Edited(CREATED, "\"is_executing\": 1", "\"is_executing\": 0"),
        ],
        bad: &[
            Edited(CREATED, "\"is_executing\": 1", "\"is_executing\": true"),
            Edited(CREATED, "\"is_executing\": 1", "\"is_executing\": \"1\""),
            Edited(CREATED, "\"is_executing\": 1", "\"is_executing\": 2"),
        ],
    }
};
