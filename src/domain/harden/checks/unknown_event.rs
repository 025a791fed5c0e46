//! An event that is not in the catalogue is not accepted.
//!
//! ## What it sends
//! A notification of the event `credentials.archived`, which Syncfy does not have today.
//!
//! ## Why
//! Syncfy adds events without notice. An endpoint that answers them with an error fails on that day, and may be
//! disabled.
//!
//! ## What a right endpoint answers
//! 2xx.
//!
//! ## Remedy
//! Give the branch on the name of the event a default that answers 2xx, and write a line into the log.

use crate::domain::harden::forge::{changed, set};
use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H203",
    "unknown-event",
    Expect::Accept,
    include_str!("unknown_event.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.event("credentials.deleted");
    let body = changed(&body, |notification| {
        let name = "credentials.archived";
        set(notification, "/events/0/header/event/name", name);
    });
    Ok(forge.right(body)?.into())
}
