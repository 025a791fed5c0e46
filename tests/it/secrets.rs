//! No output, no file and no request tells a key: every command, at every verbosity, in every format, with every shape and
//! kind of key, whether it works or fails.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::leaks::{Leaks, hex};
use crate::support::{
    Connection, KEY, Output, Request, Server, Test, corpus, notification, token_with,
};

/// Bytes that no text could be.
const BYTES: &[u8] = b"\xfb\xff\x10\x81 Zq7\"wz\\Rk3^pV9m_Xb5~tY2&hL8@\xc3";
const TEXT: &str = "Zq7!wz-Rk3^pV9m_Xb5~tY2&hL8@nC4$";

const RECEIVED: &str = "2026-01-02T03:04:05Z";
const AT: i64 = 1_767_323_045;

/// The files that hold the key because the test put it there.
const OWN: [&str; 3] = ["k", "c.ndjson", "syncfy-hooks.toml"];

/// A key as it is pasted, and what of it nobody may see.
struct Case {
    name: String,
    pasted: String,
    secrets: Vec<Vec<u8>>,
}

impl Case {
    fn leaks(&self) -> Leaks {
        Leaks::of(self.secrets.iter().map(Vec::as_slice))
    }

    /// The first secret, written so that a header can carry it.
    fn written(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.secrets[0])
    }

    /// A program that has the key in the file `k`, with a notification at hand, in the way of saying things of this number.
    fn test(&self, mode: usize) -> Test {
        let format = ["pretty", "compact", "json"][mode % 3];
        let loudness = [None, Some("-v"), Some("-q")][mode / 3 % 3];
        let color = ["always", "never"][mode / 9 % 2];
        Test::new()
            .file("k", &self.pasted)
            .file("n.json", notification())
            .env("RUST_BACKTRACE", "full")
            .args(["--format", format, "--color", color])
            .args(loudness)
    }

    /// Fails where anything that the run left behind tells the key.
    #[track_caller]
    fn check(&self, output: &Output, leaks: &Leaks, what: &dyn std::fmt::Debug) {
        let what = format!("{} {what:?}", self.name);
        leaks.assert_none(&output.stdout, &format!("{what}: standard output"));
        leaks.assert_none(&output.stderr, &format!("{what}: standard error"));
        let both = output.directory();
        leaks.assert_none_below(both.parent().unwrap_or(&both), &OWN);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("panicked"), "{what}: {told}");
    }
}

