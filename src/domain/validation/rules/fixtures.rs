//! Notifications that the rules are tried on: the documented shapes, and edits of them.
//!
//! The bad ones are also kept as files, for the tests that drive the program; `UPDATE_GENERATED=1 cargo test generated`
//! writes them anew, and then what the program says about them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{FIXTURES, all};

use jiff::Timestamp;

use crate::domain::notification::time;

/// What a rule says nothing about, and what it finds exactly one thing in.
pub(super) struct Fixtures {
    pub(super) good: &'static [Fixture],
    pub(super) bad: &'static [Fixture],
}

pub(super) enum Fixture {
    /// A body as it is.
    Whole(&'static str),
    /// A body in which the first occurrence of one text is replaced by another.
    Edited(&'static str, &'static str, &'static str),
    /// A recording: the events that came, as [`event`] reads them.
    Recording(&'static [&'static str]),
    /// A body that would be read as something else, were it a file by itself.
    Received(&'static str),
}

impl Fixture {
    /// The bodies of its notifications.
    pub(super) fn bodies(&self) -> Vec<String> {
        match self {
            Self::Whole("TOO MANY") => vec![format!("{{{}\"a\":1}}", "\"a\":1,".repeat(300))],
            Self::Whole(body) | Self::Received(body) => vec![(*body).to_owned()],
            Self::Edited(body, from, to) => vec![edited(body, from, to)],
            Self::Recording(events) => {
                let events = events.iter().enumerate();
                events.map(|(number, text)| event(text, number)).collect()
            }
        }
    }

    /// A file with these bodies.
    fn file(&self) -> String {
        match self {
            Self::Received(body) => format!(
                r#"{{"syncfy_hooks":1,"received_at":null,"method":"POST","target":"/","headers":[],"body":{body}}}"#
            ),
            // A notification to a line.
            Self::Recording(_) => self
                .bodies()
                .iter()
                .map(|body| body.replace('\n', "") + "\n")
                .collect(),
            _ => self.bodies().concat(),
        }
    }
}

fn edited(body: &str, from: &str, to: &str) -> String {
    assert!(body.contains(from), "{from} is not in the fixture");
    body.replacen(from, to, 1)
}

/// An event of a recording: seconds after the others begin, or `-`; the last part of its name; `is_executing`. One that
/// has `#1` behind it has the `eid` of the second event.
fn event(text: &str, number: usize) -> String {
    const BEGINNING: i64 = 1_686_942_378;
    let (text, number) = match text.split_once(" #") {
        Some((text, other)) => (text, other.parse().unwrap()),
        None => (text, number),
    };
    let words: Vec<&str> = text.split(' ').collect();
    let (body, name) = match words[1] {
        "refreshed" => (REFRESHED, "credentials.refreshed"),
        "created" => (CREATED, "credentials.created"),
        "updated" => (CREATED, "credentials.updated"),
        "completed" => (DOCUMENTS, "documents.completed"),
        "success" => (DOCUMENTS, "documents.success"),
        "fail" => (DOCUMENTS, "documents.fail"),
        "failed" => (DOCUMENTS, "documents.failed"),
        "payment" => (PAYMENTS, "payments.transaction_created"),
        other => panic!("{other} is no event"),
    };
    let second: Option<i64> = words[0].parse().ok();
    let at = second.map(|second| Timestamp::from_second(BEGINNING + second).unwrap());
    let eid = format!("6ff4da49-4193-4ee0-8e9e-{number:012}");
    let body = with(body, "name", name);
    let body = with(&body, "at", &at.map(time::format).unwrap_or_default());
    let body = with(&body, "eid", &eid);
    match words.get(2) {
        Some(value) => edited(
            &body,
            "\"is_executing\": 1",
            &format!("\"is_executing\": {value}"),
        ),
        None => body,
    }
}

/// A body in which the first field of that name has another text.
fn with(body: &str, field: &str, text: &str) -> String {
    let (before, rest) = body.split_once(&format!("\"{field}\": \"")).unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    format!("{before}\"{field}\": \"{text}\"{after}")
}

/// Stands for a body with more findings than are kept.
pub(super) const TOO_MANY: &str = "TOO MANY";

/// Members enough to leave the quick way of looking for duplicates, the last one repeated.
pub(super) const MANY_MEMBERS: &str = r#""is_executing": 1, "m1":0,"m2":0,"m3":0,"m4":0,"m5":0,"m6":0,"m7":0,"m8":0,
    "m9":0,"m10":0,"m11":0,"m12":0,"m13":0,"m14":0,"m15":0,"m16":0,"m17":0,"m18":0,"m1":0"#;

/// `credentials.created`, as documented.
pub(super) const CREATED: &str = r#"{
  "events": [
    {
      "header": {
        "event": {
          "at": "2023-06-16 19:06:18.944575+0000",
          "eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb",
          "name": "credentials.created",
          "version": "3.1"
        },
        "user": {
          "id_environment": "574894bf7848066d138b4571",
          "id_external": "20230614-DEMO",
          "id_user": "648a053b59f043380d473be3"
        }
      },
      "payload": {
        "endpoints": {"credential": ["/v1/credentials/648cb2a99ca1b91b0a141391"]},
        "event": "credential_create",
        "id_credential": "648cb2a99ca1b91b0a141391",
        "id_external": "20230614-DEMO",
        "id_job": "648cb2a9718d6c796e4091c1",
        "id_job_uuid": "648cb2a9718d6c796e4091c2",
        "id_site": "56cf5728784806f72b8b456f",
        "id_site_organization": "56cf4ff5784806152c8b4568",
        "id_site_organization_type": "56cf4f5b784806cf028b4569",
        "id_user": "648a053b59f043380d473be3",
        "is_executing": 1
      }
    }
  ],
  "rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c"
}"#;

/// `credentials.refreshed`, `rid` first.
pub(super) const REFRESHED: &str = r#"{
  "rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c",
  "events": [{
    "header": {
      "event": {"at": "2023-06-16 19:06:40.944575+0000", "eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "credentials.refreshed", "version": "3.1"},
      "user": {"id_environment": "574894bf7848066d138b4570", "id_external": null, "id_user": "648a053b59f043380d473be3"}
    },
    "payload": {
      "endpoints": {
        "accounts": ["/v1/accounts?id_credential=648cb2a99ca1b91b0a141391&wbhk=1"],
        "credential": ["/v1/credentials/648cb2a99ca1b91b0a141391"],
        "transactions": ["/v1/transactions?limit=5000&skip=0&wbhk=1", "/v1/transactions?limit=5000&skip=5000&wbhk=1"]
      },
      "event": "refresh",
      "id_credential": "648cb2a99ca1b91b0a141391",
      "id_external": null,
      "id_job": "648cb2a9718d6c796e4091c1",
      "id_job_type": "648cb2a9718d6c796e4091c3",
      "id_job_uuid": "648cb2a9718d6c796e4091c2",
      "id_job_uuid_type": "648cb2a9718d6c796e4091c4",
      "id_site": "56cf5728784806f72b8b456f",
      "id_site_organization": "56cf4ff5784806152c8b4568",
      "id_site_organization_type": "56cf4f5b784806cf028b4569",
      "id_user": "648a053b59f043380d473be3"
    }
  }]
}"#;

/// `documents.success`.
pub(super) const DOCUMENTS: &str = r#"{
  "events": [{
    "header": {
      "event": {"at": "2023-06-16 19:06:58.944575+0000", "eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "documents.success", "version": "3.1"},
      "user": {"id_environment": "574894bf7848066d138b4570", "id_external": "x", "id_user": "648a053b59f043380d473be3"}
    },
    "payload": {
      "endpoints": ["/v1/documents?id_job_webhook=648cb2a9718d6c796e4091c1"],
      "id_job": "648cb2a9718d6c796e4091c1",
      "id_job_uuid": "648cb2a9718d6c796e4091c2",
      "id_site": "56cf5728784806f72b8b456f",
      "id_site_organization": "56cf4ff5784806152c8b4568",
      "id_site_organization_type": "56cf4f5b784806cf028b4569"
    }
  }],
  "rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c"
}"#;

/// `payments.transaction_created`: no `at`, an array for payload.
pub(super) const PAYMENTS: &str = r#"{"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": [{
    "header": {
      "event": {"eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "payments.transaction_created", "version": "3.1", "at": "2023-06-16 19:06:58.944575+0000"},
      "user": {"id_environment": "574894bf7848066d138b4570", "id_external": "x", "id_user": "648a053b59f043380d473be3"}
    },
    "payload": [{"amount": 251.63999999999999}]
}]}"#;

