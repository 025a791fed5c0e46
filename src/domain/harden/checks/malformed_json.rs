//! A body that is no JSON brings the endpoint down.
//!
//! ## What it sends
//! Bodies that are no JSON, with right tokens: one that was cut off, one with single quotes, one that is not UTF-8.
//!
//! ## Why
//! An error that nobody catches ends the request with 500, and in some runtimes the whole process.
//!
//! ## What a right endpoint answers
//! Any answer below 500, in time; 400 says it best. It takes a right notification afterwards.
//!
//! ## Remedy
//! Catch the error of the parser, and answer 400.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H301",
    "malformed-json",
    Expect::Survive,
    include_str!("malformed_json.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let whole = forge.plain();
    let cut = whole.get(..whole.len() / 2).unwrap_or_default().to_vec();
    let bodies = [
        ("cut off", cut),
        ("single quotes", b"{'rid': 1, 'events': []}".to_vec()),
        (
            "not UTF-8",
            b"{\"rid\": \"\xff\xfe\", \"events\": []}".to_vec(),
        ),
    ];
    let probes: Result<Vec<_>, _> = bodies
        .into_iter()
        .map(|(label, body)| Ok::<_, Unarmed>(forge.right(body)?.labelled(label)))
        .collect();
    Ok(Attack::in_turn(probes?))
}
