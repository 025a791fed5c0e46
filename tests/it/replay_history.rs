//! `replay`, `validate`, `verify` and `sign` of what is in the history.

use serde_json::{Value, json};

use crate::support::{Answer, Gate, KEY, Output, Server, Test, notification_of, token};

/// A notification of this event, whose ids begin with the number in hexadecimal digits.
fn numbered(number: usize, name: &str) -> String {
    notification_of(name, |notification| {
        notification["rid"] = format!("{number:08x}-1d4e-4f5a-8b6c-7d8e9f0a1b2c").into();
        notification["events"][0]["header"]["event"]["eid"] =
            format!("e{number:07x}-7b2d-4c3e-9a4f-1b2c3d4e5f60").into();
    })
}

/// The names of the events that are in the history, in order of arrival.
const NAMES: [&str; 5] = [
    "credentials.created",
    "documents.success",
    "credentials.updated",
    "documents.completed",
    "credentials.created",
];

/// Receives notifications of these events, and ends.
fn received(names: &[&str]) -> Output {
    let count = names.len().to_string();
    let listener = Test::new().args(["--count", &count]).listen();
    for (number, name) in (1..).zip(names) {
        let answer = listener.post("/hook", &[], numbered(number, name));
        assert_eq!(answer.status, 200);
    }
    let output = listener.finish();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    output
}

/// The ids that `replay` would send with these arguments.
fn chosen(history: &Output, args: &[&str]) -> Vec<u64> {
    let test = history.then().args(["replay", "--dry-run", "--json"]);
    let output = test.args(args).output();
    assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr());
    let requests = output.json();
    let ids = requests.iter().map(|request| request["id"].as_u64());
    ids.collect::<Option<_>>().unwrap()
}

/// The message that `replay` ends with.
#[track_caller]
fn refused(history: &Output, args: &[&str]) -> Value {
    let test = history.then().args(["replay", "--dry-run", "--json"]);
    let output = test.args(args).output();
    assert_eq!(output.code(), Some(2), "{args:?}");
    output.json_errors().pop().unwrap()
}

/// A replay of the history to this server.
fn replay(history: &Output, server: &Server, args: &[&str]) -> Test {
    let test = history.then().args(["replay", "--json", "--to"]);
    test.arg(server.url()).args(args)
}

/// What is kept of the deliveries that were replayed: notification, target, state and number of attempts.
fn deliveries(history: &Output) -> Vec<(u64, String, String, u64)> {
    let output = history.then().args(["history", "list", "--json"]).output();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut deliveries = Vec::new();
    for record in output.json().iter().rev() {
        let id = record["id"].as_u64().unwrap();
        for delivery in record["deliveries"].as_array().unwrap() {
            assert_eq!(delivery["replayed"], true);
            let attempts = delivery["attempts"].as_u64().unwrap();
            deliveries.push((
                id,
                text(&delivery["target"]),
                text(&delivery["state"]),
                attempts,
            ));
        }
    }
    deliveries
}

