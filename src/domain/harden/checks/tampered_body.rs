//! A token is accepted with another body than the one that it covers.
//!
//! ## What it sends
//! Two notifications with right tokens whose `body_sha256` is that of another body: in one a value was changed since,
//! in the other an event was added.
//!
//! ## Why
//! A token that covers the body is worth nothing where nobody compares. Whoever sees one notification could send any
//! other with its token, as long as it lives.
//!
//! ## What a right endpoint answers
//! 4xx; 401 says it best.
//!
//! ## Remedy
//! Compare the SHA-256 of the exact bytes that arrived with the claim `body_sha256`, where the token has it, before
//! you parse them. Parsed and written again they are other bytes.

use crate::domain::harden::forge::{changed, set};
use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H108",
    "tampered-body",
    Expect::Refuse,
    include_str!("tampered_body.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let token = forge.token(&body)?;
    let value = changed(&body, |notification| {
        let id = "0123456789abcdef01234567";
        set(notification, "/events/0/payload/id_site", id);
    });
    let event = changed(&body, |notification| {
        let events = notification.get_mut("events");
        if let Some(events) = events.and_then(|events| events.as_array_mut()) {
            events.extend(events.first().cloned());
        }
    });
    Ok(Attack::in_turn([
        forge.carrying(value, &token).labelled("changed value"),
        forge.carrying(event, &token).labelled("added event"),
    ]))
}
