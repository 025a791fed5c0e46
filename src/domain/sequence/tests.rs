//! What must hold for every recording.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{Position, Recording};
use crate::domain::notification::{Environment, Notification, sample};

fn start() -> Timestamp {
    Timestamp::from_second(1_686_942_378).unwrap()
}

/// The bodies of a usual run, beginning so many seconds after the others.
fn run(seed: u64, after: i64) -> Vec<Vec<u8>> {
    let at = start() + SignedDuration::from_secs(after);
    let run = sample::run(&mut Rng::with_seed(seed), at, Environment::Sandbox);
    run.into_iter().map(|(_, body)| body).collect()
}

/// The codes of what is found, each with the `eid` of its event.
fn found<'b>(bodies: impl IntoIterator<Item = &'b Vec<u8>>) -> Vec<(String, &'static str)> {
    let mut recording = Recording::default();
    let mut found = Vec::new();
    for (line, body) in (1..).zip(bodies) {
        let position = Position {
            source: "-",
            line,
            id: None,
        };
        let Ok(notification) = Notification::read(body) else {
            recording.pass_over();
            continue;
        };
        let observed = recording.observe(&notification, &position);
        let eid = notification.outline().eids().next().map(str::to_owned);
        let here = observed.here.iter();
        found.extend(here.map(|said| (eid.clone().unwrap_or_default(), said.code)));
        found.extend(observed.earlier.iter().flat_map(told));
    }
    found.extend(recording.finish().flat_map(|said| told(&said)));
    found.sort();
    found
}

fn told(told: &super::Told) -> Vec<(String, &'static str)> {
    let eid = told.events[0].eid.clone().unwrap_or_default();
    let codes = told.diagnostics.iter();
    codes.map(|said| (eid.clone(), said.code)).collect()
}

/// An interleaving of sequences that keeps the order of each.
fn interleaved(mut sequences: Vec<Vec<Vec<u8>>>, random: &mut Rng) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for sequence in &mut sequences {
        sequence.reverse();
    }
    while !sequences.is_empty() {
        let chosen = random.usize(..sequences.len());
        match sequences[chosen].pop() {
            Some(body) => all.push(body),
            None => drop(sequences.swap_remove(chosen)),
        }
    }
    all
}

#[test]
fn the_usual_run_is_clean() {
    assert_eq!(found(&run(1, 0)), []);
}

#[test]
fn a_run_of_every_day_is_clean() {
    let bodies: Vec<_> = (0..500)
        .flat_map(|day| run(day, 86_400 * i64::try_from(day).unwrap()))
        .collect();
    assert_eq!(found(&bodies), []);
}

#[test]
fn what_is_left_open_is_told_in_the_order_of_the_recording() {
    let mut recording = Recording::default();
    for number in 0..300_u64 {
        let bodies = run(number, i64::try_from(number).unwrap());
        let notification = Notification::read(&bodies[0]).unwrap();
        let position = Position {
            source: ["a.json", "b.json"][usize::from(number >= 150)],
            line: 1 + number,
            id: None,
        };
        let observed = recording.observe(&notification, &position);
        assert!(observed.earlier.is_empty());
    }
    let told: Vec<_> = recording
        .finish()
        .map(|told| (told.source, told.line))
        .collect();
    assert_eq!(told.len(), 300);
    assert!(told.is_sorted_by(|one, next| one < next), "{told:?}");
}

#[test]
fn foreign_text_in_names_of_files_is_tamed() {
    let mut recording = Recording::default();
    let body = &run(1, 0)[0];
    let notification = Notification::read(body).unwrap();
    for source in ["\u{1b}]0;x.json", "b.json"] {
        let position = Position {
            source,
            line: 1,
            id: None,
        };
        let observed = recording.observe(&notification, &position);
        if source == "b.json" {
            assert_eq!(
                observed.here[0].message,
                "the same event came before, at `\\u{1b}]0;x.json:1`"
            );
        }
    }
}

#[test]
fn without_times_a_thousand_events_are_long_enough() {
    let untimed = |number: u64, name: &str, is_executing: u8| {
        let eid = format!("6ff4da49-4193-4ee0-8e9e-{number:012}");
        let header = format!(r#"{{"event":{{"eid":"{eid}","name":"{name}"}}}}"#);
        let payload = format!(r#"{{"id_credential":"c","is_executing":{is_executing}}}"#);
        format!(r#"{{"rid":"r","events":[{{"header":{header},"payload":{payload}}}]}}"#)
            .into_bytes()
    };
    let mut bodies = vec![untimed(0, "credentials.created", 1)];
    bodies.extend((1..1000).map(|number| untimed(number, "payments.chargeback_created", 0)));
    let codes = |bodies: &[_]| {
        found(bodies)
            .into_iter()
            .map(|(_, code)| code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&bodies), ["SH510"]);
    bodies.push(untimed(1000, "payments.chargeback_created", 0));
    assert_eq!(codes(&bodies), ["SH503"]);
}

proptest! {
    #[test]
    fn what_is_found_in_a_run_does_not_depend_on_other_runs(
        seed in any::<u64>(),
        // Of each run, which of its five events are there, whether two change places, when it begins.
        runs in proptest::collection::vec((0..32u8, proptest::bool::ANY, 0..5000i64), 1..6)
    ) {
        let mut random = Rng::with_seed(seed);
        let mut sequences: Vec<_> = runs.iter().map(|(events, is_swapped, after)| {
            let mut bodies = run(random.u64(..), *after);
            if *is_swapped {
                let (left, right) = (random.usize(..5), random.usize(..5));
                bodies.swap(left, right);
            }
            let kept = bodies.into_iter().enumerate().filter(|(index, _)| events & (1 << index) != 0);
            kept.map(|(_, body)| body).collect::<Vec<_>>()
        }).collect();
        // Whatever the order, the recording begins and ends at the same time.
        sequences.extend([vec![run(1, -100).swap_remove(0)], vec![run(2, 9000).swap_remove(0)]]);
        let one = interleaved(sequences.clone(), &mut random);
        let other = interleaved(sequences, &mut random);
        prop_assert_eq!(found(&one), found(&other));
    }

    #[test]
    fn nothing_that_arrives_can_stop_it(seed in any::<u64>(), damage in 0..40usize) {
        let mut random = Rng::with_seed(seed);
        let mut bodies = interleaved(vec![run(seed, 0), run(seed, 0), run(seed ^ 1, 2)], &mut random);
        for _ in 0..damage {
            let chosen = random.usize(..bodies.len());
            let at = random.usize(..bodies[chosen].len());
            bodies[chosen][at] = *random.choice(b"0123456789\"{}[],:ef-\xff ").unwrap();
        }
        found(&bodies);
    }
}
