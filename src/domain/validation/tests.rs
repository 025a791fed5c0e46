//! What must hold for every body: no panic, places inside the text, documented shapes valid.

use fastrand::Rng;
use jiff::Timestamp;

use super::findings::MOST;
use super::{Severity, judge};
use crate::domain::notification::{Environment, Version, event, sample};

fn samples() -> Vec<Vec<u8>> {
    let mut random = Rng::with_seed(11);
    let at = Timestamp::from_second(1_686_942_378).unwrap();
    let names = event::CATALOGUE
        .iter()
        .flat_map(|event| [Some(event.name), event.alias])
        .flatten();
    let mut bodies: Vec<_> = names
        .map(|name| sample::event(name, &mut random, at, Environment::Sandbox).unwrap())
        .collect();
    bodies.extend(
        sample::run(&mut random, at, Environment::Production)
            .into_iter()
            .map(|(_, body)| body),
    );
    bodies
}

fn assert_sane(body: &[u8]) {
    let judgement = judge(body);
    let mut last = 0;
    for place in judgement
        .diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.place.as_ref())
    {
        assert!(place.line >= 1 && place.column >= 1, "{judgement:#?}");
        assert!(
            place.span.start <= place.span.end && place.span.end <= body.len(),
            "{judgement:#?}"
        );
        assert!(place.span.start >= last, "{judgement:#?}");
        last = place.span.start;
    }
}

#[test]
fn samples_are_clean() {
    for body in samples() {
        let judgement = judge(&body);
        assert!(judgement.valid, "{judgement:#?}");
        let found = judgement
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity != Severity::Note);
        assert_eq!(found.count(), 0, "{judgement:#?}");
    }
}

#[test]
fn every_truncation_is_survived() {
    for body in samples() {
        for length in 0..body.len() {
            assert_sane(&body[..length]);
            assert!(!judge(&body[..length]).valid);
        }
    }
}

#[test]
fn every_mutation_is_survived() {
    let mut body = samples().swap_remove(0);
    for index in 0..body.len() {
        let original = body[index];
        for byte in [
            0,
            b' ',
            b'"',
            b'\\',
            b'0',
            b'A',
            b',',
            b':',
            b'{',
            b'}',
            b'[',
            b']',
            b'\n',
            0xc3,
            0xff,
            original ^ 1,
        ] {
            body[index] = byte;
            assert_sane(&body);
        }
        body[index] = original;
    }
}

#[test]
fn random_damage_is_survived() {
    let mut random = Rng::with_seed(5);
    for body in samples() {
        for _ in 0..300 {
            let mut body = body.clone();
            for _ in 0..random.usize(1..6) {
                let index = random.usize(..body.len());
                body[index] = random.u8(..);
            }
            assert_sane(&body);
        }
    }
}

#[test]
fn a_flood_of_findings_is_cut() {
    let body = format!("{{\"rid\":1,\"events\":[{}1]}}", "1,".repeat(50_000));
    let judgement = judge(body.as_bytes());
    assert_eq!(judgement.diagnostics.len(), MOST + 1);
    assert_eq!(judgement.diagnostics[MOST].severity, Severity::Error);
    assert!(!judgement.valid);
}

#[test]
fn unreadable_bodies_have_an_outline() {
    let judgement = judge(b"\xff");
    assert_eq!(judgement.outline.version, Version::Unknown);
    assert_eq!(judgement.diagnostics[0].code, "SH001");
}
