//! `verify`: every verdict, how it reads, and what it advises.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{KEY, Test, token, token_with};

const BODY: &str = r#"{"rid":"r-1","events":[]}"#;
const RECEIVED: &str = "2026-01-02T03:04:05Z";
const AT: i64 = 1_767_323_045;

/// A capture of this body with these headers.
fn capture(body: &str, headers: &[(&str, &str)]) -> String {
    format!(
        r#"{{"syncfy_hooks":1,"received_at":"{RECEIVED}","method":"POST","target":"/","headers":{},"body":{body}}}"#,
        json!(headers)
    )
}

/// A token that covers the body and was valid when the captures here were received.
fn fresh(body: &str) -> String {
    let digest = format!("{:x}", Sha256::digest(body));
    token_with(
        &json!({"iat": AT, "exp": AT + 300, "body_sha256": digest}),
        KEY,
    )
}

fn signed_capture(body: &str, token: &str) -> String {
    capture(body, &[("request-signature", token)])
}

/// `verify` with the key and this capture at hand.
fn verify(capture: &str, args: &[&str]) -> Test {
    Test::new()
        .file("k.txt", KEY)
        .file("c.json", capture)
        .args(["verify", "c.json", "--key-file", "k.txt"])
        .args(args)
}

#[test]
fn a_capture_is_judged_as_of_when_it_was_received() {
    let token = fresh(BODY);
    let capture = signed_capture(BODY, &token);
    verify(&capture, &[])
        .stdout("c.json: valid: the sender knows the key, and the token covers the body\n")
        .run();
    verify(&capture, &["--format", "pretty"])
        .stdout(
            "c.json: valid: the sender knows the key, and the token covers the body\n  \
             key      k.txt, read as text, 35 bytes\n  \
             alg      HS256\n  \
             judged   as of 2026-01-02T03:04:05Z, when it was received (`--at now` for now)\n  \
             expires  2026-01-02T03:09:05Z, 5 min after that\n  \
             body     covered: it is what the sender signed\n  \
             claims\n    {\n      \
             \"body_sha256\": \"432a3b8933da8beed5021a69b80fab1b44cf6ddd194ce76f0d96d54032e83cee\",\n      \
             \"exp\": 1767323345,\n      \"iat\": 1767323045\n    }\n",
        )
        .run();
    verify(&capture, &["--json"])
        .stdout(
            "{\"type\":\"verification\",\"source\":\"c.json\",\"verdict\":\"valid\",\"reason\":null,\
             \"signature_verdict\":\"valid\",\"claims_verdict\":\"valid\",\"alg\":\"HS256\",\"kid\":null,\
             \"key\":{\"source\":\"k.txt\",\"shape\":\"text\",\"bytes\":35,\"kid\":null,\"environment\":null},\
             \"claims\":{\"body_sha256\":\"432a3b8933da8beed5021a69b80fab1b44cf6ddd194ce76f0d96d54032e83cee\",\"exp\":1767323345,\"iat\":1767323045},\
             \"expires_at\":\"2026-01-02T03:09:05Z\",\"body_binding\":\"bound\",\"hints\":[],\
             \"judged_at\":\"2026-01-02T03:04:05Z\",\"judged_as_of\":\"received\"}\n",
        )
        .run();
}

#[test]
fn another_time_may_be_named() {
    let capture = signed_capture(BODY, &fresh(BODY));
    let expired = "c.json: invalid: the token has expired (expired)\n";
    verify(&capture, &["--at", "now", "--quiet"])
        .status(1)
        .stdout(expired)
        .run();
    verify(
        &capture,
        &["--at", "2026-01-02T06:09:05Z", "--format", "pretty"],
    )
    .status(1)
    .stdout(
        "c.json: invalid: the token has expired (expired)\n  \
         key      k.txt, read as text, 35 bytes\n  \
         signed   yes, with this key; it is refused for what it says\n  \
         alg      HS256\n  \
         judged   as of 2026-01-02T06:09:05Z, as `--at` says\n  \
         expires  2026-01-02T03:09:05Z, 3 h before that\n  \
         claims\n    {\n      \
         \"body_sha256\": \"432a3b8933da8beed5021a69b80fab1b44cf6ddd194ce76f0d96d54032e83cee\",\n      \
         \"exp\": 1767323345,\n      \"iat\": 1767323045\n    }\n",
    )
    .stderr(
        "\nhint: it expired 3 h ago: sign it again (a saved request keeps its old token), or allow more with `--leeway`\n",
    )
    .run();
    // A token expires 60 seconds late unless told otherwise.
    let edge = (AT + 330).to_string();
    assert_eq!(verify(&capture, &["--at", &edge]).output().code(), Some(0));
    verify(&capture, &["--at", &edge, "--leeway", "0", "--quiet"])
        .status(1)
        .stdout(expired)
        .run();
    verify(&capture, &["--at", "soon"])
        .status(2)
        .stderr(
            "error: invalid value 'soon' for '--at <received|now|TIME>': `received`, `now`, or a time: \
             a time is written `2026-01-02T03:04:05Z`, or as Unix seconds such as `1767323045`\n\n\
             hint: try `--help`\n",
        )
        .run();
}