/// When each notification was received.
fn arrivals(history: &Output) -> Vec<String> {
    let lines = history.json();
    let arrivals = lines.iter().filter(|line| line["type"] == "notification");
    arrivals
        .map(|line| line["received_at"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_newest_are_sent_in_order_of_arrival() {
    let history = received(&NAMES);
    for (args, expected) in [
        (&["--last"][..], &[5][..]),
        (&["--last", "2"], &[4, 5]),
        (&["--last=2"], &[4, 5]),
        (&["--last", "99"], &[1, 2, 3, 4, 5]),
        (&["--last", "1", "-e", "documents.*"], &[4]),
        (&["--last", "2", "-e", "!documents.*"], &[3, 5]),
        (&["--after", "3"], &[4, 5]),
        (&["--after", "0", "--events", "documents.*"], &[2, 4]),
        (&["--last", "3", "--after", "3"], &[4, 5]),
        (&["--since", "1h"], &[1, 2, 3, 4, 5]),
        (&["--until", "2100-01-01"], &[1, 2, 3, 4, 5]),
        (&["--since", "2020-01-01", "--last"], &[5]),
    ] {
        assert_eq!(chosen(&history, args), expected, "{args:?}");
    }
}

#[test]
fn a_moment_belongs_to_what_follows_it() {
    let history = received(&NAMES[..1]);
    let at = arrivals(&history).remove(0);
    assert_eq!(chosen(&history, &["--since", &at]), [1]);
    let error = refused(&history, &["--until", &at]);
    assert_eq!(error["code"], "nothing-to-send");
    assert_eq!(error["message"], "no such notification is in the history");
}

#[test]
fn one_is_named_by_its_number_or_the_beginning_of_an_id() {
    let history = received(&NAMES);
    for (args, expected) in [
        (&["--id", "2"][..], &[2][..]),
        (&["--id", "[2]"], &[2]),
        (&["--id", "00000003"], &[3]),
        (&["--id", "00000003-1d4e-4f5a-8b6c-7d8e9f0a1b2c"], &[3]),
        (&["--id", "E0000004"], &[4]),
        (&["--id", "4", "--id", "1", "--id", "4"], &[4, 1, 4]),
    ] {
        assert_eq!(chosen(&history, args), expected, "{args:?}");
    }
    let error = refused(&history, &["--id", "e000"]);
    assert_eq!(error["code"], "id-ambiguous");
    assert_eq!(
        error["message"],
        "`e000` is the beginning of several ids in the history: 1, 2, 3, 4, 5"
    );
    let error = refused(&history, &["--id", "1", "--id", "77"]);
    assert_eq!(error["code"], "id-not-found");
}

#[test]
fn the_history_goes_with_no_other_source() {
    let test = || Test::new().file("a.json", "{}").args(["--json"]);
    for args in [
        &["replay", "--to", "1", "a.json", "--last"][..],
        &["replay", "--to", "1", "a.json", "--after", "1"],
        &["validate", "a.json", "--since", "1h"],
        &["validate", "--last", "a.json"],
        &["verify", "a.json", "--id", "1"],
        &["sign", "a.json", "--until", "1h"],
        &["replay", "--to", "1", "--last", "--id", "1"],
        &[
            "replay", "--to", "1", "--last", "--speed", "2", "--rate", "2",
        ],
        &["replay", "--to", "1", "--since", "1h", "--until", "2h"],
        &["replay", "--to", "1", "--last", "--watch"],
    ] {
        let output = test().args(args).output();
        assert_eq!(output.code(), Some(2), "{args:?}");
        assert_eq!(output.json_errors()[0]["code"], "usage", "{args:?}");
    }
    let output = test().args(["replay", "--dry-run", "--last"]).output();
    assert_eq!(output.json_errors()[0]["code"], "store-missing");
}

#[test]
fn what_was_received_is_sent_as_it_came() {
    let history = received(&NAMES);
    let server = Server::start();
    let output = replay(&history, &server, &["--since", "1h"]).output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    for (number, name) in (1..).zip(NAMES) {
        let request = server.next();
        assert_eq!(request.target, "/hook");
        assert_eq!(request.body, numbered(number, name).into_bytes());
    }
    let deliveries = output.json();
    let first = &deliveries[0];
    assert_eq!((&first["id"], first.get("source")), (&json!(1), None));
    assert_eq!(deliveries.last().unwrap().get("after"), None);
}

#[test]
fn what_was_refused_is_sent_only_where_it_is_named() {
    let listener = Test::new()
        .env("SYNCFY_HOOKS_KEY", KEY)
        .args(["--count", "3"])
        .listen();
    for number in 1..=3 {
        let body = numbered(number, "credentials.created");
        let token = token(&body, KEY);
        let headers = [("request-signature", token.as_str())];
        let headers = if number == 2 { &[][..] } else { &headers[..] };
        listener.post("/hook", headers, body);
    }
    let history = listener.finish();
    assert_eq!(chosen(&history, &["--last", "2"]), [1, 3]);
    assert_eq!(chosen(&history, &["--id", "2"]), [2]);
    let error = refused(&history, &["--after", "1", "-e", "!*.created"]);
    assert_eq!(error["message"], "no such notification is in the history");
    let server = Server::start();
    let output = replay(&history, &server, &["--since", "1h"]).output();
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["sent"], &summary["filtered"]),
        (&json!(2), &json!(1))
    );
    server.rest();
    // Whoever asks why it was refused finds it.
    let output = history
        .then()
        .env("SYNCFY_HOOKS_KEY", KEY)
        .args(["verify", "--since", "1h", "--json"])
        .output();
    assert_eq!(output.code(), Some(1));
    let verdicts: Vec<_> = output
        .json()
        .iter()
        .map(|line| {
            (
                line["id"].clone(),
                line["verdict"].clone(),
                line["judged_as_of"].clone(),
            )
        })
        .collect();
    let expected = ["valid", "unsigned", "valid"];
    let expected = (1..)
        .zip(expected)
        .map(|(id, verdict)| (json!(id), json!(verdict), json!("received")));
    assert_eq!(verdicts, expected.collect::<Vec<_>>());
}

#[test]
fn an_interrupt_tells_where_to_go_on() {
    let history = received(&["a.b"; 6]);
    let gate = Gate::shut();
    let server = Server::answering([Answer::status(200), Answer::status(200).behind(&gate)]);
    let test = history.then().args(["replay", "--since", "1h", "--to"]);
    let running = test.arg(server.url()).spawn();
    server.next();
    server.next();
    running.interrupt();
    std::thread::yield_now();
    gate.open();
    let output = running.finish();
    let sent = 2 + server.rest().len();
    assert_eq!(output.code(), Some(1));
    let end = format!(
        "Not sent: {}\n\nhint: go on with `--after {sent}` in place of `--since`\n",
        6 - sent
    );
    assert!(output.stderr().ends_with(&end), "{}", output.stderr());
}

#[test]
fn what_was_cut_short_is_sent_again_with_all_behind_it() {
    let history = received(&["a.b"; 5]);
    let second = numbered(2, "a.b").into_bytes();
    let server = Server::with(move |_, request| {
        Answer::status(if request.body == second { 503 } else { 200 })
    });
    let args = [
        "--last",
        "5",
        "--until",
        "2100-01-01",
        "--concurrency",
        "2",
        "--retries",
        "1000",
    ];
    let mut running = replay(&history, &server, &args).spawn();
    let mut delivered = Vec::new();
    while delivered.len() < 4 {
        let delivery = running.next("delivery");
        if delivery["state"] == "delivered" {
            delivered.push(delivery["id"].as_u64().unwrap());
        }
    }
    assert_eq!(delivered, [1, 3, 4, 5]);
    running.interrupt();
    let output = running.finish();
    assert_eq!(output.code(), Some(1), "{}", output.stderr());
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["after"], &summary["unsent"]),
        (&json!(1), &json!(0))
    );
    let hint = "go on with `--after 1 --until 2100-01-01T00:00:00Z` in place of `--last`";
    assert_eq!(summary["hints"], json!([hint]));
    let states = deliveries(&output).into_iter();
    let states = states.map(|(id, _, state, _)| (id, state));
    let expected = ["delivered", "failed", "delivered", "delivered", "delivered"];
    let expected = (1..).zip(expected.map(str::to_owned));
    assert_eq!(states.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    server.rest();
}

