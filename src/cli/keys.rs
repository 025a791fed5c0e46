//! The options that name JWT keys.

use clap::Args;

use crate::commands::keys::{KeySources, Place};
use crate::world::Env;

/// Where a key may stand in the environment, in order of precedence. Three public integrations of Syncfy use the second.
const VARIABLES: [&str; 2] = ["SYNCFY_HOOKS_KEY", "SYNCFY_WEBHOOK_SIGNATURE_KEY"];

/// The long name of the option below.
pub(super) const OPTION: &str = "key-file";

/// The key that stands in the environment, where one does.
pub(super) fn in_environment(env: &Env) -> Option<Place> {
    VARIABLES.iter().find_map(|name| {
        env.get(name).map(|value| Place::Variable {
            name,
            value: value.as_encoded_bytes().to_vec(),
        })
    })
}

/// The options that name JWT keys.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct KeyArgs {
    /// Read the JWT key from this file, `-` for standard input; may be given more than once
    ///
    /// The file may hold whatever the Syncfy dashboard shows: a JWK, a nested JWK, a JSON string, the inner `k` or a
    /// plain secret. `text:`, `hex:` or `base64:` in front forces a reading. Without this option the key is taken from
    /// the environment: `SYNCFY_HOOKS_KEY`, then `SYNCFY_WEBHOOK_SIGNATURE_KEY`. A key is never taken as an argument,
    /// where every user of the machine could read it.
    #[arg(long, value_name = "FILE")]
    key_file: Vec<String>,
}

impl KeyArgs {
    /// Where the keys are to be read.
    pub(super) fn resolve(self, env: &Env) -> KeySources {
        if !self.key_file.is_empty() {
            return KeySources(self.key_file.into_iter().map(Place::named).collect());
        }
        KeySources(in_environment(env).into_iter().collect())
    }
}
