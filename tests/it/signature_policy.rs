//! What a token with a good signature must hold to, by the options that `listen` and `verify` share.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::support::{KEY, Listener, Test, notification, notification_of, token, token_with};

const OTHER: &str = "another-secret-of-the-tests-32-bytes-long";
const PRODUCTION: &str = "574894bf7848066d138b4571";

fn listener<const N: usize>(args: [&str; N]) -> Listener {
    Test::new()
        .file("sandbox.key", KEY)
        .file("production.key", OTHER)
        .args(args)
        .listen()
}

/// The answer to a notification with this token, and what is shown of it.
fn post(listener: &mut Listener, body: &str, token: &str) -> (u16, Value) {
    let status = listener
        .post("/", &[("request-signature", token)], body)
        .status;
    let shown = listener.next("notification");
    (status, shown["signature"]["reason"].clone())
}

fn production() -> String {
    notification_of("credentials.created", |body| {
        body["events"][0]["header"]["user"]["id_environment"] = PRODUCTION.into();
    })
}

#[test]
fn a_key_of_one_environment_signs_for_no_other() {
    let mut listener = listener([
        "--key-file",
        "sandbox=sandbox.key",
        "--key-file",
        "production=production.key",
    ]);
    let (sandbox, production) = (notification(), production());
    for (body, key, expected) in [
        (&sandbox, KEY, (200, Value::Null)),
        (&production, OTHER, (200, Value::Null)),
        (&production, KEY, (401, json!("environment-mismatch"))),
        (&sandbox, OTHER, (401, json!("environment-mismatch"))),
        (&sandbox, "neither", (401, json!("bad-signature"))),
    ] {
        assert_eq!(post(&mut listener, body, &token(body, key)), expected);
    }
}

#[test]
fn the_key_of_the_environment_signs() {
    let keys = [
        "--key-file",
        "production=production.key",
        "--key-file",
        "sandbox=sandbox.key",
    ];
    let test = |args: &[&str]| {
        Test::new()
            .file("sandbox.key", KEY)
            .file("production.key", OTHER)
            .file("s.json", notification())
            .file("p.json", production())
            .args(args)
    };
    for (file, key) in [("s.json", "sandbox.key"), ("p.json", "production.key")] {
        let sign = test(&["sign", file]).args(keys).output();
        test(&["verify", "--token", "-", file, "--key-file", key])
            .stdin(sign.stdout)
            .stdout("<stdin>: valid: the sender knows the key, and the token covers the body\n")
            .run();
    }
    test(&["sign", "s.json", "--key-file", "production=production.key"])
        .status(2)
        .stderr(
            "error: no key is for the environment of this notification\n\n\
             hint: give one without an environment, or with the right one: `--key-file production=FILE`\n",
        )
        .run();
}

#[test]
fn the_age_of_a_token_may_be_limited() {
    let mut listener = listener(["--key-file", "sandbox.key", "--max-age", "5m"]);
    let body = notification();
    for (claims, reason) in [
        (json!({ "iat": 1_700_000_000 }), "too-old"),
        (json!({ "exp": 4_102_444_800_u64 }), "missing-iat"),
        (json!({ "iat": 4_102_444_800_u64 }), "issued-in-future"),
    ] {
        let posted = post(&mut listener, &body, &token_with(&claims, KEY));
        assert_eq!(posted, (401, json!(reason)));
    }
    let fresh = Test::new()
        .file("key", KEY)
        .file("body", &body)
        .args(["sign", "body", "--key-file", "key"])
        .output();
    let posted = post(&mut listener, &body, fresh.stdout().trim());
    assert_eq!(posted, (200, Value::Null));
}

