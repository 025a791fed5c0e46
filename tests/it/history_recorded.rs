//! What `listen` has kept is what `history` tells, also while it runs.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::{Answer, Listener, Output, Server, Test, unseen};

/// Runs `history` on what the listener keeps.
#[track_caller]
fn history(listener: &Listener, args: &[&str]) -> Output {
    let output = Test::new()
        .arg("history")
        .args(args)
        .arg("--store")
        .arg(listener.directory().join("h.db"))
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    output
}

fn ids(output: &Output) -> Vec<Value> {
    let lines = output.json();
    lines.iter().map(|line| line["id"].clone()).collect()
}

#[test]
fn what_was_answered_is_there() {
    let listener = Listener::start(["--store", "h.db"]);
    let body = format!(" {}\n", unseen(1, "documents.success"));
    let headers = [
        ("X-Two", "b"),
        ("x-two", "a"),
        ("Authorization", "Bearer t"),
    ];
    assert_eq!(listener.post("/hook?x=1", &headers, &body).status, 200);

    let record = &history(&listener, &["show", "1", "--json"]).json()[0];
    assert_eq!(
        (&record["method"], &record["target"], &record["answered"]),
        (&json!("POST"), &json!("/hook?x=1"), &json!(200))
    );
    assert_eq!(record["signature"]["verdict"], "no-key");
    let capture = history(&listener, &["export", "--as", "capture"]).stdout;
    let replayed = Test::new()
        .file("c.json", &capture)
        .args(["replay", "c.json", "--dry-run", "--json"])
        .output();
    assert_eq!(replayed.json()[0]["body_b64"], record["body_b64"]);
    let redacted = history(&listener, &["export", "--redact"]).json();
    let hidden = redacted[0]["headers"].as_array().unwrap();
    assert!(
        hidden.contains(&json!(["authorization", "***"])),
        "{hidden:?}"
    );
    assert!(hidden.contains(&json!(["x-two", "***"])), "{hidden:?}");
}

#[test]
fn deliveries_are_told_with_their_attempts() {
    let target = Server::answering([Answer::status(500), Answer::status(204)]);
    let mut listener = Listener::start(["--store", "h.db", "-f", &target.url(), "--once"]);
    listener.post("/", &[], unseen(1, "documents.success"));
    listener.next("summary");
    let directory = listener.directory();
    let output = listener.finish();
    assert_eq!(output.directory(), directory);
    let shown = output
        .then()
        .args(["history", "show", "1", "--json", "--store", "h.db"])
        .output();
    let record = &shown.json()[0];
    let delivery = &record["deliveries"][0];
    assert_eq!(
        (
            &delivery["state"],
            &delivery["attempts"],
            &delivery["status"]
        ),
        (&json!("delivered"), &json!(2), &json!(204))
    );
    let attempts = record["attempts"].as_array().unwrap();
    let statuses: Vec<&Value> = attempts.iter().map(|attempt| &attempt["status"]).collect();
    assert_eq!(statuses, [500, 204]);
}

#[test]
fn pruning_beside_a_listener_leaves_what_waits_and_disturbs_nobody() {
    let reserved = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = reserved.local_addr().unwrap().port().to_string();
    drop(reserved);
    let listener = Test::new()
        .args(["--store", "h.db", "-f", &format!("documents.*={port}")])
        .listen();
    for (number, name) in [
        (1, "credentials.created"),
        (2, "documents.success"),
        (3, "credentials.created"),
    ] {
        assert_eq!(listener.post("/", &[], unseen(number, name)).status, 200);
    }
    let pruned = history(&listener, &["prune", "--keep", "0", "--json"]).json();
    assert_eq!(
        pruned,
        [json!({"type": "pruned", "removed": 2, "kept": 1, "waiting": 1, "dry_run": false})]
    );
    let body = unseen(4, "credentials.created");
    assert_eq!(listener.post("/", &[], body).status, 200);
    // Numbers are never used twice.
    assert_eq!(ids(&history(&listener, &["list", "--json"])), [4, 2]);
    let waiting = history(&listener, &["list", "--delivery", "waiting", "--json"]);
    assert_eq!(ids(&waiting), [2]);
}
