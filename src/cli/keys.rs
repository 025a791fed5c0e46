//! The options that name JWT keys.

use clap::Args;

use crate::commands::keys::{KeyPlace, KeySources, Place};
use crate::domain::notification::Environment;
use crate::domain::signature::Secret;
use crate::world::Env;

/// Where a key may stand in the environment, in order of precedence. Three public integrations of Syncfy use the second.
const VARIABLES: [&str; 2] = ["SYNCFY_HOOKS_KEY", "SYNCFY_WEBHOOK_SIGNATURE_KEY"];

/// The long name of the option below.
pub(super) const OPTION: &str = "key-file";

/// How its value is shown: a file, which may be for one environment.
pub(super) const LIMITED_FILE: &str = "[ENVIRONMENT=]FILE";

/// The key that stands in the environment, where one does.
pub(super) fn in_environment(env: &Env) -> Option<Place> {
    VARIABLES.iter().find_map(|name| {
        env.get(name).map(|value| Place::Variable {
            name,
            value: Secret::new(value.as_encoded_bytes().to_vec()),
        })
    })
}

/// The options that name JWT keys.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct KeyArgs {
    /// Read the JWT key from this file, `-` for standard input; may be given more than once
    ///
    /// The file may hold whatever the Syncfy dashboard shows: a JWK, a nested JWK, a JSON string, the inner `k` or a
    /// plain secret; also a JWK set, and RSA, EC and Ed25519 keys as JWK or PEM. `text:`, `hex:` or `base64:` in front of
    /// the key forces a reading. With several keys any of them may have signed, as during a rotation;
    /// `sandbox=FILE` and `production=FILE` limit a key to the notifications of one environment. Without this option the
    /// key is taken from the environment: `SYNCFY_HOOKS_KEY`, then `SYNCFY_WEBHOOK_SIGNATURE_KEY`. A key is never taken as
    /// an argument, where every user of the machine could read it.
    #[arg(long, value_name = LIMITED_FILE)]
    key_file: Vec<String>,
}

impl KeyArgs {
    /// Where the keys are to be read.
    pub(super) fn resolve(self, env: &Env) -> KeySources {
        if !self.key_file.is_empty() {
            return KeySources(self.key_file.into_iter().map(named).collect());
        }
        let place = in_environment(env).map(|place| KeyPlace {
            place,
            environment: None,
        });
        KeySources(place.into_iter().collect())
    }
}

/// The place that a user names. A file whose name begins like that of an environment is `./sandbox=…`.
fn named(text: String) -> KeyPlace {
    match limited(&text) {
        Some((environment, file)) => KeyPlace {
            place: Place::named(file.to_owned()),
            environment: Some(environment),
        },
        None => KeyPlace {
            place: Place::named(text),
            environment: None,
        },
    }
}

/// The environment in front of a file, where there is one, and the file.
pub(super) fn limited(text: &str) -> Option<(Environment, &str)> {
    Environment::ALL.into_iter().find_map(|environment| {
        let file = text.strip_prefix(environment.name())?.strip_prefix('=')?;
        Some((environment, file))
    })
}
