//! What every handler is tried with, and what it must answer.

use serde_json::{Value, json};

use super::token::{HEADER, digest, forged, issued_at, signed};
use crate::support::{KEY, notification};

/// One request.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) method: &'static str,
    /// The values of the header that carries the token.
    pub(super) signatures: Vec<String>,
    pub(super) body: Vec<u8>,
    pub(super) status: u16,
}

/// What a handler was told to insist on.
#[derive(Clone, Copy)]
pub(super) struct Insists {
    pub(super) algorithms: &'static [&'static str],
    pub(super) binding: bool,
}

impl Insists {
    fn allows(self, algorithm: &str) -> u16 {
        answer(self.algorithms.contains(&algorithm))
    }
}

fn answer(passes: bool) -> u16 {
    if passes { 200 } else { 401 }
}

fn post(name: impl Into<String>, signatures: &[&str], body: &str, status: u16) -> Case {
    Case {
        name: name.into(),
        method: "POST",
        signatures: signatures.iter().map(|value| (*value).to_owned()).collect(),
        body: body.into(),
        status,
    }
}

/// All of them, for a handler that insists on this.
pub(super) fn cases(insists: Insists) -> Vec<Case> {
    let body = notification();
    let good = signed(&body, &["--alg", insists.algorithms[0]]);
    let mut cases = algorithms(insists, &body);
    cases.extend(headers(&good, &body));
    cases.extend(shapes(&good, &body));
    if insists.allows("HS256") == 200 {
        cases.extend(protected(&body));
        cases.extend(claims(insists, &good, &body));
        cases.extend(odd_claims(&body));
        cases.extend(bodies(&body));
    }
    cases
}

fn algorithms(insists: Insists, body: &str) -> Vec<Case> {
    let token = |algorithm| signed(body, &["--alg", algorithm]);
    let case = |algorithm| {
        post(
            algorithm,
            &[&token(algorithm)],
            body,
            insists.allows(algorithm),
        )
    };
    ["HS256", "HS384", "HS512"].map(case).into()
}

/// How often the header comes, and by which method.
fn headers(good: &str, body: &str) -> Vec<Case> {
    let methods = ["GET", "PUT", "DELETE"].map(|method| Case {
        method,
        ..post(method, &[good], body, 405)
    });
    let mut cases = vec![
        post("no header", &[], body, 401),
        post("an empty header", &[""], body, 401),
        post("twice the same", &[good, good], body, 401),
        post("a good one and another", &[good, "a.b.c"], body, 401),
        post("another and a good one", &["a.b.c", good], body, 401),
        post("joined", &[&format!("{good},{good}")], body, 401),
        post("joined loosely", &[&format!("{good}, {good}")], body, 401),
        post("a comma behind", &[&format!("{good},")], body, 401),
        post(
            "a scheme twice, joined",
            &[&format!("Bearer {good}, Bearer {good}")],
            body,
            401,
        ),
        post(
            "a scheme in both",
            &[&format!("Bearer {good}"), &format!("Bearer {good}")],
            body,
            401,
        ),
        post("a scheme behind", &[&format!("{good} Bearer")], body, 401),
        post(
            "a line folded away",
            &[&good.replacen('.', "\t.", 1)],
            body,
            401,
        ),
    ];
    for (scheme, status) in [
        ("Bearer ", 200),
        ("bearer ", 200),
        ("BEARER   ", 200),
        ("bEaReR\t", 200),
        ("Bearer", 401),
        ("Bearer, ", 401),
        ("Bearer Bearer ", 401),
        ("Basic ", 401),
        ("a Bearer ", 401),
    ] {
        cases.push(post(scheme, &[&format!("{scheme}{good}")], body, status));
    }
    cases.push(post("a scheme alone", &["Bearer"], body, 401));
    cases.extend(methods);
    cases
}

