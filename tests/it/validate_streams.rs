//! `validate` over long, compressed and broken streams: the order of what it says, where it stops, what it survives.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use crate::support::Test;

const GOOD: &str = include_str!("fixtures/validate/stream.ndjson");

fn good() -> &'static str {
    GOOD.lines().next().unwrap()
}

/// A stream in which every line that `is_bad` lacks its `events`, beginning with line 1.
fn stream(lines: usize, is_bad: impl Fn(usize) -> bool) -> String {
    let bad = r#"{"rid":"c53b1fcb-e112-465c-ad3e-8b64cf2f602c"}"#;
    (1..=lines)
        .map(|line| if is_bad(line) { bad } else { good() })
        .fold(String::new(), |text, line| text + line + "\n")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    ruzstd::encoding::compress_to_vec(text.as_bytes(), level)
}

#[test]
fn many_threads_keep_the_order() {
    let text = stream(6_000, |line| line % 7 == 0);
    let expected: String = (1..=6_000)
        .filter(|line| line % 7 == 0)
        .map(|line| format!("a.ndjson:{line}:1: error[SH103]: the notification lacks `events`\n"))
        .collect();
    for threads in ["1", "2", "9"] {
        Test::new()
            .file("a.ndjson", &text)
            .args(["validate", "a.ndjson", "--threads", threads])
            .status(1)
            .stdout(&expected)
            .stderr("6000 notifications: 5143 valid, 857 invalid (857 errors)\n  857 SH103 missing-field\n")
            .run();
    }
}

#[test]
fn every_line_has_its_line_of_json() {
    let output = Test::new()
        .file("a.ndjson", stream(3_000, |line| line == 1_234))
        .args(["validate", "--json", "a.ndjson"])
        .output();
    let lines = output.json();
    assert_eq!(lines.len(), 3_000);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line["line"], index + 1);
        assert_eq!(line["valid"], index + 1 != 1_234);
    }
}

#[test]
fn compressed_files_are_read_as_what_is_in_them() {
    let text = stream(2_000, |line| line == 1_900);
    let (first, second) = text.split_at(text.len() / 3);
    let files = [
        ("a.ndjson.gz", gzip(&text)),
        ("a.ndjson.zst", zstd(&text)),
        ("a", gzip(&text)),
        ("parts.gz", [gzip(first), gzip(second)].concat()),
        ("parts.zst", [zstd(first), zstd(second)].concat()),
    ];
    for (name, bytes) in files {
        Test::new()
            .file(name, &bytes)
            .args(["validate", name])
            .status(1)
            .stdout(format!(
                "{name}:1900:1: error[SH103]: the notification lacks `events`\n"
            ))
            .stderr("2000 notifications: 1999 valid, 1 invalid (1 error)\n")
            .run();
    }
    Test::new()
        .args(["validate", "-"])
        .stdin(gzip(good()))
        .stderr("1 notification: 1 valid\n")
        .run();
}

#[test]
fn a_folder_has_compressed_files_too() {
    Test::new()
        .file("in/a.json", good())
        .file("in/b.json.gz", gzip(good()))
        .file("in/c.ndjson.zst", zstd(good()))
        .file("in/d.tar.gz", gzip("nothing"))
        .args(["validate", "in"])
        .stderr("3 notifications: 3 valid\n")
        .run();
}

#[test]
fn what_came_before_the_damage_is_checked() {
    let mut cut = gzip(&stream(2_000, |line| line == 1));
    cut.truncate(cut.len() - 9);
    let output = Test::new()
        .file("a.ndjson.gz", cut)
        .args(["validate", "a.ndjson.gz"])
        .output();
    assert_eq!(output.code(), Some(2));
    assert!(output.stdout().starts_with("a.ndjson.gz:1:1: error[SH103]"));
    let told = "error: cannot read `a.ndjson.gz`: the gzip data ends too soon\n";
    assert!(output.stderr().starts_with(told), "{}", output.stderr());
    assert!(output.stderr().contains("; 1 could not be read\n"));
}

#[test]
fn it_stops_after_so_many_errors() {
    Test::new()
        .file("a.ndjson", stream(5_000, |line| line % 10 == 0))
        .args(["validate", "a.ndjson", "--max-errors", "2"])
        .status(1)
        .stdout(
            "a.ndjson:10:1: error[SH103]: the notification lacks `events`\n\
             a.ndjson:20:1: error[SH103]: the notification lacks `events`\n",
        )
        .stderr(
            "warning: nothing more was checked after 2 errors\n\
             hint: `--max-errors` says after how many; without it all is checked\n\
             20 notifications: 18 valid, 2 invalid (2 errors)\n  2 SH103 missing-field\n",
        )
        .run();
}

#[test]
fn it_stops_though_more_could_come() {
    let test = Test::new().args(["validate", "--max-errors", "1", "-"]);
    let mut child = test.command().stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"{\"rid\":1}\n").unwrap();
    // The input stays open.
    let status = child.wait().unwrap();
    drop(input);
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_stream_of_garbage_is_told_of_while_it_comes() {
    let test = Test::new().args(["validate", "-"]);
    let mut child = test.command().stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let writer = std::thread::spawn(move || while input.write_all(b"garbage\n").is_ok() {});
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert!(line.starts_with("<stdin>:1:1: error[SH001]"), "{line}");
    drop(output);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    writer.join().unwrap();
}
