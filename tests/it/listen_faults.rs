//! `listen`: targets that behave badly, and what the history says of it afterwards.

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::support::{Answer, Gate, Listener, Port, Server, Store, Test, numbered};

/// The state of each delivery, and the status or error of each attempt.
fn recorded(store: &Store) -> [Vec<Value>; 2] {
    [
        "SELECT notification, state, attempts FROM deliveries ORDER BY 1",
        "SELECT notification, attempt, coalesce(status, error) FROM attempts ORDER BY 1, 2",
    ]
    .map(|sql| store.rows(sql))
}

/// Waits until so many deliveries have ended.
#[track_caller]
fn until_delivered(listener: &mut Listener, count: usize) {
    for _ in 0..count {
        while listener.next("delivery")["state"] != "delivered" {}
    }
}

#[test]
fn each_fault_is_recorded_and_each_delivery_ends_once() {
    let gate = Gate::shut();
    let (held, met) = (gate.clone(), Mutex::new(HashSet::new()));
    let target = Server::with(move |_, request| {
        let is_first = met.lock().unwrap().insert(request.target.clone());
        match request.target.as_str() {
            "/close" if is_first => Answer::close(),
            "/half" if is_first => Answer::half(200),
            "/hang" if is_first => Answer::status(200).behind(&held),
            "/500" if is_first => Answer::status(500),
            _ => Answer::status(200),
        }
    });
    let args = ["--store", "h.db", "--timeout", "2s", "-f", &target.url()];
    let mut listener = Test::new().args(args).listen();
    for (number, path) in (1..).zip(["/close", "/half", "/hang", "/500"]) {
        assert_eq!(
            listener.post(path, &[], numbered(number, number)).status,
            200
        );
    }
    until_delivered(&mut listener, 4);
    gate.open();
    let output = listener.stop();
    assert_eq!(target.rest().len(), 7);
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["forwarded"], &summary["failed"]),
        (&json!(4), &json!(0))
    );
    let [deliveries, attempts] = recorded(&Store::open(output.directory().join("h.db")));
    assert_eq!(
        deliveries,
        [
            json!([1, "delivered", 2]),
            json!([2, "delivered", 1]),
            json!([3, "delivered", 2]),
            json!([4, "delivered", 2]),
        ]
    );
    assert_eq!(
        attempts,
        [
            json!([1, 1, "connection closed before an answer"]),
            json!([1, 2, 200]),
            json!([2, 1, 200]),
            json!([3, 1, "no answer within 2s"]),
            json!([3, 2, 200]),
            json!([4, 1, 500]),
            json!([4, 2, 200]),
        ]
    );
}

#[test]
fn absence_and_failure_are_told_apart() {
    let port = Port::reserve();
    let args = ["--store", "h.db", "--retries", "1", "-f", &port.url()];
    let mut listener = Test::new().args(args).listen();
    listener.post("/", &[], numbered(1, 1));
    assert_eq!(listener.next("delivery")["state"], "waiting");
    let target = port.answering(|turn, _| Answer::status(if turn == 0 { 500 } else { 200 }));
    assert_eq!(listener.next("delivery")["status"], 500);
    until_delivered(&mut listener, 1);
    let output = listener.stop();
    assert_eq!(target.rest().len(), 2);
    let [deliveries, attempts] = recorded(&Store::open(output.directory().join("h.db")));
    assert_eq!(deliveries, [json!([1, "delivered", 3])]);
    assert_eq!(
        attempts,
        [
            json!([1, 1, "connection refused"]),
            json!([1, 2, 500]),
            json!([1, 3, 200])
        ]
    );
}

