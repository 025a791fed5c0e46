//! The verdicts of `JSONTestSuite`: what is JSON and what is not, over each of its files.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::Test;
use crate::support::peers::json_test_suite;

/// Whether a line and a column, in characters from 1, are in a text or right behind one of its lines.
fn is_inside(text: &[u8], line: &Value, column: &Value) -> bool {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let line = text.split(|byte| *byte == b'\n').nth(number(line) - 1);
    line.is_some_and(|line| {
        let characters = String::from_utf8_lossy(line).chars().count();
        (1..=characters + 1).contains(&number(column))
    })
}

#[test]
fn what_is_json_and_what_is_not() {
    let Some(folder) = json_test_suite("what_is_json_and_what_is_not") else {
        return;
    };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        files.insert(path.display().to_string(), fs::read(path).unwrap());
    }
    let kind = |path: &str| path.rsplit('/').next().and_then(|name| name.chars().next());
    let count = |wanted| files.keys().filter(|path| kind(path) == wanted).count();
    assert_eq!([Some('y'), Some('n'), Some('i')].map(count), [95, 188, 35]);

    let output = Test::new()
        .args(["validate", "--json"])
        .arg(folder)
        .output();
    assert_eq!(output.code(), Some(1));
    let judged = output.json();
    // One verdict for each file, also where it has lines.
    let sources = judged.iter().map(|line| line["source"].as_str().unwrap());
    assert!(sources.eq(files.keys()));
    for (line, (path, text)) in judged.iter().zip(&files) {
        let found = line["diagnostics"].as_array().unwrap();
        let syntax = found.iter().find(|found| found["code"] == "SH001");
        if kind(path) != Some('i') {
            assert_eq!(syntax.is_some(), kind(path) == Some('n'), "{line}");
        }
        if let Some(syntax) = syntax {
            assert_eq!(line["valid"], false, "{line}");
            assert_eq!(found.len(), 1, "{line}");
            assert!(
                is_inside(text, &syntax["line"], &syntax["column"]),
                "{line}"
            );
        }
    }
}
