//! Drives the real program, and compares everything it says.
//!
//! No test sleeps, names a port, reads the clock or leaves the machine. Whatever waits has a limit only so that a hang
//! ends as a failure.

mod support;

mod architecture;
mod generated;
mod key;
mod listen_http;
#[cfg(unix)]
mod readme;
mod replay;
mod replay_output;
mod replay_stop;
mod sign;
mod support_itself;
mod verify;
