//! A notification that comes in chunks, without a length, is not accepted.
//!
//! ## What it sends
//! A plain notification with `Transfer-Encoding: chunked`, in several pieces.
//!
//! ## Why
//! A proxy in between may send a body on as it comes. An app that reads `Content-Length` bytes reads nothing then.
//!
//! ## What a right endpoint answers
//! 2xx.
//!
//! ## Remedy
//! Read the body to its end, however it travels; put a server in front that does where your framework cannot.

use crate::domain::harden::{Attack, Check, Expect, Forge, Transfer, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H208",
    "chunked",
    Expect::Accept,
    include_str!("chunked.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    Ok(forge.right(body)?.by(Transfer::Chunked).into())
}
