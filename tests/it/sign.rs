//! `sign`: what it makes, in every form, and what it says when it cannot.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{KEY, Server, Test, token_with};

const BODY: &str = "{\"rid\":\"r-1\",\"events\":[]}\n";
const BODY_SHA256: &str = "33d7ffb9b3b53b830e8a30563c85e50fa4281169b84eb838f5a3fe51fcf924bc";
const AT: &str = "1767323045";

/// `sign` with a key and a notification at hand, at a fixed time.
fn sign(args: &[&str]) -> Test {
    Test::new()
        .file("k.txt", KEY)
        .file("n.json", BODY)
        .args(["sign", "--key-file", "k.txt", "--at", AT])
        .args(args)
}

fn claims() -> Value {
    json!({"iat": 1_767_323_045, "exp": 1_767_323_345, "rid": "r-1", "body_sha256": BODY_SHA256})
}

fn token() -> String {
    token_with(&claims(), KEY)
}

#[test]
fn a_token_covers_the_exact_bytes() {
    sign(&["n.json"]).stdout(token() + "\n").run();
    sign(&[]).stdin(BODY).stdout(token() + "\n").run();
    sign(&["-"]).stdin(BODY).stdout(token() + "\n").run();
    sign(&["n.json", "--at", "2026-01-02T04:04:05+01:00"])
        .status(2)
        .stderr(
            "error: the argument '--at <TIME>' cannot be used multiple times\n\n\
             hint: Usage: syncfy-hooks sign [OPTIONS] [PATH]\nhint: try `--help`\n",
        )
        .run();
}

#[test]
fn the_key_may_come_from_the_environment() {
    for name in ["SYNCFY_HOOKS_KEY", "SYNCFY_WEBHOOK_SIGNATURE_KEY"] {
        Test::new()
            .args(["sign", "--at", AT])
            .env(name, KEY)
            .stdin(BODY)
            .stdout(token() + "\n")
            .run();
    }
    Test::new()
        .args(["sign", "n.json", "--key-file", "-", "--at", AT])
        .file("n.json", BODY)
        .stdin(KEY)
        .stdout(token() + "\n")
        .run();
}

#[test]
fn every_form() {
    let token = token();
    let line = json!({
        "type": "signature", "header": "request-signature", "token": token, "alg": "HS256", "kid": null,
        "claims": claims(), "expires_at": "2026-01-02T03:09:05Z", "source": "n.json",
    });
    for args in [
        &["n.json", "--output", "json"][..],
        &["n.json", "--json"],
        &["n.json", "--format", "json"],
    ] {
        assert_eq!(sign(args).output().json(), std::slice::from_ref(&line));
    }
    sign(&["n.json", "--json", "--output", "token"])
        .stdout(format!("{token}\n"))
        .run();
    sign(&["n.json", "--output", "header"])
        .stdout(format!("request-signature: {token}\n"))
        .run();
    sign(&[
        "n.json",
        "--output",
        "curl",
        "--to",
        "https://app.test/hook?a=1",
    ])
    .stdout(curl("https://app.test/hook?a=1", &token))
    .run();
}

/// The command that posts the file `n.json`.
fn curl(url: &str, token: &str) -> String {
    format!(
        "curl --globoff --path-as-is --request 'POST' '{url}' \\\n  \
         --header 'content-type: application/json' \\\n  \
         --header 'request-signature: {token}' \\\n  \
         --header 'accept:' \\\n  --header 'user-agent:' \\\n  \
         --data-binary '@n.json'\n"
    )
}

