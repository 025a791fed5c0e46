//! `replay`: what reaches the target.

use base64::Engine as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Answer, Certificate, KEY, Server, Test, notification, token};

fn digest(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// Bodies that something which reads JSON and writes it again would change.
fn odd_bodies() -> Vec<Vec<u8>> {
    let mut long = br#"{"long":""#.to_vec();
    long.resize(1024 * 1024, b'x');
    long.extend_from_slice(b"\"}");
    vec![
        b"{ \"a\" :\t1 ,\r\n\n \"b\":[ ] }\n".to_vec(),
        br#"{"url":"https:\/\/example.test\/\u00e9","it's":"$HOME `x` \\ %s"}"#.to_vec(),
        b"\xef\xbb\xbf{\"bom\":true}".to_vec(),
        b"{\"broken\":\"\xff\"}".to_vec(),
        br#"{"amount":251.63999999999998635757,"e":1e400}"#.to_vec(),
        "{\"bidi\":\"\u{202e}\u{200b}\",\"nul\":\"\0\"}".into(),
        b"@not-a-file".to_vec(),
        long,
    ]
}

/// A capture of each body, with headers that are easily lost.
fn capture(body: &[u8]) -> String {
    use base64::Engine as _;
    json!({
        "syncfy_hooks": 1,
        "received_at": null,
        "method": "PUT",
        "target": "/hook%20s?x=1&y=[2]",
        "headers": [
            ["host", "elsewhere.test"], ["connection", "x-private"], ["x-private", "1"],
            ["content-type", "application/json"], ["x-twice", "b"], ["x-twice", "a"], ["x-empty", ""],
            ["x-odd", "?", "636166e9"]
        ],
        "body_base64": base64::engine::general_purpose::STANDARD.encode(body)
    })
    .to_string()
}

fn post(server: &Server, file: &str) -> Test {
    Test::new().args(["replay", file, "--json", "--to", &server.url()])
}

#[test]
fn every_byte_of_a_bare_notification_arrives() {
    for body in odd_bodies() {
        let server = Server::start();
        let output = post(&server, "a.json").file("a.json", &body).output();
        assert_eq!(output.code(), Some(0), "{}", output.stderr());
        let request = server.next();
        assert_eq!(
            (request.method.as_str(), request.target.as_str()),
            ("POST", "/")
        );
        assert_eq!(request.values("content-type"), ["application/json"]);
        assert_eq!(digest(&request.body), digest(&body));
    }
}

#[test]
fn a_capture_arrives_as_it_was_recorded() {
    for body in odd_bodies() {
        let server = Server::start();
        let output = post(&server, "a.json")
            .file("a.json", capture(&body))
            .output();
        assert_eq!(output.code(), Some(0), "{}", output.stderr());
        let request = server.next();
        assert_eq!(request.method, "PUT");
        assert_eq!(request.target, "/hook%20s?x=1&y=[2]");
        assert_eq!(request.values("x-twice"), ["b", "a"]);
        assert_eq!(request.values("x-empty"), [""]);
        assert_eq!(request.header("x-private"), None);
        assert_eq!(
            request.values("host"),
            [server.url().replace("http://", "")]
        );
        assert_eq!(digest(&request.body), digest(&body));
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "what is left out must be seen")]
fn a_printed_curl_command_sends_the_same() {
    if Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        eprintln!("SKIPPED: there is no curl on this machine");
        return;
    }
    for body in odd_bodies() {
        let server = Server::start();
        let output = Test::new()
            .file("a.json", capture(&body))
            .args([
                "replay",
                "a.json",
                "--as",
                "curl",
                "-H",
                "X-Own: it's",
                "--to",
                &server.url(),
            ])
            .output();
        assert_eq!((output.code(), output.stderr().as_str()), (Some(0), ""));
        let mut shell = Command::new("sh");
        shell
            .arg("-s")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut shell = shell.spawn().expect("there is a shell");
        std::io::Write::write_all(&mut shell.stdin.take().unwrap(), &output.stdout).unwrap();
        let request = server.next();
        assert!(shell.wait_with_output().unwrap().status.success());
        assert_eq!(
            (request.method.as_str(), request.target.as_str()),
            ("PUT", "/hook%20s?x=1&y=[2]")
        );
        assert_eq!(request.values("x-twice"), ["b", "a"]);
        assert_eq!(request.values("x-empty"), [""]);
        assert_eq!(request.values("x-own"), ["it's"]);
        assert_eq!(request.values("content-type"), ["application/json"]);
        assert_eq!(
            (request.header("accept"), request.header("user-agent")),
            (None, None)
        );
        assert_eq!(digest(&request.body), digest(&body));
    }
}

