//! A GET brings the endpoint down.
//!
//! ## What it sends
//! A GET of the same URL, without a body and without a token.
//!
//! ## Why
//! Whoever opens the URL in a browser, and every crawler, sends a GET.
//!
//! ## What a right endpoint answers
//! Any answer below 500, in time; 405 says it best. It takes a right notification afterwards.
//!
//! ## Remedy
//! Route POST alone to the handler, and let the framework answer 405 to the rest.

use crate::domain::harden::{Attack, Check, Expect, Forge, Probe, Unarmed};

pub(super) const CHECK: Check =
    Check::new("H306", "get", Expect::Survive, include_str!("get.rs"), plan);

#[expect(clippy::unnecessary_wraps, reason = "other checks need a key")]
fn plan(_: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let probe = Probe {
        method: "GET",
        ..Probe::post(Vec::new())
    };
    Ok(probe.into())
}
