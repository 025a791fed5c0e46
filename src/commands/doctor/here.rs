//! What can be examined on this machine alone: keys, clock, history.

use std::fs::{self, OpenOptions};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::failed;
use crate::commands::Location;
use crate::commands::keys::{self, KeyPlace, KeySources, Place};
use crate::domain::activity::{Examined, Health};
use crate::domain::signature::Key;
use crate::files;
use crate::report::Report;
use crate::store::Checkup;

/// When this program was made, in Unix seconds: 2026-11-01. No clock is right that shows less.
const MADE: i64 = 1_793_491_200;

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
        let hint = format!("`chmod 600 '{name}'`");
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
/// how far the clock of a target is ahead. Signatures are refused when clocks differ by more than the leeway.
pub(super) fn clock(
    now: Timestamp,
    leeway: SignedDuration,
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
    if let Some(ahead) = ahead.filter(|ahead| ahead.abs() > leeway) {
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
    if let Some(newest) = newest.filter(|newest| newest.duration_since(now) > leeway) {
        return fail(format!(
            "it shows {now:.0}, and the history has a notification of {newest:.0}"
        ));
    }
    Examined::new("clock", Health::Pass, format!("it shows {now:.0}"))
}

/// The history, and when its newest notification came. `None` for a location where none is to be kept.
pub(super) fn store(location: Option<Result<Location, Report>>) -> (Examined, Option<Timestamp>) {
    let location = match location {
        Some(Ok(location)) => location,
        Some(Err(report)) => return (failed("store", report), None),
        None => {
            return (
                Examined::new("store", Health::Skip, "none is to be kept"),
                None,
            );
        }
    };
    let path = location.path.as_path();
    let name = path.display().to_string();
    let (examined, newest) = match look(&location) {
        Ok(None) => {
            let message = format!("there is no history yet: `listen` makes `{name}`");
            (Examined::new("store", Health::Pass, message), None)
        }
        Ok(Some(checkup)) => (sound(&name, &checkup), checkup.newest),
        Err(report) => (failed("store", report), None),
    };
    (examined.of(name), newest)
}

/// What a history is like; `None` where one can be made.
fn look(location: &Location) -> Result<Option<Checkup>, Report> {
    let path = location.path.as_path();
    let unwritable = |error: std::io::Error| {
        let message = format!(
            "the history `{}` cannot be written to: {error}",
            path.display()
        );
        Report::new("store-read-only", message).hint(
            "see to the rights on the file and its folder, or name another with `--store FILE`",
        )
    };
    if fs::symlink_metadata(path).is_err() {
        // Only the usual folder is made.
        let mut folders = path
            .ancestors()
            .skip(1)
            .filter(|folder| location.is_default && folder.is_dir());
        let beside = folders.next().map(|folder| folder.join("history"));
        return files::probe_file(beside.as_deref().unwrap_or(path))
            .map(|()| None)
            .map_err(unwritable);
    }
    let checkup = Checkup::of(path)?;
    // Beside the file a log is written.
    OpenOptions::new()
        .append(true)
        .open(path)
        .map_err(unwritable)?;
    files::probe_file(path).map_err(unwritable)?;
    Ok(checkup)
}

fn sound(name: &str, checkup: &Checkup) -> Examined {
    let what = match (checkup.is_older, checkup.newest) {
        (true, _) => "of an older format, which is brought forward when it is used next".to_owned(),
        (false, None) => "has nothing yet".to_owned(),
        (false, Some(newest)) => format!("its newest notification is of {newest:.0}"),
    };
    let waiting = match checkup.waiting {
        0 => String::new(),
        1 => "; 1 delivery waits".to_owned(),
        many => format!("; {many} deliveries wait"),
    };
    Examined::new(
        "store",
        Health::Pass,
        format!("the history `{name}` is sound: {what}{waiting}"),
    )
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
                clock(now, seconds(60), newest, ahead).result,
                result,
                "{newest:?} {ahead:?}"
            );
        }
    }
}
