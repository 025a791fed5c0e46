//! What is kept, and what comes back: the words that the history and its users share.

use crate::domain::capture::Capture;
use crate::domain::intake::Judgement;
use crate::domain::record::{AttemptRecord, Standing};
use crate::domain::seen::Repeat;

/// A notification that is to be kept.
pub(crate) struct Entry {
    pub(crate) judgement: Judgement,
    /// The status it is answered with. `None` when a target's answer is relayed.
    pub(crate) answered: Option<u16>,
    /// Why it is refused.
    pub(crate) refused: Option<&'static str>,
    /// Where it is to be delivered, each with whether it is parked: it waits in the history alone until it is asked for.
    pub(crate) targets: Vec<(String, bool)>,
    /// Whether it is not delivered where an earlier one carried all of its events, and came to the same targets or is
    /// still to.
    pub(crate) drops_repeats: bool,
}

/// A notification that was kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    /// Its sequence number. Its deliveries are numbered from 1, in the order of the targets.
    pub(crate) id: u64,
    /// What is known of its events.
    pub(crate) repeat: Repeat,
    /// Whether it is not delivered, because it is a repeat.
    pub(crate) is_dropped: bool,
}

/// An attempt of a delivery that is in the history.
#[derive(Debug)]
pub(crate) struct Attempted {
    pub(crate) notification: u64,
    /// The number of the delivery.
    pub(crate) delivery: u32,
    pub(crate) attempt: AttemptRecord,
    /// How far the delivery has come with it.
    pub(crate) state: Standing,
}

/// A delivery that `replay` made of a notification in the history, with all its attempts.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(crate) notification: u64,
    pub(crate) target: String,
    pub(crate) attempts: Vec<AttemptRecord>,
    pub(crate) state: Standing,
}

/// A delivery that waits in the history.
#[derive(Debug)]
pub(crate) struct Parked {
    pub(crate) notification: u64,
    /// Its number.
    pub(crate) delivery: u32,
    /// The attempts that were made.
    pub(crate) attempts: u32,
    pub(crate) capture: Capture,
}

/// Some of the deliveries that wait in the history.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) parked: Vec<Parked>,
    /// Whether there are no more behind them.
    pub(crate) is_last: bool,
}

/// What an earlier run left to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resumed {
    /// The newest notification that came before this run.
    pub(crate) newest: u64,
    /// How many deliveries wait for each target.
    pub(crate) targets: Vec<(String, u64)>,
    /// How many were given up, because they had waited too long.
    pub(crate) given_up: u64,
}

/// Something to write.
pub(super) enum Write {
    Entry(Box<Entry>),
    Attempted(Box<Attempted>),
    Replayed(Box<Replayed>),
}
