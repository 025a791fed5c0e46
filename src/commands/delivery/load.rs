//! What is to be sent: one request, and where requests come from.

use crate::domain::capture::Capture;
use crate::domain::notification::Outline;
use crate::report::Report;

/// A request, ready to be sent.
pub(in crate::commands) struct Load {
    /// Where it comes from, such as a file. `None` for one from the history.
    pub(in crate::commands) source: Option<String>,
    /// Its line, where the file has many.
    pub(in crate::commands) line: Option<u64>,
    /// Its sequence number in the history.
    pub(in crate::commands) id: Option<u64>,
    /// Which time it is sent, from 1.
    pub(in crate::commands) round: u64,
    /// The request. When it was received tells when it is due, where the gaps are kept.
    pub(in crate::commands) capture: Capture,
    /// What the notification is about.
    pub(in crate::commands) outline: Outline,
    /// The numbers of the routes that it takes. Empty for one that is left out.
    pub(in crate::commands) routes: Vec<usize>,
}

/// Where requests come from.
pub(in crate::commands) trait Supply: Clone + Send + 'static {
    /// The requests, in order, those that are left out among them. Ends after an error.
    fn loads(self) -> impl Iterator<Item = Result<Load, Report>>;

    /// How many requests there are, those that are left out among them, as far as they can be counted beforehand. May
    /// take its time.
    fn count(&self) -> Option<u64>;

    /// Whether each is wanted as soon as it is there, because somebody may be typing them.
    fn is_live(&self) -> bool;
}
