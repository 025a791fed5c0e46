//! A token that is not valid yet is accepted.
//!
//! ## What it sends
//! A plain notification with a right token whose `nbf` is an hour ahead, and whose `exp` is later still.
//!
//! ## Why
//! A sender that says from when on a token holds is to be believed; where it is not, tokens can be made in store.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Honour `nbf` where it is there, with a leeway of a minute or so: leave the check of your library on.

use jiff::SignedDuration;
use serde_json::value::to_raw_value;

use crate::domain::harden::forge::claims_since;
use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};
use crate::domain::signature::ClaimMap;

pub(super) const CHECK: Check = Check::new(
    "H106",
    "not-yet-valid",
    Expect::Refuse,
    include_str!("not_yet_valid.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let begin = forge.now + SignedDuration::from_hours(1);
    let begin = to_raw_value(&begin.as_second()).map(|value| ("nbf".to_owned(), value));
    let claims =
        claims_since(forge.now, 2 * 60 * 60, &body).with(begin.into_iter().collect::<ClaimMap>());
    Ok(forge.claiming(body, claims)?.into())
}
