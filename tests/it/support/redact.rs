//! Replaces what differs from run to run, so that the rest can be compared exactly.

use std::path::Path;

use regex_lite::Regex;

/// The text with clock times, latencies, free ports and the test's own folder replaced.
pub(crate) fn volatile(text: &str, directory: &Path) -> String {
    let text = text.replace(&directory.display().to_string(), "[DIR]");
    [
        (r"(?m)^\d\d:\d\d:\d\d ", "[TIME] "),
        (r"\b\d+(\.\d+)? ms\b", "[MS]"),
        (
            r#""(latency_ms|retry_in_ms)":\d+(\.\d+)?"#,
            r#""$1":"[MS]""#,
        ),
        (
            r#""(received_at|at)":"\d{4}-\d\d-\d\dT[^"]*""#,
            r#""$1":"[TIME]""#,
        ),
        (r#""pid":\d+"#, r#""pid":"[PID]""#),
        (r"\b(127\.0\.0\.1|localhost):\d{5}\b", "$1:[PORT]"),
    ]
    .into_iter()
    .fold(text, |text, pair| replace(&text, pair))
}

/// The text with every UUID replaced.
pub(crate) fn uuids(text: &str) -> String {
    let uuid = r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b";
    replace(text, (uuid, "[UUID]"))
}

fn replace(text: &str, (pattern, with): (&str, &str)) -> String {
    let pattern = Regex::new(pattern).expect("the pattern is written correctly");
    pattern.replace_all(text, with).into_owned()
}

#[test]
fn only_what_is_volatile_is_replaced() {
    let text = "12:34:56 --> a  1.5 ms  http://localhost:43210/x http://localhost:4000 /t/dir/f\n \
                at 2023-06-16 19:06:18.944575+0000 {\"latency_ms\":0.25,\"pid\":7}";
    assert_eq!(
        volatile(text, Path::new("/t/dir")),
        "[TIME] --> a  [MS]  http://localhost:[PORT]/x http://localhost:4000 [DIR]/f\n \
         at 2023-06-16 19:06:18.944575+0000 {\"latency_ms\":\"[MS]\",\"pid\":\"[PID]\"}"
    );
    let uuid = "0b9f2a3c-1d4e-4f5a-8b6c-7d8e9f0a1b2c";
    assert_eq!(
        uuids(&format!("[{uuid}] {uuid}0")),
        format!("[[UUID]] {uuid}0")
    );
}