#[test]
fn the_first_failure_is_where_to_go_on() {
    let history = received(&["a.b"; 5]);
    let server = Server::answering([200, 200, 400].map(Answer::status));
    let output = replay(&history, &server, &["--last", "5", "--fail-fast"]).output();
    assert_eq!(output.code(), Some(1), "{}", output.stderr());
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["after"], &summary["unsent"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        summary["hints"],
        json!(["go on with `--after 2` in place of `--last`"])
    );
    assert_eq!(server.rest().len(), 3);
    assert_eq!(chosen(&history, &["--after", "2"]), [3, 4, 5]);
}

#[test]
fn every_attempt_is_kept_with_its_notification() {
    let history = received(&["a.b"; 2]);
    let server = Server::answering([503, 200, 404].map(Answer::status));
    let output = replay(&history, &server, &["--last", "2", "--retries", "1"]).output();
    assert_eq!(output.code(), Some(1), "{}", output.stderr());
    assert_eq!(server.rest().len(), 3);
    let target = server.url();
    assert_eq!(
        deliveries(&history),
        [
            (1, target.clone(), "delivered".to_owned(), 2),
            (2, target, "failed".to_owned(), 1)
        ]
    );
    let shown = history.then().args(["history", "show", "1", "--json"]);
    let shown = shown.output().json().remove(0);
    let attempts = shown["attempts"].as_array().unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|attempt| &attempt["status"]).collect();
    assert_eq!(outcomes, [503, 200]);
    // What comes from a file has no place in the history.
    let server = Server::start();
    let args = ["replay", "a.json", "--to", &server.url()];
    history.then().file("a.json", "{}").args(args).output();
    server.rest();
    assert_eq!(deliveries(&history).len(), 2);
}

