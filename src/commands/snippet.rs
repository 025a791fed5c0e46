//! `verify --snippet`: prints a handler for the user's own app.

use super::Context;
use super::keys::{self, KeySources};
use crate::domain::activity::Warning;
use crate::domain::signature::{KeyRing, Shape};
use crate::domain::snippet::{Hmac, Language, Settings, render};
use crate::exit::ExitStatus;
use crate::report::Report;

/// Which handler, and what it is to insist on.
pub struct Options {
    /// The language of the app.
    pub language: Language,
    /// The header that carries the token: a valid header name in lower case.
    pub signature_header: String,
    /// The keys, which may say how tokens are signed. None is needed, and none is printed.
    pub keys: KeySources,
    /// How far the clocks may differ, in seconds.
    pub leeway_seconds: u32,
    /// Whether a token that does not cover the body is refused.
    pub requires_binding: bool,
}

/// Prints the handler.
///
/// # Errors
///
/// When a key cannot be read, or is of another kind than Syncfy's, and when no app would see the header.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    if !options.language.receives(&options.signature_header) {
        let message = format!(
            "Python's servers drop the header `{}`, because of the underscore in its name",
            options.signature_header
        );
        return Err(Report::new("snippet-header", message)
            .hint("have whatever stands in front of the app write it with a hyphen"));
    }
    let ring = keys::load(options.keys)?;
    let settings = Settings {
        algorithms: allowed(&ring)?,
        signature_header: options.signature_header,
        leeway_seconds: options.leeway_seconds,
        requires_binding: options.requires_binding,
    };
    if let Some(warning) = unreadable(&ring) {
        context.ui.caution(warning)?;
    }
    let handler = render(options.language, &settings);
    context.ui.data(handler.as_bytes())?;
    Ok(ExitStatus::Yes)
}

/// What to say of keys that this program reads and a handler does not.
fn unreadable(ring: &KeyRing) -> Option<Warning> {
    let first = ring.first()?;
    let count = ring.iter().count();
    let shape = first.first_reading().shape();
    let (message, hint) = match shape {
        _ if count > 1 => (
            format!("the handler reads a single JWK, and these are {count} keys"),
            "`syncfy-hooks key show --reveal` prints each of them as one JWK: give the app one",
        ),
        Shape::Jwk | Shape::NestedJwk => return None,
        _ => (
            format!(
                "`{}`: the handler reads a JWK, and this key is of another shape: {shape}",
                first.source()
            ),
            "`syncfy-hooks key show --reveal` prints it as one JWK: give the app that",
        ),
    };
    Some(Warning {
        code: "snippet-key-shape",
        message,
        hints: vec![hint.to_owned()],
    })
}

/// What the keys allow; without a key, what Syncfy is known to use.
fn allowed(ring: &KeyRing) -> Result<Vec<Hmac>, Report> {
    let may_verify = |hmac: &Hmac| ring.iter().any(|key| key.may_verify(hmac.algorithm()));
    let allowed: Vec<Hmac> = Hmac::ALL
        .into_iter()
        .filter(|hmac| ring.is_empty() || may_verify(hmac))
        .collect();
    if allowed.is_empty() {
        return Err(Report::new(
            "snippet-key",
            "a snippet is for a key that checks HMAC signatures, as Syncfy's does, and this one does not",
        )
        .hint("name another with `--key-file`; none is needed"));
    }
    Ok(allowed)
}
