//! `listen --forward-to`: what the target gets is what Syncfy sent.

use serde_json::json;

use crate::support::{Answer, Listener, Server, notification, notification_of};

/// A listener that forwards to this server.
fn forwarding<const N: usize>(target: &Server, args: [&str; N]) -> Listener {
    let url = target.url();
    let args = ["-f", url.as_str()].into_iter().chain(args);
    crate::support::Test::new().args(args).listen()
}

#[test]
fn every_body_arrives_bit_for_bit() {
    let target = Server::start();
    let listener = forwarding(&target, []);
    let long = format!("{{\"long\": \"{}\"}}", "x".repeat(1024 * 1024));
    let bodies: [&[u8]; 9] = [
        b"",
        b"{}",
        b" {\t\"a\" :\r\n1 } \n",
        b"{\"path\":\"\\/v1\\/\\u00e9\"}",
        b"\xef\xbb\xbf{}",
        b"{\"a\":\"\xff\xfe\"}",
        b"{\"amount\":251.63999999999999,\"big\":123456789012345678901234567890,\"e\":1E400}",
        b"\0\x01 no json",
        long.as_bytes(),
    ];
    for body in bodies {
        assert_eq!(listener.post("/", &[], body).status, 200);
        let request = target.next();
        assert!(request.body == body, "{}", String::from_utf8_lossy(body));
        assert_eq!(
            request.header("content-length"),
            Some(&*body.len().to_string())
        );
    }
}

