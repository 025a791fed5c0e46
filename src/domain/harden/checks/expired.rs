//! A token that has expired is accepted.
//!
//! ## What it sends
//! A plain notification with a right token whose `exp` passed an hour ago.
//!
//! ## Why
//! Whoever once saw a notification, in a log or on the wire, could send it again for ever.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Honour `exp`: leave the check of your library on (no `ignoreExpiration`, no `verify_exp: False`), with a leeway of
//! a minute or so.

use jiff::SignedDuration;

use crate::domain::harden::forge::claims_since;
use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H105",
    "expired",
    Expect::Refuse,
    include_str!("expired.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let made = forge.now - SignedDuration::from_mins(65);
    let claims = claims_since(made, 5 * 60, &body);
    Ok(forge.claiming(body, claims)?.into())
}
