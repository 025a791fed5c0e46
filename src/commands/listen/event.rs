//! What the tasks of `listen` tell its dispatcher.

use std::sync::Arc;

use crate::domain::activity::{Arrival, Attempt, Pull, TargetStanding, TunnelStanding, Warning};
use crate::report::Report;

/// What the dispatcher is told.
pub(super) enum Event {
    /// A notification was judged and recorded.
    Arrived(Arc<Arrival>),
    /// A notification was recorded, of events that are not to be shown.
    LeftOut,
    /// A notification was turned away: too much is waiting.
    TurnedAway,
    /// An attempt to deliver ended.
    Attempted(Attempt),
    /// A target went down, came back, or has more waiting for it.
    Target(TargetStanding),
    /// The public URL leads here, or does no more.
    Tunnel(TunnelStanding),
    /// The tunnel is given up.
    TunnelLost(Report),
    /// The stub answered a call.
    Pulled(Pull),
    /// The demo has posted its last event, and was answered.
    Posted,
    /// Something the user should know.
    Warned(Warning),
}
