//! Fifty notifications at once bring the endpoint down.
//!
//! ## What it sends
//! Fifty different right notifications, all at once, each on a connection of its own.
//!
//! ## Why
//! A synchronisation of many users ends in many notifications within a moment. An endpoint that does its work before
//! it answers runs out of workers or of connections to its database.
//!
//! ## What a right endpoint answers
//! Any answer below 500, in time: 2xx, or 429. It takes a right notification afterwards.
//!
//! ## Remedy
//! Put the notification into a queue or a table, answer 2xx, and do the work afterwards.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H307",
    "fifty-at-once",
    Expect::Survive,
    include_str!("fifty_at_once.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    Ok(Attack::at_once(forge.many(50)?))
}
