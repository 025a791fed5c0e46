//! What two recordings tell of each other.

use fastrand::Rng;
use jiff::Timestamp;
use proptest::prelude::*;

use super::{Change, Contract, Drift, compare};
use crate::domain::notification::{Environment, Notification, event, sample};

fn contract<'b>(bodies: impl IntoIterator<Item = &'b [u8]>) -> Contract {
    let mut contract = Contract::default();
    for body in bodies {
        match Notification::read(body) {
            Ok(notification) => contract.observe(&notification),
            Err(_) => contract.pass_over(),
        }
    }
    contract
}

fn samples(seed: u64) -> Vec<Vec<u8>> {
    let mut random = Rng::with_seed(seed);
    let at = Timestamp::from_second(1_686_942_378).unwrap();
    let names = event::CATALOGUE.iter().map(|event| event.name);
    names
        .filter_map(|name| sample::event(name, &mut random, at, Environment::Sandbox))
        .collect()
}

fn drifts(before: &str, after: &str) -> Vec<(Change, Option<String>, Option<String>)> {
    let [before, after] = [before, after].map(|payloads| {
        let bodies: Vec<String> = payloads
            .split('|')
            .map(|payload| {
                format!(r#"{{"rid":"r","events":[{{"header":{{"event":{{"name":"n"}}}},"payload":{payload}}}]}}"#)
            })
            .collect();
        contract(bodies.iter().map(String::as_bytes))
    });
    let told = |drift: Drift| (drift.change, drift.path, drift.value);
    compare(&before, &after).into_iter().map(told).collect()
}

fn path(change: Change, path: &str) -> (Change, Option<String>, Option<String>) {
    (change, Some(path.to_owned()), None)
}

#[test]
fn recordings_of_the_same_contract_are_equal() {
    let [before, after] = [1, 2].map(|seed| {
        let bodies = samples(seed);
        contract(bodies.iter().map(Vec::as_slice))
    });
    assert_eq!(compare(&before, &after), []);
}

#[test]
fn fields_come_and_go_and_change() {
    assert_eq!(
        drifts(
            r#"{"a":1,"b":"x","c":1}"#,
            r#"{"b":null,"c":{"d":1},"e":[]}"#
        ),
        [
            path(Change::FieldRemoved, "payload.a"),
            path(Change::TypeChanged, "payload.b"),
            path(Change::TypeChanged, "payload.c"),
            path(Change::FieldAdded, "payload.e"),
        ]
    );
    assert_eq!(
        drifts(r#"{"a":1}|{"a":1,"b":1}"#, r#"{"a":1,"b":1}|{"b":1}"#),
        [
            path(Change::BecameOptional, "payload.a"),
            path(Change::BecameRequired, "payload.b"),
        ]
    );
}

#[test]
fn what_is_in_arrays_is_compared_where_there_is_something() {
    assert_eq!(drifts(r#"{"a":[]}"#, r#"{"a":[{"b":1}]}"#), []);
    assert_eq!(
        drifts(r#"[{"b":1}, {"b":1}]"#, r#"[{"b":"1"}, {"c":[1]}]"#),
        [
            path(Change::TypeChanged, "payload[].b"),
            path(Change::BecameOptional, "payload[].b"),
            path(Change::FieldAdded, "payload[].c"),
        ]
    );
}

#[test]
fn choices_have_their_values_compared() {
    let value = |change, value: &str| {
        (
            change,
            Some("payload.is_executing".to_owned()),
            Some(value.to_owned()),
        )
    };
    assert_eq!(
        drifts(
            r#"{"is_executing":0}|{"is_executing":1}"#,
            r#"{"is_executing":0}|{"is_executing":2}"#
        ),
        [
            value(Change::ValueRemoved, "1"),
            value(Change::ValueAdded, "2")
        ]
    );
}

#[test]
fn a_flood_of_names_is_cut() {
    let fields = 0..super::MOST + 10;
    let fields: Vec<String> = fields.map(|number| format!("\"f{number}\":0")).collect();
    let body = format!("{{\"events\":[],{}}}", fields.join(","));
    assert!(contract([body.as_bytes()]).is_cut());
}

proptest! {
    #[test]
    fn any_json_can_be_compared(left in "[\\[\\]{}:,\"a01 ]{0,40}", right in "\\PC{0,20}") {
        let body = |payload: &str| format!(r#"{{"events":[{{"payload":{payload}}}, {payload}]}}"#);
        let bodies = [body(&left), body(&right), left, right];
        let [one, other] = [&bodies[..1], &bodies[..]].map(|bodies| contract(bodies.iter().map(String::as_bytes)));
        prop_assert_eq!(compare(&one, &one), []);
        let _ = compare(&one, &other);
    }

    #[test]
    fn the_order_of_a_recording_does_not_matter(seed in any::<u64>()) {
        let mut bodies = samples(seed);
        let one = contract(bodies.iter().map(Vec::as_slice));
        Rng::with_seed(seed).shuffle(&mut bodies);
        let other = contract(bodies.iter().map(Vec::as_slice));
        prop_assert_eq!(compare(&one, &other), []);
    }
}