/// Texts that are no token, or no longer one.
fn shapes(good: &str, body: &str) -> Vec<Case> {
    let parts: Vec<&str> = good.split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    let last = signature.chars().last().expect("there is a signature");
    let same_bits = match last {
        'A'..='Z' | 'a'..='z' | '0'..='8' => char::from(last as u8 + 1),
        _ => 'B',
    };
    let other_end = format!(
        "{header}.{claims}.{}{same_bits}",
        &signature[..signature.len() - 1]
    );
    let other_claims = forged(HEADER, "{}", "x");
    let other_claims = other_claims.split('.').nth(1).expect("it has three parts");
    [
        ".".into(),
        "..".into(),
        "...".into(),
        "a.b.c".into(),
        "é.é.é".into(),
        header.to_owned(),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{header}..{signature}"),
        format!(".{claims}.{signature}"),
        format!("{good}."),
        format!("{good}.{signature}"),
        format!("{good}="),
        format!("{good}A"),
        format!("{good} A"),
        format!("{header}.{claims}.{}", &signature[..signature.len() / 2]),
        format!("{header}.{other_claims}.{signature}"),
        format!("{header}A.{claims}.{signature}"),
        format!("{claims}.{header}.{signature}"),
        other_end,
    ]
    .iter()
    .map(|token| post(token, &[token], body, 401))
    .collect()
}

/// Headers that no token may have.
const REFUSED_HEADERS: [&str; 31] = [
    r#"{"alg":"none"}"#,
    r#"{"alg":"None"}"#,
    r#"{"alg":"RS256"}"#,
    r#"{"alg":"ES256"}"#,
    r#"{"alg":"hs256"}"#,
    r#"{"alg":""}"#,
    r#"{"alg":"constructor"}"#,
    r#"{"alg":"__proto__"}"#,
    r#"{"alg":null}"#,
    r#"{"alg":256}"#,
    r#"{"alg":["HS256"]}"#,
    r#"{"alg":{"HS256":"HS256"}}"#,
    r#"{"typ":"JWT"}"#,
    r#"{"ALG":"HS256"}"#,
    r#"{"alg":"HS256","crit":["exp"]}"#,
    r#"{"alg":"HS256","crit":["other"],"other":1}"#,
    r#"{"alg":"HS256","crit":[]}"#,
    r#"{"alg":"HS256","crit":null}"#,
    // What such a reader quotes must not look like lines of the log.
    r#"{"alg":"HS256","crit":["\nrefused: forged"],"\nrefused: forged":1}"#,
    r#"{"alg":"HS256","crit":["\r\nrefused: forged\u2028\u001b[2K"],"x":1}"#,
    r#"{"alg":"\nrefused: forged"}"#,
    "\nrefused: forged",
    "{\"alg\":\"HS256\",\nrefused: forged\n}",
    "{\"alg\":\"HS256\"}\r\nrefused: forged\n",
    r#"["alg","HS256"]"#,
    r#""HS256""#,
    "null",
    "1",
    "",
    "{",
    r#"{"alg":"HS256"}}"#,
];

