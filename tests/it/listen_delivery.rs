//! `listen`: deliveries that fail, are tried again, are slow, or have to keep their order.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::{
    Answer, Certificate, Gate, Listener, Server, Test, notification, notification_of, unseen,
};

/// What a delivery came to.
fn outcome(delivery: &Value) -> (u64, &Value, &Value) {
    let what = if delivery["error"].is_null() {
        "status"
    } else {
        "error"
    };
    (
        delivery["attempt"].as_u64().unwrap(),
        &delivery[what],
        &delivery["state"],
    )
}

#[test]
fn a_failure_is_tried_again_until_it_succeeds() {
    let target = Server::answering([Answer::status(500), Answer::close(), Answer::status(200)]);
    let mut listener = Listener::start(["-f", &target.url(), "--once"]);
    listener.post("/", &[], notification());
    for expected in [
        (1, json!(500), json!("retrying")),
        (
            2,
            json!("connection closed before an answer"),
            json!("retrying"),
        ),
        (3, json!(200), json!("delivered")),
    ] {
        let delivery = listener.next("delivery");
        let (attempt, what, state) = &expected;
        assert_eq!(outcome(&delivery), (*attempt, what, state));
        assert_eq!(target.next().body, notification().as_bytes());
    }
    assert_eq!(listener.finish().json().pop().unwrap()["forwarded"], 1);
}

#[test]
fn a_refusal_is_not_tried_again() {
    let target = Server::answering([Answer::status(404)]);
    let mut listener = Listener::start(["-f", &target.url(), "--once"]);
    listener.post("/", &[], notification());
    assert_eq!(
        outcome(&listener.next("delivery")),
        (1, &json!(404), &json!("failed"))
    );
    let summary = listener.next("summary");
    assert_eq!(
        (&summary["forwarded"], &summary["failed"]),
        (&json!(0), &json!(1))
    );
}

#[test]
fn attempts_come_to_an_end() {
    let target = Server::answering([Answer::status(503)]);
    let mut listener = Listener::start(["-f", &target.url(), "--once", "--retries", "1"]);
    listener.post("/", &[], notification());
    assert_eq!(
        outcome(&listener.next("delivery")),
        (1, &json!(503), &json!("retrying"))
    );
    assert_eq!(
        outcome(&listener.next("delivery")),
        (2, &json!(503), &json!("failed"))
    );
    listener.next("summary");
}

#[test]
fn a_target_that_is_down_is_told_and_the_sender_is_not() {
    let reserved = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = reserved.local_addr().unwrap().port().to_string();
    drop(reserved);
    let mut listener = Listener::start(
        [
            "127.0.0.1:".to_owned() + &port,
            "--retries=0".into(),
            "--no-store".into(),
        ]
        .each_ref()
        .map(String::as_str),
    );
    assert_eq!(listener.post("/", &[], notification()).status, 200);
    let delivery = listener.next("delivery");
    assert_eq!(
        outcome(&delivery),
        (1, &json!("connection refused"), &json!("failed"))
    );
    assert_eq!(
        delivery["hints"],
        json!(["nothing listens there: start your app, or check the port"])
    );
}

#[test]
fn a_target_that_is_too_slow_is_given_up() {
    let gate = Gate::shut();
    let target = Server::answering([Answer::status(200).behind(&gate)]);
    let mut listener =
        Listener::start(["-f", &target.url(), "--timeout", "50ms", "--retries", "0"]);
    listener.post("/", &[], notification());
    assert_eq!(listener.next("delivery")["error"], "no answer within 50ms");
}

#[test]
fn a_slow_answer_delays_nobody_else() {
    let gate = Gate::shut();
    let held = gate.clone();
    let target = Server::with(move |turn, _| {
        let answer = Answer::status(200);
        if turn == 0 {
            answer.behind(&held)
        } else {
            answer
        }
    });
    let mut listener = Listener::start(["-f", &target.url()]);
    listener.post("/slow", &[], unseen(1, "credentials.created"));
    assert_eq!(target.next().target, "/slow");
    listener.post("/quick", &[], unseen(2, "credentials.created"));
    assert_eq!(listener.next("delivery")["id"], 2);
    gate.open();
    assert_eq!(listener.next("delivery")["id"], 1);
}

#[test]
fn notifications_of_one_credential_keep_their_order() {
    let gate = Gate::shut();
    let held = gate.clone();
    let target = Server::with(move |turn, _| {
        let answer = Answer::status(200);
        if turn == 0 {
            answer.behind(&held)
        } else {
            answer
        }
    });
    let mut listener = Listener::start(["-f", &target.url(), "--ordered"]);
    listener.post("/first", &[], unseen(1, "credentials.created"));
    assert_eq!(target.next().target, "/first");
    listener.post("/second", &[], unseen(2, "credentials.updated"));
    let other = notification_of("credentials.created", |notification| {
        notification["events"][0]["payload"]["id_credential"] = "65a1b2c3d4e5f60718293aff".into();
    });
    listener.post("/other", &[], other);
    assert_eq!(target.next().target, "/other");
    assert_eq!(listener.next("delivery")["id"], 3);
    gate.open();
    assert_eq!(target.next().target, "/second");
    for id in [1, 2] {
        assert_eq!(listener.next("delivery")["id"], id);
    }
}

/// How a delivery over TLS ends, with the authority of the target's certificate as `ca.pem`.
fn over_tls(certificate: Certificate, host: &str, args: &[&str]) -> Value {
    let test = Test::new().file("ca.pem", certificate.pem());
    let target = Server::tls(certificate).unused();
    let mut listener = test.args(["-f", &target.url_as(host)]).args(args).listen();
    listener.post("/", &[], notification());
    let delivery = listener.next("delivery");
    assert_eq!(
        target.rest().len(),
        usize::from(delivery["error"].is_null())
    );
    delivery
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let delivery = over_tls(Certificate::of("localhost"), "localhost", &[]);
    assert_eq!(
        outcome(&delivery),
        (
            1,
            &json!("TLS failed: nobody who is trusted vouches for its certificate"),
            &json!("failed")
        )
    );
}

#[test]
fn an_authority_can_be_added() {
    let delivery = over_tls(
        Certificate::of("localhost"),
        "localhost",
        &["--ca", "ca.pem"],
    );
    assert_eq!(outcome(&delivery), (1, &json!(200), &json!("delivered")));
}

#[test]
fn a_certificate_of_another_host_is_refused() {
    let delivery = over_tls(
        Certificate::of("example.test"),
        "localhost",
        &["--ca", "ca.pem"],
    );
    assert_eq!(
        delivery["error"],
        "TLS failed: its certificate is not for `localhost`"
    );
}

#[test]
fn an_authority_that_is_the_server_itself_can_be_named() {
    let args = ["--ca", "ca.pem"];
    let delivery = over_tls(Certificate::of_authority("localhost"), "localhost", &args);
    assert_eq!(outcome(&delivery), (1, &json!(200), &json!("delivered")));
    let delivery = over_tls(
        Certificate::of_authority("example.test"),
        "localhost",
        &args,
    );
    assert_eq!(
        delivery["error"],
        "TLS failed: its certificate is not for `localhost`"
    );
}

#[test]
fn the_check_of_certificates_can_be_switched_off() {
    let delivery = over_tls(
        Certificate::of("example.test"),
        "localhost",
        &["--insecure"],
    );
    assert_eq!(outcome(&delivery), (1, &json!(200), &json!("delivered")));
}
