//! Drives the real program, and compares everything it says.
//!
//! No test sleeps, names a port, reads the clock or leaves the machine. Whatever waits has a limit only so that a hang
//! ends as a failure.

#![expect(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and reports at leisure"
)]

mod support;

mod architecture;
#[cfg(unix)]
mod ci_script;
mod config;
#[cfg(unix)]
mod doctor;
mod generated;
mod harden;
mod harden_apps;
mod history_export;
mod history_list;
mod history_prune;
mod history_recorded;
mod history_show;
mod json_test_suite;
mod key;
mod listen_delivery;
#[cfg(unix)]
mod listen_durable;
#[cfg(unix)]
mod listen_expect;
#[cfg(unix)]
mod listen_faults;
mod listen_forward;
mod listen_http;
mod listen_output;
mod listen_save;
mod listen_signature;
mod listen_stop;
#[cfg(unix)]
mod listen_store;
#[cfg(unix)]
mod readme;
mod replay;
mod replay_headers;
mod replay_history;
mod replay_output;
mod replay_stop;
mod rules;
mod schema;
mod schema_diff;
#[cfg(unix)]
mod secrets;
mod sign;
mod signature_policy;
mod stub;
mod support_itself;
mod token_corpus;
mod token_interop;
mod trigger;
mod trigger_made;
mod trigger_send;
#[cfg(unix)]
mod tunnel;
#[cfg(target_os = "linux")]
mod tunnel_agent;
#[cfg(unix)]
mod tunnel_ssh;
mod usage;
mod validate;
#[cfg(unix)]
mod validate_damage;
#[cfg(unix)]
mod validate_fix;
#[cfg(unix)]
mod validate_formats;
mod validate_levels;
mod validate_mistakes;
mod validate_places;
mod validate_sequence;
#[cfg(unix)]
mod validate_streams;
mod verify;
#[cfg(unix)]
mod verify_snippet;
