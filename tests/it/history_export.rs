//! `history export`.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Output, Store, Test, notification_of, unseen};

/// Three notifications, the last of which is no JSON.
fn filled() -> Test {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    store.add(
        "2026-01-02T03:04:05.678Z",
        &unseen(1, "credentials.created"),
    );
    store.add("2026-01-03T03:04:05Z", &unseen(2, "documents.success"));
    store.add("2026-01-04T03:04:05Z", "no JSON\n");
    test.args(["history", "export", "--store", "h.db"])
}

#[track_caller]
fn export(args: &[&str]) -> Output {
    let output = filled().args(args).output();
    assert_eq!(
        (output.code(), output.stderr().as_str()),
        (Some(0), ""),
        "{args:?}"
    );
    output
}

#[test]
fn captures_one_per_line_the_oldest_first() {
    for args in [
        &[][..],
        &["--format", "ndjson"],
        &["--as", "ndjson"],
        &["--json"],
    ] {
        let lines = export(args).json();
        assert_eq!(lines.len(), 3, "{args:?}");
        assert_eq!(lines[0]["received_at"], "2026-01-02T03:04:05.678Z");
        assert_eq!(lines[0]["syncfy_hooks"], 1);
        let expected: Value = serde_json::from_str(&unseen(1, "credentials.created")).unwrap();
        assert_eq!(lines[0]["body"], expected);
        assert_eq!(lines[2]["body_base64"], "bm8gSlNPTgo=");
    }
}

#[test]
fn ids_and_filters_choose() {
    let times = |args: &[&str]| -> Vec<Value> {
        let lines = export(args).json();
        lines
            .iter()
            .map(|line| line["received_at"].clone())
            .collect()
    };
    let (first, second) = ("2026-01-02T03:04:05.678Z", "2026-01-03T03:04:05.000Z");
    assert_eq!(times(&["2", "1", "2"]), [first, second]);
    assert_eq!(times(&["5f0e6c1a-7b2d-4c3e-9a4f-000000000002"]), [second]);
    assert_eq!(times(&["-e", "documents.*"]), [second]);
    assert_eq!(
        times(&["--until", "2026-01-04", "--since", "2026-01-03"]),
        [second]
    );
}

#[test]
fn one_capture_goes_to_standard_output() {
    let capture = export(&["2", "--format", "capture"]).stdout;
    let found = Test::new()
        .file("c.json", &capture)
        .args(["validate", "c.json", "--json"])
        .output();
    assert_eq!(found.json()[0]["events"][0]["name"], "documents.success");
    filled()
        .args(["--format", "capture"])
        .status(2)
        .stderr(
            "error: standard output takes one capture, and several notifications are meant\n\n\
             hint: write a file for each with `--output FOLDER`\n\
             hint: `--as ndjson` prints them one per line, which `replay` and `validate` read too\n",
        )
        .run();
}

#[test]
fn several_captures_go_to_a_folder() {
    let args = ["--as", "capture", "--output", "captures"];
    let output = filled()
        .args(args)
        .stderr("Wrote 3 notifications to `captures`\n")
        .run();
    let mut names: Vec<String> = fs::read_dir(output.directory().join("captures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "000001-credentials.created.json",
            "000002-documents.success.json",
            "000003-unknown.json"
        ]
    );
    let again = [
        "history", "export", "--store", "h.db", "--as", "capture", "--output", "captures",
    ];
    let refused = output.then().args(again).output();
    assert_eq!(
        (refused.code(), refused.stderr().as_str()),
        (
            Some(2),
            "error: `captures/000001-credentials.created.json` is there already\n\n\
             hint: name another one, or replace it with `--force`\n"
        )
    );
    let forced = output.then().args(again).arg("--force").output();
    assert_eq!(forced.code(), Some(0));
}

