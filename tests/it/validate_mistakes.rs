//! The usual mistakes: what `validate` says that the input is, and what to do instead.

use crate::support::Test;

/// What arrives, on one line; the column, the code and the message; the help.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        r#"{"rid":"a",}"#,
        "12 SH001 a comma before the closing bracket",
        "remove the last comma",
    ),
    (
        "{'rid':'a'}",
        "2 SH001 single quotes are not JSON",
        "use double quotes; a printed Python dict becomes JSON with `json.dumps`",
    ),
    (
        r#"{"a":NaN}"#,
        "6 SH001 `NaN` is not JSON",
        "JSON has no such number: write `null`",
    ),
    (
        r#"{"a":-Infinity}"#,
        "7 SH001 `Infinity` is not JSON",
        "JSON has no such number: write `null`",
    ),
    (
        r#"{"a":undefined}"#,
        "6 SH001 `undefined` is not JSON",
        "write `null` or leave the member out",
    ),
    (
        r#"{"a":1 /* x */}"#,
        "8 SH001 comments are not JSON",
        "remove the comment",
    ),
    (
        r#"{rid: "a"}"#,
        "2 SH001 a key is not in double quotes",
        "write every key in double quotes",
    ),
    (
        r#"{"a": True}"#,
        "7 SH001 `True` is Python, not JSON",
        "write `true`; a printed Python dict becomes JSON with `json.dumps`",
    ),
    (
        r#"{"rid"=>"a"}"#,
        "7 SH001 `=` stands where `:` belongs",
        r#"write `"key": value`; a printed Ruby hash becomes JSON with `to_json`"#,
    ),
    (
        r#"{"a":1;"b":2}"#,
        "7 SH001 a semicolon stands where a comma belongs",
        "separate members and items with commas",
    ),
    (
        r#"{"a":1 "b":2}"#,
        "8 SH001 a comma or the closing bracket is missing",
        "separate members and items with commas",
    ),
    (
        r#"{"a":`x`}"#,
        "6 SH001 backquotes are not JSON",
        "use double quotes: `JSON.stringify` writes JSON",
    ),
    (
        r#"{"a":"x", ...}"#,
        "11 SH001 an ellipsis is not JSON",
        "something was left out here: give the whole text",
    ),
    (
        r#"{"a":[…]}"#,
        "7 SH001 an ellipsis is not JSON",
        "something was left out here: give the whole text",
    ),
    (
        r#"{"a":${x}}"#,
        "6 SH001 a placeholder is not JSON",
        "fill in the template first",
    ),
    (
        "{“a”:1}",
        "2 SH001 curly quotes are not JSON",
        "use straight double quotes: a word processor may have replaced them",
    ),
    (
        "\u{1b}[32m{\"a\"\u{1b}[0m:1}",
        "1 SH001 colour codes of a terminal are not JSON",
        "write the text to a file, or print it without colours (`jq -M`)",
    ),
    (
        r#""{\"event\":\"refresh\",\"id_credential\":\"x\"}""#,
        "1 SH101 the notification is encoded twice: JSON inside a JSON string",
        "decode the string first (`jq -r .`)",
    ),
    (
        "payload=%7B%22rid%22%3A1%7D",
        "1 SH001 this is form-encoded data, not JSON",
        "send the JSON itself with `Content-Type: application/json` (curl: `--json @file` or `--data-binary @file`)",
    ),
    (
        "%7B%22rid%22%3A1%7D",
        "1 SH001 this is percent-encoded, not JSON",
        "decode it first; what posts it should not encode the body like a form",
    ),
    (
        "<html><head><title>502 Bad \u{1b}[2J`Gateway`</title></head></html>",
        "1 SH001 this is the HTML page `502 Bad [2JGateway`, not JSON",
        "this is often the error page of a proxy or a login page: look at the address and the status",
    ),
    (
        "<Error/>",
        "1 SH001 this is HTML or XML, not JSON",
        "this is often the error page of a proxy or a login page: look at the address and the status",
    ),
    (
        "eyJldmVudCI6InJlZnJlc2giLCJpZF9jcmVkZW50aWFsIjoieCJ9",
        "1 SH001 this is JSON in base64",
        "decode it first: `base64 -d`",
    ),
    (
        "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.abc-_f",
        "1 SH001 this is a token (JWT), not the notification that it signs",
        "give the body of the request; `syncfy-hooks verify --token` checks the token",
    ),
    (
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.abc-_f",
        "1 SH001 this is a token (JWT), not the notification that it signs",
        "give the body of the request; `syncfy-hooks verify --token` checks the token",
    ),
    (
        "rid: abc",
        "1 SH001 this is YAML or the head of a message, not JSON",
        "of a message give the body alone; YAML becomes JSON with `yq -o json`",
    ),
    (
        r#"curl -X POST :3000 -d '{"event":"refresh","id_credential":"x"}'"#,
        "1 SH001 this is a command, not the body that it sends",
        "give what stands behind `-d` or `--data`, without the quotes of the shell",
    ),
    (
        "POST /hook HTTP/1.1",
        "1 SH001 this is an HTTP message with its head, not the body alone",
        "give what stands below the empty line",
    ),
    (
        "HTTP/1.1 200 OK",
        "1 SH001 this is an HTTP message with its head, not the body alone",
        "give what stands below the empty line",
    ),
    (
        r#"2026-01-02T03:04:05Z INFO body={"event":"refresh","id_credential":"x"}"#,
        "5 SH001 something stands before the JSON, as in a log",
        "cut off what stands before `{`",
    ),
    (
        r#"[2026-01-02] INFO {"event":"refresh","id_credential":"x"}"#,
        "6 SH001 something stands before the JSON, as in a log",
        "cut off what stands before `{`",
    ),
    (
        r#"b'{"a":1}'"#,
        "1 SH001 this is a printed Python string, not JSON",
        "write the bytes themselves to the file, not their `repr`",
    ),
    (
        "[object Object]",
        "2 SH001 this is a printed JavaScript object, not JSON",
        "`JSON.stringify` writes JSON; better still, keep the bytes as they came",
    ),
    (
        "const body = {}",
        "1 SH001 this is JavaScript, not JSON",
        "`JSON.stringify` writes JSON",
    ),
    (
        r#"data: {"a":1}"#,
        "1 SH001 this is a stream of server-sent events, not JSON",
        "give what stands behind `data:`",
    ),
    (
        r#"{\"rid\":1}"#,
        "2 SH001 the quotes are escaped with backslashes",
        "this was copied from inside a string: remove one level of backslashes, as `jq -r` does",
    ),
    (
        r#"{"event":"refresh","id_credential":"x"}"#,
        "1 SH102 a notification of Webhooks V1, without envelope",
        "Syncfy recommends Webhooks V3, set up in its dashboard",
    ),
    (
        r#"{"header":{},"payload":{}}"#,
        "1 SH101 an event without its envelope",
        r#"put it into `{"rid": …, "events": [ … ]}`"#,
    ),
    (
        r#"[{"header":{},"payload":{}}]"#,
        "1 SH101 events without their envelope",
        r#"put the array into `{"rid": …, "events": [ … ]}`"#,
    ),
    (
        r#"[{"event":"refresh","id_credential":"x"}]"#,
        "1 SH101 an array of notifications is not a notification",
        "check each item by itself: one on each line (`jq -c '.[]'`)",
    ),
    (
        r#"{"body":{"event":"refresh","id_credential":"x"}}"#,
        "2 SH101 the notification is inside `body`",
        "take it out first, as `jq -c .body` does",
    ),
    (
        r#"{"a-b":{"event":"refresh","id_credential":"x"}}"#,
        "2 SH101 the notification is inside `a-b`",
        "take it out first",
    ),
    (
        r#"{"data":"{\"event\":\"refresh\",\"id_credential\":\"x\"}"}"#,
        "2 SH101 the notification is inside `data` as a string",
        "take it out first, as `jq -r .data` does",
    ),
    (
        r#"{"header":{},"payload":{"event":"refresh","id_credential":"x"}}"#,
        "1 SH101 an event without its envelope",
        r#"put it into `{"rid": …, "events": [ … ]}`"#,
    ),
    (
        r#"{"a":1"#,
        "7 SH001 the JSON ends too soon, after 6 bytes",
        "the body was cut: compare its length with `Content-Length`",
    ),
];

