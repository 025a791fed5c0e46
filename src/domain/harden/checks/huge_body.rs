//! A huge body brings the endpoint down.
//!
//! ## What it sends
//! A notification of 16 MiB, with a right token.
//!
//! ## Why
//! An endpoint that reads without a limit can be made to run out of memory by anybody who knows its URL.
//!
//! ## What a right endpoint answers
//! Any answer below 500, in time; 413 says it best. It may close the connection before everything was sent. It takes
//! a right notification afterwards.
//!
//! ## Remedy
//! Set a limit to the length of a body, some MiB, in the server or the framework, and see that what is too long is
//! answered with 413.

use crate::domain::harden::forge::{changed, set};
use crate::domain::harden::{
    Attack, Check, Expect, Finding, Forge, Reaction, Shot, Terms, Unarmed,
};

pub(super) const CHECK: Check = Check::new(
    "H303",
    "huge-body",
    Expect::Survive,
    include_str!("huge_body.rs"),
    plan,
)
.judged_by(judge);

/// The length of the padding, in bytes.
const LENGTH: usize = 16 * 1024 * 1024;

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let body = changed(&body, |notification| {
        set(notification, "/events/0/payload/event", "x".repeat(LENGTH));
    });
    Ok(forge.right(body)?.into())
}

/// Whoever refuses early often closes the connection before the sender can see why.
fn judge(shots: &[Shot], terms: &Terms) -> Finding {
    Finding::of(shots, terms, |reaction| match reaction {
        Reaction::Status(status) => *status < 500,
        Reaction::Closed => true,
        _ => false,
    })
}
