//! The time format of `header.event.at`: `2023-06-16 19:06:18.944575+0000`. A space, microseconds, and an offset without
//! a colon: not RFC 3339 (seen in every documented example that has the field).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// How the format is written in advice to people.
pub const EXAMPLE: &str = "2023-06-16 19:06:18.944575+0000";

/// Reads the format. The fraction may have 1 to 9 digits or be missing, the offset may be any.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let (clock, rest) = bytes.split_at_checked(19)?;
    let (fraction, offset) = rest.split_at_checked(rest.len().checked_sub(5)?)?;
    let [
        y0,
        y1,
        y2,
        y3,
        b'-',
        m0,
        m1,
        b'-',
        d0,
        d1,
        b' ',
        h0,
        h1,
        b':',
        n0,
        n1,
        b':',
        s0,
        s1,
    ] = clock
    else {
        return None;
    };
    let date_time = DateTime::new(
        number(&[*y0, *y1, *y2, *y3])?.try_into().ok()?,
        number(&[*m0, *m1])?.try_into().ok()?,
        number(&[*d0, *d1])?.try_into().ok()?,
        number(&[*h0, *h1])?.try_into().ok()?,
        number(&[*n0, *n1])?.try_into().ok()?,
        number(&[*s0, *s1])?.try_into().ok()?,
        nanoseconds(fraction)?,
    );
    let [sign, h0, h1, m0, m1] = offset else {
        return None;
    };
    let seconds =
        number(&[*h0, *h1])? * 3600 + number(&[*m0, *m1]).filter(|minutes| *minutes < 60)? * 60;
    let seconds = match sign {
        b'+' => seconds,
        b'-' => -seconds,
        _ => return None,
    };
    Offset::from_seconds(seconds)
        .ok()?
        .to_timestamp(date_time.ok()?)
        .ok()
}

/// Writes the format, in UTC, cut to microseconds.
#[must_use]
pub fn format(at: Timestamp) -> String {
    let at = Offset::UTC.to_datetime(at);
    let micros = at.subsec_nanosecond() / 1000;
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{micros:06}+0000",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// The same moment in this format, for a time in RFC 3339 or close to it. `None` for one whose offset is unknown, that has
/// digits beyond microseconds, or that is a leap second, which would become another.
#[must_use]
pub fn respelled(text: &str) -> Option<String> {
    // A time zone in brackets may contradict the offset.
    if text.contains(['[', ',']) || text.contains(":60") {
        return None;
    }
    let at: Timestamp = text.trim().parse().ok()?;
    let respelled = format(at);
    (parse(&respelled) == Some(at)).then_some(respelled)
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + i32::from(digit - b'0'))
    })
}

fn nanoseconds(fraction: &[u8]) -> Option<i32> {
    match fraction {
        [] => Some(0),
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            let missing = u32::try_from(9 - digits.len()).ok()?;
            Some(number(digits)? * 10_i32.pow(missing))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_syncfy_writes() {
        let at = parse(EXAMPLE).unwrap();
        assert_eq!(at.to_string(), "2023-06-16T19:06:18.944575Z");
        assert_eq!(format(at), EXAMPLE);
        assert_eq!(parse("2023-06-16 13:06:18.944575-0600"), Some(at));
        assert_eq!(
            parse("1970-01-01 00:00:00+0000"),
            Some(Timestamp::UNIX_EPOCH)
        );
        assert_eq!(
            format(Timestamp::UNIX_EPOCH),
            "1970-01-01 00:00:00.000000+0000"
        );
    }

    #[test]
    fn respells_what_is_certain() {
        for (text, respelled_as) in [
            ("2023-06-16T19:06:18Z", "2023-06-16 19:06:18.000000+0000"),
            (
                "2023-06-16t13:06:18.944575000-06:00",
                "2023-06-16 19:06:18.944575+0000",
            ),
            (
                " 2023-06-16 19:06:18.9+00:00",
                "2023-06-16 19:06:18.900000+0000",
            ),
        ] {
            assert_eq!(respelled(text).as_deref(), Some(respelled_as), "{text}");
        }
        for text in [
            "",
            "2023-06-16",
            "2023-06-16T19:06:18",
            "2023-06-16T19:06:18.944575001Z",
            "2016-12-31T23:59:60Z",
            "2023-06-16T19:06:18+01:00[America/Mexico_City]",
            "-000001-06-16T19:06:18Z",
            "1686942378",
        ] {
            assert_eq!(respelled(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_all_else() {
        for text in [
            "",
            "now",
            "2023-06-16T19:06:18.944575+0000",
            "2023-06-16 19:06:18.944575Z",
            "2023-06-16 19:06:18.944575+00:00",
            "2023-06-16 19:06:18.944575",
            "2023-13-16 19:06:18.944575+0000",
            "2023-06-31 19:06:18.944575+0000",
            "2023-06-16 24:06:18.944575+0000",
            "2023-06-16 19:06:18.+0000",
            "2023-06-16 19:06:18.9999999999+0000",
            "2023-06-16 19:06:18.94+0060",
            "2023-06-16 19:06:18.94+9900",
            "2023-06-16 19:06:18.944575 0000",
            "2023-06-16 1é:06:18.944575+0000",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
