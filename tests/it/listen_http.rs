//! `listen`: which requests are taken, and how the others are refused.

use serde_json::json;

use crate::support::{Listener, Response, Server, Test, notification, notification_of};

/// Status, and the JSON of the body.
#[track_caller]
fn assert_refused(answer: &Response, status: u16, error: &str, message: &str) {
    assert_eq!(
        (answer.status, answer.json()),
        (status, json!({ "error": error, "message": message }))
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn a_notification_is_recorded_on_any_path() {
    let mut listener = Listener::start([]);
    for (id, target) in [(1, "/"), (2, "/any/path?x=1")] {
        let answer = listener.post(target, &[], notification());
        assert_eq!(
            (answer.status, answer.json()),
            (200, json!({ "status": "recorded", "id": id }))
        );
        let seen = listener.next("notification");
        assert_eq!((&seen["id"], &seen["target"]), (&json!(id), &json!(target)));
    }
}

#[test]
fn the_line_of_a_notification_tells_all() {
    let mut listener = Listener::start([]);
    listener.post("/hook", &[("X-A", "1"), ("X-A", "2")], notification());
    let mut seen = listener.next("notification");
    let length = notification().len().to_string();
    let object = seen.as_object_mut().unwrap();
    assert!(
        object
            .remove("received_at")
            .is_some_and(|at| at.is_string())
    );
    assert!(
        object
            .remove("body_b64")
            .is_some_and(|body| body.is_string())
    );
    assert_eq!(
        seen,
        json!({
            "type": "notification", "id": 1, "rid": "0b9f2a3c-1d4e-4f5a-8b6c-7d8e9f0a1b2c",
            "environment": "sandbox",
            "signature": { "verdict": "no-key", "reason": "no-key", "body_binding": null },
            "valid": true, "diagnostics": [],
            "events": [{ "eid": "5f0e6c1a-7b2d-4c3e-9a4f-1b2c3d4e5f60", "name": "credentials.created" }],
            "duplicate_of": null, "version": "v3", "method": "POST", "target": "/hook", "answered": 200,
            "refused": null,
            "hints": ["give the JWT key of the Syncfy dashboard with `--key-file FILE` or in `SYNCFY_HOOKS_KEY`"],
            "headers": [["host", "localhost"], ["content-length", length], ["x-a", "1"], ["x-a", "2"]],
        })
    );
}

#[test]
fn an_event_that_comes_again_is_told() {
    let mut listener = Listener::start([]);
    for expected in [json!(null), json!(1), json!(1)] {
        listener.post("/", &[], notification());
        assert_eq!(listener.next("notification")["duplicate_of"], expected);
    }
}

#[test]
fn one_path_may_be_the_only_one() {
    let listener = Listener::start(["--path", "/hook"]);
    assert!(listener.url().ends_with("/hook"));
    assert_eq!(listener.post("/hook?x=1", &[], notification()).status, 200);
    for other in ["/", "/hook/", "/hooks"] {
        let answer = listener.post(other, &[], notification());
        assert_refused(
            &answer,
            404,
            "path-not-found",
            "nothing is listening on this path",
        );
    }
}

#[test]
fn health_is_told_whatever_the_path() {
    let listener = Listener::start(["--path", "/hook"]);
    let answer = listener.request("GET", "/healthz", &[], "");
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "status": "ok" }))
    );
}

#[test]
fn only_post_is_taken() {
    let listener = Listener::start([]);
    for method in ["GET", "PUT", "DELETE"] {
        let answer = listener.request(method, "/", &[], "");
        let message = format!("notifications come by POST; this was {method}");
        assert_refused(&answer, 405, "method-not-allowed", &message);
        assert_eq!(answer.header("allow"), Some("POST"));
    }
}

#[test]
fn a_body_that_is_too_long_is_refused_and_the_connection_lives() {
    let listener = Listener::start(["--max-body", "8"]);
    let message = "the body is longer than 8 bytes";
    let mut connection = listener.connect();
    connection.send("POST", "/", &[], b"123456789");
    assert_refused(&connection.response(), 413, "body-too-long", message);
    connection.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n4\r\n6789\r\n0\r\n\r\n");
    assert_refused(&connection.response(), 413, "body-too-long", message);
    connection.send("POST", "/", &[], b"12345678");
    assert_eq!(connection.response().status, 200);
}

