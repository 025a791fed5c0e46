//! A notification with two differing signature headers is accepted.
//!
//! ## What it sends
//! A plain notification that carries the header twice, once with a right token and once with one by another key, in
//! either order: two requests.
//!
//! ## Why
//! A proxy in front of an app may check the first header, and the app the last: each of them then believes what the
//! other one has checked.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Refuse a request in which the header comes more than once, or read it as one text (`a, b`), which is no token. In
//! Node.js `request.headersDistinct` has all of them, in Python `request.headers.getlist`.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H110",
    "two-signatures",
    Expect::Refuse,
    include_str!("two_signatures.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let right = forge.token(&body)?;
    let wrong = forge.strange_token(&body)?;
    let both = |first: &str, second: &str| {
        let first = forge.carrying(body.clone(), first);
        first.with(forge.header, second)
    };
    Ok(Attack::in_turn([
        both(&right, &wrong).labelled("right one first"),
        both(&wrong, &right).labelled("wrong one first"),
    ]))
}
