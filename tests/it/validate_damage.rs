//! `validate` over damaged input: it never fails, and every place that it names is in the file, in every format.

use std::collections::HashMap;

use fastrand::Rng;
use serde_json::Value;

use crate::support::{Output, Test};

const SOUND: [&[u8]; 4] = [
    include_bytes!("fixtures/validate/created.json"),
    include_bytes!("fixtures/validate/wrong.json"),
    include_bytes!("fixtures/validate/wide.json"),
    include_bytes!("fixtures/validate/capture_document.json"),
];

/// What is put into a text to damage it.
const SPLINTERS: [&[u8]; 16] = [
    b"",
    b"\"",
    b"{",
    b"}",
    b"[",
    b",",
    b":",
    b"\\",
    b"'",
    b"\"rid\":1,",
    b"\r\n",
    b"\t",
    b"\xff",
    b"\0",
    "\u{feff}\u{202e}".as_bytes(),
    "你👍🏽e\u{301}".as_bytes(),
];

fn damaged(sound: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut text = sound.to_vec();
    for _ in 0..random.usize(0..5) {
        let start = random.usize(..text.len());
        let end = text.len().min(start + random.usize(..4));
        text.splice(
            start..end,
            random.choice(SPLINTERS).unwrap().iter().copied(),
        );
    }
    text
}

/// Documents, and one file with a text to a line.
fn files() -> HashMap<String, Vec<u8>> {
    let mut random = Rng::with_seed(8259);
    let mut files = HashMap::new();
    let mut lines = Vec::new();
    for number in 0..240 {
        let text = damaged(random.choice(SOUND).unwrap(), &mut random);
        lines.extend(text.iter().filter(|byte| **byte != b'\n'));
        lines.push(b'\n');
        files.insert(format!("{number}.json"), text);
    }
    files.insert("lines.ndjson".into(), lines);
    files
}

fn judged(files: &HashMap<String, Vec<u8>>, options: &[&str]) -> Output {
    let test = files.iter().fold(Test::new(), |test, (name, bytes)| {
        test.file(format!("in/{name}"), bytes)
    });
    let output = test.args(["validate", "in"]).args(options).output();
    assert!(matches!(output.code(), Some(1 | 2)), "{}", output.stderr());
    output
}

/// Whether a line and a column, in characters from 1, are in a text or right behind one of its lines.
#[track_caller]
fn is_inside(text: &[u8], line: &Value, column: &Value) {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let found = text.split(|byte| *byte == b'\n').nth(number(line) - 1);
    let characters = String::from_utf8_lossy(found.unwrap()).chars().count();
    assert!(
        (1..=characters + 1).contains(&number(column)),
        "{line}:{column}"
    );
}

#[test]
fn every_place_is_in_its_file() {
    let files = files();
    let text = |source: &Value| &files[source.as_str().unwrap().trim_start_matches("in/")];
    let mut count = 0;
    for judged in judged(&files, &["--json"]).json() {
        let text = text(&judged["source"]);
        for found in judged["diagnostics"].as_array().unwrap() {
            let related = found["related"].as_array().into_iter().flatten();
            for place in related.chain([found]) {
                if !place["line"].is_null() {
                    is_inside(text, &place["line"], &place["column"]);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 500, "{count}");

    let log = judged(&files, &["--format", "sarif"]).json_text();
    for found in log["runs"][0]["results"].as_array().unwrap() {
        let related = found["relatedLocations"].as_array().into_iter().flatten();
        for location in related.chain([&found["locations"][0]]) {
            let place = &location["physicalLocation"];
            let (text, region) = (text(&place["artifactLocation"]["uri"]), &place["region"]);
            if !region["startColumn"].is_null() {
                is_inside(text, &region["startLine"], &region["startColumn"]);
                is_inside(text, &region["endLine"], &region["endColumn"]);
            }
        }
    }
}

#[test]
fn every_format_survives() {
    let files = files();
    for format in ["pretty", "compact", "github", "junit"] {
        let shown = judged(&files, &["--format", format, "--color", "always"]);
        assert!(!shown.stdout.is_empty());
    }
    let plain = judged(&files, &["--format", "pretty"]).stdout();
    assert!(!plain.contains(['\u{1b}', '\r', '\u{202e}', '\u{feff}']));
}
