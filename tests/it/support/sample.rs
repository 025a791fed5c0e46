//! Notifications and a key to test with.

use serde_json::{Value, json};

/// A key as a plain secret.
pub(crate) const KEY: &str = "a-secret-of-the-tests-32-bytes-long";

/// A valid notification with one `credentials.created`.
pub(crate) fn notification() -> String {
    notification_of("credentials.created", |_| {})
}

/// A valid credential notification with this event name, changed by hand.
pub(crate) fn notification_of(name: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut notification = json!({
        "rid": "0b9f2a3c-1d4e-4f5a-8b6c-7d8e9f0a1b2c",
        "events": [{
            "header": {
                "event": {
                    "eid": "5f0e6c1a-7b2d-4c3e-9a4f-1b2c3d4e5f60",
                    "name": name,
                    "at": "2026-01-02 03:04:05.678901+0000",
                    "version": "3.1"
                },
                "user": {
                    "id_environment": "574894bf7848066d138b4570",
                    "id_external": "someone@example.test",
                    "id_user": "65a1b2c3d4e5f60718293a4b"
                }
            },
            "payload": {
                "endpoints": { "credential": ["/v1/credentials/65a1b2c3d4e5f60718293a4c"] },
                "event": "credential_create",
                "id_credential": "65a1b2c3d4e5f60718293a4c",
                "id_external": "someone@example.test",
                "id_job": "65a1b2c3d4e5f60718293a4d",
                "id_job_uuid": "65a1b2c3d4e5f60718293a4e",
                "id_site": "65a1b2c3d4e5f60718293a4f",
                "id_site_organization": "65a1b2c3d4e5f60718293a50",
                "id_site_organization_type": "65a1b2c3d4e5f60718293a51",
                "id_user": "65a1b2c3d4e5f60718293a4b",
                "is_executing": 1
            }
        }]
    });
    change(&mut notification);
    notification.to_string()
}

/// A notification whose `rid` and `eid` have this number, of the credential of that number.
pub(crate) fn numbered(number: u64, credential: u64) -> String {
    notification_of("credentials.created", |notification| {
        notification["rid"] = format!("0b9f2a3c-1d4e-4f5a-8b6c-{number:012x}").into();
        let event = &mut notification["events"][0];
        event["header"]["event"]["eid"] = format!("5f0e6c1a-7b2d-4c3e-9a4f-{number:012x}").into();
        event["payload"]["id_credential"] = format!("65a1b2c3d4e5f607{credential:08x}").into();
    })
}

/// The numbers that a notification was made of.
pub(crate) fn numbers(body: &[u8]) -> (u64, u64) {
    let notification: Value = serde_json::from_slice(body).expect("it was made here");
    let event = &notification["events"][0];
    (
        last_digits(&notification["rid"], 12),
        last_digits(&event["payload"]["id_credential"], 8),
    )
}

fn last_digits(id: &Value, count: usize) -> u64 {
    let id = id.as_str().expect("an id is a string");
    u64::from_str_radix(&id[id.len() - count..], 16).expect("it ends with a number")
}

/// The same with an event id that no other test of this run has: for deliveries that must not count as repeats.
pub(crate) fn unseen(number: u64, name: &str) -> String {
    notification_of(name, |notification| {
        notification["events"][0]["header"]["event"]["eid"] =
            format!("5f0e6c1a-7b2d-4c3e-9a4f-{number:012x}").into();
    })
}