#[test]
fn a_changed_body_is_explained() {
    let original = "{\"rid\":\"r-1\",\"events\":[]}\n";
    for (signed, body, hint) in [
        (
            BODY,
            original,
            "a trailing newline was added to the body on its way: pass the raw bytes on",
        ),
        (
            original,
            BODY,
            "the trailing newline of the body was lost on its way: pass the raw bytes on",
        ),
        (
            BODY,
            r#"{"rid": "r-1", "events": []}"#,
            "the JSON was re-serialised: the token covers it compact, without spaces; pass the raw bytes on",
        ),
        (
            BODY,
            r#"{"rid":"r-2","events":[]}"#,
            "the body was changed after signing (parsed and written again with other digits or another order, cut, or \
             wrapped), or the token belongs to another notification: pass the raw bytes on",
        ),
        (
            BODY,
            "",
            "the body is empty here: it was read already, or lost on the way",
        ),
    ] {
        let run = |args: &[&str]| {
            Test::new()
                .file("k.txt", KEY)
                .file("n.json", body)
                .args(["verify", "n.json", "--key-file", "k.txt"])
                .args(["--at", RECEIVED, "--token", &fresh(signed)])
                .args(args)
        };
        run(&[])
            .status(1)
            .stdout("invalid: the body is not the one that the token covers (body-mismatch)\n")
            .stderr(format!("hint: {hint}\n"))
            .run();
        let output = run(&["--format", "pretty"]).output();
        assert_eq!(output.stderr(), format!("\nhint: {hint}\n"));
        assert!(
            output
                .stdout()
                .contains("\n  body     another one: it is not what the claims cover\n")
        );
    }
}

#[test]
fn a_wrong_key_is_told() {
    let capture = signed_capture(BODY, &fresh(BODY));
    let output = verify(&capture, &["--format", "pretty"])
        .file("k.txt", "another key of thirty-two bytes!!")
        .output();
    assert_eq!(output.code(), Some(1));
    assert!(output.stdout().starts_with(
        "c.json: invalid: the token was not signed with this key, or was changed since (bad-signature)\n  alg "
    ));
    assert!(
        output
            .stdout()
            .contains("\n  claims   not proven: no key here made this signature\n")
    );
    assert_eq!(
        output.stderr(),
        "\nhint: check that the key is the one of this environment (sandbox and production have their own) and still current\n"
    );
    // One of several is enough.
    let rotated = verify(&capture, &["--key-file", "new.txt"]).file("new.txt", KEY);
    let output = rotated.file("k.txt", "another key").output();
    assert_eq!(output.code(), Some(0));
}

#[test]
fn what_carries_no_token_is_unsigned() {
    let unsigned = "c.json: unsigned: the request carries no signature\n";
    for (text, hint) in [
        (
            capture(BODY, &[("x-mine", &fresh(BODY))]),
            "the header `x-mine` carries a token that one of the keys made: name it with `--signature-header x-mine`",
        ),
        (
            capture(BODY, &[("x-mine", "nothing")]),
            "none of its headers is `request-signature`, `request_signature`, `x-request-signature`, `x-syncfy-signature`, \
             `x-paybook-signature`: name the one that carries the token with `--signature-header`",
        ),
        (
            BODY.to_owned(),
            "this is a bare notification, which has no headers: name its token with `--token`, or save captures with \
             `listen --save`",
        ),
        (
            fresh(BODY),
            "this is a token: check it with `--token TOKEN`, or `--token -` to read it from standard input",
        ),
    ] {
        verify(&text, &[])
            .status(1)
            .stdout(unsigned)
            .stderr(format!("hint: {hint}\n"))
            .run();
        verify(&text, &["--format", "pretty"])
            .status(1)
            .stdout(unsigned)
            .stderr(format!("\nhint: {hint}\n"))
            .run();
    }
    verify(
        &capture(BODY, &[("x-mine", &fresh(BODY))]),
        &["--signature-header", "X-Mine"],
    )
    .stdout("c.json: valid: the sender knows the key, and the token covers the body\n")
    .run();
    let two = [
        ("request-signature", &*fresh(BODY)),
        ("x-syncfy-signature", "other"),
    ];
    verify(&capture(BODY, &two), &["--quiet"])
        .status(1)
        .stdout("c.json: invalid: the request carries several signatures that differ (several-signatures)\n")
        .run();
}

