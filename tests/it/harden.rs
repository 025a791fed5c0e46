//! `harden`: what is found in endpoints of every kind, and how it is told.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::{Answer, Gate, KEY, Output, Server, Test};

/// A run against this URL, with the key of the tests.
fn harden(url: &str) -> Test {
    Test::new()
        .file("key", KEY)
        .args(["harden", url, "--key-file", "key"])
}

/// The names of the checks that came out so.
fn names(output: &Output, result: &str) -> Vec<String> {
    let lines = output.json();
    let checks = lines.iter().filter(|line| line["result"] == result);
    checks
        .map(|check| check["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn listen_stands_it_all() {
    let listener = Test::new()
        .file("key", KEY)
        .args(["--key-file", "key", "--require-binding", "--max-age", "5m"])
        .args(["--environment", "sandbox"])
        .listen();
    let output = harden(listener.url()).arg("--json").output();
    assert_eq!(names(&output, "fail"), Vec::<String>::new());
    assert_eq!(names(&output, "pass").len(), 28);
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
}

#[test]
fn an_endpoint_that_checks_nothing_fails_every_refusal() {
    let listener = Test::new().listen();
    let output = harden(listener.url()).arg("--json").output();
    let failed = names(&output, "fail");
    assert_eq!(failed.len(), 11, "{failed:?}");
    assert_eq!(failed.first().map(String::as_str), Some("unsigned"));
    assert_eq!(output.code(), Some(1));
}

#[test]
fn without_a_limit_of_age_a_stale_token_passes() {
    let listener = Test::new()
        .file("key", KEY)
        .args(["--key-file", "key", "--environment", "sandbox"])
        .listen();
    let output = harden(listener.url())
        .args(["--json", "--skip", "stale"])
        .output();
    // A token that has a digest is held to it even without `--require-binding`.
    assert_eq!(names(&output, "fail"), Vec::<String>::new());
    let output = harden(listener.url())
        .args(["--json", "--only", "stale"])
        .output();
    assert_eq!(names(&output, "fail"), ["stale"]);
}

#[test]
fn what_is_refused_proves_nothing_where_all_is() {
    let server = Server::answering([Answer::status(404)]);
    let output = harden(&server.url())
        .args(["--json", "--only", "unsigned,get"])
        .output();
    assert_eq!(output.code(), Some(1));
    assert_eq!(names(&output, "fail"), ["plain"]);
    assert_eq!(names(&output, "skip"), ["unsigned"]);
    assert_eq!(names(&output, "pass"), ["get"]);
    let control = &output.json()[0];
    assert_eq!(
        control["remedy"],
        "The app has no route for this path: name it in the target, as in `3000/webhooks`."
    );
}

#[test]
fn a_failure_is_told_with_its_remedy() {
    let server = Server::start();
    harden(&server.url())
        .args(["--only", "H101,H306", "--format", "pretty", "-q"])
        .status(1)
        .stdout(
            "H101  unsigned                  refuse   FAIL  200    [MS]  answered 200\n      \
             Look for the header before anything else, and answer 401 where it is missing or empty. Where your app tells Syncfy\n      \
             by a secret header in place of the JWT, leave this check out with `--skip unsigned`.\n",
        )
        .run();
    harden(&server.url())
        .args(["--only", "H101,H306", "--format", "compact"])
        .status(1)
        .stdout("FAIL H101 unsigned: answered 200\npass H306 get: answered 200\n")
        .stderr("\nhttp://127.0.0.1:[PORT]/: 1 passed, 1 failed, 0 skipped in [MS]\n")
        .run();
}

#[test]
fn json_has_the_fields_that_were_promised() {
    let server = Server::start();
    let output = harden(&server.url())
        .args(["--json", "--only", "get"])
        .output();
    let mut lines = output.json();
    assert!(lines[0]["latency_ms"].is_number() && lines[1]["elapsed_ms"].is_number());
    lines[0]["latency_ms"] = Value::Null;
    lines[1]["elapsed_ms"] = Value::Null;
    assert_eq!(
        lines,
        [
            json!({"type": "check", "code": "H306", "name": "get", "expect": "survive", "result": "pass",
                "status": 200, "latency_ms": null, "remedy": null, "seen": "answered 200"}),
            json!({"type": "summary", "target": format!("{}/", server.url()), "passed": 1, "failed": 0,
                "skipped": 0, "p50_ms": null, "p95_ms": null, "elapsed_ms": null}),
        ]
    );
}

#[test]
fn junit_has_a_case_for_each_check() {
    let server = Server::answering([Answer::status(500)]);
    let output = harden(&server.url())
        .args(["--format", "junit", "--only", "plain,unsigned"])
        .output();
    let text = output.stdout();
    assert_eq!(output.code(), Some(1));
    assert!(
        text.contains("<testsuite name=\"harden\" tests=\"2\" failures=\"1\" errors=\"0\">"),
        "{text}"
    );
    assert!(
        text.contains("<failure type=\"H201\" message=\"answered 500\">"),
        "{text}"
    );
    assert!(
        text.contains("<skipped message=\"it would tell nothing: "),
        "{text}"
    );
}

#[test]
fn hanging_and_hanging_up_are_told_apart() {
    let gate = Gate::shut();
    let server = Server::answering([Answer::status(200).behind(&gate)]);
    harden(&server.url())
        .args([
            "--only",
            "plain",
            "--timeout",
            "200ms",
            "-q",
            "--format",
            "compact",
        ])
        .status(1)
        .stdout("FAIL H201 plain: no answer within 200ms\n")
        .run();
    gate.open();
    let server = Server::answering([Answer::close()]);
    harden(&server.url())
        .args(["--only", "plain", "-q", "--format", "compact"])
        .status(1)
        .stdout("FAIL H201 plain: connection closed without an answer\n")
        .run();
}

#[test]
fn an_attack_that_kills_is_named_and_the_rest_is_left_out() {
    let server = Server::with(|turn, _| Answer::status(if turn < 3 { 200 } else { 500 }));
    let output = harden(&server.url())
        .args(["--json", "--only", "empty-body,get,fast"])
        .output();
    // The control, the empty body and the control after it pass; the GET is the fourth.
    assert_eq!(names(&output, "pass"), ["empty-body"]);
    assert_eq!(names(&output, "fail"), ["get"]);
    assert_eq!(names(&output, "skip"), ["fast"]);
}

#[test]
fn without_a_key_a_guarded_endpoint_is_told_from_a_broken_one() {
    let server = Server::answering([Answer::status(401)]);
    let output = Test::new()
        .args(["harden", &server.url(), "--json", "--skip", "h3"])
        .output();
    assert_eq!(output.code(), Some(2), "there is no check `h3`");
    let output = Test::new()
        .args(["harden", &server.url(), "--json"])
        .args([
            "--only",
            "plain,unsigned,wrong-key,alg-none,expired,batch,get",
        ])
        .output();
    assert_eq!(
        names(&output, "pass"),
        ["unsigned", "wrong-key", "alg-none", "get"]
    );
    assert_eq!(names(&output, "skip"), ["plain", "expired", "batch"]);
    assert_eq!(output.code(), Some(0));
    assert_eq!(output.json_errors()[0]["code"], "no-key");
}

#[test]
fn what_is_not_ones_own_is_left_alone() {
    let error = |args: &[&str]| {
        let output = Test::new().arg("harden").args(args).arg("--json").output();
        assert_eq!(output.code(), Some(2));
        let error = output.json_errors().pop().unwrap();
        (
            error["code"].as_str().unwrap().to_owned(),
            error["hints"][0].clone(),
        )
    };
    let hint =
        "only attack what is yours: if this host is, say so with `--i-own-this-host 192.0.2.1`";
    let expected = ("host-not-own".to_owned(), Value::from(hint));
    assert_eq!(error(&["http://192.0.2.1:9/"]), expected);
    assert_eq!(
        error(&["http://192.0.2.1:9/", "--i-own-this-host", "192.0.2.2"]),
        expected
    );
}

#[test]
fn nobody_there_gives_two() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    harden(&format!("127.0.0.1:{port}"))
        .status(2)
        .stderr(
            "error: `http://127.0.0.1:[PORT]/`: connection refused\n\n\
             hint: nothing listens there: start your app, or check the port\n",
        )
        .run();
}

#[test]
fn checks_are_explained() {
    let output = Test::new().args(["harden", "--explain", "h303"]).output();
    assert!(
        output
            .stdout()
            .starts_with("H303 huge-body (survive)\n\nA huge body brings")
    );
    let list = Test::new().args(["harden", "--list", "--json"]).output();
    assert_eq!(list.json().len(), 28);
    Test::new()
        .args(["harden", "--explain", "unsinged"])
        .status(2)
        .stderr(
            "error: there is no check `unsinged`\n\nhint: did you mean `H101`, unsigned?\n\
             hint: `syncfy-hooks harden --list` lists them all\n",
        )
        .run();
}

#[cfg(unix)]
#[test]
fn a_request_to_stop_ends_with_what_was_found() {
    let gate = Gate::shut();
    let held = gate.clone();
    let server = Server::with(move |turn, _| match turn {
        0 => Answer::status(200),
        _ => Answer::status(200).behind(&held),
    });
    let running = harden(&server.url()).args(["--format", "compact"]).spawn();
    server.next();
    server.next();
    running.interrupt();
    let output = running.finish();
    gate.open();
    assert_eq!(output.code(), Some(1));
    assert_eq!(output.stdout(), "pass H201 plain: answered 200\n");
    assert!(
        output
            .stderr()
            .ends_with("in [MS]; stopped before the end\n"),
        "{}",
        output.stderr()
    );
}
