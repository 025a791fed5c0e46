//! A test that cannot fail is worth nothing: what the other tests stand on is tested here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::support::leaks::{Leaks, hex};
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

const SECRET: &[u8] = b"\xfb\xff\x10Zq7\"!wz\\Rk3^pV9m_Xb5~tY2&hL8@\xc3\xa9";

#[test]
fn every_planted_leak_is_found() {
    let leaks = Leaks::of([SECRET]);
    let piece = &SECRET[7..19];
    let text = &SECRET[3..29];
    let escaped: String = text.iter().map(|byte| format!("\\u{byte:04x}")).collect();
    let percent: String = piece.iter().map(|byte| format!("%{byte:02X}")).collect();
    let base64url = URL_SAFE_NO_PAD.encode(SECRET);
    for leak in [
        piece.to_vec(),
        hex(piece).into(),
        hex(piece).to_uppercase().into(),
        format!("{piece:02x?}").into(),
        base64url[9..25].into(),
        STANDARD.encode(piece).into(),
        STANDARD.encode([b"a", piece, b"b"].concat()).into(),
        STANDARD.encode([b"ab", piece, b"c"].concat()).into(),
        STANDARD.encode(&base64url).into(),
        STANDARD.encode(hex(SECRET)).into(),
        escaped.into(),
        format!("{:?}", str::from_utf8(text).unwrap()).into(),
        serde_json::to_vec(str::from_utf8(text).unwrap()).unwrap(),
        text.escape_ascii().to_string().into(),
        SECRET.escape_ascii().to_string().into(),
        percent.into(),
        format!("{piece:?}").into(),
        format!("{piece:#?}").into(),
    ] {
        let told = [b"error: ".as_slice(), &leak, b" is told\n"].concat();
        assert!(
            leaks.find(&told).is_some(),
            "{}",
            String::from_utf8_lossy(&told)
        );
    }
}

#[test]
fn what_tells_nothing_passes() {
    let leaks = Leaks::of([SECRET, &[0; 40]]);
    for text in [
        "",
        "error: the key is empty",
        "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]",
        "AAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(leaks.find(text.as_bytes()), None, "{text}");
    }
    assert_eq!(leaks.find(&SECRET[..8]), None);
}