/// A shared secret in every shape.
fn shared() -> Vec<Case> {
    let k = URL_SAFE_NO_PAD.encode(BYTES);
    let jwk = format!(r#"{{"kty":"oct","k":"{k}"}}"#);
    let nested = format!(r#"{{"kid":"1","kty":"oct","k":{jwk}}}"#);
    let shapes = [
        ("jwk", jwk.clone(), BYTES),
        ("nested jwk", nested.clone(), BYTES),
        ("jwk in a string", json!(jwk).to_string(), BYTES),
        ("nested jwk in a string", json!(nested).to_string(), BYTES),
        ("jwk set", format!(r#"{{"keys":[{jwk}]}}"#), BYTES),
        ("base64url", k.clone(), BYTES),
        ("base64url in a string", json!(k).to_string(), BYTES),
        ("base64", STANDARD.encode(BYTES), BYTES),
        ("hex", hex(&BYTES[..32]), &BYTES[..32]),
        ("forced hex", format!("hex:{}", hex(BYTES)), BYTES),
        ("forced base64", format!("base64:{k}"), BYTES),
        ("forced text", format!("text:{TEXT}"), TEXT.as_bytes()),
        ("text", TEXT.to_owned(), TEXT.as_bytes()),
    ];
    let case = |(name, pasted, secret): (&str, String, &[u8])| Case {
        name: name.to_owned(),
        pasted,
        secrets: vec![secret.to_vec()],
    };
    shapes.into_iter().map(case).collect()
}

/// The private keys of these names in every form.
fn private(names: &[&str]) -> Vec<Case> {
    let folder = corpus::folder().join("keys");
    let read = |file: &str| fs::read_to_string(folder.join(file)).ok();
    let mut cases = Vec::new();
    for name in names {
        let jwk: Value = serde_json::from_str(&read(&format!("{name}.jwk")).unwrap()).unwrap();
        let number = |member| URL_SAFE_NO_PAD.decode(jwk[member].as_str()?).ok();
        let numbers = ["d", "p", "q", "dp", "dq", "qi"].into_iter();
        let secrets: Vec<Vec<u8>> = numbers.filter_map(number).collect();
        for form in ["jwk", "pem", "traditional.pem"] {
            let name = format!("{name}.{form}");
            cases.extend(read(&name).map(|pasted| Case {
                name,
                pasted,
                secrets: secrets.clone(),
            }));
        }
    }
    cases
}

fn all() -> Vec<Case> {
    let private = private(&["rsa", "p256", "p384", "p521", "ed25519"]);
    shared().into_iter().chain(private).collect()
}

/// A token that the key made, now unless these arguments say otherwise.
fn token_of(case: &Case, at: &[&str]) -> String {
    let sign = ["sign", "n.json", "--key-file", "k", "--output", "token"];
    let output = case.test(1).args(sign).args(at).output();
    output.stdout().trim().to_owned()
}

/// Headers of every way in which a signature can be right or wrong.
fn presented(case: &Case, at: &[&str]) -> Vec<Vec<(&'static str, String)>> {
    let (secret, written) = (&case.secrets[0], case.written());
    let good = token_of(case, at);
    let forged = |key: &[u8]| token_with(&json!({"exp": AT + 300}), key);
    let mut hmac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    hmac.update(notification().as_bytes());
    let of_body = hmac.finalize().into_bytes();
    let wrong = [
        good.clone(),
        good[..good.len() - 4].to_owned(),
        format!("{good}."),
        forged(KEY.as_bytes()),
        forged(written.as_bytes()),
        forged(hex(secret).as_bytes()),
        forged(case.pasted.as_bytes()),
        forged(&[secret, b"\n".as_slice()].concat()),
        token_with(&json!({"exp": 1}), secret),
        token_with(&json!({"nbf": AT + 9999}), secret),
        token_with(
            &json!({"exp": AT + 300, "body_sha256": hex(&[7; 32])}),
            secret,
        ),
        hex(&of_body),
        format!("sha256={}", STANDARD.encode(of_body)),
        written.clone(),
        hex(secret),
        format!("Bearer {written}"),
    ];
    let mut headers: Vec<_> = wrong
        .into_iter()
        .map(|value| vec![("request-signature", value)])
        .collect();
    headers.extend([
        vec![],
        vec![("x-mine", good.clone())],
        vec![("x-mine", forged(KEY.as_bytes()))],
        vec![("x-mine", hex(&of_body))],
        vec![("x-api-key", written)],
        vec![("x-api-key", STANDARD.encode(secret))],
        vec![
            ("request-signature", good),
            ("x-syncfy-signature", "other".to_owned()),
        ],
    ]);
    headers
}

fn captures(case: &Case) -> String {
    let capture = |headers| {
        format!(
            r#"{{"syncfy_hooks":1,"received_at":"{RECEIVED}","method":"POST","target":"/","headers":{},"body":{}}}"#,
            json!(headers),
            notification()
        ) + "\n"
    };
    presented(case, &["--at", RECEIVED])
        .iter()
        .map(capture)
        .collect()
}

/// Every command line with the key in its right place.
const RUNS: [&[&str]; 21] = [
    &["key", "show", "--key-file", "k"],
    &[
        "key",
        "show",
        "--key-file",
        "other",
        "--key-file",
        "production=k",
    ],
    &["key", "show"],
    &["sign", "n.json", "--key-file", "k"],
    &["sign", "n.json", "--key-file", "k", "--output", "token"],
    &["sign", "n.json", "--key-file", "k", "--output", "header"],
    &["sign", "n.json", "--key-file", "k", "--output", "curl"],
    &["sign", "n.json", "--key-file", "k", "--output", "json"],
    &["sign", "n.json", "--alg", "HS512"],
    &["sign", "n.json", "--alg", "RS256"],
    &[
        "sign",
        "n.json",
        "--key-file",
        "k",
        "--alg",
        "ES384",
        "--claims",
        "{",
    ],
    &["verify", "c.ndjson", "--key-file", "k"],
    &[
        "verify",
        "c.ndjson",
        "--key-file",
        "other",
        "--key-file",
        "sandbox=k",
    ],
    &[
        "verify",
        "c.ndjson",
        "--require-binding",
        "--max-age",
        "1s",
        "--signature-header",
        "x-mine",
    ],
    &[
        "verify",
        "--token",
        "e30.e30.e30",
        "n.json",
        "--key-file",
        "k",
    ],
    &["verify", "no.json", "--key-file", "k"],
    &["validate", "n.json"],
    &["history", "list"],
    &["history", "show", "1"],
    &[
        "replay",
        "n.json",
        "--to",
        "http://127.0.0.1:1/",
        "--sign",
        "--retries",
        "0",
    ],
    &[
        "listen",
        "--demo",
        "--store",
        "s.db",
        "--save",
        "saved",
        "--environment",
        "sandbox",
    ],
];

#[test]
fn no_command_tells_a_key() {
    for (place, case) in all().iter().enumerate() {
        let (leaks, captures) = (case.leaks(), captures(case));
        for (run, args) in RUNS.iter().enumerate() {
            // Over the keys every command runs in every mode.
            let output = case
                .test(place + run)
                .file("c.ndjson", &captures)
                .file("other", KEY)
                .env("SYNCFY_HOOKS_KEY", &case.pasted)
                .args(*args)
                .output();
            assert!(output.code().is_some(), "{args:?}");
            case.check(&output, &leaks, args);
        }
    }
}

#[test]
fn a_key_that_is_asked_for_would_be_found() {
    for case in all() {
        let reveal = ["key", "show", "--reveal", "--key-file", "k"];
        let output = case.test(0).args(reveal).output();
        assert!(case.leaks().find(&output.stdout).is_some(), "{}", case.name);
    }
}

#[test]
fn no_error_tells_a_broken_key() {
    for (place, case) in all().iter().enumerate() {
        let (leaks, text) = (case.leaks(), &case.pasted);
        let length = text.len();
        let broken = [
            text[..length / 2].to_owned(),
            text[..length - 4].to_owned(),
            text[length / 3..].to_owned(),
            text.replace("\"k\":", "\"k\":7,\"x\":"),
            text.replace("\"k\":\"", "\"kty\":\""),
            text.replace("\"d\":\"", "\"d\":[\""),
            text.replace("\"kty\"", "\"k\""),
            format!(r#"{{"kty":"{}"}}"#, case.written()),
            format!(r#"{{"kty":"oct","k":"QUJD","alg":"{}"}}"#, case.written()),
            format!(r#"{{"kty":"oct","k":"QUJD","use":"{}"}}"#, case.written()),
            format!(r#"{{"kty":"EC","crv":"{}"}}"#, case.written()),
            format!("-----BEGIN {}-----\n-----END {0}-----\n", case.written()),
            format!("hex:{text}"),
            format!("base64:!{text}"),
            text.replace("KEY-----\n", "KEY----\n"),
            text.replacen('\n', "\n!", 3),
            text.replace("-----END", "END"),
        ];
        for (number, key) in broken.iter().enumerate() {
            let show = ["key", "show", "--key-file", "k"];
            let output = case.test(place + number).file("k", key).args(show).output();
            case.check(&output, &leaks, key);
        }
    }
}

#[test]
fn no_usage_error_repeats_a_key() {
    // A passphrase looks like any other text.
    for (place, case) in all().iter().filter(|case| case.name != "text").enumerate() {
        let (leaks, key) = (case.leaks(), case.pasted.trim());
        let typed = [
            vec![format!("key show --key-file={key}")],
            vec![format!("sign n.json --key-file=sandbox={key}")],
            vec!["listen --key-file".to_owned(), key.to_owned()],
            vec!["verify n.json --key-file".to_owned(), key.to_owned()],
            vec![format!("sign n.json --key={key}")],
            vec!["sign n.json --key".to_owned(), key.to_owned()],
            vec!["key show".to_owned(), key.to_owned()],
            vec!["key show --reveal".to_owned() + "=" + key],
            vec!["validate".to_owned(), key.to_owned()],
            vec!["verify".to_owned(), key.to_owned()],
            vec!["history show".to_owned(), key.to_owned()],
            vec!["sign n.json --alg".to_owned(), key.to_owned()],
            vec!["key show --profile".to_owned(), key.to_owned()],
            vec!["key show --config".to_owned(), key.to_owned()],
            vec![key.to_owned()],
        ];
        for (number, typed) in typed.iter().enumerate() {
            // The words of the first, but for the key in it, and the key.
            let words: Vec<&str> = match typed[0].split_once(key) {
                Some((before, _)) => before.split(' ').collect(),
                None => typed[0].split(' ').collect(),
            };
            let mut args: Vec<String> = words.into_iter().map(str::to_owned).collect();
            if typed[0].contains(key) {
                args.last_mut().unwrap().push_str(key);
            }
            args.extend(typed[1..].iter().cloned());
            let output = case.test(place + number).args(&args).output();
            assert_eq!(output.code(), Some(2), "{args:?}: {}", output.stdout());
            case.check(&output, &leaks, &args);
        }
        for (name, args) in [
            ("KEY_FILE", "key show"),
            ("FORMAT", "schema"),
            ("LEEWAY", "verify n.json"),
        ] {
            let test = case.test(place).env(format!("SYNCFY_HOOKS_{name}"), key);
            let output = test.args(args.split(' ')).output();
            case.check(&output, &leaks, &name);
        }
        for line in ["key", "key-file", "kee", "format"] {
            let file = format!("{line} = {}\n", json!(key));
            let test = Test::new().file("syncfy-hooks.toml", file);
            case.check(&test.args(["key", "show"]).output(), &leaks, &line);
        }
    }
}

/// What a target received.
#[track_caller]
fn check_requests(leaks: &Leaks, requests: &[Request]) {
    assert!(!requests.is_empty());
    for request in requests {
        leaks.assert_none(
            format!("{:?}", request.headers).as_bytes(),
            "a forwarded header",
        );
        leaks.assert_none(&request.body, "a forwarded body");
    }
}

#[test]
fn no_listener_tells_its_key() {
    // Every third: what a shape is read as makes no difference any more.
    for (place, case) in all().iter().step_by(3).enumerate() {
        let leaks = case.leaks();
        let posts: Vec<_> = presented(case, &[])
            .into_iter()
            // What the sender himself tells is kept as it came.
            .filter(|headers| {
                headers
                    .iter()
                    .all(|(_, value)| leaks.find(value.as_bytes()).is_none())
            })
            .chain([vec![(
                "request-signature",
                token_with(&json!({}), &case.secrets[0]),
            )]])
            .collect();
        let target = Server::start();
        let output = listen(case, place, &posts, &target, Some(&leaks));
        case.check(&output, &leaks, &"listen");
        let mut requests = target.rest();
        for args in [
            "history list",
            "history show 1",
            "history export",
            "history export --format curl",
            "replay --last 3 --sign --key-file k --to",
        ] {
            let url = args.ends_with("--to").then(|| target.url());
            let run = output.then().args(args.split(' ')).args(url);
            let run = run.args(["--store", "s.db", "-v"]).output();
            assert_ne!(run.code(), Some(2), "{args}: {}", run.stderr());
            case.check(&run, &leaks, &args);
        }
        requests.extend(target.rest());
        check_requests(&leaks, &requests);
    }
}

#[test]
fn what_the_sender_tells_is_kept_and_not_repeated() {
    for (place, case) in shared().iter().enumerate() {
        let leaks = case.leaks();
        let target = Server::start().unused();
        let posts = [
            vec![("x-api-key", case.written())],
            vec![("request-signature", case.written())],
            vec![("authorization", hex(&case.secrets[0]))],
        ];
        // The lines of compact ones: a pretty one shows the whole request, with the headers as they came.
        let output = listen(case, 1 + 2 * (place % 3), &posts, &target, None);
        leaks.assert_none(&output.stdout, "standard output of listen");
        leaks.assert_none(&output.stderr, "standard error of listen");
        let run = |args: &str| {
            let run = output.then().args(args.split(' '));
            run.args(["--store", "s.db"]).output().stdout
        };
        assert!(leaks.find(&run("history export")).is_some());
        for args in [
            "history list -v",
            "history export --redact",
            "history show 1 --redact -v",
        ] {
            leaks.assert_none(&run(args), args);
        }
        for line in output
            .then()
            .args(["verify", "saved", "--json", "--key-file", "k"])
            .output()
            .json()
        {
            leaks.assert_none(line.to_string().as_bytes(), "a hint");
        }
    }
}

/// A listener for people that gets these posts, and is looked into while it runs.
#[track_caller]
fn listen(
    case: &Case,
    place: usize,
    posts: &[Vec<(&'static str, String)>],
    target: &Server,
    leaks: Option<&Leaks>,
) -> Output {
    // Pretty or compact, normal or loud: quiet ones say when they are ready by their file alone.
    let mode = [0, 1, 3, 4, 9, 10][place % 6];
    let count = posts.len().to_string();
    let mut running = case
        .test(mode)
        .args([
            "listen",
            "--listen",
            "127.0.0.1:0",
            "--key-file",
            "k",
            "--ready-file",
            "ready",
        ])
        .args([
            "--store",
            "s.db",
            "--save",
            "saved",
            "--count",
            &count,
            "-f",
            &target.url(),
        ])
        .spawn();
    running.until_stderr("press ^C to stop");
    let url = fs::read_to_string(running.directory().join("ready")).unwrap();
    for (number, headers) in posts.iter().enumerate() {
        if let (Some(leaks), true) = (leaks, number + 1 == posts.len()) {
            // The log of the database is still there.
            leaks.assert_none_below(&running.directory(), &OWN);
        }
        let mut connection = Connection::open(url.trim_end());
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        connection.send("POST", "/", &headers, notification().as_bytes());
        connection.response();
    }
    running.finish()
}
