//! A token without a signature, of the algorithm `none`, is accepted.
//!
//! ## What it sends
//! A plain notification with a token whose header names the algorithm `none`, `None` or `nOnE`, and whose signature
//! is empty: one request each.
//!
//! ## Why
//! The standard has an algorithm for tokens that nobody signed. A library that does what the header of the token asks
//! for takes them as valid (RFC 8725, section 3.2).
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Name the algorithms that you accept, such as `algorithms: ["HS256"]`, in the call that verifies the token; never
//! take the algorithm from the token.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};
use crate::domain::signature::without_signature;

pub(super) const CHECK: Check = Check::new(
    "H103",
    "alg-none",
    Expect::Refuse,
    include_str!("alg_none.rs"),
    plan,
);

#[expect(clippy::unnecessary_wraps, reason = "other checks need a key")]
fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let probes = ["none", "None", "nOnE"].map(|alg| {
        let token = without_signature(alg, forge.claims(&body));
        forge.carrying(body.clone(), &token).labelled(alg)
    });
    Ok(Attack::in_turn(probes))
}
