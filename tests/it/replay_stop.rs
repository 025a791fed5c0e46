//! `replay`: when it stops, and what it waits for.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{Answer, Gate, Server, Test};

/// So many notifications, one to a line.
fn lines(number: usize) -> String {
    (0..number).map(|n| format!("{{\"n\":{n}}}\n")).collect()
}

#[test]
fn a_changed_file_is_sent_again() {
    let server = Server::start();
    let mut running = Test::new()
        .file("folder/a.json", "1")
        .args([
            "replay",
            "folder/a.json",
            "--json",
            "--watch",
            "--to",
            &server.url(),
        ])
        .spawn();
    assert_eq!(server.next().body, b"1");
    let watching = running.next("watching");
    assert_eq!(watching["paths"], serde_json::json!(["folder/a.json"]));
    let file = running.directory().join("folder/a.json");
    fs::write(&file, "22").unwrap();
    assert_eq!(server.next().body, b"22");
    running.next("watching");
    // As editors save: another file takes its name.
    fs::write(file.with_extension("tmp"), "333").unwrap();
    fs::rename(file.with_extension("tmp"), &file).unwrap();
    assert_eq!(server.next().body, b"333");
    running.next("watching");
    // What cannot be sent does not end it.
    fs::write(&file, "{\"syncfy_hooks\":2}").unwrap();
    assert_eq!(running.next("warning")["code"], "capture-newer");
    running.next("watching");
    running.interrupt();
    let output = running.finish();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    assert_eq!(output.json().last().unwrap()["sent"], 3);
    assert!(server.rest().is_empty());
}

#[test]
fn a_new_file_in_a_watched_folder_is_sent() {
    let server = Server::start();
    let mut running = Test::new()
        .file("folder/a.json", "1")
        .args([
            "replay",
            "folder",
            "--json",
            "--watch",
            "--to",
            &server.url(),
        ])
        .spawn();
    assert_eq!(server.next().body, b"1");
    running.next("watching");
    let folder = running.directory().join("folder");
    fs::write(folder.join("b.txt"), "no").unwrap();
    fs::write(folder.join("b.json"), "2").unwrap();
    assert_eq!(server.next().body, b"2");
    running.next("watching");
    running.interrupt();
    assert_eq!(running.finish().code(), Some(0));
    assert!(server.rest().is_empty());
}

#[test]
fn a_rate_is_never_exceeded() {
    let server = Server::start();
    let start = Instant::now();
    let output = Test::new()
        .file("a.ndjson", lines(5))
        .args([
            "replay",
            "a.ndjson",
            "--json",
            "--rate",
            "20/s",
            "--concurrency",
            "8",
        ])
        .args(["--to", &server.url()])
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    // Four pauses lie between five; however slow the machine is, there are not fewer.
    assert!(start.elapsed() >= Duration::from_millis(4 * 50));
    let bodies: Vec<_> = server
        .rest()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies.concat(), lines(5).replace('\n', "").into_bytes());
}

#[test]
fn the_first_failure_can_be_the_last() {
    let server = Server::answering([Answer::status(200), Answer::status(400)]);
    let output = Test::new()
        .file("a.ndjson", lines(1000))
        .args([
            "replay",
            "a.ndjson",
            "--json",
            "--fail-fast",
            "--to",
            &server.url(),
        ])
        .output();
    assert_eq!(output.code(), Some(1), "{}", output.stderr());
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["sent"], &summary["unsent"]),
        (&2.into(), &998.into())
    );
    assert_eq!(server.rest().len(), 2);
}

#[test]
fn an_interrupt_lets_what_is_under_way_end() {
    let gate = Gate::shut();
    let server = Server::answering([Answer::status(200), Answer::status(200).behind(&gate)]);
    let running = Test::new()
        .file("a.ndjson", lines(10))
        .args(["replay", "a.ndjson", "--to", &server.url()])
        .spawn();
    server.next();
    server.next();
    running.interrupt();
    // The signal is there before the answer: the program is told of both in this order.
    std::thread::yield_now();
    gate.open();
    let output = running.finish();
    let sent = 2 + server.rest().len();
    assert_eq!(output.code(), Some(1));
    assert_eq!(output.stdout().lines().count(), sent);
    let note = format!("Not sent: {}\n", 10 - sent);
    assert!(output.stderr().ends_with(&note), "{}", output.stderr());
}

#[test]
fn a_second_interrupt_ends_at_once() {
    let gate = Gate::shut();
    let server = Server::answering([Answer::status(200).behind(&gate)]);
    let running = Test::new()
        .file("a.json", "{}")
        .args(["replay", "a.json", "--to", &server.url()])
        .spawn();
    server.next();
    // Signals of one kind are one while they wait, so two kinds.
    running.interrupt();
    running.signal(rustix::process::Signal::TERM);
    let output = running.finish();
    gate.open();
    assert_eq!(output.code(), Some(130), "{}", output.stderr());
}

#[test]
fn a_reader_that_has_seen_enough_ends_it() {
    let server = Server::start();
    let test = Test::new().file("a.ndjson", lines(20_000));
    let mut command = std::process::Command::new("sh");
    let program = test.command().get_program().to_owned();
    let output = command
        .current_dir(test.directory())
        .args([
            "-c",
            "\"$0\" replay a.ndjson --concurrency 8 --to \"$1\" | head -1",
        ])
        .arg(program)
        .arg(server.url())
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: standard output was closed before everything was written\n"
    );
    assert_eq!(output.stdout.split(|byte| *byte == b'\n').count(), 2);
    assert!(server.rest().len() < 20_000);
}
