//! `replay`: requests that HTTP cannot carry.

use serde_json::{Value, json};

use crate::support::{Output, Server, Test};

fn replay(headers: &[Value]) -> Output {
    let capture = json!({ "syncfy_hooks": 1, "method": "POST", "target": "/", "headers": headers, "body": {} });
    let server = Server::start().unused();
    Test::new()
        .file("a.json", capture.to_string())
        .args(["replay", "a.json", "--json", "--retries", "3"])
        .args(["--to", &server.url()])
        .output()
}

#[track_caller]
fn assert_not_sent(headers: &[Value], reason: &str) {
    let output = replay(headers);
    assert_eq!(output.code(), Some(2), "{}", output.stderr());
    let [delivery, summary] = &output.json()[..] else {
        panic!("one attempt, and the summary: {}", output.stdout());
    };
    let error = format!("the request cannot be sent: {reason}");
    assert_eq!(
        (&delivery["state"], &delivery["error"]),
        (&json!("failed"), &json!(error))
    );
    assert_eq!(summary["unreachable"], 1);
}

#[test]
fn headers_without_number_are_not_sent() {
    let headers: Vec<_> = (0..30_000).map(|n| json!([format!("x-{n}"), ""])).collect();
    assert_not_sent(&headers, "it has more than 10000 headers");
}

#[test]
fn a_header_that_http_cannot_carry_is_not_left_out() {
    assert_not_sent(&[json!(["x y", "1"])], "HTTP cannot carry its header `x y`");
    assert_not_sent(
        &[json!(["x-line", "1\n2"])],
        "HTTP cannot carry its header `x-line`",
    );
}
