//! `history list`.

use std::path::Path;

use serde_json::json;

use crate::support::{Store, Test, notification_of, unseen};

/// Four notifications that differ in everything that can be asked for.
fn filled() -> Test {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    store.add(
        "2026-01-02T03:04:05.678Z",
        &unseen(1, "credentials.created"),
    );
    let second = store.add("2026-01-03T03:04:05Z", &unseen(2, "documents.success"));
    store.set(second, "environment", "production");
    store.deliver(second, "localhost:3000", "delivered", &[json!(200)]);
    let third = store.add(
        "2026-01-04T03:04:05Z",
        &notification_of("documents.\u{1b}[2Jfail", |notification| {
            let user = &mut notification["events"][0]["header"]["user"];
            user["id_user"] = "other".into();
            user["id_external"] = "someone-else".into();
        }),
    );
    store.set(third, "valid", false);
    store.set(third, "verdict", "unsigned");
    store.set(third, "refused", "unsigned");
    store.set(third, "answered", 401);
    let fourth = store.add("2026-01-05T03:04:05Z", "no JSON");
    store.set(fourth, "verdict", "no-key");
    store.set(fourth, "body_binding", None::<String>);
    store.set(fourth, "environment", None::<String>);
    store.set(fourth, "duplicate_of", 1);
    store.deliver(
        fourth,
        "localhost:3000",
        "waiting",
        &[json!("connection refused")],
    );
    store.deliver(
        fourth,
        "localhost:4000",
        "failed",
        &[json!("timed out"), json!(500)],
    );
    test.args(["history", "list", "--store", "h.db"])
}

#[test]
fn a_line_for_each_the_newest_first() {
    filled()
        .stdout(
            "2026-01-05 03:04:05  (no event)  no environment  signature not checked  valid  repeats [1]  \
             1 waiting, 1 failed [4]\n\
             2026-01-04 03:04:05  documents.\\u001b[2Jfail  sandbox  unsigned  invalid  refused: unsigned [3]\n\
             2026-01-03 03:04:05  documents.success  production  signed  valid  localhost:3000 200 [2]\n\
             2026-01-02 03:04:05  credentials.created  sandbox  signed  valid [1]\n",
        )
        .run();
}

#[test]
fn a_table_for_a_person() {
    filled()
        .args(["--format", "pretty"])
        .stdout(
            "id  received             events                   env         signature  valid  deliveries
 4  2026-01-05 03:04:05  (no event)               -           no-key     yes    1 waiting, 1 failed
 3  2026-01-04 03:04:05  documents.\\u001b[2Jfail  sandbox     unsigned   no     refused: unsigned
 2  2026-01-03 03:04:05  documents.success        production  valid      yes    localhost:3000 200
 1  2026-01-02 03:04:05  credentials.created      sandbox     valid      yes
",
        )
        .run();
}

#[test]
#[expect(clippy::print_stderr, reason = "what is left out must be seen")]
fn a_person_reads_the_time_of_the_place() {
    if !Path::new("/usr/share/zoneinfo/America/Mexico_City").exists() {
        eprintln!("SKIPPED: there are no time zones on this machine");
        return;
    }
    let mexico = || filled().env("TZ", "America/Mexico_City");
    mexico()
        .args(["-e", "*.created"])
        .stdout("2026-01-01 21:04:05  credentials.created  sandbox  signed  valid [1]\n")
        .run();
    // What is typed is of the same place.
    let output = mexico()
        .args(["--until", "2026-01-01 21:04:06", "--json"])
        .output();
    assert_eq!(output.json()[0]["received_at"], "2026-01-02T03:04:05.678Z");
    assert_eq!(output.json().len(), 1);
}

#[test]
fn a_json_object_for_each() {
    let output = filled().args(["--json", "--limit", "3"]).output();
    let lines = output.json();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[2],
        json!({
            "type": "record",
            "id": 2,
            "rid": "0b9f2a3c-1d4e-4f5a-8b6c-7d8e9f0a1b2c",
            "received_at": "2026-01-03T03:04:05.000Z",
            "environment": "production",
            "version": "v3",
            "events": [{"eid": "5f0e6c1a-7b2d-4c3e-9a4f-000000000002", "name": "documents.success"}],
            "signature": {"verdict": "valid", "reason": null, "body_binding": "bound"},
            "valid": true,
            "duplicate_of": null,
            "answered": 200,
            "refused": null,
            "deliveries": [{
                "number": 1,
                "target": "localhost:3000",
                "state": "delivered",
                "attempts": 1,
                "status": 200,
                "replayed": false
            }]
        })
    );
    assert_eq!(lines[0]["deliveries"][0]["error"], "connection refused");
    assert_eq!(output.stderr(), "");
}

/// The ids that are listed with these arguments.
#[track_caller]
fn listed(args: &[&str]) -> Vec<u64> {
    let output = filled().args(args).arg("--json").output();
    assert_eq!(
        (output.code(), output.stderr().as_str()),
        (Some(0), ""),
        "{args:?}"
    );
    let lines = output.json();
    lines
        .iter()
        .filter_map(|line| line["id"].as_u64())
        .collect()
}

