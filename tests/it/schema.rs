//! `schema`: the JSON Schema that is printed accepts what Syncfy sends, and refuses what it does not.

use serde_json::{Value, json};
use syncfy_hooks::domain::notification::event::CATALOGUE;

use crate::support::{Test, notification, notification_of};

fn schema() -> Value {
    let output = Test::new().arg("schema").output();
    assert_eq!((output.code(), output.stderr().as_str()), (Some(0), ""));
    serde_json::from_slice(&output.stdout).expect("the schema is JSON")
}

fn accepts(validator: &jsonschema::Validator, text: &str) -> bool {
    validator.is_valid(&serde_json::from_str(text).expect("samples are JSON"))
}

#[test]
fn exactly_the_schema_is_printed() {
    Test::new()
        .args(["schema", "--json"])
        .stdout(syncfy_hooks::domain::validation::schema())
        .run();
}

#[test]
fn every_documented_shape_is_accepted() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    for text in [
        include_str!("fixtures/validate/created.json"),
        include_str!("fixtures/validate/unknown.json"),
        include_str!("fixtures/schema/refreshed.json"),
        include_str!("fixtures/schema/documents.json"),
        include_str!("fixtures/schema/documents_failed.json"),
        include_str!("fixtures/schema/payments.json"),
    ] {
        let value = serde_json::from_str(text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{text}\n{errors:#?}");
    }
    for name in CATALOGUE.iter().map(|event| event.name) {
        let mut random = fastrand::Rng::with_seed(7);
        let body = syncfy_hooks::domain::notification::sample::event(
            name,
            &mut random,
            "2025-02-03T04:05:06Z".parse().unwrap(),
            syncfy_hooks::domain::notification::Environment::Sandbox,
        );
        let text = String::from_utf8(body.unwrap()).unwrap();
        assert!(accepts(&validator, &text), "{name}: {text}");
    }
    assert!(accepts(&validator, &notification()));
}

#[test]
fn what_is_wrong_is_refused() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let broken = |change: fn(&mut Value)| notification_of("credentials.created", change);
    for text in [
        "[]".to_owned(),
        "{}".to_owned(),
        broken(|notification| notification["events"] = json!([])),
        broken(|notification| notification["rid"] = json!("R-1")),
        broken(|notification| {
            notification["events"][0]["header"]["event"]["eid"].take();
        }),
        broken(|notification| notification["events"][0]["header"]["user"]["id_user"] = json!(7)),
    ] {
        assert!(!accepts(&validator, &text), "{text}");
    }
}
