//! A token without its whole signature is accepted.
//!
//! ## What it sends
//! A plain notification with a right token that was cut off: without its signature, with an empty signature, and with
//! half of it.
//!
//! ## Why
//! A comparison that stops where the shorter text ends, or that passes over an empty signature, accepts what nobody
//! signed.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Let a library verify the token. Where the signature is compared by hand, compare all of it, in constant time
//! (`timingSafeEqual`, `hmac.compare_digest`), and refuse a token that has not three parts.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H109",
    "truncated-token",
    Expect::Refuse,
    include_str!("truncated_token.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let token = forge.token(&body)?;
    let (unsigned, signature) = token.rsplit_once('.').unwrap_or((&token, ""));
    let half = signature.get(..signature.len() / 2).unwrap_or_default();
    let probes = [
        ("no signature", unsigned.to_owned()),
        ("empty signature", format!("{unsigned}.")),
        ("half a signature", format!("{unsigned}.{half}")),
    ];
    let probes = probes.map(|(label, token)| forge.carrying(body.clone(), &token).labelled(label));
    Ok(Attack::in_turn(probes))
}