#[test]
fn filters() {
    for (args, expected) in [
        (&["--limit", "1"][..], &[4][..]),
        (&["--all"], &[4, 3, 2, 1]),
        (&["-e", "documents.*"], &[3, 2]),
        (&["-e", "documents.*", "-e", "!*.success"], &[3]),
        (&["-e", "!documents.*"], &[1]),
        (&["--since", "2026-01-03T03:04:05Z"], &[4, 3, 2]),
        (&["--until", "2026-01-03T03:04:05Z"], &[1]),
        (&["--since", "2026-01-03", "--until", "2026-01-04"], &[2]),
        (
            &["--since", "1767409446", "--until", "2026-01-05 03:04:05"],
            &[3],
        ),
        (&["--since", "2h"], &[]),
        (&["--until", "0s", "--limit", "1"], &[4]),
        (&["--environment", "production"], &[2]),
        (&["--environment", "sandbox"], &[3, 1]),
        (&["--user", "other"], &[3]),
        (&["--user", "65a1b2c3d4e5f60718293a4b"], &[2, 1]),
        (&["--external", "someone-else"], &[3]),
        (&["--verdict", "valid"], &[2, 1]),
        (&["--verdict", "no-key"], &[4]),
        (&["--delivery", "waiting"], &[4]),
        (&["--delivery", "delivered"], &[2]),
        (&["--delivery", "failed", "--verdict", "valid"], &[]),
    ] {
        assert_eq!(listed(args), expected, "{args:?}");
    }
}

#[test]
fn what_is_not_listed_is_told() {
    filled()
        .args(["--limit", "1", "-e", "*.created"])
        .stdout("2026-01-02 03:04:05  credentials.created  sandbox  signed  valid [1]\n")
        .run();
    let output = filled().args(["--limit", "2"]).output();
    assert_eq!(
        output.stderr(),
        "The newest 2 are listed; more with `--limit N`, all with `--all`\n"
    );
    filled()
        .args(["-e", "accounts.*"])
        .stderr("No notification in the history matches\n")
        .run();
    filled().args(["-e", "accounts.*", "--quiet"]).run();
    let test = Test::new();
    Store::create(test.directory().join("h.db"));
    test.args(["history", "list", "--store", "h.db"])
        .stderr("The history is empty\n")
        .run();
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for (args, message) in [
        (
            &["--since", "1h", "--until", "2h"][..],
            "nothing was received since a moment and before it: `--since` is not before `--until`",
        ),
        (
            &["--format", "har"],
            "invalid value 'har' for '--format <FORMAT>' [possible values: pretty, compact, json]",
        ),
        (
            &["--limit", "1", "--all"],
            "the argument '--limit <N>' cannot be used with '--all'",
        ),
        (
            &["-e", "a{"],
            "bad event pattern `a{`: a `{` is never closed",
        ),
        (
            &["--limit", "0"],
            "invalid value '0' for '--limit <N>': a whole number from 1",
        ),
    ] {
        let output = filled().args(args).output();
        assert_eq!(output.code(), Some(2), "{args:?}");
        let first = output.stderr().lines().next().map(str::to_owned);
        assert_eq!(first, Some(format!("error: {message}")), "{args:?}");
    }
}

#[test]
fn without_a_history_there_is_nothing_to_list() {
    Test::new()
        .args(["history", "list", "--store", "h.db"])
        .status(2)
        .stderr(
            "error: there is no history at `h.db`\n\n\
             hint: `syncfy-hooks listen` begins one; name another file with `--store FILE`\n",
        )
        .run();
    let output = Test::new().args(["history", "list"]).output();
    let is_at_home = output
        .stderr()
        .contains("home/.local/state/syncfy-hooks/history.db`");
    assert!(is_at_home, "{}", output.stderr());
    let output = Test::new()
        .file("notes.txt", "text")
        .args(["history", "list", "--json", "--store", "notes.txt"])
        .output();
    assert_eq!(output.code(), Some(2));
    assert_eq!(output.json_errors()[0]["code"], "store-foreign");
    assert_eq!(output.file("notes.txt"), b"text");
}

#[test]
fn a_configuration_file_can_say_what_is_meant() {
    let config = "[history.list]\nstore = \"h.db\"\nlimit = 1\nevents = [\"*.success\"]\nformat = \"json\"\n";
    let output = filled().file("syncfy-hooks.toml", config).output();
    assert_eq!(output.json()[0]["id"], 2);
}

#[cfg(unix)]
#[test]
fn whoever_has_seen_enough_may_leave() {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    for number in 0..2000 {
        store.add("2026-01-02T03:04:05Z", &unseen(number, "documents.success"));
    }
    drop(store);
    for format in ["pretty", "compact", "json"] {
        let line = format!(
            "syncfy-hooks history list --all --store {} --format {format} 0<&- | head -1",
            test.directory().join("h.db").display()
        );
        let output = Test::new().shell(&line).output();
        let printed = output.stdout();
        assert!(
            printed.contains("standard output was closed before everything was written"),
            "{format}: {printed}"
        );
    }
}

#[test]
fn a_long_table_keeps_its_columns() {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    store.add("2026-01-02T03:04:05Z", &unseen(0, &"long.".repeat(10)));
    for number in 1..=1000 {
        store.add("2026-01-02T03:04:05Z", &unseen(number, "documents.success"));
    }
    let output = test
        .args([
            "history", "list", "--all", "--store", "h.db", "--format", "pretty",
        ])
        .output();
    let printed = output.stdout();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 1002);
    assert_eq!(
        lines[0],
        "  id  received             events             env      signature  valid  deliveries"
    );
    assert_eq!(
        lines[1000],
        "   2  2026-01-02 03:04:05  documents.success  sandbox  valid      yes"
    );
    assert_eq!(
        lines[1001],
        "   1  2026-01-02 03:04:05  long.long.long.l…  sandbox  valid      yes"
    );
}
