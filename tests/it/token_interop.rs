//! `sign` and `verify` beside other implementations of JWT: what one makes the others take, and what one refuses so do
//! they.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::corpus::{self, ALGORITHMS, Entry};
use crate::support::peers::peers;
use crate::support::{Output, Test};

const BODY: &str = r#"{"rid":"r-1","events":[]}"#;

/// 2100-01-01: no test lives to see it.
const FAR: i64 = 4_102_444_800;

/// A key in one of the forms that both sides read.
struct Keys {
    alg: &'static str,
    form: &'static str,
    /// What the program is given: a secret or private key, and the key that verifies.
    private: String,
    public: String,
    /// The same for the peers.
    peer_private: Value,
    peer_public: Value,
}

impl Keys {
    /// Every form of the key of every algorithm.
    fn all() -> Vec<Self> {
        ALGORITHMS.into_iter().flat_map(Self::of).collect()
    }

    fn of(alg: &'static str) -> Vec<Self> {
        let read =
            |file: String| fs::read_to_string(corpus::folder().join("keys").join(file)).unwrap();
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let name = match alg {
            "ES256" => "p256",
            "ES384" => "p384",
            "ES512" => "p521",
            "EdDSA" => "ed25519",
            _ if alg.starts_with("HS") => return Self::secrets(alg, &read("hs.jwk".to_owned())),
            _ => "rsa",
        };
        let (public_pem, public_jwk) = (
            read(format!("{name}.public.pem")),
            read(format!("{name}.public.jwk")),
        );
        let mut forms = vec![
            ("JWK", "jwk", &public_jwk, json(&public_jwk)),
            ("PKCS #8", "pem", &public_pem, public_pem.clone().into()),
        ];
        match name {
            "ed25519" => {}
            "rsa" => forms.push(("PKCS #1", "traditional.pem", &public_pem, json(&public_jwk))),
            _ => forms.push(("SEC1", "traditional.pem", &public_pem, json(&public_jwk))),
        }
        let keys = forms.into_iter().map(|(form, kind, public, peer_public)| {
            let private = read(format!("{name}.{kind}"));
            Self {
                alg,
                form,
                peer_private: match kind {
                    "jwk" => json(&private),
                    _ => private.clone().into(),
                },
                private,
                public: public.clone(),
                peer_public,
            }
        });
        keys.collect()
    }

    /// The shapes in which a secret is pasted. The peers only know the JWK.
    fn secrets(alg: &'static str, jwk: &str) -> Vec<Self> {
        let members: Value = serde_json::from_str(jwk).unwrap();
        let k = members["k"].as_str().unwrap();
        let nested = json!({"kid": "1", "kty": "oct", "k": members}).to_string();
        let set = json!({"keys": [members]}).to_string();
        let hex: String = URL_SAFE_NO_PAD
            .decode(k)
            .unwrap()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        [
            ("JWK", jwk.to_owned()),
            ("nested JWK", nested),
            ("set", set),
            ("k", k.to_owned()),
            ("hex", format!("hex:{hex}")),
        ]
        .map(|(form, pasted)| Self {
            alg,
            form,
            private: pasted.clone(),
            public: pasted,
            peer_private: members.clone(),
            peer_public: members.clone(),
        })
        .into()
    }

    fn verify(&self, token: &str) -> Output {
        Test::new()
            .file("key", &self.public)
            .args(["verify", "--json", "--token", "-", "--key-file", "key"])
            .stdin(token)
            .output()
    }
}

/// The same token with other claims.
fn tampered(token: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, _, signature] = parts[..] else {
        return format!("not a token: {token}");
    };
    let claims = URL_SAFE_NO_PAD.encode(json!({"rid": "r-2", "exp": FAR}).to_string());
    format!("{header}.{claims}.{signature}")
}

fn request(what: &str, alg: &str, key: &Value, token: &str) -> Value {
    json!({"do": what, "alg": alg, "key": key, "token": token})
}

