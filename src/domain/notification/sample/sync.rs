//! One imaginary synchronisation: the ids that its events share.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::Detail;
use super::body::{CredentialEndpoints, CredentialPayload, DocumentsPayload, Payload, Site};
use crate::domain::notification::event::Event;

/// How far back the list endpoints of a refresh reach, in seconds (180 days).
const REACH: i64 = 180 * 24 * 60 * 60;

/// The page size of list endpoints.
const PAGE: usize = 5000;

/// What all events of one synchronisation have in common.
#[derive(Clone)]
pub(super) struct Sync {
    pub(super) id_user: String,
    pub(super) id_external: String,
    id_credential: String,
    job: Job,
    documents_job: Job,
    site: Site,
}

#[derive(Clone)]
struct Job {
    id: String,
    id_type: String,
    uuid: String,
    uuid_type: String,
}

impl Job {
    fn new(random: &mut Rng, at: i64) -> Self {
        let mut id = || object_id(random, at);
        Self {
            id: id(),
            id_type: id(),
            uuid: id(),
            uuid_type: id(),
        }
    }
}

impl Sync {
    /// A synchronisation that begins at `at`, of a credential that is so old then and a user who joined days before that,
    /// at a site that is years old.
    pub(super) fn new(random: &mut Rng, at: Timestamp, age: SignedDuration) -> Self {
        let at = at.as_second();
        let created = at - age.as_secs();
        let joined = created - random.i64(86_400..30 * 86_400);
        let listed = created - random.i64(700 * 86_400..2000 * 86_400);
        Self {
            id_user: object_id(random, joined),
            id_external: format!("user-{:05}", random.u32(0..100_000)),
            id_credential: object_id(random, created),
            job: Job::new(random, at),
            // Whatever the tempo, no event is told of a job that is not there yet.
            documents_job: Job::new(random, at),
            site: Site {
                id_site: object_id(random, listed),
                id_site_organization: object_id(random, listed),
                id_site_organization_type: object_id(random, listed),
            },
        }
    }

    pub(super) fn credential(&self, event: &Event, is_executing: i32) -> Payload<'_> {
        self.credential_payload(
            event,
            CredentialEndpoints {
                credential: self.paths(),
                ..no_endpoints()
            },
            |payload| {
                payload.is_executing = Some(is_executing);
            },
        )
    }

    pub(super) fn refreshed(&self, event: &Event, detail: &Detail) -> Payload<'_> {
        let pages = |list: &str, count: u16| {
            let pages = 0..usize::from(count);
            pages.map(|page| self.page(list, detail.at, page)).collect()
        };
        let endpoints = CredentialEndpoints {
            accounts: vec![format!(
                "/v1/accounts?id_credential={}&wbhk=1",
                self.id_credential
            )],
            attachments: pages("attachments", detail.attachment_pages),
            credential: self.paths(),
            transactions: pages("transactions", detail.transaction_pages),
        };
        self.credential_payload(event, endpoints, |payload| {
            payload.id_job_type = Some(&self.job.id_type);
            payload.id_job_uuid_type = Some(&self.job.uuid_type);
        })
    }

    pub(super) fn documents(&self) -> Payload<'_> {
        Payload::Documents(DocumentsPayload {
            endpoints: vec![format!(
                "/v1/documents?id_job_webhook={}",
                self.documents_job.id
            )],
            id_job: &self.documents_job.id,
            id_job_uuid: &self.documents_job.uuid,
            site: &self.site,
        })
    }

    /// The V1 body of an event that V3 tells otherwise.
    pub(super) fn legacy(&self, event: &'static str) -> Payload<'_> {
        let endpoints = CredentialEndpoints {
            credential: self.paths(),
            ..no_endpoints()
        };
        self.named_payload(event, endpoints, |payload| payload.is_executing = Some(0))
    }

    pub(super) fn bare_credential(&self) -> Payload<'_> {
        Payload::BareCredential {
            id_credential: &self.id_credential,
            id_external: &self.id_external,
            id_user: &self.id_user,
        }
    }

    fn credential_payload<'s>(
        &'s self,
        event: &Event,
        endpoints: CredentialEndpoints,
        finish: impl FnOnce(&mut CredentialPayload<'s>),
    ) -> Payload<'s> {
        self.named_payload(event.legacy.unwrap_or_default(), endpoints, finish)
    }

    fn named_payload<'s>(
        &'s self,
        event: &'static str,
        endpoints: CredentialEndpoints,
        finish: impl FnOnce(&mut CredentialPayload<'s>),
    ) -> Payload<'s> {
        let mut payload = CredentialPayload {
            endpoints,
            event,
            id_credential: &self.id_credential,
            id_external: &self.id_external,
            id_job: &self.job.id,
            id_job_type: None,
            id_job_uuid: &self.job.uuid,
            id_job_uuid_type: None,
            site: &self.site,
            id_user: &self.id_user,
            is_executing: None,
        };
        finish(&mut payload);
        Payload::Credential(Box::new(payload))
    }

    fn paths(&self) -> Vec<String> {
        vec![format!("/v1/credentials/{}", self.id_credential)]
    }

    fn page(&self, list: &str, at: Timestamp, page: usize) -> String {
        let to = at.as_second();
        format!(
            "/v1/{list}?id_credential={}&dt_refresh_from={}&dt_refresh_to={to}&limit={PAGE}&skip={}&wbhk=1",
            self.id_credential,
            to - REACH,
            page * PAGE
        )
    }
}

fn no_endpoints() -> CredentialEndpoints {
    CredentialEndpoints {
        accounts: vec![],
        attachments: vec![],
        credential: vec![],
        transactions: vec![],
    }
}

/// An `ObjectId` made at that Unix second: eight digits of time, sixteen of chance.
fn object_id(random: &mut Rng, second: i64) -> String {
    let second = u32::try_from(second).unwrap_or_default();
    format!("{second:08x}{:016x}", random.u64(..))
}
