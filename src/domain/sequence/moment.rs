//! What the rules for sequences are shown, and what they say about it.

use super::occurrence::Occurrence;
use super::place::{Place, Sources};
use super::run::{Run, Trace};
use super::sightings::Repeat;
use crate::domain::json::Spot;
use crate::domain::notification::EventView;

/// A moment at which there may be something to say.
pub(in crate::domain) struct Moment<'m> {
    pub(in crate::domain) what: What<'m>,
    pub(super) sources: &'m Sources,
}

/// What happens at a moment.
pub(in crate::domain) enum What<'m> {
    /// An event of an earlier notification comes again.
    Repeat {
        event: &'m EventView<'m, 'm>,
        repeat: Repeat,
    },
    /// An event comes that belongs to a run; the run is as it was before.
    Arrival {
        event: &'m Occurrence<'m>,
        run: &'m Run,
    },
    /// The recording ends.
    End {
        run: &'m Run,
        /// Whether it went on long enough for the run to end.
        is_settled: bool,
        /// Whether the run began before it.
        began_before: bool,
    },
}

/// What a rule says.
pub(in crate::domain) struct Remark<'m> {
    pub(in crate::domain) on: On<'m>,
    pub(in crate::domain) message: String,
    pub(in crate::domain) help: &'static str,
}

/// What a remark is about.
pub(in crate::domain) enum On<'m> {
    /// A value of the notification that has just come.
    This(Spot),
    /// An event of an earlier one.
    Earlier(&'m Trace),
}

impl Moment<'_> {
    /// A place between backticks.
    pub(in crate::domain) fn quoted(&self, place: Place) -> String {
        self.sources.quoted(place)
    }
}
