//! An empty body brings the endpoint down.
//!
//! ## What it sends
//! A POST without a body, with a right token for it.
//!
//! ## Why
//! A check of whether the URL is there, by hand or by a monitor, is often an empty POST. A handler that takes it for
//! granted that there is a body fails.
//!
//! ## What a right endpoint answers
//! Any answer below 500, in time; 400 says it best. It takes a right notification afterwards.
//!
//! ## Remedy
//! Check that there is a body before you parse it, and answer 400 where there is none.

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H302",
    "empty-body",
    Expect::Survive,
    include_str!("empty_body.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    Ok(forge.right(Vec::new())?.into())
}