#[test]
fn without_a_key_there_is_no_answer() {
    let no_key = "no key: there is no key to check the signature with\n";
    let run = || Test::new().args(["verify", "--token", &fresh(BODY)]);
    run().arg("--quiet").status(2).stdout(no_key).run();
    let output = run().args(["--format", "pretty"]).output();
    assert_eq!(
        output.stderr(),
        "\nhint: give the JWT key of the Syncfy dashboard with `--key-file FILE` or in `SYNCFY_HOOKS_KEY`\n"
    );
    let output = run().arg("--json").output();
    assert_eq!(output.json()[0]["verdict"], "no-key");
    assert_eq!(output.json()[0]["claims"]["iat"], AT);
}

#[test]
fn a_token_alone() {
    let run = |token: &str| {
        Test::new()
            .env("SYNCFY_HOOKS_KEY", KEY)
            .args(["verify", "--token", token])
    };
    let far = token(BODY, KEY);
    run(&far).stdout("valid: the sender knows the key\n").run();
    run("-")
        .stdin(format!("Bearer {far}\n"))
        .stdout("<stdin>: valid: the sender knows the key\n")
        .run();
    run(&fresh(BODY))
        .arg("--quiet")
        .status(1)
        .stdout("invalid: the token has expired (expired)\n")
        .run();
    run("-")
        .stdin(format!("request-signature: {far}\n"))
        .stdout("<stdin>: valid: the sender knows the key\n")
        .run();
    Test::new()
        .args(["verify", &far])
        .status(2)
        .stderr("error: a token was given in the place of a file\n\nhint: name it with `--token TOKEN`\n")
        .run();
    for garbage in ["", "garbage", "a.b.c", "\u{1b}[2J"] {
        run(garbage)
            .arg("--quiet")
            .status(1)
            .stdout("invalid: the signature is not a compact JWT (malformed-token)\n")
            .run();
    }
    let output = run(&token_with(&json!({}), KEY))
        .args(["--format", "pretty", "--at", RECEIVED])
        .output();
    assert_eq!(
        output.stdout(),
        "valid: the sender knows the key\n  \
         key      SYNCFY_HOOKS_KEY, read as text, 35 bytes\n  \
         alg      HS256\n  \
         judged   as of 2026-01-02T03:04:05Z, as `--at` says\n  \
         expires  never: the token has no `exp`\n  \
         body     not checked: no notification was given with the token\n  \
         claims\n    {}\n"
    );
}

#[test]
fn a_body_that_is_not_covered_is_told() {
    let unbound = signed_capture(BODY, &token_with(&json!({}), KEY));
    verify(&unbound, &[])
        .stdout("c.json: valid: the sender knows the key, but the token does not cover the body\n")
        .run();
    let output = verify(&unbound, &["--format", "pretty"]).output();
    assert!(output.stdout().contains(
        "\n  body     not covered: no claim is a digest of it, so it may have been changed, or the token taken from \
         another request\n"
    ));
}

#[test]
fn many_are_judged_and_the_worst_counts() {
    let good = signed_capture(BODY, &fresh(BODY));
    let run = || {
        Test::new()
            .file("k", KEY)
            .args(["verify", "--key-file", "k"])
    };
    let good_line = "valid: the sender knows the key, and the token covers the body\n";
    let bad_line = "unsigned: the request carries no signature\n";
    run()
        .stdin(format!("{good}\n{BODY}\n{good}\n"))
        .arg("--quiet")
        .status(1)
        .stdout(format!("-:1: {good_line}-:2: {bad_line}-:3: {good_line}"))
        .run();
    run()
        .file("all/a.json", &good)
        .file("all/b.json", &good)
        .arg("all")
        .stdout(format!("all/a.json: {good_line}all/b.json: {good_line}"))
        .run();
    run()
        .args(["--token", &fresh(BODY), "-"])
        .stdin("{}\n{}\n")
        .status(2)
        .stderr(
            "error: a token covers one notification, and there are several in `-`\n\n\
             hint: put the one that came with the token into a file of its own\n",
        )
        .run();
    run()
        .args(["--token", "-", "-"])
        .status(2)
        .stderr(
            "error: standard input can only be one thing, and is to be the token and the notification\n\n\
             hint: name files for all but one of them\n",
        )
        .run();
    run()
        .arg("nope.json")
        .status(2)
        .stderr(
            "error: cannot read `nope.json`: No such file or directory (os error 2)\n\n\
             hint: check how the path is spelled; `-` stands for standard input\n",
        )
        .run();
    run()
        .arg("none.ndjson")
        .file("none.ndjson", "\n")
        .status(2)
        .stderr("error: there is no notification in `none.ndjson`\n")
        .run();
}

