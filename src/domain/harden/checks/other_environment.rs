//! A notification of the other environment is accepted.
//!
//! ## What it sends
//! With keys for both environments (`--key-file sandbox=FILE --key-file production=FILE`): a notification of the
//! environment that the endpoint is for, signed with the key of the other one. With one key: a notification whose
//! `id_environment` is the other one, signed with that key. `--environment` says which one the endpoint is for.
//!
//! ## Why
//! Syncfy has a webhook for each environment. Test data that comes in as real, or the other way round, spoils both;
//! and the key of the sandbox is in more hands than the other.
//!
//! ## What a right endpoint answers
//! 4xx; 403 says it best.
//!
//! ## Remedy
//! Compare `events[].header.user.id_environment` with the environment that the app runs in, and verify with the key
//! of that environment alone.

use crate::domain::harden::forge::{changed, set};
use crate::domain::harden::{Attack, Check, Expect, Forge, Signer, Unarmed};
use crate::domain::notification::Environment;
use crate::domain::signature;

pub(super) const CHECK: Check = Check::new(
    "H111",
    "other-environment",
    Expect::Refuse,
    include_str!("other_environment.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let Signer { other, .. } = forge.signer()?;
    let body = forge.plain();
    let Some(key) = other else {
        let body = changed(&body, |notification| {
            let id = other_than(forge.environment).id();
            set(notification, "/events/0/header/user/id_environment", id);
        });
        return Ok(forge.right(body)?.into());
    };
    let token = signature::sign(forge.claims(&body), key, key.default_algorithm())?;
    Ok(forge.carrying(body, &token).into())
}

fn other_than(environment: Environment) -> Environment {
    match environment {
        Environment::Sandbox => Environment::Production,
        Environment::Production => Environment::Sandbox,
    }
}
