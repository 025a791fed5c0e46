//! What the tasks of a run tell its dispatcher.

use crate::domain::activity::{Attempt, Outcome, Warning};

/// What the dispatcher is told.
pub(super) enum Event {
    /// The deliveries of a request begin.
    Begun(Begun),
    /// An attempt of a delivery by this route ended.
    Attempted(usize, Attempt),
    /// A delivery by this route that was to be tried again is not.
    GivenUp(usize, Outcome),
    /// Something the user should know.
    Warned(Warning),
}

/// A request whose deliveries begin.
pub(super) struct Begun {
    /// Its number: that of the history where it has one.
    pub(super) id: u64,
    /// How many deliveries there are.
    pub(super) deliveries: usize,
    /// The `eid` and the name of each of its events.
    pub(super) events: Vec<(String, String)>,
}
