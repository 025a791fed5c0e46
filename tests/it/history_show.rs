//! `history show`.

use serde_json::{Value, json};

use crate::support::{Store, Test, notification_of, unseen};

/// A notification that was delivered to one target and not to another, and one that says almost nothing.
fn filled() -> Test {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    let first = store.add("2026-01-02T03:04:05.678Z", &unseen(1, "documents.success"));
    store.deliver(
        first,
        "localhost:3000",
        "delivered",
        &[json!("connection refused"), json!(200)],
    );
    store.deliver(first, "localhost:4000", "waiting", &[]);
    let second = store.add(
        "2026-01-03T03:04:05Z",
        "{\"rid\": 1,\n \"\u{202e}\": \"\u{7f}\"}",
    );
    store.set(second, "valid", false);
    store.set(second, "verdict", "invalid");
    store.set(second, "reason", "expired");
    store.set(second, "refused", "expired");
    store.set(second, "answered", 401);
    store.set(second, "duplicate_of", first);
    test.args(["history", "show", "--store", "h.db"])
}

#[test]
fn a_person_sees_it_all() {
    let output = filled().args(["1", "--format", "pretty"]).output();
    let text = output.stdout();
    let (head, rest) = text.split_once("    {\n").unwrap();
    assert_eq!(
        head,
        "Notification 1
  received     2026-01-02 03:04:05.678 +00:00
  rid          0b9f2a3c-1d4e-4f5a-8b6c-7d8e9f0a1b2c
  event        documents.success  5f0e6c1a-7b2d-4c3e-9a4f-000000000001
  version      v3
  environment  sandbox
  signature    signed
  payload      invalid, 1 error (it was valid by the rules of when it arrived)
  answered     200

Request
    POST /hook?x=1
    content-type: application/json
    request-signature: eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl
    x-shout: a\\u001b[31m

"
    );
    assert!(rest.contains("     --> notification 1:1:"), "{rest}");
    let (_, deliveries) = rest.split_once("\nDeliveries\n").unwrap();
    assert_eq!(
        deliveries,
        "  1. localhost:3000  delivered  2 attempts
    03:04:06 <-- 1.1  connection refused  http://localhost:3000/hook?x=1  [MS]
    03:04:06 <-- 1.2  200  http://localhost:3000/hook?x=1  [MS]
        x-app: a\u{202e}
        first
        second\\u0007
  2. localhost:4000  waiting  no attempt yet
"
    );
}

#[test]
fn what_is_wrong_with_it_is_shown_where_it_stands() {
    let output = filled().args(["[2]", "--format", "pretty"]).output();
    let text = output.stdout();
    for expected in [
        "  rid          -\n  event        none\n",
        "  signature    bad token (expired)\n  payload      invalid, 2 errors\n  answered     refused with 401: expired\n  \
         repeats      [1]\n",
        "     --> notification 2:1:",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("Deliveries"), "{text}");
    assert!(!text.contains('\u{7f}'), "{text}");
}

#[test]
fn a_line_for_each_attempt() {
    let output = filled().arg("1").output();
    let text = output.stdout();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "2026-01-02 03:04:05  documents.success  sandbox  signed  valid  1 waiting, 1 delivered [1]"
    );
    assert!(lines[1].starts_with("notification 1:1:"), "{text}");
    assert_eq!(
        lines[lines.len() - 2..],
        [
            "[TIME] <-- 1.1  connection refused  http://localhost:3000/hook?x=1  [MS]",
            "[TIME] <-- 1.2  200  http://localhost:3000/hook?x=1  [MS]",
        ]
    );
}

