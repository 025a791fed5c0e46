//! What `trigger` makes holds together: many at once, whole stories, recordings and what was edited.

use serde_json::Value;

use crate::support::{KEY, Output, Test};

const SCENARIOS: [&str; 5] = [
    "sync-success",
    "sync-with-errors",
    "documents-fail",
    "reconnect",
    "many-pages",
];

const V1: [&str; 4] = [
    "credential_create",
    "credential_update",
    "refresh",
    "documents_completed",
];

fn trigger(args: &[&str]) -> Test {
    Test::new().arg("trigger").args(args)
}

/// What is printed, which must go well.
#[track_caller]
fn made(args: &[&str]) -> Output {
    let output = trigger(args).output();
    assert_eq!((output.code(), output.stderr().as_str()), (Some(0), ""));
    output
}

/// The names of all that `--list` has.
fn listed() -> Vec<String> {
    let lines = made(&["--list", "--json"]).json();
    let names = lines.iter().map(|line| line["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

/// The codes of what `validate` finds in what is printed.
#[track_caller]
fn found(printed: &Output, args: &[&str]) -> Vec<Value> {
    let validated = Test::new()
        .args(["validate", "--strict", "--json"])
        .args(args)
        .stdin(&printed.stdout)
        .output();
    assert_eq!(validated.code(), Some(0), "{}", validated.stdout());
    let lines = validated.json();
    let found = lines
        .iter()
        .flat_map(|line| line["diagnostics"].as_array().unwrap());
    found.map(|found| found["code"].clone()).collect()
}

#[test]
fn nothing_is_found_in_what_is_made() {
    let nothing = Vec::<Value>::new();
    for name in listed() {
        for args in [
            &[][..],
            &[
                "--count",
                "2",
                "--batch",
                "3",
                "--environment",
                "production",
            ],
        ] {
            let printed = made(&[&[name.as_str()], args].concat());
            assert_eq!(found(&printed, &[]), nothing, "{name} {args:?}");
        }
    }
    // What is worth a note whoever sends it.
    assert_eq!(found(&made(&["documents.failed"]), &[]), ["SH207"]);
    for name in V1 {
        assert_eq!(found(&made(&[name, "--v1"]), &[]), ["SH102"], "{name}");
    }
}

#[test]
fn the_order_of_a_scenario_is_that_of_life() {
    for name in SCENARIOS {
        for count in ["1", "3"] {
            let printed = made(&[name, "--count", count]);
            assert_eq!(
                found(&printed, &["--sequence"]),
                Vec::<Value>::new(),
                "{name}"
            );
        }
    }
}

#[test]
fn what_is_made_with_a_key_verifies() {
    let everything = listed().into_iter().map(|name| vec![name]);
    let old = V1.map(|name| vec![name.to_owned(), "--v1".to_owned()]);
    for args in everything.chain(old) {
        for at in [&[][..], &["--seed", "7"]] {
            let captures = trigger(at)
                .args(&args)
                .args(["--as", "capture"])
                .env("SYNCFY_HOOKS_KEY", KEY)
                .output();
            let verified = Test::new()
                .args(["verify", "-", "--json"])
                .env("SYNCFY_HOOKS_KEY", KEY)
                .stdin(&captures.stdout)
                .output();
            let lines = verified.json();
            assert_eq!(lines.len(), captures.json().len(), "{args:?}");
            for line in lines {
                assert_eq!(line["verdict"], "valid", "{args:?}: {line}");
                assert_eq!(line["body_binding"], "bound", "{args:?}");
            }
        }
    }
}

#[test]
fn a_seed_makes_the_same_bytes_and_none_makes_others() {
    for args in [
        &["sync-success"][..],
        &["refresh", "--v1"],
        &["sync-success", "--as", "capture"],
    ] {
        let seeded = |seed: &str| made(&[args, &["--seed", seed]].concat()).stdout;
        assert_eq!(seeded("7"), seeded("7"));
        assert_ne!(seeded("7"), seeded("8"));
        assert_ne!(made(args).stdout, made(args).stdout);
    }
}

#[test]
fn a_payload_of_ones_own_keeps_its_bytes() {
    let own = "{ \"n\" : 1.10,\n  \"eid\": \"\u{e9}\" }";
    let one = ["payments.chargeback_created", "--data", "own.json"];
    let printed = trigger(&one).file("own.json", format!("{own}\n")).output();
    assert!(printed.stdout().contains(&format!("\"payload\":{own}")));
    let piped = trigger(&["payments.chargeback_created", "--data", "-", "--count", "2"]);
    let piped = piped.stdin(own).output();
    assert_eq!(piped.json().len(), 2, "each is a line");
    assert!(piped.stdout().contains(&own.replace('\n', "")));
}

#[test]
fn a_scenario_of_ones_own() {
    let story = r#"
summary = "A payment is charged back, and told of twice"

[[step]]
name = "bought"
event = "payments.transaction_created"

[[step]]
name = "disputed"
event = "payments.chargeback_created"
after = "2h"
set = { "payload.id_transaction" = "${bought.payload.0.id_transaction}", "payload.amount" = 251.63999999999999 }

[[step]]
again = "disputed"
after = "30s"
"#;
    let printed = trigger(&["mine.toml", "--seed", "7"])
        .file("mine.toml", story)
        .output();
    assert_eq!((printed.code(), printed.stderr().as_str()), (Some(0), ""));
    let [bought, disputed, again] = printed.json().try_into().unwrap();
    let event = |body: &Value| body["events"][0].clone();
    assert_eq!(
        event(&disputed)["payload"]["id_transaction"],
        event(&bought)["payload"][0]["id_transaction"]
    );
    assert!(printed.stdout().contains("\"amount\":251.63999999999999"));
    assert_eq!(event(&disputed), event(&again));
    assert_ne!(disputed["rid"], again["rid"]);
    let one = printed
        .then()
        .args(["trigger", "./mine.toml", "--batch", "10"])
        .output();
    assert_eq!(one.json()[0]["events"].as_array().unwrap().len(), 3);
}

#[track_caller]
fn refused(test: Test, said: &str) {
    test.status(2).stderr(said).run();
}

#[test]
fn what_cannot_be_made_is_told() {
    refused(
        trigger(&["credential_create"]),
        "error: there is no event or scenario `credential_create`\n\n\
         hint: V1 has it: add `--v1`, as in `trigger credential_create --v1`\n",
    );
    refused(
        trigger(&["payments.chargeback_created", "--v1"]),
        "error: V1 has no event `payments.chargeback_created`\n\n\
         hint: V1 has `credential_create`, `credential_update`, `refresh` and `documents_completed`\n",
    );
    refused(
        trigger(&["sync-success", "--v1"]),
        "error: `--v1` makes one event, and `sync-success` is a scenario\n\n\
         hint: leave out `--v1`, or name an event\n",
    );
    refused(
        trigger(&["sync-success", "--data", "own.json"]).file("own.json", "{}"),
        "error: `--data` is the payload of one event, and `sync-success` is a scenario\n\n\
         hint: change the payloads of a scenario with `--set`, or write a scenario of your own\n",
    );
    let path = "hint: a path is one inside the event, such as `payload.id_site`, or begins with `rid` or `events.`\n";
    refused(
        trigger(&["documents.fail", "--unset", "payload.id_sit"]),
        &format!("error: `payload.id_sit` cannot be taken out: there is no `id_sit`\n\n{path}"),
    );
    refused(
        trigger(&["documents.fail", "--set", "payload.endpoints.7=1"]),
        &format!(
            "error: `events.0.payload.endpoints.7`: `7` is no item of an array of 1\n\n{path}"
        )
        .replace("events.0.", ""),
    );
}

#[test]
fn what_is_wrong_with_a_scenario_has_its_place() {
    let story = "summary = \"x\"\n[[step]]\nevent = \"document.success\"\n";
    refused(
        trigger(&["mine.toml"]).file("mine.toml", story),
        "error: the scenario `mine.toml`: line 3, column 9: `document.success` is not in the catalogue of events\n\n\
         hint: did you mean `documents.success`?\n\
         hint: an event that is not in the catalogue needs a payload of its own\n",
    );
}

#[cfg(unix)]
#[test]
fn an_editor_has_the_last_word() {
    let edit =
        |editor: &str| trigger(&["documents.fail", "--edit", "--seed", "7"]).env("EDITOR", editor);
    let changed = edit("sed -i.bak 's/documents.fail/documents.failed/'").output();
    assert_eq!((changed.code(), changed.stderr().as_str()), (Some(0), ""));
    assert!(
        changed.stdout().starts_with("{\n  \"events\": [\n"),
        "{}",
        changed.stdout()
    );
    assert_eq!(
        changed.json_text()["events"][0]["header"]["event"]["name"],
        "documents.failed"
    );
    refused(
        edit("printf '{\"a\": 1,\n}' >"),
        "error: the edited notification is not JSON: line 2, column 1: a comma before the closing bracket\n\n\
         hint: remove the last comma\n\
         hint: nothing was sent; `replay` sends a file of any bytes\n",
    );
    refused(
        edit(": >"),
        "error: the edited notification is empty\n\nhint: nothing was sent\n",
    );
    let failed = edit("false").output();
    assert_eq!(failed.code(), Some(2));
    assert!(
        failed
            .stderr()
            .starts_with("error: the editor `false` did not end well")
    );
}
