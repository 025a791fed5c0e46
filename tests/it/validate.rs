//! `validate`: what it says about every kind of input, and the status it ends with.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use crate::support::{Output, Test};

/// A run of `validate` in a folder with one of the fixtures.
macro_rules! fixture {
    ($($name:literal),+) => {
        Test::new()
            $(.file($name, include_bytes!(concat!("fixtures/validate/", $name))))+
            .arg("validate")
            $(.arg($name))+
    };
}

fn over(bytes: impl AsRef<[u8]>) -> Test {
    Test::new()
        .file("a.json", bytes)
        .args(["validate", "a.json"])
}

#[test]
fn a_valid_notification() {
    fixture!("created.json")
        .stderr("1 notification: 1 valid\n")
        .run();
    fixture!("created.json")
        .args(["--format", "pretty"])
        .stdout("created.json: valid  credentials.created\n")
        .stderr("1 notification: 1 valid\n")
        .run();
    fixture!("created.json").arg("--quiet").run();
}

#[test]
fn findings_with_excerpts() {
    fixture!("wrong.json")
        .args(["--format", "pretty"])
        .status(1)
        .stdout(include_str!("fixtures/validate/wrong.pretty"))
        .stderr("1 notification: 1 invalid (2 errors, 1 warning)\n")
        .run();
}

#[test]
fn tabs_line_breaks_and_wide_characters_line_up() {
    fixture!("wide.json")
        .args(["--format", "pretty"])
        .status(1)
        .stdout(include_str!("fixtures/validate/wide.pretty"))
        .stderr("1 notification: 1 invalid (2 errors)\n")
        .run();
}

#[test]
fn findings_on_one_line_each() {
    fixture!("created.json", "wrong.json")
        .status(1)
        .stdout(
            "wrong.json:2:10: error[SH202]: `rid` is no UUID: `R-1`\n\
             wrong.json:6:9: error[SH103]: `header.event` lacks `eid`\n\
             wrong.json:7:19: warning[SH206]: unknown event `credential.created`\n",
        )
        .stderr("2 notifications: 1 valid, 1 invalid (2 errors, 1 warning)\n")
        .run();
}

#[test]
fn colours_are_for_whoever_wants_them() {
    fixture!("unknown.json")
        .args(["--color", "always"])
        .stdout("unknown.json:8:19: \u{1b}[33mwarning[SH206]\u{1b}[0m: unknown event `credentials.archived`\n")
        .stderr("\u{1b}[1m1 notification:\u{1b}[0m 1 valid (1 warning)\n")
        .run();
    let pretty = fixture!("unknown.json")
        .args(["--color", "always", "--format", "pretty"])
        .output();
    let arrow = "\n \u{1b}[1;94m-->\u{1b}[0m unknown.json:8:19\n";
    assert!(pretty.stdout().contains(arrow), "{}", pretty.stdout());
}

#[test]
fn strict_counts_warnings_as_errors() {
    fixture!("unknown.json")
        .stdout("unknown.json:8:19: warning[SH206]: unknown event `credentials.archived`\n")
        .stderr("1 notification: 1 valid (1 warning)\n")
        .run();
    fixture!("unknown.json")
        .arg("--strict")
        .status(1)
        .stdout("unknown.json:8:19: error[SH206]: unknown event `credentials.archived`\n")
        .stderr("1 notification: 1 invalid (1 error)\n")
        .run();
}

#[test]
fn lines_of_a_stream_keep_their_numbers() {
    fixture!("stream.ndjson")
        .status(1)
        .stdout(
            "stream.ndjson:3:8: error[SH202]: `rid` is no UUID: `R-1`\n\
             stream.ndjson:3:35: error[SH103]: `header.event` lacks `eid`\n\
             stream.ndjson:3:51: warning[SH206]: unknown event `credential.created`\n\
             stream.ndjson:4:2: error[SH001]: a key is not in double quotes\n\
             stream.ndjson:5:129: warning[SH206]: unknown event `credentials.archived`\n",
        )
        .stderr("4 notifications: 2 valid, 2 invalid (3 errors, 2 warnings)\n  2 SH206 unknown-event\n  1 SH001 syntax\n  1 SH103 missing-field\n  1 SH202 uuid\n")
        .run();
}

#[test]
fn json_has_one_line_for_each_notification() {
    fixture!("stream.ndjson", "capture_gzip.json")
        .arg("--json")
        .status(1)
        .stdout(include_str!("fixtures/validate/stream.out.ndjson"))
        .run();
}

#[test]
fn findings_in_a_capture_point_into_its_file() {
    fixture!("capture_line.json", "capture_document.json")
        .status(1)
        .stdout(
            "capture_line.json:1:136: error[SH202]: `rid` is no UUID: `R-1`\n\
             capture_line.json:1:151: error[SH105]: `events` is empty\n\
             capture_document.json:2:10: error[SH202]: `rid` is no UUID: `R-1`\n\
             capture_document.json:3:13: error[SH105]: `events` is empty\n",
        )
        .stderr("2 notifications: 2 invalid (4 errors)\n  2 SH105 empty-events\n  2 SH202 uuid\n")
        .run();
}