#[test]
fn headers_arrive_in_number_and_order_without_those_of_the_connection() {
    let target = Server::start();
    let listener = forwarding(&target, ["-H", "X-Added: a, b", "-H", "X-Replaced: new"]);
    let headers = [
        ("X-Twice", "1"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Twice", "2, 3"),
        ("X-Replaced", "old"),
        ("Connection", "keep-alive, X-Hop"),
        ("X-Hop", "dropped"),
        ("Keep-Alive", "timeout=5"),
        ("TE", "trailers"),
        ("Proxy-Authorization", "dropped"),
        ("Upgrade", "dropped"),
        ("User-Agent", "Syncfy"),
    ];
    listener.post("/", &headers, notification());
    let request = target.next();
    let host = target.url().replace("http://", "");
    let length = notification().len().to_string();
    let mut found: Vec<(&str, &str)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    found.retain(|field| *field != ("host", &host) && *field != ("content-length", &length));
    assert_eq!(found.len(), request.headers.len() - 2);
    assert_eq!(
        found,
        [
            ("x-twice", "1"),
            ("x-twice", "2, 3"),
            ("content-type", "application/json; charset=utf-8"),
            ("user-agent", "Syncfy"),
            ("x-added", "a, b"),
            ("x-replaced", "new"),
        ]
    );
}

#[test]
fn a_target_without_a_path_is_called_with_the_one_that_came() {
    let target = Server::start();
    let (bare, with_path) = (target.url(), format!("{}/own?a=1", target.url()));
    let listener = Listener::start(["-f", &bare, "-f", &with_path, "-f", "/sibling"]);
    listener.post("/came/here?x=%20&x=2", &[], notification());
    let mut targets = [
        target.next().target,
        target.next().target,
        target.next().target,
    ];
    targets.sort();
    assert_eq!(
        targets,
        [
            "/came/here?x=%20&x=2",
            "/own?a=1&x=%20&x=2",
            "/sibling?x=%20&x=2"
        ]
    );
}

#[test]
fn the_delivery_is_told() {
    let target = Server::answering([Answer::status(204)]);
    let mut listener = forwarding(&target, []);
    listener.post("/hook", &[], notification());
    let mut delivery = listener.next("delivery");
    let object = delivery.as_object_mut().unwrap();
    assert!(object.remove("at").is_some_and(|at| at.is_string()));
    assert!(
        object
            .remove("latency_ms")
            .is_some_and(|latency| latency.is_number())
    );
    assert_eq!(
        delivery,
        json!({
            "type": "delivery", "id": 1, "target": format!("{}/hook", target.url()), "attempt": 1,
            "status": 204, "state": "delivered", "environment": "sandbox", "events": ["credentials.created"],
        })
    );
}

#[test]
fn events_are_routed_by_name() {
    let (documents, rest) = (Server::start(), Server::start());
    let listener = Listener::start([
        "-f",
        &format!("documents.*={}/docs", documents.url()),
        "-f",
        &format!("credentials.*={}", rest.url()),
    ]);
    for name in [
        "documents.success",
        "credentials.created",
        "payments.chargeback_created",
    ] {
        listener.post(&format!("/{name}"), &[], notification_of(name, |_| {}));
    }
    assert_eq!(documents.next().target, "/docs");
    assert_eq!(rest.next().target, "/credentials.created");
    listener.interrupt();
    let summary = listener.finish().json().pop().unwrap();
    assert_eq!(
        (&summary["received"], &summary["waiting"]),
        (&json!(3), &json!(0))
    );
    assert!(documents.rest().is_empty() && rest.rest().is_empty());
}

#[test]
fn events_that_are_left_out_are_not_forwarded() {
    let target = Server::start();
    let listener = forwarding(&target, ["-e", "!documents.*", "--count", "1"]);
    listener.post(
        "/left-out",
        &[],
        notification_of("documents.success", |_| {}),
    );
    listener.post("/wanted", &[], notification());
    assert_eq!(listener.finish().code(), Some(0));
    assert_eq!(target.next().target, "/wanted");
    assert!(target.rest().is_empty());
}

#[test]
fn a_redirect_is_an_answer_and_not_followed() {
    let elsewhere = Server::start().unused();
    let target = Server::answering([Answer::status(307).header("Location", &elsewhere.url())]);
    let mut listener = forwarding(&target, []);
    listener.post("/", &[], notification());
    let delivery = listener.next("delivery");
    assert_eq!(
        (&delivery["status"], &delivery["state"]),
        (&json!(307), &json!("failed"))
    );
    assert!(elsewhere.rest().is_empty());
}

#[test]
fn an_invalid_payload_is_forwarded_held_or_rejected() {
    for (action, status, forwards) in [
        ("forward", 200, true),
        ("hold", 200, false),
        ("reject", 400, false),
    ] {
        let target = Server::start().unused();
        let mut listener = forwarding(&target, ["--on-invalid", action, "--once"]);
        let answer = listener.post("/", &[], "{\"rid\":1}");
        assert_eq!(answer.status, status, "{action}");
        let seen = listener.next("notification");
        assert_eq!(
            (&seen["valid"], &seen["answered"]),
            (&json!(false), &json!(status))
        );
        assert_eq!(seen["refused"].is_null(), action != "reject");
        assert!(!seen["diagnostics"].as_array().unwrap().is_empty());
        listener.finish();
        assert_eq!(target.rest().len(), usize::from(forwards), "{action}");
    }
}

#[test]
fn the_answer_of_the_target_can_be_relayed() {
    let answer = Answer::status(418)
        .header("X-App", "1")
        .header("X-App", "2")
        .header("Connection", "X-Hop")
        .header("X-Hop", "dropped")
        .body(b"tea\xff");
    let target = Server::answering([answer]);
    let mut listener = forwarding(&target, ["--reply", "target"]);
    let answer = listener.post("/", &[], notification());
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (418, &b"tea\xff"[..])
    );
    let of_app = answer
        .headers
        .iter()
        .filter(|(name, _)| name.starts_with("x-"));
    assert_eq!(
        of_app.map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!(listener.next("notification")["answered"], json!(null));
}

#[test]
fn a_target_that_does_not_answer_is_relayed_as_502() {
    let target = Server::answering([Answer::close()]);
    let listener = forwarding(&target, ["--reply", "target"]);
    let answer = listener.post("/", &[], notification());
    assert_eq!(
        (answer.status, answer.json()),
        (
            502,
            json!({ "error": "target-failed", "message": "connection closed before an answer" })
        )
    );
}

#[test]
fn a_long_answer_is_relayed_whole_or_said_to_be_too_long() {
    let longest = 10 * 1024 * 1024;
    let [fits, does_not] = [longest, longest + 1].map(|length| vec![b'x'; length]);
    let target = Server::answering([&fits, &does_not].map(|body| Answer::status(200).body(body)));
    let listener = forwarding(&target, ["--reply", "target"]);
    let answer = listener.post("/", &[], notification());
    assert_eq!(answer.status, 200);
    assert!(answer.body == fits);
    let answer = listener.post("/", &[], notification());
    let message = "the answer is longer than 10485760 bytes";
    assert_eq!(
        (answer.status, answer.json()),
        (502, json!({ "error": "target-failed", "message": message }))
    );
}
