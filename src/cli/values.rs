//! How values of several options are read.

use std::str::FromStr as _;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use http::{HeaderName, HeaderValue};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use crate::domain::headers::Header;
use crate::domain::signature::Algorithm;
use crate::report::Report;

/// Clocks overflow beyond some duration that differs between systems; nobody waits for this one either.
pub(super) const LONGEST: Duration = Duration::from_hours(365 * 24);

/// `30s`, `2h`, `1m 30s`, or a bare number of seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse::<f64>()
        .ok()
        .map(|seconds| format!("{seconds}s"));
    let duration = seconds
        .as_deref()
        .unwrap_or(text)
        .parse::<SignedDuration>()
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or("a duration is written `30s`, `2m`, `1h 30m` or `500ms`")?;
    if duration > LONGEST {
        return Err("a duration is at most 365 days".into());
    }
    Ok(duration)
}

/// RFC 3339, such as `2026-01-02T03:04:05Z`, or Unix seconds.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    let unix = text
        .parse()
        .ok()
        .map(|seconds| Timestamp::from_second(seconds).ok());
    unix.unwrap_or_else(|| text.parse().ok()).ok_or_else(|| {
        "a time is written `2026-01-02T03:04:05Z`, or as Unix seconds such as `1767323045`".into()
    })
}

/// `30d`, `2w`, `36h`, `1d 12h`: a length of time that may be long. A day has 24 hours. A bare number is none: it would
/// be too easy to mean days and to be understood as seconds.
pub(super) fn age(text: &str) -> Result<SignedDuration, String> {
    text.parse::<Span>()
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .ok()
        .filter(|age| !age.is_negative())
        .ok_or_else(|| "an age is written `30d`, `2w`, `36h` or `90m`".into())
}

/// A moment that has passed, as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Past {
    /// So long ago.
    Ago(SignedDuration),
    /// A moment by the calendar.
    At(Timestamp),
}

impl Past {
    /// The moment itself.
    pub(super) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Ago(age) => now.checked_sub(age).unwrap_or(Timestamp::MIN),
            Self::At(at) => at,
        }
    }
}

/// From when until when, as far as that is given.
///
/// # Errors
///
/// When nothing can be in between.
pub(super) fn period(
    since: Option<Past>,
    until: Option<Past>,
    now: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Report> {
    let moment = |past: Past| past.before(now);
    match (since.map(moment), until.map(moment)) {
        (Some(since), Some(until)) if since >= until => Err(Report::new(
            "usage",
            "nothing was received since a moment and before it: `--since` is not before `--until`",
        )
        .hint("`--since` is the earlier of the two")),
        period => Ok(period),
    }
}

/// Unix seconds of nine digits or fewer were long before webhooks, and are more likely meant as something else.
const FIRST_PLAUSIBLE: i64 = 1_000_000_000;

/// `2h` or `7d` ago; a date or a time on the system's clock, such as `2026-01-02` or `2026-01-02 03:04`; RFC 3339; or Unix
/// seconds.
pub(super) fn past(text: &str) -> Result<Past, String> {
    if let Ok(age) = age(text) {
        return Ok(Past::Ago(age));
    }
    let is_bare = text.bytes().all(|byte| byte.is_ascii_digit());
    let local = || {
        let local: DateTime = text.parse().ok()?;
        TimeZone::system().to_timestamp(local).ok()
    };
    let given = match time(text) {
        Ok(at) => Some(at).filter(|at| !is_bare || at.as_second() >= FIRST_PLAUSIBLE),
        Err(_) => local().filter(|_| !is_bare),
    };
    given.map(Past::At).ok_or_else(|| {
        "`2h` or `7d` ago, a date such as `2026-01-02`, or a time such as `2026-01-02T03:04:05Z`"
            .into()
    })
}

/// One of these, by its name.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|one| name(*one))).map(move |typed| {
        let found = all.iter().find(|one| name(**one) == typed);
        *found.expect("clap lets nothing else pass")
    })
}

/// The name of an algorithm, in any letter case.
pub(super) fn algorithm() -> impl TypedValueParser<Value = Algorithm> {
    algorithm_of(Algorithm::ALL)
}

/// The name of an HMAC algorithm, in any letter case.
pub(super) fn hmac_algorithm() -> impl TypedValueParser<Value = Algorithm> {
    algorithm_of(Algorithm::HMAC)
}

fn algorithm_of<const N: usize>(known: [Algorithm; N]) -> impl TypedValueParser<Value = Algorithm> {
    PossibleValuesParser::new(known.map(Algorithm::name))
        .map(|name| Algorithm::named(&name).unwrap_or_default())
}

