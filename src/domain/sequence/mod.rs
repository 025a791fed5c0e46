//! The order of events over a whole recording: which belong together, what is missing between them, what came twice.
//!
//! Owns what has to be remembered from one notification to the next; the rules that judge it are among those of
//! `validation`. Events are taken in order of arrival: `header.event.at` is only compared, never sorted by.
//!
//! # Memory
//! No notification is kept. What is remembered grows with the events by 40 to 80 bytes each (the hash of the `eid`, that
//! of the content, the place), with the credentials and documents jobs by 100 to 200 bytes each, with the runs that have
//! not ended by about 500 bytes each, and with the names of the files. A million runs of one event each, all of them open
//! at the end, take 0.75 GB.

mod moment;
mod occurrence;
mod place;
mod recording;
mod run;
mod sightings;

pub(in crate::domain) use moment::{Moment, On, Remark, What};
pub(in crate::domain) use occurrence::Step;
pub use place::Position;
pub use recording::{Observed, Recording, Told, Totals};
pub(in crate::domain) use run::{Course, Run};

/// From here on it is no longer one run: the usual one takes less than a minute.
pub(in crate::domain) const LONG: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// A recording that goes on for so long after a run would have shown how it ended.
pub(in crate::domain) const SETTLED: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// The same, in events, where they have no time.
pub(in crate::domain) const SETTLED_EVENTS: u64 = 1000;

#[cfg(test)]
mod tests;

/// Everything that is found in a recording with these bodies.
#[cfg(test)]
pub(in crate::domain) fn judge(bodies: &[String]) -> Vec<crate::domain::validation::Diagnostic> {
    use crate::domain::notification::Notification;

    let mut recording = Recording::default();
    let mut found = Vec::new();
    for (line, body) in (1..).zip(bodies) {
        let position = Position {
            source: "all.ndjson",
            line,
            id: None,
        };
        let notification = Notification::read(body.as_bytes()).expect("a fixture is JSON");
        let observed = recording.observe(&notification, &position);
        found.extend(observed.here);
        found.extend(
            observed
                .earlier
                .into_iter()
                .flat_map(|told| told.diagnostics),
        );
    }
    found.extend(recording.finish().flat_map(|told| told.diagnostics));
    found
}