#[test]
fn the_curl_command_posts_the_very_bytes() {
    let capture = json!({
        "syncfy_hooks": 1, "received_at": null, "method": "POST", "target": "/",
        "headers": [["content-encoding", "x-strange"]], "body": {"it's": "$HOME `x` \\"},
    });
    let long = "7".repeat(300_000);
    let server = Server::start();
    let bodies: [(&str, Vec<u8>, &[u8]); 6] = [
        ("a file.json", BODY.into(), BODY.as_bytes()),
        ("-", b"{\"a\":\n 'b'}\n".to_vec(), b"{\"a\":\n 'b'}\n"),
        ("-", b"@n.json".to_vec(), b"@n.json"),
        ("-", b"-%d\0\x1b\xff\\n'1".to_vec(), b"-%d\0\x1b\xff\\n'1"),
        ("-", long.clone().into(), long.as_bytes()),
        (
            "c.json",
            capture.to_string().into(),
            br#"{"it's":"$HOME `x` \\"}"#,
        ),
    ];
    for (path, text, body) in bodies {
        let run = sign(&[path, "--output", "curl", "--to", &server.url()])
            .file("a file.json", BODY)
            .file("c.json", &text)
            .stdin(&text)
            .output();
        std::fs::write(run.directory().join("script"), &run.stdout).unwrap();
        let status = Command::new("sh")
            .arg("script")
            .current_dir(run.directory())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{status}");
        let request = server.next();
        assert_eq!(request.method, "POST");
        assert_eq!(request.body, body);
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(
            request.header("content-encoding"),
            (path == "c.json").then_some("x-strange")
        );
        let token = request.header("request-signature").unwrap();
        let verified = run
            .then()
            .file("body", body)
            .args([
                "verify",
                "body",
                "--key-file",
                "k.txt",
                "--at",
                AT,
                "--token",
                token,
            ])
            .output();
        assert_eq!(verified.code(), Some(0), "{}", verified.stdout());
    }
}

#[test]
fn claims_are_added_and_replaced() {
    let mut expected = claims();
    expected["iss"] = "me".into();
    expected["rid"] = Value::Null;
    let own = r#"{"iss":"me","rid":null}"#;
    let stdout = token_with(&expected, KEY) + "\n";
    sign(&["n.json", "--claims", own]).stdout(&stdout).run();
    sign(&["n.json", "--claims", "own.json"])
        .file("own.json", own)
        .stdout(&stdout)
        .run();
    expected = claims();
    expected["exp"] = 1_767_326_645.into();
    sign(&["n.json", "--expires-in", "1h"])
        .stdout(token_with(&expected, KEY) + "\n")
        .run();
}

#[test]
fn numbers_in_claims_keep_their_digits() {
    let own = r#"{"n":[251.63999999999999,123456789012345678901234567890,1.50]}"#;
    let output = sign(&["n.json", "--output", "json", "--claims", own]).output();
    let numbers = &own[1..own.len() - 1];
    assert!(output.stdout().contains(numbers), "{}", output.stdout());
}

#[test]
fn each_line_gets_its_token() {
    let output = sign(&["--json"])
        .stdin("{\"rid\":\"a\"}\n\n{\"rid\":\"b\"}\n")
        .output();
    let lines: Vec<_> = output
        .json()
        .into_iter()
        .map(|line| (line["source"].clone(), line["claims"]["rid"].clone()))
        .collect();
    assert_eq!(
        lines,
        [("-:1".into(), "a".into()), ("-:3".into(), "b".into())]
    );
}

#[test]
fn a_jwk_names_its_algorithm_and_id() {
    let jwk = r#"{"kty":"oct","alg":"HS384","kid":"k-1","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}"#;
    let run = |args: &[&str]| {
        Test::new()
            .file("k.jwk", jwk)
            .args(["sign", "--key-file", "k.jwk"])
            .args(args)
            .stdin(BODY)
    };
    let [line] = &run(&["--json"]).output().json()[..] else {
        panic!("one line");
    };
    assert_eq!(
        (&line["alg"], &line["kid"]),
        (&"HS384".into(), &"k-1".into())
    );
    run(&["--alg", "hs512"])
        .status(2)
        .stderr(
            "error: the key does not allow signing with `HS512`\n\n\
             hint: leave the algorithm to the key, or change `alg` or `key_ops` in its JWK\n",
        )
        .run();
}