#[test]
fn what_failed_can_be_sent_again() {
    let app = Server::with(|turn, _| {
        Answer::status(match turn {
            1 | 3 => 500,
            4 => 503,
            _ => 200,
        })
    });
    let url = app.url();
    let args = ["--count", "4", "--retries", "0", "--concurrency", "1", "-f"];
    let listener = Test::new().args(args).arg(&url).listen();
    for number in 1..=4 {
        listener.post("/hook", &[], numbered(number, "a.b"));
    }
    let history = listener.finish();
    assert_eq!(app.rest().len(), 4);
    let failed = || -> Vec<u64> {
        let list = ["history", "list", "--delivery", "failed", "--json"];
        let records = history.then().args(list).output().json();
        let ids = records.iter().map(|record| record["id"].as_u64().unwrap());
        ids.collect()
    };
    assert_eq!(failed(), [4, 2]);
    // That another has taken them does not help this one.
    let other = Server::start();
    let args = ["--delivery", "failed"];
    assert_eq!(replay(&history, &other, &args).output().code(), Some(0));
    let sent = |server: &Server| -> Vec<Vec<u8>> {
        let requests = server.rest().into_iter();
        requests.map(|request| request.body).collect()
    };
    let bodies = |ids: &[usize]| -> Vec<Vec<u8>> {
        let bodies = ids.iter().map(|id| numbered(*id, "a.b").into_bytes());
        bodies.collect()
    };
    assert_eq!(sent(&other), bodies(&[2, 4]));
    assert_eq!(failed(), [4, 2]);
    // Nor does a replay that fails as well.
    let args = ["--delivery", "failed", "--retries", "0"];
    assert_eq!(replay(&history, &app, &args).output().code(), Some(1));
    assert_eq!(sent(&app), bodies(&[2, 4]));
    assert_eq!(failed(), [2]);
    assert_eq!(replay(&history, &app, &args).output().code(), Some(0));
    assert_eq!(sent(&app), bodies(&[2]));
    assert_eq!(failed(), [0; 0]);
    assert_eq!(refused(&history, &args)["code"], "nothing-to-send");
}

#[test]
fn what_a_replay_adds_to_the_history_is_not_sent() {
    let history = received(&["a.b"; 3]);
    let listener = history.then().args(["--count", "3"]).listen();
    let args = ["replay", "--json", "--since", "1h", "--to", listener.url()];
    let output = history.then().args(args).output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    assert_eq!(output.json().pop().unwrap()["sent"], 3);
    let again = listener.finish();
    assert_eq!(again.code(), Some(0), "{}", again.stderr());
    assert_eq!(chosen(&history, &["--last", "9"]), [1, 2, 3, 4, 5, 6]);
    assert_eq!(deliveries(&history).len(), 3);
}

