//! A history of a million notifications: whether memory stays flat, how large it gets, and how fast it is read.

use std::io::BufRead as _;
use std::process::Stdio;
use std::time::Instant;

use crate::load::{Load, Notifications, Until};
use crate::server::{Pinning, Workplace};

const NOTIFICATIONS: u64 = 1_000_000;
const STEP: u64 = 100_000;
const CONNECTIONS: usize = 64;

pub(crate) fn run(pinning: Pinning) {
    let workplace = Workplace::new(pinning);
    // One more than is looked at: with the last it ends by itself, and leaves the store in order.
    let count = (NOTIFICATIONS + 1).to_string();
    let server = workplace.listen(&[
        "--store",
        "{store}",
        "--key-file",
        "{key}",
        "--format",
        "compact",
        "--count",
        &count,
    ]);
    println!(
        "\n{:>14}{:>14}{:>14}{:>14}",
        "notifications", "requests/s", "p99 ms", "resident MB"
    );
    let mut notifications = Notifications::new(&server.address);
    for made in (STEP..=NOTIFICATIONS).step_by(usize::try_from(STEP).unwrap()) {
        let load = Load::put(&server, &mut notifications, CONNECTIONS, Until::Made(made));
        println!(
            "{made:>14}{:>14.0}{:>14.3}{:>14.1}",
            load.latencies.len() as f64 / load.took.as_secs_f64(),
            load.percentile(99).as_secs_f64() * 1e3,
            server.resident_memory(),
        );
    }
    Load::put(
        &server,
        &mut notifications,
        1,
        Until::Made(NOTIFICATIONS + 1),
    );
    server.ended();
    println!(
        "the store: {:.0} MB, {} bytes for a notification",
        workplace.store_size() as f64 / 1e6,
        workplace.store_size() / NOTIFICATIONS
    );
    for arguments in [&["--limit", "50"][..], &["--events", "payments.*"]] {
        list(&workplace, arguments);
    }
}

/// Times `history list` with these arguments.
fn list(workplace: &Workplace, arguments: &[&str]) {
    let base = ["history", "list", "--json", "--store", "{store}"];
    let mut command = workplace.command(&[&base, arguments].concat());
    let start = Instant::now();
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let took = start.elapsed();
    assert!(output.status.success());
    let lines = output.stdout.lines().count();
    println!(
        "history list {}: {lines} lines, {:.1} ms",
        arguments.join(" "),
        took.as_secs_f64() * 1e3
    );
}
