//! `validate --format github`, `sarif` and `junit`: what the tools of others are told.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Output, Store, Test};

const WRONG: &[u8] = include_bytes!("fixtures/validate/wrong.json");
const STREAM: &[u8] = include_bytes!("fixtures/validate/stream.ndjson");
const CREATED: &[u8] = include_bytes!("fixtures/validate/created.json");
const GZIPPED: &[u8] = include_bytes!("fixtures/validate/capture_gzip.json");

/// A name that no format takes as it is.
const ODD: &str = "a b/100%,ñ&<.json";

fn over(format: &str) -> Test {
    Test::new()
        .file("stream.ndjson", STREAM)
        .file("capture.json", GZIPPED)
        .file("created.json", CREATED)
        .file(
            ODD,
            b"{\"rid\": \"\\u001b]0;\\n%0A]]>::error::\", \"events\": 1}",
        )
        .args(["validate", "--format", format])
}

fn validated(format: &str, body: impl AsRef<[u8]>) -> Output {
    let test = Test::new().args(["validate", "--format", format]);
    test.stdin(body).output()
}

/// Compares exactly.
#[track_caller]
fn is(output: &Output, expected: &str) {
    let expected = expected.replace("[VERSION]", env!("CARGO_PKG_VERSION"));
    pretty_assertions::assert_str_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

/// The log, once everything holds that the standard asks for.
#[track_caller]
fn sarif(output: &Output) -> Value {
    let log = output.json_text();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    assert_eq!(run["tool"]["driver"]["name"], "syncfy-hooks");
    assert!(run["invocations"][0]["executionSuccessful"].is_boolean());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let region = &result["locations"][0]["physicalLocation"]["region"];
        if let Some(column) = region["startColumn"].as_u64() {
            assert!(column >= 1 && region["startLine"].as_u64() >= Some(1));
            assert!(region["endLine"].as_u64() >= region["startLine"].as_u64());
        }
    }
    let results = run["results"].as_array().unwrap();
    let prints = results.iter().map(|found| &found["partialFingerprints"]);
    let mut prints: Vec<String> = prints.map(Value::to_string).collect();
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), results.len());
    log
}

/// Reads a report with a parser that had no hand in it; tells of each suite its counts and its cases.
const PYTHON: &str = "
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps([root.tag, [[suite.get('name'), int(suite.get('tests')), int(suite.get('failures')),
    int(suite.get('errors')), [[case.get('name')] + [child.tag for child in case] for case in suite]] for suite in root]]))
";

/// What a parser reads in a report, where there is one.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn parsed(output: &Output) -> Option<Value> {
    let report = Test::new().file("report.xml", &output.stdout);
    let python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(std::fs::File::open(report.directory().join("report.xml")).unwrap())
        .output();
    let Ok(python) = python else {
        eprintln!("SKIPPED: there is no python3 on this machine");
        return None;
    };
    let complaint = String::from_utf8_lossy(&python.stderr);
    assert!(python.status.success(), "{complaint}");
    Some(serde_json::from_slice(&python.stdout).unwrap())
}

#[test]
fn github_has_an_annotation_for_each_finding() {
    let output = over("github")
        .args(["stream.ndjson", "capture.json", "created.json", ODD])
        .output();
    assert_eq!(output.code(), Some(1));
    is(&output, include_str!("fixtures/validate/formats.github"));
    let summary = "7 notifications: 3 valid, 4 invalid (7 errors, 2 warnings)\n  \
        3 SH202 uuid\n  2 SH206 unknown-event\n  1 SH001 syntax\n  1 SH103 missing-field\n  \
        1 SH104 wrong-type\n  1 SH105 empty-events\n";
    assert_eq!(output.stderr(), summary);
}

#[test]
fn github_says_in_words_where_there_is_no_file() {
    let output = validated("github", "{\n  \"rid\": 1}");
    is(
        &output,
        "::error title=SH103 missing-field::<stdin>:1:1: the notification lacks `events`%0A\
         help: every documented notification has it\n\
         ::error title=SH104 wrong-type::<stdin>:2:10: `rid` is a number, expected a string%0A\
         help: send a string\n",
    );
}

#[test]
fn a_notification_of_the_history_has_its_number() {
    let of_history = |format| {
        let test = Test::new();
        let store = Store::create(test.directory().join("h.db"));
        store.add("2026-01-02T03:04:05Z", "{\"rid\": 1, \"events\": []}");
        let test = test.args(["validate", "--last", "1", "--store", "h.db"]);
        test.args(["--format", format]).output()
    };
    let github = of_history("github").stdout();
    let first = "::error title=SH104 wrong-type::history[1]:1:9: `rid` is a number";
    assert!(github.starts_with(first), "{github}");
    let log = sarif(&of_history("sarif"));
    let location = &log["runs"][0]["results"][0]["locations"][0];
    assert_eq!(location["message"]["text"], "history[1]:1:9");
    assert!(location["physicalLocation"].is_null());
    if let Some(report) = parsed(&of_history("junit")) {
        assert_eq!(
            report[1],
            json!([["history", 1, 1, 0, [["[1]", "failure"]]]])
        );
    }
}

