//! A right notification is not accepted.
//!
//! ## What it sends
//! One notification as Syncfy sends it, signed with the key. It goes first, as the control: where it is not accepted,
//! what else is refused proves nothing, and those checks are left out.
//!
//! ## Why
//! An endpoint that refuses everything withstands every attack, and does no work. Syncfy may disable a webhook that
//! keeps failing.
//!
//! ## What a right endpoint answers
//! 2xx.
//!
//! ## Remedy
//! See the log of your app, and check that `harden` is told what the app expects: its path, its key (`--key-file`),
//! its header (`--signature-header`) and its own secrets (`-H`).

use crate::domain::harden::finding::accepted;
use crate::domain::harden::{
    Attack, Check, Expect, Finding, Forge, Reaction, Shot, Terms, Unarmed,
};

pub(super) const CHECK: Check = Check::new(
    "H201",
    "plain",
    Expect::Accept,
    include_str!("plain.rs"),
    plan,
)
.judged_by(judge);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = forge.plain();
    Ok(forge.right(body)?.into())
}

fn judge(shots: &[Shot], terms: &Terms) -> Finding {
    let finding = accepted(shots, terms);
    let wrong = shots.iter().find(|shot| !shot.reaction.is_accepting());
    let remedy = wrong.and_then(|shot| likely_cause(&shot.reaction));
    Finding {
        remedy: remedy.map(str::to_owned),
        ..finding
    }
}

fn likely_cause(reaction: &Reaction) -> Option<&'static str> {
    Some(match reaction {
        Reaction::Status(300..=399) => {
            "Name the final URL: redirects are not followed, as Syncfy would not follow them."
        }
        Reaction::Status(400 | 415 | 422) => {
            "The app could not read the request: check that its handler takes a JSON body, and reads the raw bytes \
             where it verifies the signature."
        }
        Reaction::Status(401 | 403) => {
            "The app refused the signature or a secret: give the key that it has with `--key-file`, the header that it \
             reads with `--signature-header`, the algorithm that it allows with `--alg`, the environment that it is for \
             with `--environment`, and secrets of its own with `-H`."
        }
        Reaction::Status(404) => {
            "The app has no route for this path: name it in the target, as in `3000/webhooks`."
        }
        Reaction::Status(405) => {
            "The app has this route, but not for POST: name the path of the webhook."
        }
        Reaction::Status(500..=599) => {
            "The app failed while it handled a plain notification: its own log says why."
        }
        Reaction::TimedOut => {
            "The app took too long: answer first and do the work afterwards, or give it more `--timeout`."
        }
        Reaction::Closed => {
            "The app closed the connection: its own log may say why; check that it speaks http, not https."
        }
        _ => return None,
    })
}
