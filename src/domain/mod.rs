//! What Syncfy Webhooks are, and what may be said about them.
//!
//! Pure: nothing in here knows clap, hyper, tokio, a terminal, the file system, the environment or a clock.

pub mod capture;
pub mod explain;
pub mod headers;
pub mod target;
pub mod activity;
pub mod advice;
pub mod delivery;
pub mod encoding;
pub mod intake;
pub mod reply;
pub mod route;
pub mod signature;
pub mod json;
pub mod notification;
pub mod validation;
