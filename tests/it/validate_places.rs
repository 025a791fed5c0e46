//! Where `validate` points: in every kind of source, in every format.

use serde_json::{Value, json};

use crate::support::Test;

/// Both keys are on one line here.
const REPEATED: &str =
    "{\"rid\": \"c53b1fcb-e112-465c-ad3e-8b64cf2f602c\", \"rid\": 1, \"events\": [7]}";

fn over(name: &str, bytes: impl AsRef<[u8]>, format: &str) -> Test {
    Test::new()
        .file(name, bytes)
        .args(["validate", name, "--format", format])
}

fn capture(body: &str) -> String {
    format!(
        "{{\"syncfy_hooks\":1,\"received_at\":null,\"method\":\"POST\",\"target\":\"/\",\"headers\":[],\n\"body\":{body}}}"
    )
}

#[test]
fn findings_on_one_line_share_its_excerpt() {
    over("a.json", REPEATED, "pretty")
        .status(1)
        .stdout(include_str!("fixtures/validate/shared.pretty"))
        .stderr("1 notification: 1 invalid (3 errors)\n")
        .run();
    let body = REPEATED.replace("[7]", &format!("[{}7]", " ".repeat(200)));
    over("a.json", body, "pretty")
        .status(1)
        .stdout(include_str!("fixtures/validate/apart.pretty"))
        .stderr("1 notification: 1 invalid (3 errors)\n")
        .run();
}

#[test]
fn a_repeated_key_is_shown_with_the_first_one() {
    let far = format!(
        "{{\"events\": [],\n  \"a\": 1,\n  \"b\": 2,\n  \"a\": 3,{}\n  \"b\": \"{}\", \"c\": 1, \"b\": 4}}",
        "\n".repeat(2000),
        "x".repeat(200),
    );
    over("a.json", far, "pretty")
        .args(["--allow", "unknown-field"])
        .status(1)
        .stdout(include_str!("fixtures/validate/repeated.pretty"))
        .stderr("1 notification: 1 invalid (5 errors)\n")
        .run();
}

#[test]
fn both_places_are_those_of_the_file() {
    let both = |name: &str, text: &str, first: &str, again: &str| {
        let output = over(name, text, "compact").output().stdout();
        let expected = format!(
            "{name}:{again}: error[SH003]: the key `rid` is repeated (first here: {first})\n"
        );
        assert!(
            output.starts_with(&expected) || output.contains(&format!("\n{expected}")),
            "{output}"
        );
    };
    both("a.json", REPEATED, "1:2", "1:49");
    both("a.json", &format!("\u{feff}{REPEATED}"), "1:2", "1:49");
    both("a.json", &REPEATED.replace(", ", ",\r\n"), "1:2", "2:1");
    both("a.ndjson", &format!("{{}}\n\n{REPEATED}\n"), "3:2", "3:49");
    both("a.json", &capture(REPEATED), "2:9", "2:56");
    both(
        "a.json",
        &capture(&REPEATED.replace(", ", ",\n")),
        "2:9",
        "3:1",
    );
}

#[test]
fn both_places_are_in_every_format() {
    let text = format!("{{}}\n{REPEATED}\n");
    let json = over("a.ndjson", &text, "json").output().json();
    assert_eq!(
        json[1]["diagnostics"][0]["related"],
        json!([{"line": 2, "column": 2, "message": "first here"}])
    );
    assert_eq!(json[1]["diagnostics"][1]["related"], Value::Null);
    let github = over("a.ndjson", &text, "github").output().stdout();
    let annotation = "::error file=a.ndjson,line=2,col=49,endLine=2,endColumn=54,title=SH003 duplicate-key::\
         the key `rid` is repeated%0Ahelp: parsers disagree about which value counts: remove one%0A\
         first here: a.ndjson:2:2\n";
    assert!(github.contains(annotation), "{github}");
    let log = over("a.ndjson", &text, "sarif").output().json_text();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let found = results.iter().find(|found| found["ruleId"] == "SH003");
    assert_eq!(
        found.unwrap()["relatedLocations"],
        json!([{
            "physicalLocation": {
                "artifactLocation": {"uri": "a.ndjson"},
                "region": {"startLine": 2, "startColumn": 2, "endLine": 2, "endColumn": 7},
            },
            "message": {"text": "first here"},
        }])
    );
    let stdin = Test::new().args(["validate", "--format", "sarif"]);
    let log = stdin.stdin(REPEATED).output().json_text();
    assert_eq!(
        log["runs"][0]["results"][0]["relatedLocations"],
        json!([{"message": {"text": "first here: <stdin>:1:2"}}])
    );
}

#[test]
fn bytes_that_are_no_text_are_found_in_a_line() {
    over("a.ndjson", b"{}\n{\"\xc3\xb1\": \"\xff\"}\n", "compact")
        .status(1)
        .stdout(
            "a.ndjson:1:1: error[SH101]: not a Syncfy notification: an empty object\n\
             a.ndjson:2:8: error[SH001]: invalid UTF-8: byte `0xff` at offset 8 of the body\n",
        )
        .stderr("2 notifications: 2 invalid (2 errors)\n")
        .run();
}