#[test]
fn what_is_doubtful_is_signed_with_a_warning() {
    let weak = |args: &[&str]| {
        Test::new()
            .file("k.txt", "text:weak")
            .args(["sign", "--key-file", "k.txt", "--at", AT])
            .args(args)
            .stdin("{}")
    };
    let claims = json!({"iat": 1_767_323_045, "exp": 1_767_323_345,
        "body_sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"});
    let token = token_with(&claims, "weak");
    weak(&[])
        .stdout(format!("{token}\n"))
        .stderr(
            "warning: `k.txt`: the key has 4 bytes and HS256 wants 32: a short key can be guessed from one token\n\
             hint: make a strong one with `syncfy-hooks key new`, or in the Syncfy dashboard\n",
        )
        .run();
    weak(&["--quiet"]).stdout(format!("{token}\n")).run();
    let output = weak(&["--json"]).output();
    assert_eq!(output.json()[0]["token"], token);
    assert_eq!(output.json_errors()[0]["code"], "key-weak");

    let hint = "hint: see what is wrong with `syncfy-hooks validate`\n";
    for (body, what, hint) in [("", "empty", ""), ("nonsense", "not JSON", hint)] {
        let output = sign(&[]).stdin(body).output();
        assert_eq!(output.code(), Some(0));
        assert_eq!(
            output.stderr(),
            format!("warning: `-` is {what}; it is signed as it is\n{hint}")
        );
    }
}

#[test]
fn what_cannot_be_signed() {
    let failure = |test: Test, stderr: &str| drop(test.status(2).stderr(stderr).run());
    failure(
        Test::new().arg("sign").stdin(BODY),
        "error: no key was given\n\n\
         hint: give one with `--key-file FILE`\n\
         hint: or set `SYNCFY_HOOKS_KEY` or `SYNCFY_WEBHOOK_SIGNATURE_KEY` to the key\n\
         hint: or make one with `syncfy-hooks key new --output syncfy.jwk`\n",
    );
    failure(
        sign(&["nope.json"]),
        "error: cannot read `nope.json`: No such file or directory (os error 2)\n\n\
         hint: check how the path is spelled; `-` stands for standard input\n",
    );
    failure(
        sign(&["empty.ndjson"]).file("empty.ndjson", ""),
        "error: there is no notification in `empty.ndjson`\n",
    );
    failure(
        sign(&["c.json"]).file("c.json", r#"{"syncfy_hooks":9}"#),
        "error: cannot use `c.json`: the capture has format 9, and this version of `syncfy-hooks` reads formats up to 1\n\n\
         hint: update `syncfy-hooks`\n",
    );
    failure(
        Test::new()
            .args(["sign", "-", "--key-file", "-"])
            .stdin(KEY),
        "error: standard input can only be one thing, and is to be the key and the notification\n\n\
         hint: name files for all but one of them\n",
    );
    failure(
        sign(&["n.json", "--claims", "{1}"]),
        "error: invalid value '{1}' for '--claims <JSON|FILE>': claims are a JSON object: key must be a string at line 1 column 2\n\n\
         hint: try `--help`\n",
    );
    failure(
        sign(&["n.json", "--claims", "nope.json"]),
        "error: cannot read the claims in `nope.json`: No such file or directory (os error 2)\n\n\
         hint: `--claims` takes a file, or a JSON object such as `'{\"iss\":\"me\"}'`\n",
    );
    failure(
        sign(&["n.json", "--claims", "list.json"]).file("list.json", "[]"),
        "error: the claims in `list.json` are not a JSON object: invalid type: sequence, expected a map at line 1 column 0\n",
    );
    failure(
        sign(&["n.json", "--output", "curl", "--to", "ftp://x"]),
        "error: `ftp://x` is not a target: only `http` and `https` URLs can be sent to\n\n\
         hint: a target is a port (`3000`), `:3000/path`, `host/path`, a whole `http://` or `https://` URL, or `GLOB=TARGET` where events are routed by name\n",
    );
    failure(
        Test::new().args(["sign", "--at", "soon"]),
        "error: invalid value 'soon' for '--at <TIME>': a time is written `2026-01-02T03:04:05Z`, or as Unix seconds such as `1767323045`\n\n\
         hint: try `--help`\n",
    );
}

#[test]
fn the_curl_command_posts_to_listen_unless_told_otherwise() {
    sign(&["n.json", "--output", "curl"])
        .stdout(curl("http://127.0.0.1:4000/", &token()))
        .run();
}