#[test]
fn findings_in_a_decoded_body_say_so() {
    fixture!("capture_base64.json", "capture_gzip.json")
        .status(1)
        .stdout(
            "capture_base64.json(body):2:10: error[SH202]: `rid` is no UUID: `R-1`\n\
             capture_base64.json(body):3:13: error[SH105]: `events` is empty\n\
             capture_gzip.json(body):1:8: error[SH202]: `rid` is no UUID: `R-1`\n\
             capture_gzip.json(body):1:23: error[SH105]: `events` is empty\n",
        )
        .stderr("2 notifications: 2 invalid (4 errors)\n  2 SH105 empty-events\n  2 SH202 uuid\n")
        .run();
}

#[test]
fn findings_in_a_decoded_line_name_the_line_of_the_record() {
    let capture = |body| {
        format!(
            r#"{{"syncfy_hooks":1,"received_at":null,"method":"POST","target":"/","headers":[],"body_base64":"{body}"}}"#
        )
    };
    // `{"events":[]}` with a line break at its end, and the same on two lines.
    let (one, two) = (
        capture("eyJldmVudHMiOltdfQo="),
        capture("eyJldmVudHMiOgpbXX0="),
    );
    let lines = || Test::new().file("a.ndjson", format!("\n{one}\n\n{two}\n"));
    lines()
        .args(["validate", "a.ndjson"])
        .status(1)
        .stdout(
            "a.ndjson(body):2:1: error[SH103]: the notification lacks `rid`\n\
             a.ndjson(body):2:11: error[SH105]: `events` is empty\n\
             a.ndjson:4(body):1:1: error[SH103]: the notification lacks `rid`\n\
             a.ndjson:4(body):2:1: error[SH105]: `events` is empty\n",
        )
        .stderr("2 notifications: 2 invalid (4 errors)\n  2 SH103 missing-field\n  2 SH105 empty-events\n")
        .run();
    let output = lines().args(["validate", "a.ndjson", "--json"]).output();
    let found = &output.json()[0];
    assert_eq!(found["decoded"], true);
    assert_eq!(found["diagnostics"][0]["line"], 2);
}

#[test]
fn version_1_is_valid_and_named() {
    fixture!("legacy.json")
        .stdout("legacy.json:1:1: note[SH102]: a notification of Webhooks V1, without envelope\n")
        .stderr("1 notification: 1 valid\n")
        .run();
}

#[test]
fn a_byte_order_mark_is_a_warning() {
    fixture!("bom.json")
        .stdout("bom.json:1:1: warning[SH002]: the body begins with a byte order mark\n")
        .stderr("1 notification: 1 valid (1 warning)\n")
        .run();
}

#[test]
fn bytes_that_are_no_text() {
    fixture!("not_utf8.json")
        .args(["--format", "pretty"])
        .status(1)
        .stdout(include_str!("fixtures/validate/not_utf8.pretty"))
        .stderr("1 notification: 1 invalid (1 error)\n")
        .run();
    over(b"PK\x03\x04rest")
        .args(["--format", "pretty"])
        .status(1)
        .stdout("error[SH001]: this is a zip archive, not JSON\n --> a.json:1:1\n = help: unzip it and give the file inside\n\n")
        .stderr("1 notification: 1 invalid (1 error)\n")
        .run();
}

#[test]
fn hostile_input_is_one_finding() {
    let invalid = "1 notification: 1 invalid (1 error)\n";
    over("[".repeat(100_000))
        .status(1)
        .stdout("a.json:1:128: error[SH001]: the nesting is too deep\n")
        .stderr(invalid)
        .run();
    over("<html><body>502 Bad Gateway</body></html>")
        .status(1)
        .stdout("a.json:1:1: error[SH001]: this is HTML or XML, not JSON\n")
        .stderr(invalid)
        .run();
    let long = over(format!(
        r#"{{"rid":"{}","events":[]}}"#,
        "x".repeat(5_000_000)
    ))
    .args(["--format", "pretty"])
    .output();
    assert_eq!(long.code(), Some(1));
    assert!(
        long.stdout()
            .lines()
            .all(|line| line.chars().count() <= 121)
    );
}

#[test]
fn empty_input_is_not_valid() {
    over("")
        .status(1)
        .stdout("a.json:1:1: error[SH001]: the body is empty\n")
        .stderr("1 notification: 1 invalid (1 error)\n")
        .run();
    Test::new()
        .arg("validate")
        .status(1)
        .stdout("<stdin>:1:1: error[SH001]: the body is empty\n")
        .stderr("1 notification: 1 invalid (1 error)\n")
        .run();
    Test::new()
        .file("a.ndjson", "\n")
        .args(["validate", "a.ndjson"])
        .status(1)
        .stderr(
            "warning: there was no notification to validate\n\
             hint: check that what writes the file or the stream got that far\n",
        )
        .run();
}