/// A payment without its time, as one documented example is.
pub(super) const PAYMENTS_WITHOUT_TIME: &str = r#"{"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": [{
    "header": {
      "event": {"eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "payments.chargeback_created", "version": "3.1"},
      "user": {"id_environment": "574894bf7848066d138b4570", "id_external": "x", "id_user": "648a053b59f043380d473be3"}
    },
    "payload": {"amount": 251.63999999999999}
}]}"#;

/// Two events in one notification.
pub(super) const BATCH: &str = r#"{"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": [
  {"header": {
      "event": {"eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "payments.chargeback_created", "version": "3.1"},
      "user": {"id_environment": "574894bf7848066d138b4570", "id_external": "x", "id_user": "648a053b59f043380d473be3"}
    }, "payload": {}},
  {"header": {
      "event": {"eid": "aaf4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "payments.chargeback_created", "version": "3.1"},
      "user": {"id_environment": "574894bf7848066d138b4570", "id_external": "x", "id_user": "648a053b59f043380d473be3"}
    }, "payload": {}}
]}"#;

/// A V1 notification.
pub(super) const V1: &str = r#"{
  "endpoints": {"credential": ["/v1/credentials/648cb2a99ca1b91b0a141391"]},
  "event": "credential_create",
  "id_credential": "648cb2a99ca1b91b0a141391",
  "is_executing": 1
}"#;

/// The files of all bad fixtures, by name: `SH103-missing-field-2.json`.
fn bad_files() -> BTreeMap<String, String> {
    let numbered = all().iter().zip(FIXTURES).flat_map(|(rule, fixtures)| {
        let file = |number| format!("{}-{}-{number}.json", rule.code, rule.name);
        (1..).map(file).zip(fixtures.bad.iter().map(Fixture::file))
    });
    numbered.collect()
}

#[test]
fn generated_files_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/rules");
    let entries = fs::read_dir(&folder).into_iter().flatten();
    let found: BTreeMap<String, String> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    let expected = bad_files();
    #[expect(
        clippy::disallowed_methods,
        reason = "asked of the test, not of the program"
    )]
    let checks = std::env::var_os("UPDATE_GENERATED").is_none();
    if checks {
        let advice = "`UPDATE_GENERATED=1 cargo test generated` makes the files anew";
        pretty_assertions::assert_eq!(found, expected, "{advice}");
        return;
    }
    fs::create_dir_all(&folder).unwrap();
    for stale in found.keys().filter(|name| !expected.contains_key(*name)) {
        fs::remove_file(folder.join(stale)).unwrap();
    }
    for (name, body) in expected {
        fs::write(folder.join(name), body).unwrap();
    }
}
