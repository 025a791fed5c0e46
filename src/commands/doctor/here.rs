//! What can be examined on this machine alone: keys, clock, history.

use std::fs::{self, OpenOptions};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::failed;
use crate::commands::Location;
use crate::commands::keys::{self, KeyPlace, KeySources, Place};
use crate::domain::activity::{Examined, Health};
use crate::domain::record::Query;
use crate::domain::signature::Key;
use crate::report::Report;
use crate::store::{History, Order};

/// When this program was made, in Unix seconds: 2026-11-01. No clock is right that shows less.
const MADE: i64 = 1_793_491_200;

/// Clocks may differ by so much before signatures are refused (`--leeway`).
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// Every key that was named.
pub(super) fn keys(sources: KeySources) -> Vec<Examined> {
    if sources.0.is_empty() {
        let message = "there is none: signatures are not checked";
        let hint = "`--key-file FILE` takes the JWT key of the Syncfy dashboard";
        return vec![Examined::new("key", Health::Warn, message).advised(vec![hint.into()])];
    }
    sources.0.into_iter().flat_map(key).collect()
}

fn key(place: KeyPlace) -> Vec<Examined> {
    let file = match &place.place {
        Place::File(name) => Some(name.clone()),
        Place::Stdin | Place::Variable { .. } => None,
    };
    let open_to_others = file.filter(|name| others_can_read(Path::new(name)));
    let mut found: Vec<Examined> = match keys::load(KeySources(vec![place])) {
        Ok(ring) => ring.iter().map(judged).collect(),
        Err(report) => vec![failed("key", report)],
    };
    found.extend(open_to_others.map(|name| {
        let message = "other users of this machine can read it";
        let hint = format!("`chmod 600 {name}`");
        Examined::new("key", Health::Warn, message)
            .of(name)
            .advised(vec![hint])
    }));
    found
}

fn judged(key: &Key) -> Examined {
    let algorithm = key.default_algorithm();
    let examined = if let Some(warning) = keys::weakness(key, algorithm) {
        Examined::new("key", Health::Warn, warning.message).advised(warning.hints)
    } else {
        let message = format!("a key for {algorithm} is in `{}`", key.source());
        Examined::new("key", Health::Pass, message)
    };
    examined.of(key.source().to_string())
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}

/// The clock, against what is known for certain: when this program was made, the newest notification of the history, and
/// how far the clock of a target is ahead.
pub(super) fn clock(
    now: Timestamp,
    newest: Option<Timestamp>,
    ahead: Option<SignedDuration>,
) -> Examined {
    let fail = |message: String| {
        let hint =
            "set the clock, best by NTP: the times of signatures (`iat`, `exp`) are judged by it";
        Examined::new("clock", Health::Fail, message).advised(vec![hint.into()])
    };
    if now.as_second() < MADE {
        return fail(format!(
            "it shows {now:.0}, which is before this program was made"
        ));
    }
    if let Some(ahead) = ahead.filter(|ahead| ahead.abs() > LEEWAY) {
        let direction = if ahead.is_positive() {
            "behind"
        } else {
            "ahead of"
        };
        return fail(format!(
            "it is {:#} {direction} that of a target",
            ahead.abs()
        ));
    }
    if let Some(newest) = newest.filter(|newest| newest.duration_since(now) > LEEWAY) {
        return fail(format!(
            "it shows {now:.0}, and the history has a notification of {newest:.0}"
        ));
    }
    Examined::new("clock", Health::Pass, format!("it shows {now:.0}"))
}

/// The history, and when its newest notification came.
pub(super) fn store(location: Result<Location, Report>) -> (Examined, Option<Timestamp>) {
    let path = match location {
        Ok(location) => location.path,
        Err(report) => return (failed("store", report), None),
    };
    let name = path.display().to_string();
    let (examined, newest) = match fs::symlink_metadata(&path) {
        Err(_) => (absent(&path), None),
        Ok(_) => match read(&path) {
            Ok((examined, newest)) => (examined, newest),
            Err(report) => (failed("store", report), None),
        },
    };
    (examined.of(name), newest)
}

fn absent(path: &Path) -> Examined {
    let mut folders = path.ancestors().skip(1).filter(|folder| folder.is_dir());
    let folder = folders.next().unwrap_or(Path::new("."));
    let is_read_only = fs::metadata(folder).is_ok_and(|found| found.permissions().readonly());
    if is_read_only {
        let message = format!(
            "there is no history yet, and `{}` cannot be written to",
            folder.display()
        );
        let hint = "name another file with `--store FILE`";
        return Examined::new("store", Health::Fail, message).advised(vec![hint.into()]);
    }
    Examined::new(
        "store",
        Health::Pass,
        format!(
            "there is no history yet: `listen` makes `{}`",
            path.display()
        ),
    )
}

fn read(path: &Path) -> Result<(Examined, Option<Timestamp>), Report> {
    let history = History::open(path)?;
    history.check()?;
    let newest = history
        .records(&Query::default(), Order::NewestFirst)
        .next();
    let newest = newest.transpose()?.map(|record| record.received_at);
    if let Err(error) = OpenOptions::new().append(true).open(path) {
        let message = format!(
            "the history `{}` cannot be written to: {error}",
            path.display()
        );
        let hint = "see to the rights on the file, or name another with `--store FILE`";
        return Err(Report::new("store-read-only", message).hint(hint));
    }
    let message = match newest {
        Some(newest) => format!(
            "the history `{}` is sound; its newest notification is of {newest:.0}",
            path.display()
        ),
        None => format!(
            "the history `{}` is sound, and has nothing yet",
            path.display()
        ),
    };
    Ok((Examined::new("store", Health::Pass, message), newest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_judged_by_what_is_certain() {
        let now = Timestamp::from_second(MADE + 1000).unwrap();
        let seconds = SignedDuration::from_secs;
        for (now, newest, ahead, result) in [
            (now, None, None, Health::Pass),
            (
                now,
                Some(now + seconds(59)),
                Some(seconds(-60)),
                Health::Pass,
            ),
            (now, Some(now + seconds(61)), None, Health::Fail),
            (now, None, Some(seconds(61)), Health::Fail),
            (now, None, Some(seconds(-61)), Health::Fail),
            (Timestamp::UNIX_EPOCH, None, None, Health::Fail),
        ] {
            assert_eq!(
                clock(now, newest, ahead).result,
                result,
                "{newest:?} {ahead:?}"
            );
        }
    }
}
