//! `listen`: what becomes of good, bad and missing signatures.

use serde_json::json;

use crate::support::{KEY, Listener, Server, Test, notification, signed, token, token_with};

/// A listener with a key.
fn keyed<const N: usize>(args: [&str; N]) -> Listener {
    Test::new()
        .file("key", KEY)
        .args(["--key-file", "key"])
        .args(args)
        .listen()
}

#[test]
fn a_good_signature_passes_under_every_known_name() {
    let mut listener = keyed([]);
    let token = token(notification(), KEY);
    for name in [
        "Request-Signature",
        "request_signature",
        "X-Request-Signature",
        "X-Syncfy-Signature",
        "X-Paybook-Signature",
    ] {
        assert_eq!(
            listener.post("/", &[(name, &token)], notification()).status,
            200,
            "{name}"
        );
        assert_eq!(
            listener.next("notification")["signature"],
            json!({ "verdict": "valid", "reason": null, "body_binding": "bound" })
        );
    }
}

#[test]
fn a_token_that_does_not_cover_the_body_says_so() {
    let mut listener = keyed([]);
    let token = token_with(&json!({ "iss": "syncfy" }), KEY);
    let answer = listener.post("/", &[("request-signature", &token)], notification());
    assert_eq!(answer.status, 200);
    assert_eq!(
        listener.next("notification")["signature"]["body_binding"],
        "unbound"
    );
}

#[test]
fn a_bad_signature_is_recorded_refused_and_not_forwarded() {
    let target = Server::start().unused();
    let mut listener = keyed(["-f", &target.url(), "--save", "saved"]);
    let good = token(notification(), KEY);
    let unsigned = format!("{}.", good.rsplit_once('.').unwrap().0);
    for (token, reason) in [
        (token(notification(), "another key"), "bad-signature"),
        (token("another body", KEY), "body-mismatch"),
        (token_with(&json!({ "exp": 1 }), KEY), "expired"),
        (
            token_with(&json!({ "nbf": 4_102_444_800_i64 }), KEY),
            "not-yet-valid",
        ),
        (unsigned, "bad-signature"),
        ("no token".into(), "malformed-token"),
    ] {
        let answer = listener.post("/", &[("request-signature", &token)], notification());
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (401, &json!(reason))
        );
        let seen = listener.next("notification");
        assert_eq!(seen["signature"]["verdict"], "invalid");
        assert_eq!(
            (&seen["signature"]["reason"], &seen["refused"]),
            (&json!(reason), &json!(reason))
        );
        assert_eq!(seen["answered"], 401);
    }
    listener.interrupt();
    let output = listener.finish();
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["received"], &summary["invalid"]),
        (&json!(6), &json!(6))
    );
    assert!(
        !output
            .file("saved/000006-credentials.created.json")
            .is_empty()
    );
}

#[test]
fn with_a_key_an_unsigned_notification_is_refused() {
    let mut listener = keyed([]);
    let answer = listener.post("/", &[], notification());
    assert_eq!(
        (answer.status, answer.json()),
        (
            401,
            json!({ "error": "unsigned", "message": "the request carries no signature" })
        )
    );
    assert_eq!(
        listener.next("notification")["signature"]["verdict"],
        "unsigned"
    );
}

#[test]
fn signatures_that_differ_are_refused_in_either_order() {
    let mut listener = keyed([]);
    let good = token(notification(), KEY);
    for headers in [
        [
            ("request-signature", &*good),
            ("x-syncfy-signature", "other"),
        ],
        [
            ("x-syncfy-signature", "other"),
            ("request-signature", &*good),
        ],
        [
            ("request-signature", &*good),
            ("request-signature", "other"),
        ],
        [
            ("request-signature", "other"),
            ("request-signature", &*good),
        ],
    ] {
        let answer = listener.post("/", &headers, notification());
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (401, &json!("several-signatures"))
        );
        assert_eq!(
            listener.next("notification")["signature"]["verdict"],
            "invalid"
        );
    }
    let twice = [
        ("request-signature", &*good),
        ("x-syncfy-signature", &*good),
    ];
    assert_eq!(listener.post("/", &twice, notification()).status, 200);
}

#[test]
fn the_check_can_be_switched_off_and_is_still_shown() {
    let target = Server::start();
    let mut listener = keyed(["--no-verify-signature", "-f", &target.url()]);
    assert_eq!(listener.post("/", &[], notification()).status, 200);
    assert_eq!(
        listener.next("notification")["signature"]["verdict"],
        "unsigned"
    );
    assert_eq!(target.next().body, notification().as_bytes());
}

#[test]
fn the_header_can_have_another_name() {
    let listener = keyed(["--signature-header", "X-Mine"]);
    let token = token(notification(), KEY);
    assert_eq!(
        listener
            .post("/", &[("x-mine", &token)], notification())
            .status,
        200
    );
    assert_eq!(
        listener
            .post("/", &[("request-signature", &token)], notification())
            .status,
        401
    );
}

#[test]
fn any_of_several_keys_will_do() {
    let listener = Test::new()
        .file("old", "an older key of the same webhook")
        .file("new", KEY)
        .args(["--key-file", "old", "--key-file", "new"])
        .listen();
    for key in ["an older key of the same webhook", KEY] {
        let (name, token) = signed(notification(), key);
        assert_eq!(
            listener.post("/", &[(name, &token)], notification()).status,
            200
        );
    }
}

#[test]
fn a_key_comes_from_the_environment_too() {
    for (name, other) in [
        ("SYNCFY_HOOKS_KEY", "SYNCFY_WEBHOOK_SIGNATURE_KEY"),
        ("SYNCFY_WEBHOOK_SIGNATURE_KEY", "UNRELATED"),
    ] {
        let listener = Test::new()
            .env(name, KEY)
            .env(other, "another key")
            .listen();
        let (header, token) = signed(notification(), KEY);
        assert_eq!(
            listener
                .post("/", &[(header, &token)], notification())
                .status,
            200
        );
    }
}

#[test]
fn a_key_comes_from_standard_input_too() {
    let listener = Test::new().stdin(KEY).args(["--key-file", "-"]).listen();
    let (name, token) = signed(notification(), KEY);
    assert_eq!(
        listener.post("/", &[(name, &token)], notification()).status,
        200
    );
}

#[test]
fn the_key_is_never_shown() {
    let mut listener = keyed(["-v"]);
    listener.post(
        "/",
        &[("request-signature", &token("", "other"))],
        notification(),
    );
    listener.next("notification");
    listener.interrupt();
    let output = listener.finish();
    assert!(!format!("{}{}", output.stdout(), output.stderr()).contains(KEY));
}

#[test]
fn a_key_that_cannot_be_read_ends_it_at_once() {
    Test::new()
        .args(["listen", "--key-file", "missing", "--listen", "127.0.0.1:0"])
        .status(2)
        .stderr(
            "error: cannot read the key file `missing`: No such file or directory (os error 2)\n\n\
             hint: make one with `syncfy-hooks key new`, or save the key that the Syncfy dashboard shows\n",
        )
        .run();
}
