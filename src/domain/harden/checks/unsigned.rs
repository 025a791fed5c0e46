//! A notification without a signature is accepted.
//!
//! ## What it sends
//! A plain notification without the header that carries the token.
//!
//! ## Why
//! The URL of a webhook is no secret: it stands in logs, in proxies and in the history of browsers. An endpoint that
//! takes what is unsigned takes it from anybody.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Look for the header before anything else, and answer 401 where it is missing or empty. Where your app tells Syncfy
//! by a secret header in place of the JWT, leave this check out with `--skip unsigned`.

use crate::domain::harden::{Attack, Check, Expect, Forge, Probe, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H101",
    "unsigned",
    Expect::Refuse,
    include_str!("unsigned.rs"),
    plan,
);

#[expect(clippy::unnecessary_wraps, reason = "other checks need a key")]
fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    Ok(Probe::post(forge.plain()).into())
}
