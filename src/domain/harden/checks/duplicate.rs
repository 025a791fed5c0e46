//! A notification that comes a second time is answered otherwise than the first time.
//!
//! ## What it sends
//! The same notification twice, one after the other, each time signed anew.
//!
//! ## Why
//! Whoever delivers webhooks delivers at least once: where the answer was lost on its way, the same notification
//! comes again. If the second one is answered with an error, the sender tries for ever, or gives up and disables the
//! webhook.
//!
//! ## What a right endpoint answers
//! The same 2xx both times; the work is done once.
//!
//! ## Remedy
//! Remember the `eid` of each event that was handled, in the same transaction as its work, and answer 2xx at once
//! where it is known: no 409, no error of a unique key.

use crate::domain::harden::{
    Attack, Check, Expect, Finding, Forge, Reaction, Shot, Terms, Unarmed,
};

pub(super) const CHECK: Check = Check::new(
    "H205",
    "duplicate",
    Expect::Accept,
    include_str!("duplicate.rs"),
    plan,
)
.judged_by(judge);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    let again = forge.right(body.clone())?.labelled("second time");
    let first = forge.right(body)?.labelled("first time");
    Ok(Attack::in_turn([first, again]))
}

fn judge(shots: &[Shot], terms: &Terms) -> Finding {
    let first = shots.first().map(|shot| &shot.reaction);
    let is_same = |reaction: &Reaction| reaction.is_accepting() && first == Some(reaction);
    Finding::of(shots, terms, is_same)
}
