//! What a tunnel reports.

use serde::Serialize;

/// Whether notifications can come through the tunnel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TunnelStanding {
    /// Whether a public URL leads here.
    pub state: TunnelState,
    /// The public URL; when the tunnel is down, the last one.
    pub url: Option<String>,
    /// The public URL before, where this is another: the webhook has to be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_from: Option<String>,
    /// Why it is down, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// Whether notifications can come through a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TunnelState {
    /// They can.
    Up,
    /// They cannot.
    Down,
}
