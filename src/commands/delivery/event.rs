//! What the tasks of a run tell its dispatcher.

use crate::domain::activity::{Attempt, Outcome, Warning};

/// What the dispatcher is told.
pub(super) enum Event {
    /// So many deliveries of a notification with this sequence number begin.
    Begun(u64, usize),
    /// An attempt of a delivery by this route ended.
    Attempted(usize, Attempt),
    /// A delivery by this route that was to be tried again is not.
    GivenUp(usize, Outcome),
    /// Something the user should know.
    Warned(Warning),
}
