//! `verify` over the corpus of tokens: published examples of every algorithm, and what forgers and careless senders make
//! of them.
//!
//! Owns how an entry is put to the program and what is compared; what there is to say of a token is in the entries.

use std::collections::BTreeSet;
use std::thread;

use serde_json::{Value, json};

use crate::support::corpus::{self, Entry};
use crate::support::{Output, Test};

/// Every reason that a token and its body can lead to; the others are about headers and environments.
const REASONS: [&str; 21] = [
    "no-key",
    "malformed-token",
    "non-canonical-base64url",
    "algorithm-none",
    "algorithm-confusion",
    "algorithm-not-allowed",
    "critical-header",
    "header-jwk",
    "header-jku",
    "header-x5u",
    "header-x5c",
    "bad-signature",
    "claims-not-object",
    "malformed-claims",
    "expired",
    "not-yet-valid",
    "issued-in-future",
    "too-old",
    "missing-iat",
    "body-mismatch",
    "body-unbound",
];

#[test]
fn every_token_gets_its_verdict() {
    let entries = corpus::entries();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = entries.len().div_ceil(workers);
    let failures: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = entries
            .chunks(share)
            .map(|share| scope.spawn(|| share.iter().filter_map(differs).collect::<Vec<_>>()))
            .collect();
        let ended = workers.into_iter().map(|worker| worker.join().unwrap());
        ended.flatten().collect()
    });
    assert!(
        failures.is_empty(),
        "{} of {} tokens got another verdict:\n{}",
        failures.len(),
        entries.len(),
        failures.join("\n")
    );
}

/// What the program says of an entry, if it is not what should be said.
fn differs(entry: &Entry) -> Option<String> {
    let output = verify(entry);
    let said = match output.stdout.as_slice() {
        [] => Value::Null,
        line => serde_json::from_slice(line).unwrap_or_default(),
    };
    // A member that is missing is not one that is null.
    let found = |member: &str| said.get(member).cloned().unwrap_or("missing".into());
    let found = json!({
        "verdict": found("verdict"),
        "reason": found("reason"),
        "signature_verdict": found("signature_verdict"),
        "claims_verdict": found("claims_verdict"),
        "status": output.code(),
    });
    let expected = json!({
        "verdict": entry.verdict,
        "reason": entry.reason,
        "signature_verdict": entry.signature_verdict,
        "claims_verdict": entry.claims_verdict,
        "status": match entry.verdict.as_str() {
            "valid" => 0,
            "no-key" => 2,
            _ => 1,
        },
    });
    (found != expected).then(|| {
        format!(
            "{}, {} ({})\n    expected {expected}\n    found    {found}\n    {}",
            entry.file,
            entry.name,
            entry.source,
            output.stderr().trim().replace('\n', "\n    ")
        )
    })
}

fn verify(entry: &Entry) -> Output {
    let mut test = Test::new()
        .args(["verify", "--json", "--token", "-"])
        .args(&entry.args)
        .stdin(&entry.token);
    if let Some(key) = entry.pasted_key() {
        test = test.file("key", key).args(["--key-file", "key"]);
    }
    if let Some(body) = &entry.body {
        test = test.file("body", body).arg("body");
    }
    if let Some(at) = entry.moment() {
        test = test.args(["--at", &at]);
    }
    test.output()
}

#[test]
fn the_corpus_leaves_nothing_out() {
    let entries = corpus::entries();
    let reasons: BTreeSet<&str> = entries
        .iter()
        .filter_map(|entry| entry.reason.as_deref())
        .collect();
    assert_eq!(reasons, BTreeSet::from(REASONS));

    for verdict in ["valid", "invalid"] {
        let algorithms: BTreeSet<String> = entries
            .iter()
            .filter(|entry| entry.signature_verdict.as_deref() == Some(verdict))
            .filter_map(Entry::algorithm)
            .collect();
        for algorithm in corpus::ALGORITHMS {
            assert!(
                algorithms.contains(algorithm),
                "no {algorithm} signature is {verdict}"
            );
        }
    }
}

#[test]
fn the_verdicts_of_an_entry_agree() {
    for entry in corpus::entries() {
        let verdicts = (
            entry.signature_verdict.as_deref(),
            entry.claims_verdict.as_deref(),
        );
        let expected = match entry.reason.as_deref() {
            None => (Some("valid"), Some("valid")),
            Some("bad-signature") => (Some("invalid"), None),
            Some(_) if verdicts.0.is_none() => (None, None),
            Some(_) => (Some("valid"), Some("invalid")),
        };
        assert_eq!(verdicts, expected, "{}, {}", entry.file, entry.name);
    }
}

#[test]
fn every_entry_has_a_name_of_its_own() {
    let entries = corpus::entries();
    let names: BTreeSet<_> = entries
        .iter()
        .map(|entry| (&entry.file, &entry.name))
        .collect();
    assert_eq!(names.len(), entries.len());
}
