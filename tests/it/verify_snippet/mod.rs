//! `verify --snippet`: every handler is run by its own language, and tried with tokens good and bad.

mod app;
mod cases;
mod token;

use serde_json::{Value, json};

use self::app::{App, Language, Serving};
use self::cases::{Case, Insists, cases};
use self::token::{HEADER, PADDED, forged, jwk, signed, unusual_jwks};
use crate::support::{Test, notification};

/// Tries all that an app can be told, each with another shape of the key.
fn check(language: Language) {
    if !language.is_installed() {
        return;
    }
    as_printed(language);
    insisting(language);
    with_one_algorithm(language);
}

fn as_printed(language: Language) {
    let app = App::new(language, Test::new(), &[]);
    let every = Insists {
        algorithms: &["HS256", "HS384", "HS512"],
        binding: false,
    };
    let mut serving = app.serve(Some(&jwk().to_string()));
    try_all(&mut serving, "Request-Signature", &cases(every));
    garbage(&serving);
    large(&serving);
    let good = signed(&notification(), &[]);
    serving.send(
        "POST",
        &[("request-signature", &good)],
        notification().as_bytes(),
    );
    serving.works_on("5f0e6c1a-7b2d-4c3e-9a4f-1b2c3d4e5f60 credentials.created");
    serving.send("POST", &[("request-signature", &good)], b"{}");
    serving.logs("refused: the token is for another body");
    for jwk in unusual_jwks() {
        let serving = app.serve(Some(&jwk.to_string()));
        let token = forged(HEADER, "{}", PADDED);
        let status = serving.send("POST", &[("request-signature", &token)], b"{}");
        assert_eq!(status, 200, "{jwk}");
    }
    for unusable in [
        None,
        Some("a-secret"),
        Some(r#"{"kty":"RSA","k":"AAAA"}"#),
        Some(r#"{"kty":"oct","k":""}"#),
        Some(r#"{"k":"="}"#),
        Some("{}"),
        Some("[]"),
        Some(r#"{"kty":"oct","k":{"kty":"oct"}}"#),
    ] {
        app.refuses_the_key(unusable);
    }
}

fn insisting(language: Language) {
    let header = "X-It's.#$0!Sig^n";
    let app = App::new(
        language,
        Test::new(),
        &["--require-binding", "--signature-header", header],
    );
    let binding = Insists {
        algorithms: &["HS256", "HS384", "HS512"],
        binding: true,
    };
    let nested = json!({ "kid": "outer", "kty": "oct", "k": jwk() });
    let mut serving = app.serve(Some(&nested.to_string()));
    try_all(&mut serving, header, &cases(binding));
    let elsewhere = [("request-signature", &*signed(&notification(), &[]))];
    assert_eq!(
        serving.send("POST", &elsewhere, notification().as_bytes()),
        401
    );
}

fn with_one_algorithm(language: Language) {
    let mut limited: Value = jwk();
    limited["alg"] = "HS384".into();
    let app = App::new(
        language,
        Test::new().file("key.jwk", limited.to_string()),
        &[
            "--key-file",
            "key.jwk",
            "--signature-header",
            "Authorization",
        ],
    );
    assert!(!app.source().contains(jwk()["k"].as_str().unwrap()));
    let one = Insists {
        algorithms: &["HS384"],
        binding: false,
    };
    let nested = json!({ "kty": "oct", "k": jwk().to_string() });
    let mut serving = app.serve(Some(&nested.to_string()));
    try_all(&mut serving, "authorization", &cases(one));
}

/// Sends every request, and reports all that were answered wrongly. Each refusal is one line of the log, which tells
/// neither the token nor what its sender would like to stand there.
#[track_caller]
fn try_all(serving: &mut Serving, header: &str, cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let headers: Vec<(&str, &str)> = case
            .signatures
            .iter()
            .map(|value| (header, value.as_str()))
            .collect();
        let status = serving.send(case.method, &headers, &case.body);
        // Some servers already refuse what can stand in no header.
        let is_refused = case.status == 401 && status == 400 && !case.name.is_ascii();
        if status != case.status && !is_refused {
            wrong.push(format!(
                "{}: {status} instead of {}",
                case.name, case.status
            ));
        }
        if status == 401 {
            let line = serving.logs("refused: ");
            let is_token = |value: &String| value.len() > 40 && line.contains(value.as_str());
            let (_, reason) = line.split_once("refused: ").expect("it was just found");
            let is_one_line = !reason
                .trim_end()
                .contains(|char: char| char.is_control() || char == '\u{2028}');
            if line.starts_with("refused: forged")
                || reason.trim().is_empty()
                || !is_one_line
                || case.signatures.iter().any(is_token)
            {
                wrong.push(format!("{}: logged {line:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever stands in the header, the app says no and lives on.
fn garbage(serving: &Serving) {
    let good = signed(&notification(), &[]);
    let mut random = fastrand::Rng::with_seed(0x5359_4e43_4659);
    for _ in 0..150 {
        let token = if random.bool() {
            let length = random.usize(0..80);
            (0..length).map(|_| random.char('!'..='~')).collect()
        } else {
            damaged(&good, &mut random)
        };
        let status = serving.send("POST", &[("request-signature", &token)], b"{}");
        assert!((400..500).contains(&status), "{token}: {status}");
    }
    let headers = [("request-signature", &*good)];
    assert_eq!(
        serving.send("POST", &headers, notification().as_bytes()),
        200
    );
}

/// A token in which one letter is another one, or is not there.
fn damaged(token: &str, random: &mut fastrand::Rng) -> String {
    let mut letters: Vec<char> = token.chars().collect();
    let place = random.usize(..letters.len());
    match random.u8(0..3) {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, random.alphanumeric()),
        _ => letters[place] = random.char('!'..='~'),
    }
    letters.into_iter().collect()
}

/// A body that is too long is refused, or hung up on; the app lives on.
fn large(serving: &Serving) {
    let body = vec![b' '; 10 * 1024 * 1024 + 1];
    let answer = serving.try_send("POST", &[("request-signature", "a.b.c")], &body);
    let status = answer.map(|answer| answer.status);
    assert!(matches!(status, None | Some(413)), "{status:?}");
    assert_eq!(serving.send("POST", &[], b"{}"), 401);
}

#[test]
fn node() {
    check(Language::Node);
}

#[test]
fn python() {
    check(Language::Python);
}

#[test]
fn php() {
    check(Language::Php);
}

#[test]
fn ruby() {
    check(Language::Ruby);
}

#[test]
fn go() {
    check(Language::Go);
}

#[test]
fn java() {
    check(Language::Java);
}

/// What a handler says in comments, as one line; the languages differ in two words.
fn comments(language: &str) -> String {
    let printed = Test::new().args(["verify", "--snippet", language]).output();
    let source = String::from_utf8(printed.stdout).expect("source is text");
    let lines = source.lines().filter_map(|line| {
        let line = line.trim();
        line.strip_prefix("// ").or(line.strip_prefix("# "))
    });
    let lines: Vec<&str> = lines.collect();
    lines.join(" ").replace("`True`", "`true`")
}

#[test]
fn every_language_explains_itself_in_the_same_words() {
    for language in ["node", "python", "php", "ruby", "go", "java", "csharp"] {
        let said = comments(language);
        for sentence in [
            "Receives the webhooks of Syncfy, and handles only what Syncfy signed.",
            "What a token may be signed with; the token itself has no say in it.",
            "How far the clocks may differ, in seconds.",
            "Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256` proves \
             that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.",
            "The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.",
            "`syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.",
            "`syncfy-hooks verify` explains why a token is refused.",
            "Over the bytes as they came: JSON that was parsed and written again has others.",
            "Syncfy does not wait for this. An event may come again: `eid` is its idempotency key, so handle each one once.",
        ] {
            assert!(said.contains(sentence), "{language}: {sentence}\n{said}");
        }
    }
}

#[test]
fn nothing_is_judged_beside_a_snippet() {
    for (args, other) in [
        (&["capture.json"][..], "[PATH]"),
        (&["--token", "a.b.c"], "--token <TOKEN>"),
        (&["--last"], "--last [<N>]"),
        (&["--id", "1"], "--id <ID>"),
        (&["--since", "1h"], "--since <TIME>"),
        (&["--until", "1h"], "--until <TIME>"),
        (&["--delivery", "failed"], "--delivery <STATE>"),
        (&["--events", "*"], "--events <GLOB>"),
        (&["--store", "a.db"], "--store <FILE>"),
        (&["--max-age", "1h"], "--max-age <DURATION>"),
        (&["--at", "now"], "--at <received|now|TIME>"),
    ] {
        let output = Test::new()
            .args(["verify", "--snippet", "node"])
            .args(args)
            .output();
        let message =
            format!("error: the argument '--snippet <LANGUAGE>' cannot be used with '{other}'\n");
        assert_eq!((output.code(), output.stdout().as_str()), (Some(2), ""));
        assert!(output.stderr().starts_with(&message), "{}", output.stderr());
    }
}

#[test]
fn what_makes_no_handler_is_said() {
    let snippet = || Test::new().args(["verify", "--snippet", "go"]).status(2);
    snippet()
        .args(["--signature-header", "a b"])
        .stderr("error: `a b` is no name of a header\n")
        .run();
    snippet()
        .args(["--signature-header", "a", "--signature-header", "b"])
        .stderr(
            "error: a handler reads one header, and several were named\n\n\
             hint: name one with `--signature-header`\n",
        )
        .run();
    Test::new()
        .args(["verify", "--snippet", "python", "--signature-header", "a_b"])
        .status(2)
        .stderr(
            "error: Python's servers drop the header `a_b`, because of the underscore in its name\n\n\
             hint: have whatever stands in front of the app write it with a hyphen\n",
        )
        .run();
    for other in [
        r#"{"kty":"oct","k":"AAAA","key_ops":["sign"]}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    ] {
        snippet()
            .file("k.jwk", other)
            .args(["--key-file", "k.jwk"])
            .stderr(
                "error: a snippet is for a key that checks HMAC signatures, as Syncfy's does, and this one does not\n\n\
                 hint: name another with `--key-file`; none is needed\n",
            )
            .run();
    }
}

#[test]
fn a_key_that_no_handler_reads_is_said() {
    let jwk = jwk().to_string();
    let quoted = Value::from(jwk.as_str()).to_string();
    let nested = json!({ "k": jwk }).to_string();
    for readable in [&jwk, &quoted, &nested] {
        let output = Test::new()
            .file("a.key", readable)
            .args(["verify", "--snippet", "go", "--key-file", "a.key"])
            .output();
        assert_eq!((output.code(), output.stderr()), (Some(0), String::new()));
    }
    for (pasted, message, hint) in [
        (
            "a secret of the tests",
            "`a.key`: the handler reads a JWK, and this key is of another shape: text",
            "`syncfy-hooks key show --reveal` prints it as one JWK: give the app that",
        ),
        (
            &*format!("[{jwk},{jwk}]"),
            "the handler reads a single JWK, and these are 2 keys",
            "`syncfy-hooks key show --reveal` prints each of them as one JWK: give the app one",
        ),
    ] {
        let output = Test::new()
            .file("a.key", pasted)
            .args(["verify", "--snippet", "go", "--key-file", "a.key", "--json"])
            .output();
        let warning = &output.json_errors()[0];
        assert_eq!(
            (&warning["code"], &warning["message"], &warning["hints"]),
            (&json!("snippet-key-shape"), &json!(message), &json!([hint]))
        );
        assert!(output.stdout().starts_with("// Receives"), "{pasted}");
    }
}

#[test]
fn part_of_a_second_of_leeway_counts_as_a_whole_one() {
    for (leeway, seconds) in [("1500ms", 2), ("1ms", 1), ("2s", 2), ("0", 0)] {
        let output = Test::new()
            .args(["verify", "--snippet", "node", "--leeway", leeway])
            .output();
        let line = format!("const LEEWAY = {seconds};\n");
        assert!(output.stdout().contains(&line), "{leeway}");
    }
}

#[test]
fn what_is_set_elsewhere_shapes_the_handler() {
    let limited = r#"{"kty":"oct","k":"AAAA","alg":"HS512"}"#;
    let output = Test::new()
        .file(
            "syncfy-hooks.toml",
            "store = 'a.db'\n[verify]\nsignature-header = ['X-Mine']\nleeway = '5s'\n",
        )
        .env("SYNCFY_WEBHOOK_SIGNATURE_KEY", limited)
        .args(["verify", "--snippet", "node", "--json"])
        .output();
    let source = String::from_utf8(output.stdout).expect("source is text");
    for line in [
        "const SIGNATURE_HEADER = \"x-mine\";",
        "const ALGORITHMS = [\"HS512\"];",
        "const LEEWAY = 5;",
        "const REQUIRE_BINDING = false;",
    ] {
        assert!(source.lines().any(|found| found == line), "{source}");
    }
}