#[test]
fn everything_named_is_sent_in_order() {
    let server = Server::start();
    let output = Test::new()
        .file("folder/b.json", "{\"n\":2}")
        .file("folder/a.ndjson", "{\"n\":0}\n\n{\"n\":1}\n")
        .file("folder/readme.txt", "no")
        .args([
            "replay",
            "folder",
            "-",
            "folder/b.json",
            "--json",
            "--repeat",
            "2",
            "--to",
            &server.url(),
        ])
        .stdin("{\"n\":3}\n{\"n\":4}\n")
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let bodies: Vec<_> = server
        .rest()
        .into_iter()
        .map(|request| request.body)
        .collect();
    let round = [0, 1, 2, 3, 4, 2].map(|n| format!("{{\"n\":{n}}}").into_bytes());
    assert_eq!(bodies, [round.clone(), round].concat());
    let places: Vec<_> = output
        .json()
        .iter()
        .take(3)
        .map(|line| (line["source"].clone(), line["line"].clone()))
        .collect();
    let a = Value::from("folder/a.ndjson");
    assert_eq!(
        places,
        [
            (a.clone(), 1.into()),
            (a, 3.into()),
            ("folder/b.json".into(), Value::Null)
        ]
    );
}

#[test]
fn events_are_chosen_and_routed_by_name() {
    let (documents, others) = (Server::start(), Server::start());
    let lines = [
        "documents.success",
        "credentials.created",
        "credentials.deleted",
        "sites.updated",
    ]
    .map(|name| crate::support::notification_of(name, |_| {}))
    .join("\n");
    let output = Test::new()
        .file("a.ndjson", lines)
        .args(["replay", "a.ndjson", "--json", "-e", "!*.deleted"])
        .args([
            "-t",
            &format!("documents.*={}/docs", documents.url()),
            "-t",
            &format!("credentials.*={}", others.url()),
        ])
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    assert_eq!(documents.next().target, "/docs");
    assert!(
        String::from_utf8(others.next().body)
            .unwrap()
            .contains("credentials.created")
    );
    assert!(documents.rest().is_empty() && others.rest().is_empty());
    assert_eq!(output.json().last().unwrap()["filtered"], 2);
}

#[test]
fn a_request_is_signed_anew_over_its_exact_body() {
    let server = Server::start();
    let body = notification();
    let mut recorded: Value = serde_json::from_str(&capture(body.as_bytes())).unwrap();
    let old = token("something else", KEY);
    recorded["headers"] = json!([["request-signature", old], ["x-syncfy-signature", old]]);
    let output = post(&server, "a.json")
        .file("a.json", recorded.to_string())
        .arg("--sign")
        .env("SYNCFY_HOOKS_KEY", KEY)
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let request = server.next();
    assert_eq!(request.header("x-syncfy-signature"), None);
    let [token] = request.values("request-signature")[..] else {
        panic!("{request:?}")
    };
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["body_sha256"], digest(&request.body));
    assert_eq!(
        claims["rid"],
        serde_json::from_str::<Value>(&body).unwrap()["rid"]
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        300
    );
}

#[test]
fn fresh_notifications_keep_their_distance_in_time() {
    let server = Server::start();
    let at = |at: &str| {
        crate::support::notification_of("documents.success", |body| {
            body["events"][0]["header"]["event"]["at"] = at.into();
        })
    };
    let lines = [
        at("2020-01-01 00:00:00.000000+0000"),
        at("2020-01-01 00:00:40.500000+0000"),
    ];
    let output = post(&server, "a.ndjson")
        .file("a.ndjson", lines.join("\n"))
        .arg("--fresh")
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let [first, second] = [server.next(), server.next()].map(|request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let event = &body["events"][0]["header"]["event"];
        (
            body["rid"].clone(),
            event["eid"].clone(),
            event["at"].as_str().unwrap().to_owned(),
        )
    });
    assert!(first.0 != second.0 && first.1 != second.1 && !first.2.starts_with("2020"));
    let seconds = |at: &str| {
        let (hours, rest) = at[11..].split_once(':').unwrap();
        let (minutes, rest) = rest.split_once(':').unwrap();
        let number = |text: &str| text.parse::<f64>().unwrap();
        number(hours) * 3600.0 + number(minutes) * 60.0 + number(&rest[..9])
    };
    let distance = (seconds(&second.2) - seconds(&first.2)).rem_euclid(86400.0);
    assert!((distance - 40.5).abs() < 0.001, "{distance}");
}

#[test]
fn a_certificate_is_checked_unless_told_otherwise() {
    let certificate = Certificate::of("localhost");
    let pem = certificate.pem().to_owned();
    let server = Server::tls(certificate);
    let send = |options: &[&str]| {
        Test::new()
            .file("a.json", "{}")
            .file("ca.pem", &pem)
            .args(["replay", "a.json", "--to", &server.url_as("localhost")])
            .args(options)
            .output()
    };
    assert_eq!(send(&[]).code(), Some(2));
    assert_eq!(send(&["--ca", "ca.pem"]).code(), Some(0));
    assert_eq!(send(&["-k"]).code(), Some(0));
}

#[test]
fn what_failed_is_tried_again_and_is_not_overtaken() {
    let server = Server::answering([Answer::status(503), Answer::status(200)]);
    let output = post(&server, "a.ndjson")
        .file("a.ndjson", "{\"n\":1}\n{\"n\":2}")
        .args(["--retries", "1"])
        .output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let bodies: Vec<_> = server
        .rest()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies, [b"{\"n\":1}", b"{\"n\":1}", b"{\"n\":2}"]);
    let states: Vec<_> = output
        .json()
        .iter()
        .map(|line| line["state"].clone())
        .collect();
    assert_eq!(
        states,
        [
            json!("retrying"),
            json!("delivered"),
            json!("delivered"),
            Value::Null
        ]
    );
}
