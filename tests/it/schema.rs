//! `schema`: the JSON Schema and the TypeScript that are printed accept what Syncfy sends, and refuse what it does not.

use serde_json::{Value, json};
use syncfy_hooks::domain::notification::event::CATALOGUE;

use crate::support::peers::typescript_compiler;
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
    for format in ["json-schema", "json", "pretty", "compact"] {
        Test::new()
            .args(["schema", "--format", format])
            .stdout(syncfy_hooks::domain::validation::schema())
            .run();
    }
    Test::new()
        .args(["schema", "--format", "typescript"])
        .stdout(syncfy_hooks::domain::validation::typescript())
        .run();
}

/// What programs in TypeScript do, each with whether it is right.
const PROGRAMS: [(bool, &str); 9] = [
    (true, "const all: Notification[] = known; void all;"),
    (
        true,
        "for (const event of known[0]!.events) {
           if (isEvent(event, 'credentials.created')) {
             const paths: string[] | undefined = event.payload.endpoints?.['credential'];
             const executing: 0 | 1 | undefined = event.payload.is_executing;
             void [paths, executing];
           } else if (isEvent(event, 'payments.transaction_created')) {
             for (const transaction of event.payload) void transaction['amount'];
           } else if (isEvent(event, 'documents.failed')) {
             const path: string | undefined = event.payload.endpoints?.[0];
             void path;
           }
         }",
    ),
    (
        true,
        "declare const body: string;
         const notification = JSON.parse(body) as Notification;
         const name: string = notification.events[0].header.event.name; void name;",
    ),
    (false, "const empty: Notification = { rid: 'x', events: [] };"),
    (false, "const none: Notification = { rid: 7, events: known[0]!.events };"),
    (
        false,
        "const [event] = known[0]!.events;
         const wrong: Notification = { rid: 'x', events: [{ ...event, header: { ...event.header, user: 7 } }] };",
    ),
    (
        false,
        "declare const event: Event<'credentials.created'>;
         const wrong: KnownEvent = { header: event.header, payload: { id_job: 7 } };",
    ),
    (
        false,
        "declare const event: Event<'documents.success'>;
         const wrong: KnownEvent = { header: event.header, payload: { endpoints: { credential: [] } } };",
    ),
    (false, "declare const event: AnyEvent; isEvent(event, 'credentials.archived');"),
];

#[test]
fn typescript_takes_what_syncfy_sends_and_nothing_else() {
    let Some(mut compiler) = typescript_compiler("typescript_takes_what_syncfy_sends") else {
        return;
    };
    let known = [
        include_str!("fixtures/validate/created.json"),
        include_str!("fixtures/schema/refreshed.json"),
        include_str!("fixtures/schema/documents.json"),
        include_str!("fixtures/schema/documents_failed.json"),
        include_str!("fixtures/schema/payments.json"),
    ];
    let mut samples = known.map(str::to_owned).to_vec();
    for name in CATALOGUE.iter().map(|event| event.name) {
        samples.push(sample(name));
    }
    let unknown = include_str!("fixtures/validate/unknown.json");
    let head = format!(
        "import {{ isEvent, type AnyEvent, type Event, type KnownEvent, type Notification }} from './syncfy';
         export type Used = [AnyEvent, Event, KnownEvent]; void isEvent;
         export const known: Notification<KnownEvent>[] = [{}];
         export const unknown: Notification = {unknown};\n",
        samples.join(",\n")
    );
    let types = Test::new()
        .args(["schema", "--format", "typescript"])
        .output();
    let test = types.then().file("syncfy.ts", types.stdout());
    let folder = test.directory();
    compiler.current_dir(&folder).args([
        "--noEmit",
        "--strict",
        "--noUncheckedIndexedAccess",
        "--target",
        "es2022",
        "--pretty",
        "false",
    ]);
    for (number, (_, program)) in PROGRAMS.iter().enumerate() {
        let name = format!("program{number}.ts");
        std::fs::write(folder.join(&name), format!("{head}{program}\n")).unwrap();
        compiler.arg(name);
    }
    let readme = include_str!("../../README.md").split_once("```ts\n");
    let (program, _) = readme.and_then(|(_, rest)| rest.split_once("```")).unwrap();
    std::fs::write(folder.join("readme.ts"), program).unwrap();
    let output = compiler.arg("readme.ts").output().expect("node runs");
    let complaints = String::from_utf8_lossy(&output.stdout);
    for (number, (is_right, program)) in PROGRAMS.iter().enumerate() {
        let name = format!("program{number}.ts(");
        assert_eq!(
            !complaints.contains(&name),
            *is_right,
            "{program}\n{complaints}"
        );
    }
    for right in ["syncfy.ts(", "readme.ts("] {
        assert!(!complaints.contains(right), "{complaints}");
    }
}

/// The body of an event of this name.
fn sample(name: &str) -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let body = syncfy_hooks::domain::notification::sample::event(
        name,
        &mut random,
        "2025-02-03T04:05:06Z".parse().unwrap(),
        syncfy_hooks::domain::notification::Environment::Sandbox,
    );
    String::from_utf8(body.unwrap()).unwrap()
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
        let text = sample(name);
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
