//! Everything the `syncfy-hooks` program is made of.
//!
//! `domain` is pure and usable by itself: it parses, verifies and validates Syncfy Webhooks V3 without touching a file,
//! a socket, a clock or the environment.

pub mod domain;
