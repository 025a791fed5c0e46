//! A notification with several events is not accepted.
//!
//! ## What it sends
//! A notification with five events of one synchronisation.
//!
//! ## Why
//! `events` is an array, and every documented example has one event in it. A handler that reads `events[0]` alone
//! loses the others, and one that insists on a single event refuses them.
//!
//! ## What a right endpoint answers
//! 2xx.
//!
//! ## Remedy
//! Go over all of `events`, and let no event of a kind hinder the next.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H204",
    "batch",
    Expect::Accept,
    include_str!("batch.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.batch(&[
        "credentials.created",
        "credentials.updated",
        "credentials.refreshed",
        "documents.completed",
        "documents.success",
    ]);
    Ok(forge.right(body)?.into())
}
