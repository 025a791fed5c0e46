//! An id is not an `ObjectId`.
//!
//! ## What it checks
//! That every `id_*` except `id_external` is 24 lower-case hexadecimal digits, in the header and in credential and
//! documents payloads, those that are not documented too. `id_job_uuid` is one, despite its name.
//!
//! ## Why
//! The API answers 404 for an id that is written otherwise, and two spellings of one id are two keys in a database.
//!
//! ## Example
//! ```text
//! {"id_user": "648A053B59F043380D473BE3"}
//! ```
//!
//! ## Do instead
//! Use the id exactly as Syncfy sent it: lower case, all 24 digits, no prefix and no wrapping such as `ObjectId(…)`.
//! `--fix` takes capitals and the wrapping away.

use super::Rule;
use crate::domain::json::{Spot, Value};
use crate::domain::notification::EventView;
use crate::domain::validation::Severity;
use crate::domain::validation::findings::{Remedy, Report};
use crate::domain::validation::quote::quote;

pub(super) const RULE: Rule = Rule::new(
    "SH201",
    "object-id",
    Severity::Error,
    include_str!("object_id.rs"),
)
.on_event(check);

fn check(event: &EventView<'_, '_>, report: &mut Report<'_>) {
    check_id("id_environment", event.id_environment, report);
    check_id("id_user", event.id_user, report);
    if event.has_known_payload() {
        // Those that are not documented too.
        let members = event.payload.into_iter().flat_map(Value::members);
        for (name, id) in members.filter(|(name, _)| is_id(name)) {
            check_id(name, Some(id), report);
        }
    }
}

/// Whether a member of this name is an `ObjectId`.
fn is_id(name: &str) -> bool {
    name.starts_with("id_") && name != "id_external"
}

fn check_id(name: &str, id: Option<Value<'_, '_>>, report: &mut Report<'_>) {
    if let Some((value, id)) = id.and_then(|value| Some((value, value.as_str()?)))
        && !is_object_id(id)
    {
        report.add_remediable(
            Spot::value(value),
            format!("{} is no ObjectId: {}", quote(name), quote(id)),
            advice(id),
            plain(id).as_deref().map(Remedy::string),
        );
    }
}

pub(super) fn is_object_id(id: &str) -> bool {
    // No early exit: over a fixed length this compiles to a few vector instructions.
    <&[u8; 24]>::try_from(id.as_bytes()).is_ok_and(|digits| {
        digits.iter().fold(true, |all, digit| {
            all & ((digit.wrapping_sub(b'0') < 10) | (digit.wrapping_sub(b'a') < 6))
        })
    })
}

/// The same id as Syncfy writes it, where it is one in capitals or in the wrapping of a database shell.
fn plain(id: &str) -> Option<String> {
    let bare = id
        .strip_prefix("ObjectId(")
        .and_then(|wrapped| wrapped.strip_suffix(')'))
        .map_or(id, |quoted| quoted.trim_matches(['"', '\'']));
    let plain = bare.to_ascii_lowercase();
    is_object_id(&plain).then_some(plain)
}

fn advice(id: &str) -> String {
    if is_object_id(&id.to_ascii_lowercase()) {
        return "write it in lower case, as Syncfy does".to_owned();
    }
    if plain(id).is_some() {
        return "write its 24 digits alone, in lower case".to_owned();
    }
    if uuid::Uuid::try_parse(id).is_ok() {
        return "this is a UUID; ids of users, credentials and jobs are 24 lower-case hexadecimal digits".to_owned();
    }
    match id.chars().count() {
        24 => "an ObjectId has only the digits `0` to `9` and `a` to `f`".to_owned(),
        count => {
            format!("an ObjectId has 24 lower-case hexadecimal digits, this has {count} characters")
        }
    }
}

#[cfg(test)]
pub(super) const FIXTURES: super::fixtures::Fixtures = {
    use super::fixtures::{Fixture::*, Fixtures, *};
    Fixtures {
        good: &[Whole(CREATED), Whole(DOCUMENTS)],
        bad: &[
            Edited(
                CREATED,
                "648a053b59f043380d473be3\"\n",
                "648a053b59f043380d473bez\"\n",
            ),
            Edited(
                CREATED,
                "574894bf7848066d138b4571",
                "574894BF7848066D138B4571",
            ),
            Edited(
                CREATED,
                "648cb2a9718d6c796e4091c2",
                "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb",
            ),
            Edited(
                DOCUMENTS,
                "\"id_site\":",
                "\"id_batch\": \"7\", \"id_site\":",
            ),
            Edited(
                DOCUMENTS,
                "\"id_job\": \"648cb2a9718d6c796e4091c1\"",
                "\"id_job\": \"\"",
            ),
        ],
    }
};