#[test]
fn each_is_told_and_helped() {
    let lines: String = MISTAKES
        .iter()
        .map(|(line, ..)| format!("{line}\n"))
        .collect();
    let output = Test::new()
        .file("a.ndjson", lines)
        .args(["validate", "--json", "a.ndjson"])
        .output();
    let judged = output.json();
    assert_eq!(judged.len(), MISTAKES.len());
    for (judged, (line, message, help)) in judged.iter().zip(MISTAKES) {
        let [found] = judged["diagnostics"].as_array().unwrap().as_slice() else {
            panic!("{line}: {judged}");
        };
        let told = |name: &str| found[name].as_str().unwrap();
        let place = &found["column"];
        let said = format!("{place} {} {}", told("code"), told("message"));
        assert_eq!((said.as_str(), told("help")), (*message, *help), "{line}");
    }
}

#[test]
fn compressed_data_is_told_in_a_stream_and_in_a_capture() {
    let capture = "{\"syncfy_hooks\":1,\"received_at\":null,\"method\":\"POST\",\"target\":\"/\",\"headers\":[],\"body_base64\":\"KLUv/QAA\"}";
    let lines = [capture.as_bytes(), b"\n\x1f\x8b\x08\x00rest\n"].concat();
    Test::new()
        .file("a.ndjson", lines)
        .args(["validate", "a.ndjson"])
        .status(1)
        .stdout(
            "a.ndjson(body):1:1: error[SH001]: this is zstd data, not JSON\n\
             a.ndjson:2:1: error[SH001]: this is gzip data, not JSON\n",
        )
        .stderr("2 notifications: 2 invalid (2 errors)\n  2 SH001 syntax\n")
        .run();
}
