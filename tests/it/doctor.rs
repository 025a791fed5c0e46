//! `doctor`: what it finds, and what it says to do.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Certificate, KEY, Listener, Server, Test};

/// `doctor --json` on a free port.
fn doctor<const N: usize>(args: [&str; N]) -> Test {
    Test::new()
        .args(["doctor", "--json", "--listen", "127.0.0.1:0"])
        .args(args)
}

/// The finding about this part.
#[track_caller]
fn finding(test: Test, name: &str, status: i32) -> Value {
    let output = test.output();
    assert_eq!(
        output.code(),
        Some(status),
        "{}{}",
        output.stdout(),
        output.stderr()
    );
    assert_eq!(output.stderr(), "");
    let lines = output.json();
    let found = lines.iter().find(|line| line["name"] == name);
    found.unwrap_or_else(|| panic!("{name}: {lines:?}")).clone()
}

#[test]
fn a_newcomer_is_told_what_there_is() {
    let output = Test::new()
        .args([
            "doctor",
            "--listen",
            "127.0.0.1:0",
            "--format",
            "pretty",
            "--store",
            "h.db",
        ])
        .output();
    let stdout = output.stdout();
    let (before, rest) = stdout.split_once("pass  clock   it shows 20").unwrap();
    let (_, after) = rest.split_once('\n').unwrap();
    assert_eq!(
        before,
        "pass  port    `127.0.0.1:0` is free\n\
         warn  key     there is none: signatures are not checked\n              \
         `--key-file FILE` takes the JWT key of the Syncfy dashboard\n"
    );
    assert_eq!(
        after,
        "pass  store   there is no history yet: `listen` makes `h.db`\n\
         skip  target  there is none to forward to\n\
         skip  tunnel  there is none: Syncfy cannot reach this machine\n"
    );
    assert_eq!(
        output.stderr(),
        "\nable to listen: 3 passed, 1 with a warning, 0 failed, 2 skipped\n"
    );
    assert_eq!(output.code(), Some(0));
}

#[test]
fn a_script_gets_a_line_for_each() {
    let output = doctor(["--store", "h.db"])
        .env("SYNCFY_HOOKS_KEY", KEY)
        .output();
    assert_eq!(output.code(), Some(0));
    let lines = output.json();
    let parts: Vec<(&str, &str)> = lines
        .iter()
        .filter(|line| line["type"] == "check")
        .map(|line| {
            (
                line["name"].as_str().unwrap(),
                line["result"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("port", "pass"),
            ("key", "pass"),
            ("clock", "pass"),
            ("store", "pass"),
            ("target", "skip"),
            ("tunnel", "skip")
        ]
    );
    assert_eq!(
        lines.last(),
        Some(&json!({ "type": "summary", "passed": 4, "warned": 0, "failed": 0, "skipped": 2 }))
    );
    assert!(!output.stdout().contains(KEY));
    assert!(!output.directory().join("h.db").exists(), "nothing is made");
}

#[test]
fn a_port_that_is_taken_is_told_by_whom() {
    let other = Server::start().unused();
    let by_other = format!("127.0.0.1:{}", other.port());
    let found = finding(
        Test::new().args(["doctor", "--json", "--listen", &by_other]),
        "port",
        1,
    );
    assert_eq!(found["result"], "fail");
    assert!(!found["hints"].as_array().unwrap().is_empty());

    let listener = Listener::start(["--no-store"]);
    let address = listener.url().strip_prefix("http://").unwrap().to_owned();
    let found = finding(
        Test::new().args(["doctor", "--json", "--listen", &address]),
        "port",
        0,
    );
    assert_eq!(found["result"], "warn");
    assert_eq!(
        found["message"],
        format!("a `syncfy-hooks listen` listens on `{address}` already")
    );
    listener.stop();
}

#[test]
fn keys_are_read_and_judged() {
    let found = finding(doctor(["--key-file", "missing"]), "key", 1);
    assert_eq!(found["result"], "fail");
    let weak = doctor(["--key-file", "weak"]).file("weak", "short");
    let found = finding(weak, "key", 0);
    assert_eq!(
        (&found["result"], &found["subject"]),
        (&json!("warn"), &json!("weak"))
    );
    let open = doctor(["--key-file", "key"]).file("key", KEY);
    let key = open.directory().join("key");
    let mut rights = fs::metadata(&key).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o644);
    fs::set_permissions(&key, rights).unwrap();
    let output = open.output();
    assert!(
        output.stdout().contains("`chmod 600 'key'`"),
        "{}",
        output.stdout()
    );
}

#[test]
fn a_history_is_examined_and_left_alone() {
    let found = finding(
        doctor(["--store", "h.db"]).file("h.db", "no database at all, but text"),
        "store",
        1,
    );
    assert_eq!(found["result"], "fail");
    // What `listen` would make, and what it would not.
    let found = finding(doctor(["--store", "h.db"]).file("h.db", ""), "store", 0);
    assert_eq!(found["result"], "pass");
    let found = finding(doctor(["--store", "no/such/h.db"]), "store", 1);
    assert_eq!(found["result"], "fail");
    let found = finding(doctor(["--no-store"]), "store", 0);
    assert_eq!(found["result"], "skip");
    let old = include_bytes!("fixtures/store/version-1.db");
    let output = doctor(["--store", "old.db"]).file("old.db", old).output();
    assert_eq!(output.code(), Some(0), "{}", output.stdout());
    assert!(
        output.stdout().contains("of an older format"),
        "{}",
        output.stdout()
    );
    assert_eq!(output.file("old.db"), old, "it changes nothing");
    let found = finding(doctor(["--store", "."]), "store", 1);
    assert_eq!(
        found["message"],
        "`.` is a folder, and the history is a file"
    );
}

#[test]
fn targets_are_called_as_listen_would() {
    let app = Server::start().unused();
    let found = finding(doctor([&app.port().to_string()]), "target", 0);
    assert_eq!(found["result"], "pass");
    let found = finding(doctor(["127.0.0.1:1"]), "target", 1);
    assert_eq!(
        found["message"],
        "`http://127.0.0.1:1/` cannot be reached: connection refused"
    );
    let found = finding(doctor(["http://no-such-host.invalid/"]), "target", 1);
    assert!(
        found["message"]
            .as_str()
            .unwrap()
            .ends_with(": host not found"),
        "{found}"
    );
    let looped = Test::new().args(["doctor", "--json", "--listen", "127.0.0.1:4987", "4987"]);
    let found = finding(looped, "target", 1);
    assert_eq!(
        found["message"],
        "the target `http://localhost:4987` is this listener itself"
    );
    let certificate = Certificate::of("127.0.0.1");
    let app = Server::tls(certificate).unused();
    let found = finding(doctor([&app.url()]), "target", 1);
    assert!(
        found["message"].as_str().unwrap().contains("TLS failed"),
        "{found}"
    );
    let found = finding(doctor(["-k", &app.url()]), "target", 0);
    assert_eq!(found["result"], "pass");
}

#[test]
fn a_tunnel_is_tried_as_far_as_nobody_else_is_concerned() {
    let found = finding(
        doctor(["--tunnel", "cloudflared"]).env("PATH", "/nowhere"),
        "tunnel",
        1,
    );
    assert_eq!(found["result"], "fail");
    assert!(
        found["hints"][0]
            .as_str()
            .unwrap()
            .starts_with("install it with"),
        "{found}"
    );
    let found = finding(doctor(["--tunnel", "cmd: carry {port}"]), "tunnel", 0);
    assert_eq!(found["message"], "the command is started by the shell");
}
