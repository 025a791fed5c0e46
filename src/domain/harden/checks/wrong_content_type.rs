//! A content type other than JSON brings the endpoint down.
//!
//! ## What it sends
//! A plain notification as `text/plain`, as a form, and without a content type, each with a right token.
//!
//! ## Why
//! Many frameworks parse the body by its type: a handler then finds a text, a form or nothing at all where it expects
//! an object.
//!
//! ## What a right endpoint answers
//! Any answer below 500, in time: 2xx where the body is read whatever its type, else 415. It takes a right
//! notification afterwards.
//!
//! ## Remedy
//! Read the raw bytes and parse them yourself, or check that what the framework has parsed is an object, and answer
//! 415 where it is not.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H305",
    "wrong-content-type",
    Expect::Survive,
    include_str!("wrong_content_type.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let types = [
        ("text/plain", Some("text/plain")),
        ("form", Some("application/x-www-form-urlencoded")),
        ("none", None),
    ];
    let probes: Result<Vec<_>, _> = types
        .into_iter()
        .map(|(label, content_type)| {
            let body = forge.plain();
            let mut probe = forge.right(body)?;
            probe.headers.remove("content-type");
            Ok::<_, Unarmed>(
                match content_type {
                    Some(value) => probe.with("content-type", value),
                    None => probe,
                }
                .labelled(label),
            )
        })
        .collect();
    Ok(Attack::in_turn(probes?))
}
