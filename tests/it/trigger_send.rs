//! `trigger --to`: what reaches the target, as it is and through chaos.

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::Value;

use crate::support::{Answer, KEY, Server, Test};

fn trigger(server: &Server, args: &[&str]) -> Test {
    Test::new()
        .args(["trigger"])
        .args(args)
        .args(["--to", &server.url(), "--json"])
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A target that answers 409 to an event that it has seen.
fn jealous() -> Server {
    let seen = Mutex::new(HashSet::new());
    Server::with(move |_, request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let eid = body.pointer("/events/0/header/event/eid").unwrap();
        let is_new = seen
            .lock()
            .unwrap()
            .insert(eid.as_str().unwrap().to_owned());
        Answer::status(if is_new { 200 } else { 409 })
    })
}

#[test]
fn a_scenario_arrives_signed_and_in_order() {
    let listener = Test::new()
        .file("k.txt", KEY)
        .args(["--key-file", "k.txt", "--count", "5"])
        .listen();
    let output = Test::new()
        .file("k.txt", KEY)
        .args([
            "trigger",
            "sync-success",
            "--key-file",
            "k.txt",
            "--speed",
            "1000x",
        ])
        .args(["--to", listener.url(), "--json"])
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let sent = lines(&output.stdout());
    assert_eq!(sent[0]["type"], "delivery");
    assert_eq!(sent[0]["source"], "sync-success:credentials.created");
    assert_eq!(sent[5]["type"], "summary");
    assert_eq!(sent[5]["succeeded"], 5);
    let came = lines(&listener.finish().stdout());
    let names: Vec<_> = came
        .iter()
        .filter(|line| line["type"] == "notification")
        .map(|line| {
            assert_eq!(line["signature"]["verdict"], "valid");
            assert_eq!(
                (&line["valid"], &line["diagnostics"]),
                (&true.into(), &Value::Array(vec![]))
            );
            line["events"][0]["name"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        names,
        [
            "credentials.created",
            "credentials.updated",
            "credentials.refreshed",
            "documents.completed",
            "documents.success"
        ]
    );
}

#[test]
fn a_repeat_that_is_answered_differently_is_told() {
    let server = jealous();
    let args = [
        "documents.success",
        "--count",
        "8",
        "--chaos",
        "duplicates",
        "--seed",
        "5",
    ];
    let output = trigger(&server, &[&args[..], &["--speed", "1000x"]].concat()).output();
    assert_eq!(output.code(), Some(1), "{}", output.stderr());
    let told = lines(&output.stdout());
    let differing: Vec<_> = told
        .iter()
        .filter(|line| line["type"] == "differing")
        .collect();
    assert_eq!(differing.len(), 2);
    for line in differing {
        assert_eq!(line["event"], "documents.success");
        assert_eq!(line["answers"], serde_json::json!([200, 409]));
        assert!(line["eid"].is_string());
    }
    let chaos = told.iter().find(|line| line["type"] == "chaos").unwrap();
    assert_eq!(
        (
            &chaos["seed"],
            &chaos["notifications"],
            &chaos["duplicated"]
        ),
        (&5.into(), &8.into(), &2.into())
    );
    assert_eq!(chaos["deliveries"], server.rest().len());
}

#[test]
fn a_target_that_knows_repeats_passes() {
    let server = Server::start();
    let args = [
        "sync-success",
        "--chaos",
        "all",
        "--seed",
        "7",
        "--speed",
        "1000x",
    ];
    let output = trigger(&server, &args).output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let told = lines(&output.stdout());
    let chaos = told.iter().find(|line| line["type"] == "chaos").unwrap();
    let dropped = chaos["dropped"].as_array().unwrap();
    assert_eq!(dropped.len(), 1);
    let mut bodies: Vec<_> = server
        .rest()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(chaos["deliveries"], bodies.len());
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 4);
}

#[test]
fn a_repeat_in_a_scenario_is_compared_too() {
    let server = jealous();
    let story = "summary = \"x\"\n[[step]]\nevent = \"documents.fail\"\n[[step]]\nagain = \"documents.fail\"\n";
    let output = trigger(&server, &["twice.toml"])
        .file("twice.toml", story)
        .output();
    assert_eq!(output.code(), Some(1));
    let told = lines(&output.stdout());
    assert!(told.iter().any(|line| line["type"] == "differing"));
    assert_eq!(server.rest().len(), 2);
}

#[test]
fn routes_take_their_events_and_an_absent_target_is_told() {
    let server = Server::start();
    let route = format!("documents.*={}", server.url());
    let output = Test::new()
        .args([
            "trigger",
            "sync-success",
            "--speed",
            "1000x",
            "--json",
            "--to",
            &route,
        ])
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    assert_eq!(server.rest().len(), 2);
    let output = Test::new()
        .args(["trigger", "credentials.created", "--to", "nothing.*=1"])
        .output();
    assert_eq!(output.code(), Some(2));
    assert!(
        output
            .stderr()
            .starts_with("error: no target takes this event\n")
    );
}
