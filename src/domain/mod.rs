//! What Syncfy Webhooks are, and what may be said about them.
//!
//! Pure: nothing in here knows clap, hyper, tokio, a terminal, the file system, the environment or a clock.

pub mod activity;
pub mod advice;
pub mod capture;
pub mod compression;
pub mod contract;
pub mod curl;
pub mod delivery;
pub mod encoding;
pub mod explain;
pub mod export;
pub mod headers;
pub mod instant;
pub mod intake;
pub mod json;
pub mod latencies;
pub mod notification;
pub mod outage;
pub mod outcome;
pub mod percent;
pub mod record;
pub mod redact;
pub mod reply;
pub mod route;
pub mod seen;
pub mod sequence;
pub mod signature;
pub mod snippet;
pub mod target;
pub mod tempo;
pub mod validation;