#[test]
fn a_token_may_have_to_cover_the_body() {
    let mut listener = listener(["--key-file", "sandbox.key", "--require-binding"]);
    let body = notification();
    let unbound = token_with(&json!({ "iss": "syncfy" }), KEY);
    let posted = post(&mut listener, &body, &unbound);
    assert_eq!(posted, (401, json!("body-unbound")));
    let posted = post(&mut listener, &body, &token(&body, KEY));
    assert_eq!(posted, (200, Value::Null));

    Test::new()
        .file("key", KEY)
        .args([
            "verify",
            "--require-binding",
            "--key-file",
            "key",
            "--token",
            &unbound,
        ])
        .status(2)
        .stderr(
            "error: `--require-binding` needs the notification that the token may cover\n\n\
             hint: name it: `verify --token TOKEN --require-binding notification.json`\n",
        )
        .run();
}

#[test]
fn the_same_header_twice_is_refused() {
    let mut listener = listener(["--key-file", "sandbox.key"]);
    let body = notification();
    let token = token(&body, KEY);
    let twice = [
        ("request-signature", &*token),
        ("Request-Signature", &*token),
    ];
    let answer = listener.post("/", &twice, &body);
    assert_eq!(answer.status, 401);
    assert_eq!(
        listener.next("notification")["signature"]["reason"],
        "repeated-signature"
    );
    // Under two of the known names it is still one token.
    let variants = [
        ("request-signature", &*token),
        ("x-syncfy-signature", &*token),
    ];
    assert_eq!(listener.post("/", &variants, &body).status, 200);
}

#[test]
fn a_weak_key_is_told_at_the_start() {
    let mut listener = Test::new()
        .file("key", "short")
        .args(["--key-file", "sandbox=key"])
        .listen();
    let warning = listener.next("warning");
    assert_eq!(warning["code"], "key-weak");
    assert_eq!(
        warning["message"],
        "`sandbox=key`: the key has 5 bytes and HS256 wants 32: a short key can be guessed from one token"
    );
}

#[test]
fn a_file_of_settings_names_the_environment_of_a_key() {
    let settings = "[listen]\nkey-file = ['sandbox=keys/one']\n";
    let mut listener = Test::new()
        .file("etc/keys/one", KEY)
        .file("etc/a.toml", settings)
        .args(["--config", "etc/a.toml"])
        .listen();
    let body = production();
    let posted = post(&mut listener, &body, &token(&body, KEY));
    assert_eq!(posted, (401, json!("environment-mismatch")));
}

#[test]
fn a_body_may_be_covered_before_it_is_compressed() {
    let mut listener = listener(["--key-file", "sandbox.key", "--require-binding"]);
    let body = notification();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(body.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    for covered in [body.as_bytes(), &packed] {
        let token = token(covered, KEY);
        let headers = [("request-signature", &*token), ("content-encoding", "gzip")];
        assert_eq!(listener.post("/", &headers, &packed).status, 200);
        let shown = listener.next("notification");
        assert_eq!(shown["signature"]["body_binding"], "bound");
    }
}

/// A key through a pipe that nobody writes to can be waited for, and a signal ends that.
#[cfg(unix)]
#[test]
fn a_key_that_does_not_come_can_be_given_up() {
    let test = Test::new();
    let fifo = test.directory().join("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, 0o600.into()).unwrap();
    let running = test
        .args(["listen", "--listen", "127.0.0.1:0", "--key-file", "fifo"])
        .spawn();
    // Not ^C: a shell makes what it starts in the background ignore that.
    running.signal(rustix::process::Signal::TERM);
    assert_ne!(running.finish().code(), Some(0));
}

#[test]
fn a_key_too_small_for_an_algorithm_does_not_sign_with_it() {
    let small = include_bytes!("fixtures/tokens/keys/rsa1024.pem");
    let sign = |algorithm: &str| {
        Test::new()
            .file("k", small)
            .file("b", notification())
            .args(["sign", "b", "--key-file", "k", "--alg", algorithm])
            .output()
    };
    assert_eq!(sign("RS512").code(), Some(0));
    let refused = sign("PS512");
    assert_eq!(refused.code(), Some(2));
    assert_eq!(
        refused.stderr().lines().next(),
        Some("error: the key does not allow signing with `PS512`")
    );
}