#[test]
fn a_body_that_is_too_long_is_refused_before_it_is_sent() {
    let listener = Listener::start(["--max-body", "8"]);
    let mut connection = listener.connect();
    connection
        .write("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
    let message = "the body is longer than 8 bytes";
    assert_refused(&connection.response(), 413, "body-too-long", message);
    assert!(connection.is_closed());
}

#[test]
fn a_chunked_body_is_taken_whole() {
    let mut listener = Listener::start([]);
    let mut connection = listener.connect();
    connection
        .write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n{ }\r\n");
    connection.write("1\r\n\n\r\n0\r\nX-Trailer: 1\r\n\r\n");
    assert_eq!(connection.response().status, 200);
    assert_eq!(listener.next("notification")["body_b64"], "eyB9Cg==");
}

#[test]
fn a_body_that_is_cut_off_is_refused_and_not_recorded() {
    let listener = Listener::start([]);
    for half in [
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n",
    ] {
        let mut connection = listener.connect();
        connection.write(half);
        connection.half_close();
        assert_refused(
            &connection.response(),
            400,
            "body-broken",
            "the body did not arrive whole",
        );
    }
    listener.interrupt();
    assert_eq!(listener.finish().json().last().unwrap()["received"], 0);
}

#[test]
fn what_is_no_http_harms_nobody() {
    let listener = Listener::start([]);
    for noise in [
        "\r\n\r\n\0\x01\x02",
        "GET\r\n\r\n",
        "POST / HTTP/9.9\r\n\r\n",
    ] {
        let mut connection = listener.connect();
        connection.write(noise);
        connection.half_close();
        while !connection.is_closed() {}
    }
    assert_eq!(listener.post("/", &[], notification()).status, 200);
}

#[test]
fn long_and_compressed_bodies_are_judged_like_others() {
    use std::io::Write as _;

    let mut listener = Listener::start([]);
    let long = notification() + &" ".repeat(1024 * 1024);
    let level = flate2::Compression::default();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
    gzip.write_all(long.as_bytes()).unwrap();
    let compressed = gzip.finish().unwrap();
    let requests: [(&[_], _); 2] = [
        (&[], long.as_bytes()),
        (&[("Content-Encoding", "gzip")], &compressed),
    ];
    for (headers, body) in requests {
        assert_eq!(listener.post("/", headers, body).status, 200);
        let seen = listener.next("notification");
        assert_eq!(
            (&seen["valid"], &seen["events"][0]["name"]),
            (&json!(true), &json!("credentials.created"))
        );
    }
}

#[test]
fn a_required_header_must_have_its_value() {
    let mut listener = Listener::start(["--require-header", "X-Secret: one, two"]);
    let message = "the required header `x-secret` is missing or has another value";
    for headers in [&[][..], &[("X-Secret", "one")], &[("X-Secret", "One, two")]] {
        let answer = listener.post("/", headers, notification());
        assert_refused(&answer, 401, "required-header", message);
        assert_eq!(listener.next("notification")["refused"], "required-header");
    }
    let both = [("x-secret", "other"), ("x-secret", "one, two")];
    assert_eq!(listener.post("/", &both, notification()).status, 200);
}

#[test]
fn the_other_environment_is_refused() {
    let listener = Listener::start(["--environment", "production"]);
    let answer = listener.post("/", &[], notification());
    let message = "this listener takes production notifications only";
    assert_refused(&answer, 403, "wrong-environment", message);
    let production = notification_of("credentials.created", |notification| {
        notification["events"][0]["header"]["user"]["id_environment"] =
            "574894bf7848066d138b4571".into();
    });
    assert_eq!(listener.post("/", &[], production).status, 200);
}

#[test]
fn globs_choose_what_is_shown() {
    let mut listener = Test::new()
        .args(["-e", "credentials.*", "-e", "!*.deleted", "--count", "2"])
        .listen();
    for name in [
        "documents.success",
        "credentials.created",
        "credentials.deleted",
        "credentials.updated",
    ] {
        assert_eq!(
            listener
                .post("/", &[], notification_of(name, |_| {}))
                .status,
            200
        );
    }
    for name in ["credentials.created", "credentials.updated"] {
        assert_eq!(listener.next("notification")["events"][0]["name"], name);
    }
    let summary = listener.next("summary");
    assert_eq!(
        (&summary["received"], &summary["filtered"]),
        (&json!(4), &json!(2))
    );
}

#[test]
fn a_status_may_be_played() {
    let mut listener = Listener::start(["--reply", "500"]);
    assert_eq!(listener.post("/", &[], notification()).status, 500);
    assert_eq!(listener.next("notification")["answered"], 500);
}

#[test]
fn a_delayed_answer_delays_nothing_else() {
    let target = Server::start();
    let mut listener = Listener::start(["--reply-delay", "1h", "-f", &target.url()]);
    let mut connection = listener.connect();
    connection.send("POST", "/", &[], notification().as_bytes());
    assert_eq!(listener.next("notification")["id"], 1);
    assert_eq!(listener.next("delivery")["state"], "delivered");
    assert_eq!(target.next().body, notification().as_bytes());
}

#[test]
fn a_delayed_answer_comes() {
    let listener = Listener::start(["--reply-delay", "1ms"]);
    assert_eq!(listener.post("/", &[], notification()).status, 200);
}
