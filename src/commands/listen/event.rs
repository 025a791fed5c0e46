//! What the tasks of `listen` tell its dispatcher.

use std::sync::Arc;

use crate::domain::activity::{Arrival, Attempt, Warning};

/// What the dispatcher is told.
pub(super) enum Event {
    /// A notification was judged and recorded.
    Arrived(Arc<Arrival>),
    /// A notification was recorded, of events that are not to be shown.
    LeftOut,
    /// An attempt to deliver ended.
    Attempted(Attempt),
    /// The demo has posted its last event, and was answered.
    Posted,
    /// Something the user should know.
    Warned(Warning),
}