#[test]
fn others_take_what_is_signed_here() {
    let Some(peers) = peers("others_take_what_is_signed_here") else {
        return;
    };
    let keys = Keys::all();
    let mut requests = Vec::new();
    let mut failures = Vec::new();
    for keys in &keys {
        let signed = Test::new()
            .file("key", &keys.private)
            .args(["sign", "--quiet", "--key-file", "key", "--alg", keys.alg])
            .stdin(BODY)
            .output();
        if signed.code() != Some(0) {
            failures.push(format!("{} {}: {}", keys.alg, keys.form, signed.stderr()));
        }
        let token = signed.stdout().trim().to_owned();
        for token in [tampered(&token), token] {
            requests.push(request("verify", keys.alg, &keys.peer_public, &token));
        }
    }
    for peer in peers {
        let answers = peer.ask(&requests);
        for (keys, answers) in keys.iter().zip(answers.chunks(2)) {
            if answers[0].get("refused").is_none() || answers[1]["claims"]["rid"] != "r-1" {
                let (alg, form) = (keys.alg, keys.form);
                failures.push(format!("{alg} {form}, {}: {answers:?}", peer.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_others_sign_is_taken_here() {
    let Some(peers) = peers("what_others_sign_is_taken_here") else {
        return;
    };
    let keys = Keys::all();
    let claims = json!({"rid": "r-1", "iat": 1_767_323_045, "exp": FAR});
    let requests: Vec<Value> = keys
        .iter()
        .map(|keys| json!({"do": "sign", "alg": keys.alg, "key": keys.peer_private, "claims": claims}))
        .collect();
    let mut failures = Vec::new();
    for peer in peers {
        for (keys, answer) in keys.iter().zip(peer.ask(&requests)) {
            let token = answer["token"].as_str().unwrap_or_default();
            for (token, reason) in [
                (token.to_owned(), Value::Null),
                (tampered(token), "bad-signature".into()),
            ] {
                let output = keys.verify(&token);
                let line: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
                if line.get("reason") != Some(&reason) || line["alg"] != keys.alg {
                    let (alg, form) = (keys.alg, keys.form);
                    let said = format!("{line} {}", output.stderr());
                    failures.push(format!("{alg} {form}, {}: {said}", peer.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Where a peer is known to say something else of a signature, and why.
fn is_excused(peer: &str, entry: &Entry) -> bool {
    match peer {
        // It knows Ed25519 by its older name only, takes `b64` for more than a name, and no number for one.
        "PyJWT" => {
            entry.name.ends_with("named Ed25519")
                || entry.name.contains("b64")
                || entry.name == "kid a number"
        }
        _ => false,
    }
}

#[test]
fn others_judge_the_signatures_of_the_corpus_alike() {
    let Some(peers) = peers("others_judge_the_signatures_of_the_corpus_alike") else {
        return;
    };
    let entries: Vec<Entry> = corpus::entries()
        .into_iter()
        .filter(|entry| entry.signature_verdict.is_some())
        .collect();
    let mut failures = Vec::new();
    for peer in peers {
        let entries: Vec<&Entry> = entries
            .iter()
            .filter(|entry| !is_excused(peer.name, entry) && peer_key(entry).is_some())
            .collect();
        let requests: Vec<Value> = entries
            .iter()
            .filter_map(|entry| {
                let (alg, key) = (entry.algorithm()?, peer_key(entry)?);
                Some(request("signature", &alg, &key, entry.bare_token()))
            })
            .collect();
        assert_eq!(requests.len(), entries.len());
        for (entry, answer) in entries.iter().zip(peer.ask(&requests)) {
            let verdict = match answer.get("payload") {
                Some(_) => "valid",
                None => "invalid",
            };
            if entry.signature_verdict.as_deref() != Some(verdict) {
                let (file, name) = (&entry.file, &entry.name);
                failures.push(format!("{file}, {name}, {}: {answer}", peer.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The key of an entry without what is private, if the peers read that form.
fn peer_key(entry: &Entry) -> Option<Value> {
    match &entry.key {
        Value::String(pem) if pem.trim().starts_with("-----BEGIN PUBLIC KEY") => {
            Some(pem.trim().into())
        }
        Value::Object(jwk) if jwk.get("k").is_none_or(Value::is_string) => {
            let mut jwk = jwk.clone();
            jwk.retain(|member, _| !["d", "p", "q", "dp", "dq", "qi"].contains(&member.as_str()));
            Some(jwk.into())
        }
        _ => None,
    }
}
