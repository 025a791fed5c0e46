//! Tokens out of their time, and what they say of the clocks.

use std::fmt;

use super::Failure;
use crate::domain::signature::reason::Reason;
use crate::domain::signature::token::{ClaimSet, Token};

/// Later seconds than this (in the year 5138) are milliseconds by mistake.
const MILLISECONDS_FROM: f64 = 1e11;

/// By how much the token is out of its time, and what the clocks have to do with it.
pub(super) fn out_of_time(failure: &Failure<'_>) -> Vec<String> {
    let claims = Token::parse(failure.token()).and_then(|token| token.claims());
    let Ok(claims) = claims
        .as_deref()
        .map_err(|reason| *reason)
        .and_then(ClaimSet::parse)
    else {
        return Vec::new();
    };
    let now = failure.now.as_duration().as_secs_f64();
    let seconds = |name| claims.seconds(name).ok().flatten();
    let in_milliseconds = ["exp", "nbf", "iat"]
        .into_iter()
        .find(|name| seconds(name).is_some_and(|value| (MILLISECONDS_FROM..1e14).contains(&value)));
    if let Some(name) = in_milliseconds.filter(|_| failure.reason != Reason::Expired) {
        return vec![format!(
            "`{name}` looks like milliseconds: write Unix seconds, a thousandth of it"
        )];
    }
    let first = match (
        failure.reason,
        seconds("exp"),
        seconds("nbf"),
        seconds("iat"),
    ) {
        (Reason::Expired, Some(expires), ..) => Some(format!(
            "it expired {} ago: sign it again (a saved request keeps its old token), or allow more with `--leeway`",
            Span(now - expires)
        )),
        (Reason::NotYetValid, _, Some(begins), _) => Some(format!(
            "it becomes valid in {}: correct `nbf` or the clocks, or allow more with `--leeway`",
            Span(begins - now)
        )),
        (Reason::TooOld, .., Some(issued)) => Some(format!(
            "by its `iat` it is {} old, and `--max-age` allows {}: sign it again, or allow more",
            Span(now - issued),
            Span(seconds_of(
                failure.policy.max_age_seconds.unwrap_or_default()
            ))
        )),
        _ => None,
    };
    let mut hints: Vec<String> = first.into_iter().collect();
    hints.extend(seconds("iat").and_then(|issued| skew(issued, now, failure.reason)));
    hints
}

#[expect(clippy::cast_precision_loss, reason = "shown in its largest unit")]
fn seconds_of(seconds: u64) -> f64 {
    seconds as f64
}

/// What `iat` says about the clocks: a token cannot come from the future, and usually arrives at once.
fn skew(issued: f64, now: f64, reason: Reason) -> Option<String> {
    const FRESH_SECONDS: f64 = 3600.0;

    let ahead = now - issued;
    if ahead < -1.0 {
        let behind = Span(-ahead);
        return Some(format!(
            "by its `iat` it was made {behind} in the future: this clock is behind by that much, or the sender's ahead; \
             set it right, or allow more with `--leeway`"
        ));
    }
    (reason == Reason::Expired && ahead < FRESH_SECONDS).then(|| {
        format!(
            "by its `iat` it is {} old: if it was sent just now, this clock is ahead by that much",
            Span(ahead)
        )
    })
}

/// A length of time in seconds, shown in its one largest unit.
#[derive(Debug, Clone, Copy)]
pub struct Span(pub f64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(f64, &str); 3] = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min")];

        match UNITS.iter().find(|(seconds, _)| self.0 >= *seconds) {
            Some((seconds, unit)) if self.0 < 1e12 => {
                write!(f, "{:.0} {unit}", (self.0 / seconds).floor())
            }
            Some(_) => f.write_str("ages"),
            None => write!(f, "{:.0} s", self.0.max(0.0)),
        }
    }
}