#[test]
fn every_pasted_shape_signs_and_verifies() {
    let secret = b"\xfb\xff a secret of thirty-two bytes.";
    let k = URL_SAFE_NO_PAD.encode(secret);
    let hex = secret
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let jwk = format!(r#"{{"kty":"oct","k":"{k}"}}"#);
    let nested = format!(r#"{{"kid":"n","kty":"oct","k":{jwk}}}"#);
    let shapes = [
        (jwk.clone(), "jwk"),
        (format!("\u{feff}{jwk}\r\n"), "jwk"),
        (json!(jwk).to_string(), "jwk"),
        (format!(r#"{{"keys":[{jwk}]}}"#), "jwk"),
        (nested.clone(), "nested-jwk"),
        (json!(nested).to_string(), "nested-jwk"),
        (k.clone(), "base64url"),
        (URL_SAFE.encode(secret), "base64url"),
        (format!("\"{k}\"\n"), "base64url"),
        (STANDARD.encode(secret), "base64"),
        (format!("base64:{k}"), "base64"),
        (format!("hex:{hex}"), "hex"),
    ];
    for (pasted, shape) in &shapes {
        let signed = Test::new()
            .file("k", pasted)
            .args(["sign", "--key-file", "k"])
            .stdin(BODY)
            .output();
        let token = String::from_utf8(signed.stdout.clone()).unwrap();
        for (other, expected) in [(&jwk, &"jwk"), (pasted, shape)] {
            let verified = signed
                .then()
                .file("k", other)
                .file("n.json", BODY)
                .args(["verify", "n.json", "--json", "--key-file", "k"])
                .args(["--token", token.trim()])
                .output();
            let [line] = &verified.json()[..] else {
                panic!("{pasted}: {}", signed.stderr());
            };
            assert_eq!(line["body_binding"], "bound", "{pasted}");
            assert_eq!(line["key"]["shape"], **expected, "{pasted}");
        }
    }
}

/// Signs and checks with nothing but Python's standard library.
const PYTHON: &str = r#"
import base64, hashlib, hmac, json, sys
request = json.load(sys.stdin)
key, hashes = request["key"].encode(), {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
def sign(head, alg): return part(hmac.new(key, head, hashes[alg]).digest())
answer = []
for alg, token in request["tokens"].items():
    head, signature = token.encode().rsplit(b".", 1)
    assert hmac.compare_digest(sign(head, alg), signature), alg
    own = part(json.dumps({"typ": "JWT", "alg": alg}).encode()) + b"." + part(b'{"made by": "Python"}')
    answer.append((own + b"." + sign(own, alg)).decode())
json.dump(answer, sys.stdout)
"#;

#[test]
#[expect(clippy::print_stderr, reason = "what is left out must be seen")]
fn python_agrees_both_ways() {
    let key = "k".repeat(64);
    let run = |args: &[&str]| {
        Test::new()
            .env("SYNCFY_HOOKS_KEY", &key)
            .args(args)
            .stdin(BODY)
            .output()
    };
    let made: serde_json::Map<String, Value> = ["HS256", "HS384", "HS512"]
        .into_iter()
        .map(|alg| {
            (
                alg.to_owned(),
                run(&["sign", "--alg", alg])
                    .stdout()
                    .trim()
                    .to_owned()
                    .into(),
            )
        })
        .collect();
    let request = Test::new().file("request", json!({"key": key, "tokens": made}).to_string());
    let python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(std::fs::File::open(request.directory().join("request")).unwrap())
        .output();
    let Ok(python) = python else {
        eprintln!("SKIPPED: there is no python3 on this machine");
        return;
    };
    assert!(
        python.status.success(),
        "{}",
        String::from_utf8_lossy(&python.stderr)
    );
    let tokens: Vec<String> = serde_json::from_slice(&python.stdout).unwrap();
    assert_eq!(tokens.len(), 3);
    for token in tokens {
        let output = run(&["verify", "--token", &token]);
        assert_eq!(output.stdout(), "valid: the sender knows the key\n");
    }
}
