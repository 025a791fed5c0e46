//! Everything the `syncfy-hooks` program is made of.
//!
//! [`domain`] is pure and usable by itself: it parses, verifies and validates Syncfy Webhooks V3 without touching a
//! file, a socket, a clock or the environment. Everything else is the program round it: [`run`] reads the command line
//! and calls a command, which works through the adapters (`http`, `files`, `ui`) and reports activities.

pub mod cli;
pub mod commands;
pub mod domain;
pub mod ui;
pub mod world;

/// The examples of the README, which are run with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod clock;
mod exit;
pub mod files;
mod http;
mod report;
mod run;
mod shutdown;
mod store;
mod tunnel;
mod watch;

pub use self::clock::Clock;
pub use self::exit::ExitStatus;
pub use self::report::Report;
pub use self::run::run;
