//! `schema diff`: what two recordings tell of each other.

use serde_json::{Value, json};

use crate::support::{Test, notification_of};

/// Compares two recordings.
fn diff(before: &[String], after: &[String]) -> Test {
    Test::new()
        .file("before.ndjson", before.join("\n") + "\n")
        .file("after.ndjson", after.join("\n") + "\n")
        .args(["schema", "diff", "before.ndjson", "after.ndjson"])
}

fn event(name: &str) -> String {
    notification_of(name, |_| {})
}

fn changed(change: fn(&mut Value)) -> String {
    notification_of("credentials.created", |notification| {
        change(&mut notification["events"][0]);
    })
}

fn removed(object: &mut Value, name: &str) {
    object.as_object_mut().unwrap().remove(name);
}

/// Two recordings that differ in everything that is looked at.
fn drifted() -> Test {
    let after = [
        changed(|event| {
            event["header"]["event"]["version"] = "3.2".into();
            event["header"]["region"] = "mx".into();
            event["payload"]["event"] = "credential_made".into();
            event["payload"]["is_executing"] = 2.into();
            event["payload"]["id_external"].take();
            event["payload"]["endpoints"]["balances"] = json!(["/v1/balances"]);
            removed(&mut event["payload"], "id_site");
        }),
        changed(|event| removed(&mut event["payload"], "id_job")),
        event("credentials.archived"),
    ];
    let before = [event("credentials.created"), event("credentials.updated")];
    diff(&before, &after)
}

#[test]
fn recordings_of_the_same_contract_are_the_same() {
    let same = [event("credentials.created"), event("documents.success")];
    diff(&same, &same)
        .stderr("2 and 2 notifications: no difference\n")
        .run();
    diff(&same, &same).arg("--json").run();
    Test::new()
        .file("a.json", event("credentials.created"))
        .args(["schema", "--json", "diff", "a.json", "a.json"])
        .run();
}

#[test]
fn a_line_for_each_difference() {
    drifted()
        .status(1)
        .stdout(
            "credentials.archived: new event, 1 of 3 events\n\
             credentials.created: header.event.version: new value `3.2`\n\
             credentials.created: payload.event: new value `credential_made`\n\
             credentials.created: payload.is_executing: new value `2`\n\
             credentials.created: header.region: new field, string, in 1 of 2\n\
             credentials.created: payload.endpoints.balances: new field, array, in 1 of 2\n\
             credentials.created: payload.id_external: was string, is string or null\n\
             credentials.created: payload.id_job: was always there, is in 1 of 2\n\
             credentials.created: payload.id_site: was always there, is in 1 of 2\n\
             credentials.updated: the event is gone, was 1 of 2 events\n",
        )
        .stderr("2 and 3 notifications: 10 differences\n")
        .run();
}

#[test]
fn pretty_has_them_below_their_events() {
    drifted()
        .args(["--format", "pretty"])
        .status(1)
        .stdout(include_str!("fixtures/schema/drift.pretty"))
        .stderr("2 and 3 notifications: 10 differences\n")
        .run();
}

#[test]
fn json_has_both_sides() {
    drifted()
        .arg("--json")
        .status(1)
        .stdout(include_str!("fixtures/schema/drift.ndjson"))
        .run();
}

#[test]
fn every_source_can_be_compared() {
    let capture = format!(
        r#"{{"syncfy_hooks":1,"received_at":null,"method":"POST","target":"/","headers":[],"body":{}}}"#,
        event("credentials.created")
    );
    let test = Test::new().file("saved/a.json", capture);
    test.args(["schema", "diff", "saved", "-"])
        .stdin(event("credentials.created"))
        .stderr("1 and 1 notification: no difference\n")
        .run();
}

#[test]
fn what_is_no_notification_is_passed_over() {
    let created = event("credentials.created");
    let damaged = [created.clone(), "{".to_owned(), "[]".to_owned()];
    diff(std::slice::from_ref(&created), &damaged)
        .stderr(
            "warning: 2 in `after.ndjson` passed over, being no notification\n\
             hint: `syncfy-hooks validate` says what is wrong with them\n\
             1 and 1 notification: no difference\n",
        )
        .run();
    diff(&[created], &["{".to_owned()])
        .status(2)
        .stderr("error: there is no notification in `after.ndjson`\n")
        .run();
}

#[test]
fn legacy_notifications_go_by_their_legacy_name() {
    let v1 = r#"{"event":"refresh","id_credential":"x","is_executing":0}"#.to_owned();
    let changed = r#"{"event":"refresh","id_credential":7}"#.to_owned();
    diff(&[v1], &[changed])
        .status(1)
        .stdout(
            "refresh: id_credential: was string, is number\n\
             refresh: is_executing: the field is gone, was number, always there\n",
        )
        .stderr("1 and 1 notification: 2 differences\n")
        .run();
}

#[test]
fn foreign_names_are_tamed() {
    let odd = notification_of("a\u{1b}[2J", |_| {});
    let output = diff(&[event("credentials.created")], &[odd]).output();
    assert!(
        output
            .stdout()
            .contains("a\\u001b[2J: new event, 1 of 1 events\n"),
        "{}",
        output.stdout()
    );
}

#[test]
fn wrong_usage() {
    Test::new()
        .args(["schema", "diff", "-", "-"])
        .status(2)
        .stderr(
            "error: standard input can only be one thing, and is to be the recording before and the one after\n\n\
             hint: name files for all but one of them\n",
        )
        .run();
    Test::new()
        .args(["schema", "diff", "a.json"])
        .status(2)
        .stderr(
            "error: the following required arguments were not provided: <AFTER>\n\n\
             hint: Usage: syncfy-hooks schema diff <BEFORE> <AFTER>\n\
             hint: try `--help`\n",
        )
        .run();
    Test::new()
        .args(["schema", "diff", "a.json", "b.json"])
        .status(2)
        .stderr(
            "error: cannot read `a.json`: No such file or directory (os error 2)\n\n\
             hint: check how the path is spelled; `-` stands for standard input\n",
        )
        .run();
}
