//! The JSON of a synthetic notification: structs whose field order is the key order of the documented examples.

use fastrand::Rng;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
pub(super) struct Envelope<'a> {
    pub(super) events: Vec<Item<'a>>,
    pub(super) rid: String,
}

#[derive(Serialize)]
pub(super) struct Item<'a> {
    pub(super) header: Header<'a>,
    pub(super) payload: Payload<'a>,
}

#[derive(Serialize)]
pub(super) struct Header<'a> {
    pub(super) event: EventHeader<'a>,
    pub(super) user: UserHeader<'a>,
}

#[derive(Serialize)]
pub(super) struct EventHeader<'a> {
    pub(super) at: String,
    pub(super) eid: String,
    pub(super) name: &'a str,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct UserHeader<'a> {
    pub(super) id_environment: &'static str,
    pub(super) id_external: &'a str,
    pub(super) id_user: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Payload<'a> {
    Credential(Box<CredentialPayload<'a>>),
    Documents(DocumentsPayload<'a>),
    BareCredential {
        id_credential: &'a str,
        id_external: &'a str,
        id_user: &'a str,
    },
    Chargeback(Chargeback),
    Transactions(Vec<Transaction>),
}

#[derive(Serialize)]
pub(super) struct CredentialPayload<'a> {
    pub(super) endpoints: CredentialEndpoints,
    pub(super) event: &'static str,
    pub(super) id_credential: &'a str,
    pub(super) id_external: &'a str,
    pub(super) id_job: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id_job_type: Option<&'a str>,
    pub(super) id_job_uuid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id_job_uuid_type: Option<&'a str>,
    #[serde(flatten)]
    pub(super) site: &'a Site,
    pub(super) id_user: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_executing: Option<i32>,
}

#[derive(Serialize)]
pub(super) struct CredentialEndpoints {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<String>,
    pub(super) credential: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) transactions: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct DocumentsPayload<'a> {
    pub(super) endpoints: Vec<String>,
    pub(super) id_job: &'a str,
    pub(super) id_job_uuid: &'a str,
    #[serde(flatten)]
    pub(super) site: &'a Site,
}

/// The bank or authority that a credential belongs to.
#[derive(Clone, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Site {
    pub(super) id_site: String,
    pub(super) id_site_organization: String,
    pub(super) id_site_organization_type: String,
}

/// Free shape: the documentation shows an object and no more.
#[derive(Serialize)]
pub(super) struct Chargeback {
    amount: Box<RawValue>,
    currency: &'static str,
    id_transaction: String,
    id_user: String,
    reason: &'static str,
}

/// Free shape: the documentation shows objects and no more.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Transaction {
    amount: Box<RawValue>,
    currency: &'static str,
    description: &'static str,
    id_transaction: String,
}

pub(super) fn chargeback(random: &mut Rng, id_user: &str) -> Payload<'static> {
    Payload::Chargeback(Chargeback {
        amount: money(random),
        currency: "MXN",
        id_transaction: digits(random),
        id_user: id_user.to_owned(),
        reason: "SAMPLE DISPUTE",
    })
}

pub(super) fn transactions(random: &mut Rng) -> Payload<'static> {
    let transaction = |_| Transaction {
        amount: money(random),
        currency: "MXN",
        description: "SAMPLE PURCHASE",
        id_transaction: digits(random),
    };
    Payload::Transactions((0..2).map(transaction).collect())
}

/// An amount with all the digits of a double, as payments bodies carry it: whoever re-encodes numbers shows here.
fn money(random: &mut Rng) -> Box<RawValue> {
    let digits = format!(
        "{}.{:02}999999999999",
        random.u32(10..990),
        random.u32(0..99)
    );
    RawValue::from_string(digits).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn digits(random: &mut Rng) -> String {
    random.u64(1_000_000_000..9_999_999_999).to_string()
}
