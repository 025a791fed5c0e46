//! The payload is of another kind than the event has.
//!
//! ## What it checks
//! That the payload is an object; in `payments.transaction_created` an array of objects; in an unknown event either.
//!
//! ## Why
//! A program reads fields of an object, or walks an array; it cannot do the one with the other.
//!
//! ## Example
//! ```text
//! {"header": {"event": {"name": "credentials.created"}}, "payload": []}
//! ```
//!
//! ## Do instead
//! Send the kind that the event has in Syncfy's documentation.

use super::Rule;
use crate::domain::json::{Kind, Spot};
use crate::domain::notification::EventView;
use crate::domain::notification::event::PayloadKind;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::Report;

pub(super) const RULE: Rule = Rule::new(
    "SH301",
    "payload-kind",
    Severity::Error,
    include_str!("payload_kind.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    let Some(payload) = event.payload else {
        return;
    };
    let (fits, wanted) = match event.known.map(|known| known.payload) {
        Some(PayloadKind::Objects) => (payload.kind() == Kind::Array, "an array of objects"),
        Some(_) => (payload.kind() == Kind::Object, "an object"),
        None => (
            matches!(payload.kind(), Kind::Object | Kind::Array),
            "an object or an array",
        ),
    };
    if !fits {
        let message = format!("`payload` is {}, expected {wanted}", payload.kind());
        return report.add(Spot::value(payload), message, format!("send {wanted}"));
    }
    if event.known.is_some() {
        for item in payload.items().filter(|item| item.kind() != Kind::Object) {
            let message = format!(
                "an item of `payload` is {}, expected an object",
                item.kind()
            );
            report.add(Spot::value(item), message, format!("send {wanted}"));
        }
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[
            Whole(CREATED),
            Whole(PAYMENTS),
            Edited(PAYMENTS, "payments.transaction_created", "payments.new"),
        ],
        bad: &[
            Edited(
                PAYMENTS,
                "payments.transaction_created",
                "documents.success",
            ),
            Edited(PAYMENTS, "[{\"amount\": 251.63999999999999}]", "{}"),
            Edited(PAYMENTS, "[{\"amount\": 251.63999999999999}]", "[1]"),
            Edited(PAYMENTS, "[{\"amount\": 251.63999999999999}]", "null"),
        ],
    }
};
