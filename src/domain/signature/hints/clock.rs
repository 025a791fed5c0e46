//! Tokens out of their time, and what they say of the clocks.

use std::fmt;

use super::Failure;
use crate::domain::signature::reason::Reason;
use crate::domain::signature::token::{ClaimSet, Token};

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
    let named = match failure.reason {
        Reason::Expired => "exp",
        Reason::NotYetValid => "nbf",
        _ => "iat",
    };
    if let Some(hint) = other_unit(&claims, named) {
        return vec![hint];
    }
    let now = failure.now.as_duration().as_secs_f64();
    let seconds = |name| claims.seconds(name).ok().flatten();
    let (expires, begins, issued) = (seconds("exp"), seconds("nbf"), seconds("iat"));
    if let (Reason::Expired, Some(expires), Some(issued)) = (failure.reason, expires, issued)
        && expires <= issued
    {
        return vec!["its `exp` is not after its `iat`: write the time at which it expires, `iat` plus so many seconds".into()];
    }
    let first = match (failure.reason, expires, begins, issued) {
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
    hints.extend(issued.and_then(|issued| skew(issued, now, failure.reason)));
    hints
}

/// A time that is no seconds: a date of the year 5138 or later is a smaller unit by mistake.
pub(super) fn other_unit(claims: &ClaimSet<'_>, name: &str) -> Option<String> {
    const UNITS: [(f64, &str); 3] = [
        (1e17, "nanoseconds"),
        (1e14, "microseconds"),
        (1e11, "milliseconds"),
    ];

    let value = claims.seconds(name).ok()??;
    let (_, unit) = UNITS
        .iter()
        .find(|(from, _)| (*from..1e20).contains(&value))?;
    Some(format!("`{name}` looks like {unit}: write Unix seconds"))
}

#[expect(clippy::cast_precision_loss, reason = "shown in its largest unit")]
fn seconds_of(seconds: u64) -> f64 {
    seconds as f64
}

/// What `iat` says about the clocks: a token cannot come from the future, and usually arrives at once.
fn skew(issued: f64, now: f64, reason: Reason) -> Option<String> {
    const FRESH_SECONDS: f64 = 3600.0;

    let age = now - issued;
    let span = Span(age.abs());
    let is_zone = is_time_zone(age)
        .then(|| ": to the minute, as where local time is taken for UTC".to_owned());
    if age < 0.0 {
        let why = is_zone.unwrap_or_else(|| {
            ": this clock is behind by that much, or the sender's ahead; set it right, or allow more with `--leeway`".into()
        });
        return Some(format!(
            "by its `iat` it was made {span} in the future{why}"
        ));
    }
    if reason != Reason::Expired {
        return None;
    }
    match is_zone {
        Some(why) => Some(format!("by its `iat` it is {span} old{why}")),
        None => (age < FRESH_SECONDS).then(|| {
            format!(
                "by its `iat` it is {span} old: if it was sent just now, this clock is ahead by that much"
            )
        }),
    }
}

/// Whether two clocks that differ by so many seconds are in two time zones: these differ by quarters of an hour, up to 14
/// hours.
fn is_time_zone(seconds: f64) -> bool {
    const QUARTER: f64 = 900.0;

    let nearest = (seconds / QUARTER).round();
    let off = (seconds - nearest * QUARTER).abs();
    off <= 5.0 && (4.0..=56.0).contains(&nearest.abs())
}

/// A length of time in seconds, shown in its largest unit, and in the next one where there are few of the first.
#[derive(Debug, Clone, Copy)]
pub struct Span(pub f64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(f64, &str); 4] = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s")];
        const FEW: f64 = 10.0;

        let whole = self.0.round().max(0.0);
        let Some(index) = UNITS.iter().position(|(seconds, _)| whole >= *seconds) else {
            return f.write_str("0 s");
        };
        if whole >= 1e12 {
            return f.write_str("ages");
        }
        let mut units = UNITS.iter().skip(index);
        let (mut rest, mut separator) = (whole, "");
        for (seconds, unit) in units.by_ref().take(2) {
            let count = (rest / seconds).floor();
            if count > 0.0 {
                write!(f, "{separator}{count:.0} {unit}")?;
            }
            rest -= count * seconds;
            separator = " ";
            if count >= FEW {
                break;
            }
        }
        Ok(())
    }
}
