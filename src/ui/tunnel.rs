//! How a tunnel looks: its public URL, and whether it leads here.

use super::Stream;
use super::human::hints;
use super::style::Role;
use crate::domain::activity::{TunnelStanding, TunnelState};

/// Whether notifications can come through the tunnel.
pub(super) fn standing(standing: &TunnelStanding, err: Stream) -> String {
    let url = err.foreign(standing.url.as_deref().unwrap_or_default());
    let reason = err.foreign(standing.reason.as_deref().unwrap_or_default());
    let (text, advice) = match (standing.state, &standing.changed_from) {
        (TunnelState::Up, None) => (
            format!("{} {url}", err.style.paint(Role::Good, "Public URL")),
            "notifications come through the tunnel once the Syncfy dashboard has this URL",
        ),
        (TunnelState::Up, Some(before)) => (
            format!(
                "{} {url}\n  {:<14}{}",
                err.style.paint(Role::Bad, "THE PUBLIC URL HAS CHANGED:"),
                "it was",
                err.foreign(before)
            ),
            "change the webhook in the Syncfy dashboard: nothing comes to the old URL any more",
        ),
        (TunnelState::Down, _) if standing.url.is_none() => (
            format!(
                "{} {reason}",
                err.style.paint(Role::Warn, "There is no public URL yet:")
            ),
            "it is tried again by itself",
        ),
        (TunnelState::Down, _) => (
            format!(
                "{} {reason}",
                err.style.paint(Role::Warn, "The tunnel is down:")
            ),
            "it is opened again by itself; what Syncfy sends meanwhile does not arrive",
        ),
    };
    let advice = [standing.hints.as_slice(), &[advice.to_owned()]].concat();
    format!("{text}\n{}", hints(&advice, err))
}