#[test]
fn a_file_is_for_its_owner_and_never_lost() {
    let args = ["--as", "har", "--output", "hooks.har"];
    let output = filled()
        .args(args)
        .stderr("Wrote 3 notifications to `hooks.har`\n")
        .run();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = output.directory().join("hooks.har");
        assert_eq!(
            fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let again = [
        "history",
        "export",
        "2",
        "--store",
        "h.db",
        "--output",
        "hooks.har",
        "--as",
        "capture",
    ];
    let before = output.file("hooks.har");
    output
        .then()
        .args(again)
        .status(2)
        .stderr(
            "error: `hooks.har` is there already\n\nhint: name another one, or replace it with `--force`\n",
        )
        .run();
    assert_eq!(output.file("hooks.har"), before);
    let forced = output
        .then()
        .args(again)
        .args(["--force", "--json"])
        .output();
    assert_eq!(
        forced.json(),
        [json!({"type": "exported", "notifications": 1, "output": "hooks.har"})]
    );
    assert_ne!(output.file("hooks.har"), before);
}

#[test]
fn what_cannot_be_written_is_told() {
    for (args, message) in [
        (
            &["--as", "har", "--output", "."][..],
            "error: `.` is a folder\n\nhint: name a file; only captures (`--as capture`) go to a folder\n",
        ),
        (
            &["--output", "none/x.ndjson"],
            "error: cannot write `none/x.ndjson`: its folder is not there\n",
        ),
        (
            &["--as", "har", "--format", "curl"],
            "error: `--as` and `--format` name two formats\n\nhint: leave one of them out\n",
        ),
        (
            &["--format", "sarif"],
            "error: invalid value 'sarif' for '--format <FORMAT>' [possible values: capture, ndjson, curl, har, hurl]\n\n\
             hint: try `--help`\n",
        ),
        (
            &["7"],
            "error: no notification in the history has the id `7`\n\n\
             hint: `syncfy-hooks history list` shows the ids; those of pruned notifications are gone\n",
        ),
    ] {
        filled().args(args).status(2).stderr(message).run();
    }
    let output = filled().args(["1", "-e", "*"]).output();
    assert_eq!(output.code(), Some(2));
}

#[test]
fn an_archive_is_json_also_when_it_is_empty() {
    let archive = export(&["--format", "har"]).json_text();
    assert_eq!(archive["log"]["entries"].as_array().unwrap().len(), 3);
    assert_eq!(
        archive["log"]["entries"][1]["comment"],
        "#2 documents.success"
    );
    let output = filled()
        .args(["--format", "har", "-e", "accounts.*"])
        .stderr("No notification in the history matches\n");
    let output = output.output();
    assert_eq!(output.json_text()["log"]["entries"], json!([]));
}

#[test]
fn of_nothing_there_is_an_empty_file_and_no_capture() {
    let output = filled()
        .args(["-e", "accounts.*", "--output", "none.ndjson"])
        .stderr("No notification in the history matches\nWrote 0 notifications to `none.ndjson`\n")
        .run();
    assert_eq!(output.file("none.ndjson"), b"");
    let output = filled()
        .args(["-e", "accounts.*", "--as", "capture", "--output", "none"])
        .stderr("No notification in the history matches\n")
        .run();
    assert!(!output.directory().join("none").exists());
}

#[test]
fn commands_and_tests_for_other_tools() {
    let curl = export(&["--format", "curl", "1", "2"]).stdout();
    assert_eq!(curl.matches("curl --globoff").count(), 2, "{curl}");
    assert!(curl.contains(" 'http://127.0.0.1:4000/hook?x=1'"), "{curl}");
    let hurl = export(&["--format", "hurl"]).stdout();
    assert_eq!(
        hurl.matches("POST {{target}}/hook?x=1\n").count(),
        3,
        "{hurl}"
    );
}

#[test]
fn redacted_it_holds_nothing_private_and_stays_valid() {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    let body = notification_of("credentials.created", |_| {});
    store.add("2026-01-02T03:04:05Z", &body);
    store.add("2026-01-02T03:04:06Z", &body);
    let args = ["history", "export", "--redact", "--store", "h.db"];
    let output = test.args(args).output();
    let printed = output.stdout();
    for private in [
        "0b9f2a3c",
        "5f0e6c1a",
        "65a1b2c3d4e5f60718293a4b",
        "someone@",
        "eyJ",
    ] {
        assert!(!printed.contains(private), "{private}\n{printed}");
    }
    let lines = output.json();
    assert_eq!(lines[0]["body"], lines[1]["body"]);
    let again = output.then().args(args).output();
    assert_eq!(again.stdout, output.stdout);
    let checked = output
        .then()
        .args(["validate", "--json"])
        .stdin(&output.stdout)
        .output();
    assert_eq!(checked.code(), Some(0), "{}", checked.stdout());
}

#[test]
fn headers_of_ones_own_are_hidden() {
    let lines = export(&["1", "--redact"]).json();
    let headers = &lines[0]["headers"];
    assert_eq!(headers[0], json!(["content-type", "application/json"]));
    assert_eq!(headers[1], json!(["request-signature", "***"]));
    assert_eq!(headers[2], json!(["x-shout", "***"]));
}

#[test]
fn formats_of_its_own_leave_the_global_one_alone() {
    for (name, value) in [
        ("SYNCFY_HOOKS_FORMAT", "pretty"),
        ("SYNCFY_HOOKS_FORMAT", "json"),
    ] {
        let output = filled().env(name, value).arg("1").output();
        assert_eq!(output.json()[0]["syncfy_hooks"], 1, "{value}");
    }
    let output = filled().env("SYNCFY_HOOKS_FORMAT", "har").arg("1").output();
    assert!(output.json_text()["log"].is_object());
}

#[test]
fn what_was_exported_can_be_sent_again() {
    let lines = export(&[]).stdout;
    let output = Test::new()
        .args(["replay", "--dry-run"])
        .stdin(&lines)
        .output();
    assert_eq!(output.stdout().lines().count(), 3, "{}", output.stdout());
}
