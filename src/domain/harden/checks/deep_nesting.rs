//! Deeply nested JSON brings the endpoint down.
//!
//! ## What it sends
//! A body whose `events` are 100,000 arrays inside one another, with a right token.
//!
//! ## Why
//! A parser that calls itself for each level runs out of stack: in some languages that is an error like another, in
//! others the end of the process.
//!
//! ## What a right endpoint answers
//! Any answer below 500, in time; 400 says it best. It takes a right notification afterwards.
//!
//! ## Remedy
//! Use a parser with a limit of depth, and catch what it throws: in Python a `RecursionError`, which is no
//! `ValueError`.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H304",
    "deep-nesting",
    Expect::Survive,
    include_str!("deep_nesting.rs"),
    plan,
);

/// How many levels.
const DEPTH: usize = 100_000;

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = [
        r#"{"rid":"c53b1fcb-e112-465c-ad3e-8b64cf2f602c","events":"#,
        &"[".repeat(DEPTH),
        &"]".repeat(DEPTH),
        "}",
    ];
    Ok(forge.right(body.concat())?.into())
}
