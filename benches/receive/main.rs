//! How much of the limit `listen` reaches: the same load on it and on bare hyper servers, in turn.
//!
//! The limit servers read the body and answer; with a key they also check one HS256 signature and parse the body into
//! borrowed structs; with a file they also append what came, many at a time, before they answer. Nothing is judged,
//! indexed or shown. Compare the ratios, not the numbers:
//!
//! ```console
//! $ cargo bench --bench receive                # the groups `memory` and `store`, under three minutes
//! $ cargo bench --bench receive -- store       # one group
//! $ cargo bench --bench receive -- tunnel    # through an SSH server, beside `ssh -R`: a minute, needs OpenSSH
//! $ cargo bench --bench receive -- million     # a history of 1,000,000 notifications: several minutes, several GB
//! ```

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark is for whoever reads it here"
)]

mod compare;
mod limit;
mod load;
mod million;
mod server;
mod tunnel;

use std::path::Path;
use std::process::ExitCode;

use compare::Row;
use server::Pinning;

/// What signs and checks the notifications.
const SECRET: &[u8] = b"a secret of more than thirty-two bytes, for the benchmark alone";

const BARE: Row = Row::limit("bare hyper", 64, "bare");
const KEY: Row = Row::limit("bare hyper, signature and parsing", 64, "key");
const SYNCED_1: Row = Row::limit("the same and a synced file", 1, "synced-file");
const SYNCED_64: Row = Row::limit("the same and a synced file", 64, "synced-file");
const WRITTEN_1: Row = Row::limit("the same and a file, no sync", 1, "file");
const WRITTEN_64: Row = Row::limit("the same and a file, no sync", 64, "file");

const MEMORY: [Row; 5] = [
    BARE,
    Row::listen("listen", &BARE, &["--no-store", "--format", "compact"]),
    KEY,
    Row::listen(
        "listen with a key",
        &KEY,
        &["--no-store", "--key-file", "{key}", "--format", "compact"],
    ),
    Row::listen(
        "listen with a key, JSON lines",
        &KEY,
        &["--no-store", "--key-file", "{key}"],
    ),
];

const STORE: [Row; 8] = [
    SYNCED_1,
    Row::listen("listen, key and store, FULL", &SYNCED_1, FULL),
    SYNCED_64,
    Row::listen("listen, key and store, FULL", &SYNCED_64, FULL),
    WRITTEN_1,
    Row::listen("listen, key and store, NORMAL", &WRITTEN_1, NORMAL),
    WRITTEN_64,
    Row::listen("listen, key and store, NORMAL", &WRITTEN_64, NORMAL),
];

const FULL: &[&str] = &[
    "--store",
    "{store}",
    "--durability",
    "full",
    "--key-file",
    "{key}",
    "--format",
    "compact",
];

const NORMAL: &[&str] = &[
    "--store",
    "{store}",
    "--durability",
    "normal",
    "--key-file",
    "{key}",
    "--format",
    "compact",
];

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", work, folder] => limit::serve(work, Path::new(folder)),
        [] => run(&["memory", "store"]),
        groups if groups.iter().all(|group| GROUPS.contains(group)) => run(groups),
        _ => {
            eprintln!("the groups are: {}", GROUPS.join(", "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

const GROUPS: [&str; 4] = ["memory", "store", "million", "tunnel"];

fn run(groups: &[&str]) {
    let pinning = Pinning::try_now();
    println!("{pinning}");
    for group in groups {
        match *group {
            "memory" => compare::run(&MEMORY, pinning),
            "store" => compare::run(&STORE, pinning),
            "tunnel" => tunnel::run(pinning),
            _ => million::run(pinning),
        }
    }
}