#[test]
fn what_cannot_be_read_does_not_stop_the_others() {
    fixture!("created.json")
        .file("damaged.ndjson", "{\"syncfy_hooks\":1}\n{\"syncfy_hooks\":9}\n")
        .file("folder/notes.txt", "")
        .args(["missing.json", "damaged.ndjson", "folder", "created.json"])
        .status(2)
        .stderr(
            "error: cannot read `missing.json`: No such file or directory (os error 2)\n\n\
             hint: check how the path is spelled; `-` stands for standard input\n\
             error: cannot use `damaged.ndjson:1`: the capture is not readable: missing field `method` at line 1 column 18\n\n\
             hint: a capture has `syncfy_hooks`, `received_at`, `method`, `target`, `headers` and either `body` or `body_base64`; save a bare notification without these to have it read as one\n\
             error: cannot use `damaged.ndjson:2`: the capture has format 9, and this version of `syncfy-hooks` reads formats up to 1\n\n\
             hint: update `syncfy-hooks`\n\
             error: there is no notification in the folder `folder`\n\n\
             hint: notifications are files that end in `.json`, `.ndjson` or `.jsonl`, also with `.gz` or `.zst` behind it; folders in it are not looked into\n\
             2 notifications: 2 valid; 4 could not be read\n",
        )
        .run();
    let alone = Test::new()
        .args(["validate", "--json", "missing.json"])
        .output();
    assert_eq!(alone.code(), Some(2));
    assert_eq!(alone.json_errors()[0]["code"], "source-unreadable");
    assert!(alone.stdout().is_empty());
}

#[test]
fn a_folder_is_read_by_name() {
    let good = include_bytes!("fixtures/validate/created.json");
    Test::new()
        .file("in/b.json", good)
        .file("in/a.json", good)
        .file("in/c.txt", "no notification")
        .args(["validate", "in", "--format", "pretty"])
        .stdout("in/a.json: valid  credentials.created\nin/b.json: valid  credentials.created\n")
        .stderr("2 notifications: 2 valid\n")
        .run();
}

#[test]
fn each_line_of_a_stream_is_judged_as_it_comes() {
    let test = Test::new().args(["validate", "--json", "-"]);
    let mut child = test.command().stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        input.write_all(b"{\"rid\":1}\n").unwrap();
        // While the input is still open.
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("\"line\":{number}")), "{line}");
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn many_valid_ones_are_counted() {
    let line = include_str!("fixtures/validate/stream.ndjson")
        .lines()
        .next();
    let output = Test::new()
        .args(["validate", "--format", "pretty", "-"])
        .stdin(format!("{}\n", line.unwrap()).repeat(500))
        .stderr("500 notifications: 500 valid\n")
        .output();
    let lines: Vec<String> = output.stdout().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 21);
    assert_eq!(lines[19], "<stdin>:20: valid  credentials.created");
    assert_eq!(
        lines[20],
        "(more valid notifications are counted, not listed)"
    );
}

#[test]
fn a_reader_that_leaves_ends_it() {
    let test = Test::new()
        .file("a.ndjson", "{\"rid\":1}\n".repeat(100_000))
        .args(["validate", "a.ndjson"]);
    let mut child = test.command().spawn().unwrap();
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert!(first.starts_with("a.ndjson:1:"), "{first}");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: standard output was closed before everything was written\n"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_rule_is_explained() {
    let explained = |name: &str| Test::new().args(["validate", "--explain", name]).output();
    let by_code = explained("sh105").stdout();
    assert!(
        by_code.starts_with(
            "SH105 empty-events (error)\n\nThe batch has no event.\n\n## What it checks\n"
        ),
        "{by_code}"
    );
    assert_eq!(by_code, explained("Empty-Events").stdout());
    Test::new()
        .args(["validate", "--explain", "SH13"])
        .status(2)
        .stderr(
            "error: there is no rule `SH13`\n\n\
             hint: did you mean `SH103`, missing-field?\n\
             hint: `syncfy-hooks validate --list-rules` lists them all\n",
        )
        .run();
    Test::new()
        .args(["validate", "--explain", "SH103", "a.json"])
        .status(2)
        .stderr(
            "error: the argument '--explain <CODE>' cannot be used with '[PATH]...'\n\n\
             hint: Usage: syncfy-hooks validate --explain <CODE> [PATH]...\n\
             hint: try `--help`\n",
        )
        .run();
}

#[test]
fn rules_are_listed() {
    let list = |args: &[&str]| -> Output {
        Test::new()
            .args(["validate", "--list-rules"])
            .args(args)
            .output()
    };
    let text = list(&[]).stdout();
    assert!(
        text.starts_with("SH001  error    syntax                     The body is not JSON.\n"),
        "{text}"
    );
    let lines = list(&["--json"]).json();
    assert_eq!(lines.len(), text.lines().count());
    assert_eq!(
        lines[0].to_string(),
        r#"{"code":"SH001","level":"error","name":"syntax","severity":"error","summary":"The body is not JSON.","type":"rule"}"#
    );
}
