//! What is right and wrong about a notification, as diagnostics with places.
//!
//! A clean notification costs no allocation here: messages, pointers and places are made only when there is something
//! to say.

mod diagnostic;
mod findings;
mod fingerprint;
mod fix;
mod levels;
mod quote;
pub mod rules;
mod schema;
mod typescript;

pub use diagnostic::{Diagnostic, Fix, Related, Severity};
pub use fingerprint::fingerprint;
pub use fix::{fixable, repair};
pub use levels::{Level, LevelError, Levels};
pub use rules::Rule;
pub use schema::schema;
pub use typescript::typescript;

use crate::domain::json::{Kind, SyntaxError};
use crate::domain::notification::{Notification, Outline, Version};
pub(in crate::domain) use findings::Findings;

/// What is to be said about one body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Judgement {
    /// What the notification is, as far as it can be told.
    pub outline: Outline,
    /// Every finding, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether no finding is an error.
    pub valid: bool,
}

/// Judges a body: reads it, outlines it, checks it.
///
/// ```
/// use syncfy_hooks::domain::validation::{Severity, judge};
///
/// let judgement = judge(br#"{"rid": "R-1", "events": []}"#);
/// assert!(!judgement.valid);
/// let first = &judgement.diagnostics[0];
/// assert_eq!((first.code, first.severity), ("SH202", Severity::Error));
/// assert_eq!(first.message, "`rid` is no UUID: `R-1`");
/// assert_eq!(first.pointer, "/rid");
/// ```
#[must_use]
pub fn judge(body: &[u8]) -> Judgement {
    match Notification::read(body) {
        Ok(notification) => {
            let mut diagnostics = Vec::new();
            check(&notification, &Levels::default(), &mut diagnostics);
            let valid = is_valid(&diagnostics);
            Judgement {
                outline: notification.outline(),
                diagnostics,
                valid,
            }
        }
        Err(error) => Judgement {
            outline: Outline::default(),
            diagnostics: vec![not_json(&error)],
            valid: false,
        },
    }
}

/// Checks a notification by every rule and appends what they find, in the order of the text, each as bad as `levels`
/// make it.
pub fn check(notification: &Notification<'_>, levels: &Levels, diagnostics: &mut Vec<Diagnostic>) {
    let mut findings = Findings::default();
    look(notification, levels, &mut findings);
    findings.locate(notification, diagnostics);
}

/// Looks at a notification by every rule.
fn look(notification: &Notification<'_>, levels: &Levels, findings: &mut Findings) {
    for rule in rules::all() {
        if let Some(check) = rule.document {
            check(notification, &mut findings.of(rule, levels));
        }
    }
    if notification.version() == Version::V3 {
        for event in notification
            .events()
            .filter(|event| event.value.kind() == Kind::Object)
        {
            for rule in rules::all() {
                if let Some(check) = rule.event {
                    check(&event, &mut findings.of(rule, levels));
                }
            }
        }
    }
}

/// The diagnostic of a body that is not JSON.
#[must_use]
pub fn not_json(error: &SyntaxError) -> Diagnostic {
    rules::not_json(error)
}

/// Whether none of the diagnostics is an error.
#[must_use]
pub fn is_valid(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .all(|diagnostic| diagnostic.severity != Severity::Error)
}

#[cfg(test)]
mod tests;
