//! The envelope of an answer: `rid`, `code`, `errors`, `status`, `message`, `response`.
//!
//! Source: the README of Paybook's PHP library, and `go/models/sync.go` of `Paybook/sync-code-samples`.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::call::Call;
use crate::domain::headers::Header;
use crate::domain::reply::Answer;

#[derive(Serialize)]
struct Envelope<'a, T> {
    rid: String,
    code: u16,
    errors: Option<[&'a str; 1]>,
    status: bool,
    message: Option<&'a str>,
    response: Option<&'a T>,
}

/// 200, with this in `response`.
pub(super) fn success<T: Serialize>(call: &Call, response: &T) -> Answer {
    answer(&Envelope {
        rid: rid(call),
        code: 200,
        errors: None,
        status: true,
        message: None,
        response: Some(response),
    })
}

/// Another status, and why.
pub(super) fn failure(call: &Call, status: u16, message: &str) -> Answer {
    answer(&Envelope::<()> {
        rid: rid(call),
        code: status,
        errors: Some([message]),
        status: false,
        message: Some(message),
        response: None,
    })
}

fn answer<T: Serialize>(envelope: &Envelope<'_, T>) -> Answer {
    let mut body = serde_json::to_vec(envelope).expect("it is made of strings and numbers");
    body.push(b'\n');
    let headers = [Header::new("content-type", "application/json")];
    Answer {
        status: envelope.code,
        headers: headers.into_iter().collect(),
        body: body.into(),
    }
}

/// The id of an answer: the same for the same call, so that answers can be compared.
fn rid(call: &Call) -> String {
    let digest = Sha256::digest(call.key());
    let first = digest.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(first)
        .into_uuid()
        .to_string()
}