#[test]
#[cfg(unix)]
fn a_history_that_cannot_be_written_is_sent_all_the_same() {
    use std::os::unix::fs::PermissionsExt as _;
    let listener = Test::new()
        .args(["--count", "1", "--store", "sub/h.db"])
        .file("sub/a", "")
        .listen();
    listener.post("/hook", &[], numbered(1, "a.b"));
    let history = listener.finish();
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    let folder = history.directory().join("sub");
    std::fs::set_permissions(folder.join("h.db"), mode(0o400)).unwrap();
    std::fs::set_permissions(&folder, mode(0o500)).unwrap();
    if std::fs::write(folder.join("probe"), "").is_ok() {
        // Nothing is denied to whoever runs this.
        return;
    }
    let server = Server::start();
    let output = replay(&history, &server, &["--last", "--store", "sub/h.db"]).output();
    std::fs::set_permissions(&folder, mode(0o700)).unwrap();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let lines = output.json();
    assert_eq!(lines[0]["type"], "warning");
    assert!(
        lines[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("attempts are not recorded: ")
    );
    assert_eq!(server.next().body, numbered(1, "a.b").into_bytes());
}

#[test]
fn the_recorded_tempo_keeps_the_order() {
    let history = received(&["a.b"; 3]);
    let server = Server::start();
    let args = [
        "--last",
        "3",
        "--speed",
        "1000x",
        "--concurrency",
        "3",
        "--repeat",
        "2",
    ];
    let output = replay(&history, &server, &args).output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    assert_eq!(server.rest().len(), 6);
    // Files without times follow at once.
    let server = Server::start();
    let args = [
        "replay",
        "a.ndjson",
        "--speed",
        "0.000001",
        "--to",
        &server.url(),
    ];
    let test = history.then().file("a.ndjson", "{\"a\":1}\n{\"a\":2}\n");
    assert_eq!(test.args(args).output().code(), Some(0));
    assert_eq!(server.rest().len(), 2);
}

#[test]
fn what_names_no_event_is_checked_whatever_is_asked_for() {
    let lines = [
        numbered(1, "a.b"),
        "nonsense".into(),
        "{}".into(),
        numbered(2, "c.d"),
    ];
    let output = Test::new()
        .file("a.ndjson", lines.join("\n"))
        .args(["validate", "a.ndjson", "--json", "-e", "c.*"])
        .output();
    let lines = output.json();
    let lines: Vec<_> = lines.iter().map(|line| &line["line"]).collect();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn what_is_in_the_history_can_be_checked_and_signed() {
    let history = received(&["credentials.created", "documents.success"]);
    let output = history
        .then()
        .args(["validate", "--last", "2", "--json"])
        .output();
    let places: Vec<_> = output
        .json()
        .iter()
        .map(|line| {
            (
                line["source"].clone(),
                line["id"].clone(),
                line["line"].clone(),
            )
        })
        .collect();
    let place = |id| (json!("history"), json!(id), json!(1));
    assert_eq!(places, [place(1), place(2)]);
    history
        .then()
        .args(["validate", "--id", "1", "--format", "pretty"])
        .stdout("history[1]: valid  credentials.created\n")
        .stderr("1 notification: 1 valid\n")
        .run();
    let body = numbered(2, "documents.success");
    let signed = history
        .then()
        .env("SYNCFY_HOOKS_KEY", KEY)
        .args(["sign", "--since", "1h", "-e", "documents.*", "--json"])
        .output();
    let signed = signed.json();
    assert_eq!(signed.len(), 1);
    assert_eq!(
        (&signed[0]["source"], &signed[0]["id"]),
        (&json!("history[2]"), &json!(2))
    );
    let token = signed[0]["token"].as_str().unwrap();
    for (args, status) in [(["--id", "2"], 0), (["--id", "1"], 1)] {
        let test = history.then().env("SYNCFY_HOOKS_KEY", KEY);
        let output = test
            .args(["verify", "--json", "--token", token])
            .args(args)
            .output();
        assert_eq!(output.code(), Some(status), "{}", output.stderr());
    }
    let test = history
        .then()
        .env("SYNCFY_HOOKS_KEY", KEY)
        .file("a.json", body);
    let output = test.args(["sign", "a.json", "-e", "!documents.*"]).output();
    assert_eq!(output.code(), Some(2));
    assert_eq!(
        output.stderr(),
        "error: there is no notification in `a.json` that `--events` lets through\n"
    );
}
