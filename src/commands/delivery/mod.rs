//! Delivers requests that are at hand to targets: what `replay` and `trigger` share.
//!
//! A request's way: `Supply` (makes it, on a thread of its own) -> `feeder` (`pacer`, `signer`) -> `courier` (attempts) ->
//! target, and where it came from the history -> `recorder`. Everything that happens comes to one dispatcher, in `run`.

mod courier;
mod event;
mod feeder;
mod load;
mod pacer;
mod recorder;
mod run;
mod screen;
mod signer;
mod tally;
mod trail;
mod witness;

use std::sync::Arc;

pub(super) use self::load::{Load, Supply};
pub use self::pacer::Timing;
pub(super) use self::run::{End, Run};
pub(super) use self::screen::Screen;
pub(super) use self::signer::Signer;
pub(super) use self::tally::status;
use super::send;
use crate::domain::route::Route;

/// How requests are delivered.
pub struct Options {
    /// Where they go.
    pub routes: Arc<[Route]>,
    /// How targets are called.
    pub send: send::Options,
    /// When they are sent.
    pub timing: Timing,
    /// Whether to stop at the first delivery that fails.
    pub fail_fast: bool,
}