#[test]
fn what_is_hung_up_on_waits_for_longer_than_the_retries() {
    let target = Server::with(|turn, _| match turn {
        0..3 => Answer::close(),
        _ => Answer::status(200),
    });
    let args = ["--store", "h.db", "--retries", "0", "-f", &target.url()];
    let mut listener = Test::new().args(args).listen();
    listener.post("/", &[], numbered(1, 1));
    for expected in ["waiting", "waiting", "waiting", "delivered"] {
        assert_eq!(listener.next("delivery")["state"], expected);
    }
    let output = listener.stop();
    assert_eq!(target.rest().len(), 4);
    let [deliveries, attempts] = recorded(&Store::open(output.directory().join("h.db")));
    let closed = "connection closed before an answer";
    assert_eq!(deliveries, [json!([1, "delivered", 4])]);
    assert_eq!(
        attempts,
        [
            json!([1, 1, closed]),
            json!([1, 2, closed]),
            json!([1, 3, closed]),
            json!([1, 4, 200])
        ]
    );
}

#[test]
fn what_is_always_hung_up_on_is_given_up() {
    let target = Server::answering([Answer::close()]);
    let args = ["--store", "h.db", "--retries", "0", "-f", &target.url()];
    let mut listener = Test::new().args(args).listen();
    listener.post("/", &[], numbered(1, 1));
    assert_eq!(listener.next("delivery")["state"], "waiting");
    let output = listener.kill();
    // As if it had been tried many times.
    Store::open(output.directory().join("h.db")).change("UPDATE deliveries SET attempts = 48");
    let mut listener = output.then().args(args).listen();
    let mut outcomes = Vec::new();
    while outcomes.last().is_none_or(|(_, state)| state == "waiting") {
        let delivery = listener.next("delivery");
        outcomes.push((delivery["attempt"].clone(), delivery["state"].clone()));
    }
    let outcome = |attempt, state| (json!(attempt), json!(state));
    assert_eq!(
        outcomes,
        [
            outcome(49, "waiting"),
            outcome(50, "waiting"),
            outcome(51, "failed")
        ]
    );
    // Without a history nothing waits.
    let args = ["--no-store", "--retries", "0", "-f", &target.url()];
    let mut listener = Listener::start(args);
    listener.post("/", &[], numbered(1, 1));
    assert_eq!(listener.next("delivery")["state"], "failed");
}

#[test]
fn without_a_history_there_is_an_end_to_what_waits() {
    let gate = Gate::shut();
    let target = Server::answering([Answer::status(200).behind(&gate)]);
    let mut listener = Listener::start(["--no-store", "-f", &target.url()]);
    let mut connection = listener.connect();
    let mut post = |number| {
        connection.send("POST", "/", &[], numbered(number, 1).as_bytes());
        connection.response()
    };
    let turned_away = (0..5_000)
        .map(&mut post)
        .find(|answer| answer.status != 200)
        .unwrap();
    assert_eq!(
        (turned_away.status, turned_away.header("retry-after")),
        (503, Some("5"))
    );
    assert_eq!(post(5_000).status, 503);
    assert_eq!(listener.next("warning")["code"], "busy");
    gate.open();
    target.next();
    let output = listener.stop();
    let lines = output.json();
    assert_eq!(lines.last().unwrap()["busy"], 2);
    assert_eq!(
        lines.iter().filter(|line| line["code"] == "busy").count(),
        1,
        "it is said once"
    );
}

#[test]
fn what_waits_for_this_very_port_is_not_sent_in_a_circle() {
    let port = Port::reserve();
    let url = port.url();
    let listener = Test::new().args(["--store", "h.db", "-f", &url]).listen();
    listener.post("/", &[], numbered(1, 1));
    let output = listener.kill();
    let test = output
        .then()
        .args(["listen", "--store", "h.db", "--listen"]);
    let output = test.arg(url.trim_start_matches("http://")).output();
    assert_eq!(output.code(), Some(2));
    assert!(
        output.stderr().contains("is this listener itself"),
        "{}",
        output.stderr()
    );
    let store = Store::open(output.directory().join("h.db"));
    assert_eq!(
        store.count("SELECT count(*) FROM deliveries WHERE state = 'waiting'"),
        1
    );
}
