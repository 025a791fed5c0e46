//! `trigger`: what it makes, and what it says when it cannot.

use serde_json::Value;

use crate::support::Test;

/// The bytes of everything that can be made, with the seed 7.
const TRIGGERED: &str = include_str!("fixtures/triggered.ndjson");

/// The names that V1 has.
const V1: [&str; 4] = [
    "credential_create",
    "credential_update",
    "refresh",
    "documents_completed",
];

fn trigger(args: &[&str]) -> Test {
    Test::new().args(["trigger"]).args(args)
}

fn made(args: &[&str]) -> String {
    let output = trigger(args).output();
    assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr());
    output.stdout()
}

/// Every event and every scenario there is, the alias of an event among them.
fn names() -> Vec<String> {
    let list = made(&["--list", "--json"]);
    let names = list.lines().map(|line| {
        let entry: Value = serde_json::from_str(line).unwrap();
        assert_eq!(entry["type"], "trigger");
        entry["name"].as_str().unwrap().to_owned()
    });
    let mut names: Vec<String> = names.collect();
    let fail = names.iter().position(|name| name == "documents.fail");
    names.insert(fail.unwrap() + 1, "documents.failed".into());
    names
}

#[test]
fn a_seed_gives_the_same_bytes_on_every_machine() {
    let v3 = names()
        .into_iter()
        .map(|name| made(&[&name, "--seed", "7"]));
    let v1 = V1.map(|name| made(&[name, "--v1", "--seed", "7"]));
    let all: String = v3.chain(v1).collect();
    assert_eq!(all, TRIGGERED);
}

#[test]
fn ids_are_fresh_unless_there_is_a_seed() {
    assert_ne!(made(&["documents.success"]), made(&["documents.success"]));
    let three = made(&["documents.success", "--count", "3", "--seed", "1"]);
    let mut lines: Vec<&str> = three.lines().collect();
    assert_eq!(lines.len(), 3);
    lines.dedup();
    assert_eq!(lines.len(), 3);
    assert!(three.starts_with(&made(&["documents.success", "--seed", "1"])));
}

#[test]
fn events_are_put_together_and_changed() {
    let batch = made(&[
        "payments.transaction_created",
        "--batch",
        "2",
        "--environment",
        "production",
        "--set",
        "payload.0.amount=251.63999999999999",
        "--set",
        "header.user.id_external=a b",
        "--set",
        "events.1.payload.-={\"new\": [1.0]}",
        "--unset",
        "header.event.version",
    ]);
    let body: Value = serde_json::from_str(&batch).unwrap();
    let events = body["events"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(batch.matches("\"amount\":251.63999999999999").count(), 2);
    assert!(batch.contains("{\"new\": [1.0]}"), "{batch}");
    for event in events {
        assert_eq!(event["header"]["user"]["id_external"], "a b");
        assert_eq!(
            event["header"]["user"]["id_environment"],
            "574894bf7848066d138b4571"
        );
        assert!(event["header"]["event"].get("version").is_none());
    }
    let whole = made(&["sync-success", "--batch", "5"]);
    assert_eq!(whole.lines().count(), 1);
}

#[test]
fn what_cannot_be_made_is_told() {
    for (args, said) in [
        (
            &["documents.succes"][..],
            "error: there is no event or scenario `documents.succes`\n\n\
             hint: did you mean `documents.success`?\n",
        ),
        (
            &["refresh"],
            "error: there is no event or scenario `refresh`\n\n\
             hint: V1 has it: add `--v1`, as in `trigger refresh --v1`\n",
        ),
        (
            &["documents.success", "--v1"],
            "error: V1 has no event `documents.success`\n\n",
        ),
        (
            &["documents.fail", "--unset", "payload.nothing"],
            "error: `payload.nothing` cannot be taken out: there is no `nothing`\n\n",
        ),
        (
            &["documents.fail", "--set", "rid.x=1"],
            "error: `rid.x` leads through `x`, which is neither an object nor an array\n\n",
        ),
        (
            &["documents.fail", "--set", "payload"],
            "error: invalid value 'payload' for '--set <PATH=VALUE>': ",
        ),
        (
            &["none.toml"],
            "error: cannot read the scenario `none.toml`: ",
        ),
        (
            &["bad.toml"],
            "error: the scenario `bad.toml`: line 3, column 1: unknown field `evnt`",
        ),
        (
            &["documents.fail", "--data", "bad.toml"],
            "error: the payload in `bad.toml` is not JSON: ",
        ),
        (
            &["documents.fail", "--chaos", "all"],
            "error: `--chaos` is what happens on the way to a target\n\n",
        ),
        (
            &["documents.fail", "--v1", "--batch", "2"],
            "error: V1 has no batches\n\n",
        ),
        (
            &["sync-success", "--edit"],
            "error: only a single notification can be edited\n\n",
        ),
        (
            &[],
            "error: the following required arguments were not provided: ",
        ),
    ] {
        refused(args, said);
    }
}

fn refused(args: &[&str], said: &str) {
    let output = trigger(args)
        .file("bad.toml", "summary = \"x\"\n[[step]]\nevnt = \"a\"\n")
        .output();
    assert_eq!(output.code(), Some(2), "{args:?}");
    assert_eq!(output.stdout(), "", "{args:?}");
    let told = output.stderr();
    assert!(told.starts_with(said), "{args:?}: {told}");
}
