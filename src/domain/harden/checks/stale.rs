//! A token that was made long ago is accepted.
//!
//! ## What it sends
//! A plain notification with a right token whose `iat` is a day old, and whose `exp` is still an hour ahead.
//!
//! ## Why
//! How long a token lives is up to its sender. An endpoint that sets a limit of its own to the age of a token does
//! not depend on that: what was recorded yesterday is not to be played back today.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Refuse a token whose `iat` is older than some minutes: `maxAge` in jsonwebtoken, a comparison by hand in `PyJWT`.

use jiff::SignedDuration;

use crate::domain::harden::forge::claims_since;
use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H107",
    "stale",
    Expect::Refuse,
    include_str!("stale.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let made = forge.now - SignedDuration::from_hours(24);
    let claims = claims_since(made, 25 * 60 * 60, &body);
    Ok(forge.claiming(body, claims)?.into())
}
