//! The commands: each a free function over its resolved options and a `Context`. None of them prints or reads the
//! environment; they report activities.

pub mod keys;
pub mod listen;
pub mod man;
pub mod replay;
pub mod send;

use crate::clock::Clock;
use crate::ui::Ui;

/// What every command may touch.
pub struct Context {
    /// The output.
    pub ui: Ui,
    /// The clock.
    pub clock: Clock,
}
