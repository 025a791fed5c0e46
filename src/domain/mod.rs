//! What Syncfy Webhooks are, and what may be said about them.
//!
//! Pure: nothing in here knows clap, hyper, tokio, a terminal, the file system, the environment or a clock.

pub mod explain;
pub mod json;
pub mod notification;
pub mod validation;
