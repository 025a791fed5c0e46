//! How the verdict on a token looks, and what led to it.

use super::style::Role;
use super::{Stream, body};
use crate::domain::activity::{AsOf, Verified};
use crate::domain::signature::{BodyBinding, ClaimSet, PartVerdict, Span, Verdict, Verification};

/// The verdict in one line.
pub(super) fn line(verified: &Verified, out: Stream) -> String {
    let verification = &verified.verification;
    let (role, word) = match verification.verdict {
        Verdict::Valid => (Role::Good, "valid"),
        Verdict::Invalid => (Role::Bad, "invalid"),
        Verdict::Unsigned => (Role::Bad, "unsigned"),
        Verdict::NoKey => (Role::Warn, "no key"),
    };
    let place = verified
        .source
        .as_deref()
        .map(|source| format!("{}: ", out.source(source)));
    let why = match (verification.reason, verification.body_binding) {
        (Some(reason), _) if verification.verdict == Verdict::Invalid => {
            format!("{reason} ({})", reason.code())
        }
        (Some(reason), _) => reason.to_string(),
        (None, Some(BodyBinding::Bound)) => {
            "the sender knows the key, and the token covers the body".to_owned()
        }
        (None, Some(_)) => {
            "the sender knows the key, but the token does not cover the body".to_owned()
        }
        (None, None) => "the sender knows the key".to_owned(),
    };
    format!(
        "{}{}: {why}\n",
        place.unwrap_or_default(),
        out.style.paint(role, word)
    )
}

/// The verdict and all that led to it.
pub(super) fn report(verified: &Verified, out: Stream) -> String {
    let verification = &verified.verification;
    let mut text = line(verified, out);
    let mut row = |label: &str, value: &str| {
        let line = out.style.paint(Role::Dim, &format!("{label:<9}")) + value;
        text.extend(["  ", line.trim_end(), "\n"]);
    };
    if let Some(key) = &verification.key {
        let source = key.source.to_string();
        row(
            "key",
            &format!(
                "{}, read as {}, {} bytes",
                out.source(&source),
                key.shape,
                key.bytes
            ),
        );
    }
    if verification.claims_verdict == Some(PartVerdict::Invalid) {
        row(
            "signed",
            "yes, with this key; it is refused for what it says",
        );
    }
    for (label, value) in [("alg", &verification.alg), ("kid", &verification.kid)] {
        if let Some(value) = value {
            row(label, &out.foreign(value));
        }
    }
    if verification.claims.is_some() {
        row("judged", &judged(verified));
    }
    if let Some(expiry) = expiry(verified) {
        row("expires", &expiry);
    }
    if let Some(covered) = covered(verification) {
        row("body", covered);
    }
    if let Some(claims) = &verification.claims {
        let trusted = match verification.key {
            Some(_) => "",
            None => "not proven: no key here made this signature",
        };
        row("claims", trusted);
        text += &body::render(claims.get().as_bytes(), out, "    ");
    }
    text
}

/// When the token expires, and how far that is from the moment of judging.
fn expiry(verified: &Verified) -> Option<String> {
    let verification = &verified.verification;
    let Some(expires_at) = verification.expires_at else {
        let claims = ClaimSet::parse(verification.claims.as_deref()?).ok()?;
        let has_none = claims.get("exp").is_none();
        return has_none.then(|| "never: the token has no `exp`".to_owned());
    };
    let left = expires_at.duration_since(verified.judged_at).as_secs_f64();
    let span = Span(left.abs());
    let distance = match (verified.judged_as_of, left > 0.0) {
        (AsOf::Now, true) => format!("in {span}"),
        (AsOf::Now, false) => format!("{span} ago"),
        (_, true) => format!("{span} after that"),
        (_, false) => format!("{span} before that"),
    };
    Some(format!("{expires_at}, {distance}"))
}

fn judged(verified: &Verified) -> String {
    let at = verified.judged_at;
    match verified.judged_as_of {
        AsOf::Received => {
            format!("as of {at}, when it was received (`--at now` for now)")
        }
        AsOf::Now => format!("as of {at}, which is now"),
        AsOf::Given => format!("as of {at}, as `--at` says"),
    }
}

/// What the token says of the body, in a plain sentence.
fn covered(verification: &Verification) -> Option<&'static str> {
    match (verification.body_binding, verification.verdict) {
        (Some(BodyBinding::Bound), _) => Some("covered: it is what the sender signed"),
        (Some(BodyBinding::Unbound), _) => Some(
            "not covered: no claim is a digest of it, so it may have been changed, or the token taken from another request",
        ),
        (Some(BodyBinding::Mismatch), _) => Some("another one: it is not what the claims cover"),
        (None, Verdict::Valid) => Some("not checked: no notification was given with the token"),
        (None, _) => None,
    }
}
