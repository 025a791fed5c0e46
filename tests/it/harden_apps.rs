//! `harden` against real apps: it passes what is right, and names exactly what is wrong.

use crate::support::{App, Language, Test};

const KEY: &str =
    r#"{"kty":"oct","alg":"HS256","k":"c2FtcGxlIGFwcHMgYXJlIG5vdCBmb3IgcHJvZHVjdGlvbiE"}"#;

/// The names of the checks that an app with this fault fails. `None` where its language is not here.
fn failed(language: Language, fault: &str) -> Option<Vec<String>> {
    let app = App::start(language, fault, KEY)?;
    // Whatever the machine does besides, an app that waits 150 ms is too slow for 100 ms.
    let budget = if fault == "fast" { "100ms" } else { "60s" };
    let output = Test::new()
        .file("key", KEY)
        .args(["harden", app.url(), "--key-file", "key", "--json"])
        .args(["--timeout", "60s", "--budget", budget])
        .output();
    let lines = output.json();
    let checks = lines.iter().filter(|line| line["type"] == "check");
    let failed = checks.filter(|check| check["result"] == "fail");
    let failed: Vec<String> = failed
        .map(|check| check["name"].as_str().unwrap().to_owned())
        .collect();
    let expected = i32::from(!failed.is_empty());
    assert_eq!(output.code(), Some(expected), "{}", output.stderr());
    Some(failed)
}

/// An app with each of these faults fails just the check of that name.
fn names_exactly(language: Language, faults: &[&str]) {
    for fault in faults {
        let Some(failed) = failed(language, fault) else {
            return;
        };
        assert_eq!(failed, [*fault], "{language:?}");
    }
}

#[test]
fn right_apps_stand_it_all() {
    for language in [Language::Node, Language::Python] {
        if let Some(failed) = failed(language, "") {
            assert_eq!(failed, Vec::<String>::new(), "{language:?}");
        }
    }
}

#[test]
fn what_node_lets_in_is_named() {
    let faults = [
        "unsigned",
        "wrong-key",
        "alg-none",
        "other-algorithm",
        "expired",
        "not-yet-valid",
        "stale",
        "tampered-body",
        "truncated-token",
        "two-signatures",
        "other-environment",
    ];
    names_exactly(Language::Node, &faults);
}

#[test]
fn what_node_keeps_out_is_named() {
    let faults = [
        "plain",
        "every-event",
        "unknown-event",
        "batch",
        "duplicate",
        "documents-fail-spellings",
        "odd-spacing",
        "chunked",
        "expect-continue",
    ];
    names_exactly(Language::Node, &faults);
}

#[test]
fn what_brings_node_down_is_named() {
    let faults = [
        "malformed-json",
        "empty-body",
        "huge-body",
        "deep-nesting",
        "wrong-content-type",
        "get",
        "fifty-at-once",
        "fast",
    ];
    names_exactly(Language::Node, &faults);
}

#[test]
fn what_flask_lets_in_is_named() {
    let faults = [
        "unsigned",
        "alg-none",
        "expired",
        "not-yet-valid",
        "stale",
        "tampered-body",
        "two-signatures",
        "other-environment",
    ];
    names_exactly(Language::Python, &faults);
}

#[test]
fn what_flask_does_not_take_is_named() {
    let faults = [
        "unknown-event",
        "batch",
        "duplicate",
        "documents-fail-spellings",
        "malformed-json",
        "empty-body",
        "huge-body",
        "deep-nesting",
        "wrong-content-type",
        "get",
        "fast",
    ];
    names_exactly(Language::Python, &faults);
}
