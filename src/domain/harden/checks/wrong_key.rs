//! A token that another key has signed is accepted.
//!
//! ## What it sends
//! A plain notification with a token that is right in all but its key, which was made at random and is of the same
//! kind.
//!
//! ## Why
//! An endpoint that decodes a token without checking its signature believes whatever anybody writes into it.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Verify the token, and do not only decode it: `jwt.verify` in place of `jwt.decode`, no `verify_signature: False`,
//! and the result of the check is heeded. `syncfy-hooks verify --snippet` prints a handler that does.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H102",
    "wrong-key",
    Expect::Refuse,
    include_str!("wrong_key.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let token = forge.strange_token(&body)?;
    Ok(forge.carrying(body, &token).into())
}