/// Headers of tokens.
fn protected(body: &str) -> Vec<Case> {
    let claims = json!({ "body_sha256": digest(body) }).to_string();
    let unsigned = |header: &str| {
        let token = forged(header, &claims, KEY);
        let end = token.rfind('.').expect("it has three parts");
        token[..=end].to_owned()
    };
    let mut cases = vec![
        post("ordinary", &[&forged(HEADER, &claims, KEY)], body, 200),
        post(
            "no type",
            &[&forged(r#"{"alg":"HS256"}"#, &claims, KEY)],
            body,
            200,
        ),
        post(
            "another key",
            &[&forged(HEADER, &claims, "another")],
            body,
            401,
        ),
        post(
            "no signature, said so",
            &[&unsigned(r#"{"alg":"none"}"#)],
            body,
            401,
        ),
        post("no signature, not said so", &[&unsigned(HEADER)], body, 401),
    ];
    for header in REFUSED_HEADERS {
        cases.push(post(header, &[&forged(header, &claims, KEY)], body, 401));
    }
    cases
}

/// When a token is valid, and for which body.
fn claims(insists: Insists, good: &str, body: &str) -> Vec<Case> {
    let now = issued_at(good);
    let unbound = answer(!insists.binding);
    let old = signed(body, &["--at", "2020-01-01T00:00:00Z"]);
    let from_the_future = signed(body, &["--at", "2100-01-01T00:00:00Z"]);
    let other = forged(HEADER, "{}", KEY);
    let mut cases = vec![
        post("long expired", &[&old], body, 401),
        post("issued in the future", &[&from_the_future], body, 401),
        post("unbound", &[&other], body, unbound),
        post("unbound, another body", &[&other], "{}", unbound),
    ];
    for passes in [
        json!({ "exp": now + 300, "nbf": now, "iat": now }),
        json!({ "exp": now - 30 }),
        json!({ "nbf": now + 30 }),
        json!({ "iat": now + 30 }),
        json!({ "iat": 0 }),
        json!({ "exp": 4_102_444_800.5 }),
        json!({ "aud": "others", "iss": "somebody", "sub": "x", "jti": "y" }),
    ] {
        cases.push(bound(&passes, body, 200));
    }
    for fails in [
        json!({ "exp": now - 600 }),
        json!({ "exp": -1 }),
        json!({ "nbf": now + 600 }),
        json!({ "iat": now + 600 }),
        json!({ "iat": now + 600, "exp": now + 1200 }),
        json!({ "body_sha256": digest(body).to_uppercase() }),
        json!({ "body_sha256": digest("") }),
        json!({ "body_sha256": null }),
        json!({ "body_sha256": 5 }),
        json!({ "body_sha256": [digest(body)] }),
    ] {
        cases.push(bound(&fails, body, 401));
    }
    cases
}

/// A token that covers the body, but for what these claims add or replace.
fn bound(extra: &Value, body: &str, status: u16) -> Case {
    let mut claims = json!({ "body_sha256": digest(body) });
    for (name, value) in extra.as_object().expect("claims are an object") {
        claims[name] = value.clone();
    }
    let token = forged(HEADER, claims.to_string(), KEY);
    post(extra.to_string(), &[&token], body, status)
}

/// Times that are none, and claims that are no object.
fn odd_claims(body: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for name in ["exp", "nbf", "iat"] {
        for odd in [
            json!("4102444800"),
            json!("tomorrow"),
            json!(null),
            json!(true),
            json!([]),
            json!([0]),
            json!({}),
        ] {
            cases.push(bound(&json!({ name: odd }), body, 401));
        }
    }
    for claims in [
        b"[]".as_slice(),
        b"[{}]",
        b"null",
        b"true",
        b"1",
        b"\"claims\"",
        b"",
        b"{",
        b"{}}",
        b"{} {}",
        b"{'a':1}",
        b"\nrefused: forged\n",
        b"{\"a\":\nrefused: forged\n}",
        b"\xff\xfe",
        "[".repeat(2000).as_bytes(),
        format!("{}{{}}{}", "[".repeat(600), "]".repeat(600)).as_bytes(),
    ] {
        let name = String::from_utf8_lossy(claims);
        cases.push(post(name, &[&forged(HEADER, claims, KEY)], body, 401));
    }
    cases
}

/// What comes with a token that is for these bytes, or for others.
fn bodies(body: &str) -> Vec<Case> {
    let for_body = |body: &[u8]| {
        let claims = json!({ "body_sha256": digest(body) });
        forged(HEADER, claims.to_string(), KEY)
    };
    let rewritten: Value = serde_json::from_str(body).expect("it was made here");
    let rewritten = serde_json::to_string_pretty(&rewritten).expect("it was just read");
    let good = for_body(body.as_bytes());
    let mut cases = vec![
        post("the body written again", &[&good], &rewritten, 401),
        post(
            "the body with a line break",
            &[&good],
            &format!("{body}\n"),
            401,
        ),
        post("no body", &[&good], "", 401),
    ];
    // Signed, but no notification: the handler must survive that too.
    for odd in [
        b"".as_slice(),
        b"{",
        b"null",
        b"[]",
        b"{\"events\":[null]}",
        b"{\"events\":[{\"header\":1}]}",
        b"\x00\xff\xfe\r\n",
    ] {
        cases.push(Case {
            body: odd.to_owned(),
            ..post(
                format!("signed: {}", String::from_utf8_lossy(odd)),
                &[&for_body(odd)],
                "",
                200,
            )
        });
    }
    cases
}
