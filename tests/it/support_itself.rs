//! A test that cannot fail is worth nothing: what the other tests stand on is tested here.

use crate::support::{Answer, Connection, Server, Test};

#[test]
#[should_panic(expected = "the server was never called")]
fn a_server_that_nobody_calls_fails_the_test() {
    drop(Server::start());
}

#[test]
fn a_server_may_be_told_that_nobody_calls() {
    drop(Server::start().unused());
}

#[test]
#[should_panic(expected = "a handler panicked")]
fn an_assertion_in_a_handler_fails_the_test() {
    let server = Server::with(|_, _| panic!("a handler's assertion"));
    let mut connection = Connection::open(&server.url());
    connection.send("POST", "/", &[], b"");
    assert!(connection.is_closed());
}

#[test]
fn a_server_keeps_requests_as_they_came() {
    let server = Server::answering([Answer::status(500), Answer::status(204).header("X-A", "1")]);
    let mut connection = Connection::open(&server.url());
    connection.send(
        "POST",
        "/a?b=%20",
        &[("X-Two", "1"), ("x-two", "2")],
        b"\xff",
    );
    assert_eq!(connection.response().status, 500);
    connection.send("PUT", "/", &[], b"");
    let answer = connection.response();
    assert_eq!((answer.status, answer.header("x-a")), (204, Some("1")));
    let request = server.next();
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/a?b=%20")
    );
    assert_eq!(request.values("X-TWO"), ["1", "2"]);
    assert_eq!(request.header("host"), Some("localhost"));
    assert_eq!(request.body, b"\xff");
    assert_eq!(server.next().method, "PUT");
    assert!(server.rest().is_empty());
}

#[test]
#[should_panic(expected = "standard error")]
fn a_run_that_says_something_else_fails_the_test() {
    Test::new()
        .arg("listne")
        .status(2)
        .stderr("error: nothing\n")
        .run();
}

#[test]
fn a_run_sees_no_setting_of_the_user() {
    let command = Test::new().command();
    let names: Vec<_> = command
        .get_envs()
        .map(|(name, _)| name.to_string_lossy())
        .collect();
    assert!(
        names.iter().all(|name| !name.starts_with("SYNCFY")),
        "{names:?}"
    );
    assert!(names.iter().any(|name| name == "HOME"));
}

#[cfg(unix)]
#[test]
fn uuids_are_hidden_where_that_is_asked_for() {
    Test::new()
        .shell("echo 0b9f2a3c-1d4e-4f5a-8b6c-7d8e9f0a1b2c")
        .hide_uuids()
        .stdout("[UUID]\n")
        .run();
}