/// A whole number within these bounds.
pub(super) fn number<const LEAST: u64, const MOST: u64>(text: &str) -> Result<u64, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (LEAST..=MOST).contains(number));
    number.ok_or_else(|| match MOST {
        u64::MAX => format!("a whole number from {LEAST}"),
        _ => format!("a whole number from {LEAST} to {MOST}"),
    })
}

/// `10MiB`, `500kB`, or a bare number of bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    parse_size::parse_size(text)
        .map_err(|_| "a size is written `10MiB`, `500kB` or `1048576`".into())
}

/// `Name: value`.
pub(super) fn header(text: &str) -> Result<Header, String> {
    let malformed = || "a header is written `Name: value`".to_owned();
    let (name, value) = text.split_once(':').ok_or_else(malformed)?;
    let name = header_name(name.trim()).ok_or_else(malformed)?;
    let value = HeaderValue::from_str(value.trim())
        .map_err(|_| "a header's value is one line of text".to_owned())?;
    Ok(Header::new(name, value.as_bytes()))
}

/// The name of a header, in lower case. It has no white space, quotes or backslashes.
pub(super) fn header_name(text: &str) -> Option<String> {
    let name = HeaderName::from_str(text).ok()?;
    Some(name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, millis) in [
            ("30s", 30_000),
            ("2m", 120_000),
            ("1h 30m", 5_400_000),
            ("500ms", 500),
            ("1.5", 1500),
            ("0", 0),
            ("8760h", 31_536_000_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "soon", "-1s", "-1", "inf", "NaN", "1e300", "8760h 1s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times() {
        let expected = Timestamp::from_second(1_767_323_045).unwrap();
        for text in [
            "1767323045",
            "2026-01-02T03:04:05Z",
            "2026-01-02 04:04:05+01:00",
            "2026-01-02 03:04:05+0000",
        ] {
            assert_eq!(time(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "soon",
            "2026-01-02",
            "1767323045000",
            "2026-13-02T03:04:05Z",
        ] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ages() {
        for (text, hours) in [
            ("30d", 720),
            ("2w", 336),
            ("36h", 36),
            ("1d 12h", 36),
            ("0s", 0),
        ] {
            assert_eq!(age(text), Ok(SignedDuration::from_hours(hours)), "{text}");
        }
        for text in [
            "",
            "30",
            "-1d",
            "1d ago",
            "1mo",
            "1y",
            "soon",
            "99999999999d",
        ] {
            assert!(age(text).is_err(), "{text}");
        }
    }

    #[test]
    fn moments_that_have_passed() {
        let now = Timestamp::from_second(1_767_323_045).unwrap();
        let before = |text| past(text).map(|past| past.before(now));
        for (text, second) in [
            ("2h", 1_767_323_045 - 7200),
            ("1d", 1_767_323_045 - 86_400),
            ("2026-01-02T03:04:05Z", 1_767_323_045),
            ("2026-01-02 04:04:05+01:00", 1_767_323_045),
            ("1767323045", 1_767_323_045),
        ] {
            assert_eq!(
                before(text),
                Ok(Timestamp::from_second(second).unwrap()),
                "{text}"
            );
        }
        assert_eq!(
            before("900000w").map(Timestamp::as_second),
            Ok(Timestamp::MIN.as_second())
        );
        for text in ["2026-01-02", "2026-01-02 03:04", "2026-01-02T03:04:05"] {
            let midday = Timestamp::from_second(1_767_355_200).unwrap();
            let distance = before(text).unwrap().duration_since(midday).abs();
            assert!(distance < SignedDuration::from_hours(48), "{text}");
        }
        for text in ["", "2", "20260102", "soon", "-2h", "1y", "2026-13-02"] {
            assert!(past(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_headers_are_safe_in_double_quotes() {
        assert_eq!(header_name("X-It's_#{odd}"), None, "braces are in no name");
        assert_eq!(
            header_name("X!#$%&'*+-.^_`|~1").as_deref(),
            Some("x!#$%&'*+-.^_`|~1")
        );
        for name in ["", "a b", "a\"b", "a\\b", "a:b", "a\nb", "\u{e9}"] {
            assert_eq!(header_name(name), None, "{name:?}");
        }
    }

    #[test]
    fn headers_are_never_split_on_commas() {
        assert_eq!(
            header("X-List: a, b:c"),
            Ok(Header::new("x-list", "a, b:c"))
        );
        for text in ["", "X", "X Y: z", ": z", "X: a\nb"] {
            assert!(header(text).is_err(), "{text:?}");
        }
    }
}
