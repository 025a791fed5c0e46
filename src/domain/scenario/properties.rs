//! What must hold for everything that is made: it is valid, coherent, and the same for the same seed.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{BUILT_IN, Plot, Scenario, Scene, Subject};
use crate::domain::notification::{Notification, event, time};
use crate::domain::sequence::{Position, Recording};
use crate::domain::validation;

fn start() -> Timestamp {
    time::parse(time::EXAMPLE).unwrap()
}

/// What a plot comes to, with the seed 7.
fn scenes(plot: Plot) -> Vec<Scene> {
    let scenes = plot.perform(7, start());
    scenes.map(|scene| scene.unwrap()).collect()
}

fn event(name: &str) -> Plot {
    Plot {
        subject: Subject::Event(name.to_owned()),
        ..Plot::default()
    }
}

fn built_in(name: &str) -> Plot {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).unwrap();
    Plot {
        subject: Subject::Scenario(name.to_owned(), Scenario::parse(text).unwrap()),
        ..Plot::default()
    }
}

/// The codes of what the rules find in each notification by itself.
fn found(scenes: &[Scene]) -> BTreeSet<&'static str> {
    let judged = scenes.iter().map(|scene| validation::judge(&scene.body));
    let codes = judged.flat_map(|judged| judged.diagnostics.into_iter().map(|said| said.code));
    codes.collect()
}

/// The codes of what the rules find in their order.
fn found_in_sequence(scenes: &[Scene]) -> Vec<&'static str> {
    let mut recording = Recording::default();
    let mut codes = Vec::new();
    for (line, scene) in (1..).zip(scenes) {
        let position = Position {
            source: "-",
            line,
            id: None,
        };
        let notification = Notification::read(&scene.body).unwrap();
        let observed = recording.observe(&notification, &position);
        codes.extend(observed.here.iter().map(|said| said.code));
        let earlier = observed.earlier.iter();
        codes.extend(earlier.flat_map(|told| told.diagnostics.iter().map(|said| said.code)));
    }
    codes.extend(
        recording
            .finish()
            .flat_map(|told| told.diagnostics.into_iter().map(|said| said.code)),
    );
    codes
}

#[test]
fn nothing_is_found_in_what_is_made() {
    for known in &event::CATALOGUE {
        let plot = event(known.name);
        assert!(found(&scenes(plot.clone())).is_empty(), "{}", known.name);
        let batch = Plot { batch: 3, ..plot };
        assert!(found(&scenes(batch)).is_empty(), "{}", known.name);
    }
    for (name, _) in BUILT_IN {
        // That an event goes by its other name is worth a note wherever it does.
        let found = found(&scenes(built_in(name)));
        assert!(
            found.iter().all(|code| *code == "SH207"),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn the_order_of_every_scenario_is_that_of_life() {
    for (name, _) in BUILT_IN {
        for count in [1, 3] {
            let plot = Plot {
                count,
                ..built_in(name)
            };
            let found = found_in_sequence(&scenes(plot));
            assert_eq!(found, Vec::<&str>::new(), "{name}");
        }
    }
}

/// Every `ObjectId` in a value, as the moment at which it was made.
fn births(value: &Value, births: &mut Vec<i64>) {
    match value {
        Value::String(text) if text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit()) => {
            births.push(i64::from_str_radix(&text[..8], 16).unwrap());
        }
        Value::Array(items) => items.iter().for_each(|item| self::births(item, births)),
        Value::Object(members) => members.values().for_each(|item| self::births(item, births)),
        _ => {}
    }
}

#[test]
fn nothing_is_told_of_before_it_was_made() {
    let events = event::CATALOGUE.iter().map(|known| event(known.name));
    let stories = BUILT_IN.iter().map(|(name, _)| built_in(name));
    for plot in events.chain(stories) {
        for scene in scenes(plot) {
            let mut seconds = Vec::new();
            births(&serde_json::from_slice(&scene.body).unwrap(), &mut seconds);
            let latest = seconds.into_iter().max().unwrap_or_default();
            assert!(latest <= scene.at.as_second(), "{}", scene.label);
        }
    }
}

#[test]
fn the_events_of_a_batch_are_of_different_users() {
    let batch = Plot {
        batch: 4,
        ..event("credentials.created")
    };
    let scenes = scenes(batch);
    let [scene] = scenes.as_slice() else {
        panic!("one notification");
    };
    let outline = Notification::read(&scene.body).unwrap().outline();
    let users: BTreeSet<_> = outline.events.iter().map(|event| &event.id_user).collect();
    assert_eq!((outline.events.len(), users.len()), (4, 4));
}

#[test]
fn a_credential_may_be_old() {
    let scenes = scenes(built_in("reconnect"));
    let outline = Notification::read(&scenes[0].body).unwrap().outline();
    let credential = outline.events[0].id_credential.clone().unwrap();
    let born = i64::from_str_radix(&credential[..8], 16).unwrap();
    let age = start().duration_since(Timestamp::from_second(born).unwrap());
    assert!(age > SignedDuration::from_hours(24 * 30), "{age}");
}
