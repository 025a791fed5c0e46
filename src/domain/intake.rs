//! What is decided of a request before it is answered: verify, then read and validate, then admit, hold or refuse.
//!
//! Only this room can make an `Admitted`, and nothing else can be delivered: what was not checked is not forwarded.

use std::sync::Arc;

use jiff::Timestamp;

use super::capture::Capture;
use super::encoding;
use super::headers::Header;
use super::notification::{Environment, Outline};
use super::reply::Refusal;
use super::signature::{Reason, Secret, Verdict, Verification, Verifier};
use super::validation::{self, Diagnostic, Severity};

/// The checks that every request has to pass.
pub struct Intake {
    /// Checks signatures.
    pub verifier: Verifier,
    /// Whether a bad or missing signature is refused.
    pub enforce_signature: bool,
    /// Headers that must be there, with these values.
    pub required_headers: Vec<Header>,
    /// The environment that may pass. `None` for both.
    pub environment: Option<Environment>,
    /// What becomes of a payload that has errors.
    pub on_invalid: OnInvalid,
}

/// What becomes of a payload that has errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnInvalid {
    /// It is forwarded all the same.
    Forward,
    /// It is recorded only.
    Hold,
    /// It is refused.
    Reject,
}

/// A request that passed. It can be delivered.
#[derive(Clone, Debug)]
pub struct Admitted(Arc<Capture>);

impl Admitted {
    /// A request that was admitted before: it comes back from the history, which keeps deliveries of no other.
    #[must_use]
    pub fn before(capture: Capture) -> Self {
        Self(Arc::new(capture))
    }

    /// The request.
    #[must_use]
    pub fn capture(&self) -> &Capture {
        &self.0
    }
}

/// What was found out about a request, and what becomes of it.
pub struct Judgement {
    /// The request.
    pub capture: Arc<Capture>,
    /// What its signature proves.
    pub verification: Verification,
    /// Whose and about what it is.
    pub outline: Outline,
    /// What the rules found.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether no diagnostic is an error.
    pub valid: bool,
    /// The body as it reads, where it was compressed; else the body.
    pub readable: bytes::Bytes,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a request.
#[derive(Debug)]
pub enum Fate {
    /// It may be delivered.
    Admitted(Admitted),
    /// It is recorded, and answered as usual.
    Held,
    /// It is recorded, and refused.
    Refused(Refusal),
}

impl Intake {
    /// Judges a request that arrived whole, at `now`.
    #[must_use]
    pub fn judge(&self, capture: Capture, now: Timestamp) -> Judgement {
        let readable = encoding::readable(&capture.headers, &capture.body);
        let validation::Judgement {
            outline,
            diagnostics,
            valid,
        } = validation::judge(&readable);
        let verification = self
            .verifier
            .verify_capture(&capture, &readable, &outline, now);
        let refusal = self.refusal(&capture, &verification, &outline);
        let capture = Arc::new(capture);
        let fate = match (refusal, self.on_invalid) {
            (Some(refusal), _) => Fate::Refused(refusal),
            (None, OnInvalid::Hold) if !valid => Fate::Held,
            (None, OnInvalid::Reject) if !valid => Fate::Refused(invalid(&diagnostics)),
            (None, _) => Fate::Admitted(Admitted(Arc::clone(&capture))),
        };
        Judgement {
            capture,
            verification,
            outline,
            diagnostics,
            valid,
            readable,
            fate,
        }
    }

    fn refusal(
        &self,
        capture: &Capture,
        verification: &Verification,
        outline: &Outline,
    ) -> Option<Refusal> {
        let missing = self.required_headers.iter().find(|required| {
            let sent = |header: &&Header| header.is(&required.name);
            !capture
                .headers
                .iter()
                .filter(sent)
                .any(|header| Secret::new(required.value.clone()) == header.value[..])
        });
        if let Some(missing) = missing {
            return Some(Refusal::Header(missing.name.clone()));
        }
        if self.enforce_signature
            && matches!(verification.verdict, Verdict::Invalid | Verdict::Unsigned)
        {
            return Some(Refusal::Signature(
                verification.reason.unwrap_or(Reason::Unsigned),
            ));
        }
        let wanted = self.environment?;
        let other = outline
            .environments()
            .any(|environment| environment != wanted);
        other.then_some(Refusal::Environment(wanted))
    }
}

fn invalid(diagnostics: &[Diagnostic]) -> Refusal {
    let first = diagnostics
        .iter()
        .find(|found| found.severity == Severity::Error);
    Refusal::Invalid(first.map(|found| found.message.clone()).unwrap_or_default())
}
