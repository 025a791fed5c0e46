//! An event of the catalogue is not accepted.
//!
//! ## What it sends
//! One notification for each event of the catalogue: credentials, documents and payments, with the payload that each
//! of them has.
//!
//! ## Why
//! The payloads differ: `endpoints` is an object in one and an array in another, `payload` itself is an array in
//! `payments.transaction_created`, and some fields are missing. A handler that was written for one example fails on
//! the next.
//!
//! ## What a right endpoint answers
//! 2xx for each, also for those that it has no use for.
//!
//! ## Remedy
//! Answer 2xx to every event, and act on those that you know: read fields only once you know the name of the event.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};
use crate::domain::notification::event;

pub(super) const CHECK: Check = Check::new(
    "H202",
    "every-event",
    Expect::Accept,
    include_str!("every_event.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let probes: Result<Vec<_>, _> = event::CATALOGUE
        .iter()
        .map(|event| {
            let body = forge.event(event.name);
            Ok::<_, Unarmed>(forge.right(body)?.labelled(event.name))
        })
        .collect();
    Ok(Attack::in_turn(probes?))
}
