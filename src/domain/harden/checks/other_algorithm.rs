//! A token of an algorithm that does not go with the key is accepted.
//!
//! ## What it sends
//! To an endpoint with a shared secret: tokens whose header names RS256 or ES256, algorithms of key pairs, and whose
//! signature is HMAC-SHA256 by the secret all the same. To one with a key pair: a token whose header names HS256,
//! signed with the empty secret.
//!
//! ## Why
//! An endpoint that passes over the algorithm of a token, or lets the token choose it, can be led to take a public
//! key for a secret, or none for one (RFC 8725, section 3.1). No right sender makes such a token. HS384 and HS512 are
//! not tried: a shared secret may allow them.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Name the algorithms that your key is for in the call that verifies the token, and refuse a token whose header
//! names another.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};
use crate::domain::signature::of_other_algorithms;

pub(super) const CHECK: Check = Check::new(
    "H104",
    "other-algorithm",
    Expect::Refuse,
    include_str!("other_algorithm.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let signer = forge.signer()?;
    let body = forge.plain();
    let tokens = of_other_algorithms(&forge.claims(&body), signer.key);
    let probes = tokens
        .iter()
        .map(|(alg, token)| forge.carrying(body.clone(), token).labelled(alg.name()));
    Ok(Attack::in_turn(probes))
}
