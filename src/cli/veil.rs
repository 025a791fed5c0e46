//! Keys that were typed or set where none belongs: the message about it does not repeat them.

use std::ffi::OsStr;

use crate::domain::signature::looks_like_a_key;
use crate::report::Report;
use crate::ui::one_line;
use crate::world::World;

/// What stands in the place of a key.
pub(super) const VEIL: &str = "[what looks like a key]";

/// The same report, with every argument and setting of these surroundings veiled that looks like a key.
#[must_use]
pub fn veiled(mut report: Report, world: &World) -> Report {
    let settings = world.env.iter().filter_map(|(name, value)| {
        let is_setting = name.to_str()?.starts_with("SYNCFY_");
        is_setting.then_some(value)
    });
    let typed = world.args.iter().map(AsRef::as_ref).chain(settings);
    for text in typed.map(OsStr::to_string_lossy) {
        for key in parts(&text).filter(|part| looks_like_a_key(part)) {
            for spelling in [key.to_owned(), one_line(key, false).into()] {
                let texts = std::iter::once(&mut report.message).chain(&mut report.hints);
                for text in texts.filter(|text| text.contains(&spelling)) {
                    *text = text.replace(&spelling, VEIL);
                }
            }
        }
    }
    report
}

/// An argument whole, what stands on either side of `=`, and what stands behind a short option.
fn parts(argument: &str) -> impl Iterator<Item = &str> {
    let (name, value) = argument.split_once('=').unzip();
    let behind_short = argument
        .strip_prefix('-')
        .and_then(|short| short.get(1..))
        .filter(|behind| !behind.is_empty());
    [Some(argument), name, value, behind_short]
        .into_iter()
        .flatten()
        .flat_map(|part| [part, part.trim()])
}