fn shown(args: &[&str]) -> Value {
    let output = filled().args(args).arg("--json").output();
    assert_eq!((output.code(), output.stderr().as_str()), (Some(0), ""));
    let mut lines = output.json();
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

#[test]
fn json_has_the_record_the_request_and_the_attempts() {
    let record = shown(&["1"]);
    assert_eq!(record["type"], "record");
    assert_eq!(record["id"], 1);
    assert_eq!(record["events"][0]["name"], "documents.success");
    assert_eq!(record["deliveries"][1]["state"], "waiting");
    assert_eq!(record["diagnostics"][0]["severity"], "error");
    assert_eq!(
        (&record["method"], &record["target"]),
        (&json!("POST"), &json!("/hook?x=1"))
    );
    assert_eq!(
        record["headers"][0],
        json!(["content-type", "application/json"])
    );
    assert!(record["body_b64"].is_string());
    assert_eq!(
        record["attempts"],
        json!([
            {
                "delivery": 1,
                "attempt": 1,
                "at": "2026-01-02T03:04:06.000Z",
                "url": "http://localhost:3000/hook?x=1",
                "error": "connection refused",
                "latency_ms": 1.5,
                "answer": null
            },
            {
                "delivery": 1,
                "attempt": 2,
                "at": "2026-01-02T03:04:06.000Z",
                "url": "http://localhost:3000/hook?x=1",
                "status": 200,
                "latency_ms": 1.5,
                "answer": {"headers": [["x-app", "a\u{202e}"]], "body": "first\nsecond\u{7}\n"}
            },
        ])
    );
}

#[test]
fn goes_by_number_or_by_the_beginning_of_an_id() {
    for reference in ["1", "[1]", "5f0e6c1a-7b2d", "0B9F2A3C", "[0b9f]"] {
        assert_eq!(shown(&[reference])["id"], 1, "{reference}");
    }
    for (reference, code) in [
        ("3", "id-not-found"),
        ("f0e6", "id-not-found"),
        ("", "id-not-found"),
    ] {
        let output = filled().args([reference, "--json"]).output();
        assert_eq!(output.code(), Some(2), "{reference}");
        assert_eq!(output.json_errors()[0]["code"], code, "{reference}");
    }
}

#[test]
fn an_id_that_is_not_enough_is_told() {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    for number in 0..7 {
        store.add("2026-01-02T03:04:05Z", &unseen(number, "documents.success"));
    }
    test.args(["history", "show", "5f0e", "--store", "h.db"])
        .status(2)
        .stderr(
            "error: `5f0e` is the beginning of several ids in the history: 1, 2, 3, 4, 5, …\n\n\
             hint: type more of it, or a sequence number\n",
        )
        .run();
}

#[test]
fn an_id_in_full_is_no_beginning_of_another() {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    for (number, rid) in [(1, "r10"), (2, "r1"), (3, "Q\u{e9}")] {
        let mut body: Value = serde_json::from_str(&unseen(number, "a.b")).unwrap();
        body["rid"] = rid.into();
        store.add("2026-01-02T03:04:05Z", &body.to_string());
    }
    let show = |typed: &str| {
        Test::new()
            .args(["history", "show", typed, "--json", "--store"])
            .arg(test.directory().join("h.db"))
            .output()
    };
    for (typed, id) in [
        ("r1", 2),
        ("R1", 2),
        ("[R1]", 2),
        ("r10", 1),
        ("R10", 1),
        ("q", 3),
        ("q\u{e9}", 3),
        ("5F0E6C1A-7B2D-4C3E-9A4F-000000000002", 2),
    ] {
        assert_eq!(show(typed).json()[0]["id"], id, "{typed}");
    }
    let message = |typed: &str| {
        let output = show(typed);
        assert_eq!(output.code(), Some(2), "{typed}");
        output.json_errors()[0]["message"].clone()
    };
    assert_eq!(
        message("R"),
        "`R` is the beginning of several ids in the history: 1, 2"
    );
    for typed in ["R100", "Nobody"] {
        assert_eq!(
            message(typed),
            format!("no notification in the history has the id `{typed}`")
        );
    }
}

#[test]
fn redacted_it_holds_nothing_private_and_is_as_valid() {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    let body = notification_of("credentials.created", |_| {});
    let id = store.add("2026-01-02T03:04:05Z", &body);
    store.deliver(id, "localhost:3000", "delivered", &[json!(200)]);
    for format in ["pretty", "compact", "json"] {
        let output = Test::new()
            .args([
                "history", "show", "1", "--redact", "--format", format, "--store",
            ])
            .arg(test.directory().join("h.db"))
            .output();
        let printed = output.stdout();
        assert_eq!(output.code(), Some(0), "{printed}");
        for private in [
            "0b9f2a3c",
            "5f0e6c1a",
            "65a1b2c3d4e5f60718293a4b",
            "someone@",
            "eyJhbGci",
        ] {
            assert!(!printed.contains(private), "{format}: {private}\n{printed}");
        }
    }
    let output = test
        .args([
            "history", "show", "1", "--redact", "--json", "--store", "h.db",
        ])
        .output();
    assert_eq!(output.json()[0]["diagnostics"], json!([]));
}
