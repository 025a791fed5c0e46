//! The options of the commands that check signatures.

use std::time::Duration;

use clap::Args;

use super::keys::KeyArgs;
use super::values;
use crate::commands::keys::Checks;
use crate::domain::signature::Policy;
use crate::world::Env;

/// The options of the commands that check signatures.
#[derive(Args, Clone, Debug)]
pub(super) struct SignatureArgs {
    #[command(flatten)]
    keys: KeyArgs,

    /// The header that carries the JWT (default: `request-signature` and its known variants)
    #[arg(long, value_name = "NAME")]
    signature_header: Vec<String>,

    /// How far the clocks may differ when the times of a JWT (`exp`, `nbf`, `iat`) are checked
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = values::duration)]
    leeway: Duration,

    /// Refuse a JWT that was made longer ago than this (and `--leeway`) by its `iat`, or that has none
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    max_age: Option<Duration>,

    /// Refuse a JWT whose claims do not cover the body: it proves who sent, not what
    #[arg(long)]
    require_binding: bool,
}

impl SignatureArgs {
    /// What is checked, and with which keys.
    pub(super) fn resolve(self, env: &Env) -> Checks {
        Checks {
            keys: self.keys.resolve(env),
            headers: self.signature_header,
            policy: Policy {
                leeway_seconds: u32::try_from(whole_seconds(self.leeway)).unwrap_or(u32::MAX),
                max_age_seconds: self.max_age.map(whole_seconds),
                require_binding: self.require_binding,
            },
        }
    }
}

/// The duration in seconds, of which the last may be a part: what is allowed is never less than what was asked for.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
