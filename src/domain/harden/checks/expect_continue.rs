//! A notification whose sender asks before it sends the body is not accepted.
//!
//! ## What it sends
//! A plain notification with `Expect: 100-continue`: first the head, then, once the endpoint says `100 Continue` or a
//! second has passed, the body.
//!
//! ## Why
//! Some HTTP clients ask before they send a body (curl does for long ones). A server that knows nothing of it answers
//! 417, or waits for ever.
//!
//! ## What a right endpoint answers
//! 100, then 2xx.
//!
//! ## Remedy
//! Let the server answer `100 Continue`, as most do by themselves, or put one in front that does.

use crate::domain::harden::{Attack, Check, Expect, Forge, Transfer, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H209",
    "expect-continue",
    Expect::Accept,
    include_str!("expect_continue.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    Ok(forge.right(body)?.by(Transfer::OnContinue).into())
}
