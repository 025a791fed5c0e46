//! `verify --snippet`: prints a handler for the user's own app.

use super::Context;
use super::keys::{self, KeySources};
use crate::domain::signature::KeyRing;
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
    let settings = Settings {
        algorithms: allowed(&keys::load(options.keys)?)?,
        signature_header: options.signature_header,
        leeway_seconds: options.leeway_seconds,
        requires_binding: options.requires_binding,
    };
    let handler = render(options.language, &settings);
    context.ui.data(handler.as_bytes())?;
    Ok(ExitStatus::Yes)
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
