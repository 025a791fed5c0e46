//! The body begins with a byte order mark.
//!
//! ## What it checks
//! That the body does not begin with the bytes `EF BB BF`.
//!
//! ## Why
//! RFC 8259 forbids senders to add the mark, and many parsers refuse the body because of it. The mark is also part of
//! what a signature over the body covers.
//!
//! ## Example
//! ```text
//! EF BB BF 7B 22 72 69 64 22 …
//! ```
//!
//! ## Do instead
//! Save the file as UTF-8 without BOM. `--fix` takes the mark away.

use super::Rule;
use crate::domain::json::Spot;
use crate::domain::notification::Notification;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::{Remedy, Report};

pub(super) const RULE: Rule = Rule::new(
    "SH002",
    "byte-order-mark",
    Severity::Warning,
    include_str!("byte_order_mark.rs"),
)
.on_document(check);

fn check(notification: &Notification<'_>, report: &mut Report<'_>) {
    if notification.byte_order_mark() > 0 {
        let help = "save the file as UTF-8 without BOM: many parsers refuse it";
        report.add_remediable(
            Spot::key(notification.root()),
            "the body begins with a byte order mark",
            help,
            Some(Remedy::NoMark),
        );
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED)],
        bad: &[Edited(
            CREATED,
            "{\n  \"events\"",
            "\u{feff}{\n  \"events\"",
        )],
    }
};