#[test]
fn what_cannot_be_read_is_in_every_format() {
    let unread = |format| over(format).args(["missing.json", "created.json"]).output();
    let github = unread("github");
    assert_eq!(github.code(), Some(2));
    assert!(
        github
            .stdout()
            .starts_with("::error title=source-unreadable::cannot read `missing.json`")
    );
    assert!(
        github
            .stderr()
            .starts_with("error: cannot read `missing.json`")
    );
    let log = sarif(&unread("sarif"));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let told = &invocation["toolExecutionNotifications"][0];
    assert_eq!(told["descriptor"]["id"], "source-unreadable");
    assert_eq!(told["level"], "error");
    let junit = unread("junit");
    assert_eq!(junit.code(), Some(2));
    if let Some(report) = parsed(&junit) {
        assert_eq!(report[1][0][0], "created.json");
        assert_eq!(report[1][1][0], "unreadable");
        assert_eq!(report[1][1][3], 1);
        assert_eq!(report[1][1][4][0][1], "error");
    }
}

#[test]
fn a_document_comes_also_where_nothing_could_be_done() {
    for options in [["--id", "1"], ["--explain", "SH103"]] {
        let output = over("sarif").args(options).output();
        assert_eq!(output.code(), Some(2));
        let log = sarif(&output);
        assert_eq!(
            log["runs"][0]["invocations"][0]["executionSuccessful"],
            false
        );
    }
}

#[test]
fn sarif_is_one_log() {
    let output = over("sarif")
        .args(["stream.ndjson", "capture.json", "created.json", ODD])
        .output();
    assert_eq!(output.code(), Some(1));
    let log = sarif(&output);
    let mut rules = log["runs"][0]["tool"]["driver"]["rules"].clone();
    for rule in rules.as_array_mut().unwrap() {
        let help = rule.as_object_mut().unwrap().remove("help").unwrap();
        assert_eq!(help["text"], help["markdown"]);
        assert!(help["text"].as_str().unwrap().contains("## Do instead"));
    }
    let results = json!({"rules": rules, "results": log["runs"][0]["results"]});
    let expected: Value =
        serde_json::from_str(include_str!("fixtures/validate/formats.sarif")).unwrap();
    pretty_assertions::assert_eq!(results, expected);
}

#[test]
fn sarif_of_nothing_is_a_log_too() {
    let output = over("sarif").arg("created.json").output();
    assert_eq!(output.code(), Some(0));
    is(&output, include_str!("fixtures/validate/valid.sarif"));
    let empty = Test::new()
        .file("empty.ndjson", "\n")
        .args(["validate", "--format", "sarif", "empty.ndjson"])
        .output();
    assert_eq!(empty.code(), Some(1));
    sarif(&empty);
}

#[test]
fn fingerprints_do_not_hang_on_lines() {
    let prints = |body: &[u8]| {
        let log = sarif(&validated("sarif", body));
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let prints = results
            .iter()
            .map(|found| found["partialFingerprints"].clone());
        prints.collect::<Vec<_>>()
    };
    let moved = [b"\n\n", WRONG].concat();
    assert_eq!(prints(WRONG), prints(&moved));
    assert_eq!(prints(b"{\"rid\":1}\n{\"rid\":1}\n").len(), 4);
}

#[test]
fn junit_has_a_case_for_each_notification() {
    let output = over("junit")
        .args(["stream.ndjson", "capture.json", "created.json", ODD])
        .output();
    assert_eq!(output.code(), Some(1));
    is(&output, include_str!("fixtures/validate/formats.xml"));
    let Some(report) = parsed(&output) else {
        return;
    };
    let suites = report[1].as_array().unwrap();
    let names: Vec<&Value> = suites.iter().map(|suite| &suite[0]).collect();
    assert_eq!(
        names,
        ["stream.ndjson", "capture.json", "created.json", ODD]
    );
    assert_eq!(suites[0][4].as_array().unwrap().len(), 4);
}

#[test]
fn junit_fails_a_warning_under_strict_alone() {
    let cases = |options: &[&str]| {
        let unknown = include_bytes!("fixtures/validate/unknown.json");
        let test = Test::new().args(["validate", "--format", "junit"]);
        let output = test.args(options).stdin(unknown).output();
        parsed(&output).map(|report| report[1].clone())
    };
    let case = |counts: [u64; 2], child| {
        let named = "line 1: credentials.archived";
        json!([["<stdin>", counts[0], counts[1], 0, [[named, child]]]])
    };
    if let Some(lenient) = cases(&[]) {
        assert_eq!(lenient, case([1, 0], "system-out"));
    }
    if let Some(strict) = cases(&["--strict"]) {
        assert_eq!(strict, case([1, 1], "failure"));
    }
}

#[test]
fn whatever_arrives_a_document_can_be_read() {
    let mut body = CREATED.to_vec();
    for at in (0..body.len()).step_by(97) {
        body[at] = [0x1b, b'<', 0xff, b'"', b'\0'][at % 5];
        sarif(&validated("sarif", &body));
    }
    parsed(&validated("junit", &body));
    let controls = "{\"rid\":\"\u{fffe}\u{202e}\\u0000\",\"events\":[{\"header\":{\"event\":{\"name\":\"\\u0001<&]]>\\ud800\"}}}]}";
    let output = validated("junit", controls);
    assert_eq!(output.code(), Some(1));
    parsed(&output);
}

#[test]
fn the_last_format_that_was_typed_counts() {
    let lines = |options: [&str; 3]| {
        let test = Test::new().arg("validate").args(options);
        test.stdin(WRONG).output().stdout()
    };
    assert!(lines(["--json", "--format", "github"]).starts_with("::error "));
    assert!(lines(["--format", "github", "--json"]).starts_with("{\"type\""));
}
