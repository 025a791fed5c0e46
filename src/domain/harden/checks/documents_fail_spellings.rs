//! One of the two spellings of `documents.fail` is not accepted.
//!
//! ## What it sends
//! A notification of the event `documents.fail`, and one of `documents.failed`.
//!
//! ## Why
//! The documentation of Syncfy lists `documents.fail`, and its own example carries `documents.failed`. An endpoint
//! that knows one of them alone may never hear that documents failed.
//!
//! ## What a right endpoint answers
//! 2xx for both.
//!
//! ## Remedy
//! Take both names for the same event.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H206",
    "documents-fail-spellings",
    Expect::Accept,
    include_str!("documents_fail_spellings.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let probes: Result<Vec<_>, _> = ["documents.fail", "documents.failed"]
        .iter()
        .map(|name| {
            let body = forge.event(name);
            Ok::<_, Unarmed>(forge.right(body)?.labelled(*name))
        })
        .collect();
    Ok(Attack::in_turn(probes?))
}
