//! Events by type: what a program matches on once a notification has been read.
//!
//! Lenient as the reading is: a field that is missing or of the wrong kind is `None`, a name that nobody knows is
//! [`Subject::Other`], and what Syncfy sent stays within reach as [`Event::raw`] and `payload`.

use jiff::Timestamp;

use super::event::CATALOGUE;
use super::{Environment, EventView, Notification, PayloadFields, Version, time};
use crate::domain::json::{Kind, Value};

/// One event, its documented fields typed. Borrows the notification.
///
/// ```
/// use syncfy_hooks::domain::notification::{DocumentsOutcome, Notification, Subject};
///
/// let body = br#"{"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": [{
///   "header": {
///     "event": {"eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "documents.failed",
///               "at": "2023-06-16 19:06:18.944575+0000", "version": "3.1"},
///     "user": {"id_environment": "574894bf7848066d138b4570", "id_external": "ACME-1", "id_user": "648a053b59f043380d473be3"}
///   },
///   "payload": {"endpoints": ["/v1/documents?id_job_webhook=648cb2a9718d6c796e4091c1"], "id_batch": 7}
/// }]}"#;
/// let notification = Notification::read(body)?;
/// let event = notification.typed_events().next().unwrap();
///
/// assert_eq!(event.id_external, Some("ACME-1"));
/// assert_eq!(event.at.unwrap().to_string(), "2023-06-16T19:06:18.944575Z");
/// let Subject::Documents(documents) = event.subject else { panic!("{event:?}") };
/// // `documents.fail` and `documents.failed` are one event; `event.name` says which arrived.
/// assert_eq!(documents.outcome, DocumentsOutcome::Fail);
/// assert_eq!(
///     documents.endpoints.paths().collect::<Vec<_>>(),
///     ["/v1/documents?id_job_webhook=648cb2a9718d6c796e4091c1"]
/// );
/// // What is not documented is there all the same.
/// assert_eq!(documents.payload.get("id_batch").and_then(|batch| batch.as_u64()), Some(7));
/// # Ok::<(), syncfy_hooks::domain::json::SyntaxError>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Event<'d, 'a> {
    /// The id of the event, by which repetitions are told; V1 has none.
    pub eid: Option<&'d str>,
    /// The name as it arrived; in V1 the legacy name.
    pub name: Option<&'d str>,
    /// When it happened; V1 does not say.
    pub at: Option<Timestamp>,
    /// The version of the event, such as `3.1`; V1 has none.
    pub version: Option<&'d str>,
    /// The environment, when it is a known one.
    pub environment: Option<Environment>,
    /// The environment's id, known or not.
    pub id_environment: Option<&'d str>,
    /// The Syncfy user.
    pub id_user: Option<&'d str>,
    /// The integrator's own id of the user; `None` too where it is `null`.
    pub id_external: Option<&'d str>,
    /// What happened.
    pub subject: Subject<'d, 'a>,
    /// The event as it stands in the notification; in V1 all of it.
    pub raw: Value<'d, 'a>,
}

/// What happened, by family, with the payload.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Subject<'d, 'a> {
    /// `credentials.*`
    Credentials(Credentials<'d, 'a>),
    /// `documents.*`
    Documents(Documents<'d, 'a>),
    /// `payments.*`
    Payments(Payments<'d, 'a>),
    /// An event that the catalogue does not know, or one whose payload is no object (an array where that is documented).
    Other {
        /// The payload, whatever its kind.
        payload: Option<Value<'d, 'a>>,
    },
}

/// What happened to a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsAction {
    /// `credentials.created`
    Created,
    /// `credentials.updated`
    Updated,
    /// `credentials.refreshed`: there is new data to fetch.
    Refreshed,
    /// `credentials.refresh`, which a public integration subscribes to; undocumented.
    Refresh,
    /// `credentials.deleted`, which the dashboard offers; its payload is undocumented.
    Deleted,
}

/// Something happened to a credential.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Credentials<'d, 'a> {
    /// What.
    pub action: CredentialsAction,
    /// What to fetch: `credential`, and once refreshed also `accounts`, `transactions` and `attachments`.
    pub endpoints: Endpoints<'d, 'a>,
    /// The credential.
    pub id_credential: Option<&'d str>,
    /// Whether the work goes on (1) or is over (0); not in `credentials.refreshed`.
    pub is_executing: Option<bool>,
    /// The job and where it ran.
    pub job: Job<'d>,
    /// The whole payload.
    pub payload: Value<'d, 'a>,
}

/// How the synchronisation of documents ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentsOutcome {
    /// `documents.completed`: it ended, with or without errors.
    Completed,
    /// `documents.success`: everything was downloaded.
    Success,
    /// `documents.fail`, which also arrives as `documents.failed`: errors occurred.
    Fail,
}

/// The synchronisation of documents ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Documents<'d, 'a> {
    /// How.
    pub outcome: DocumentsOutcome,
    /// What to fetch.
    pub endpoints: Endpoints<'d, 'a>,
    /// The job, which the documents events of one run share.
    pub job: Job<'d>,
    /// The whole payload.
    pub payload: Value<'d, 'a>,
}

/// Something was paid, or taken back. Nothing more than the kind of payload is documented.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Payments<'d, 'a> {
    /// `payments.chargeback_created`: an object.
    ChargebackCreated {
        /// The whole payload.
        payload: Value<'d, 'a>,
    },
    /// `payments.transaction_created`: an array, one object for each transaction.
    TransactionsCreated {
        /// The whole payload.
        payload: Value<'d, 'a>,
    },
}

/// The job that an event tells of, and the site that it read. Every id is an `ObjectId`, `uuid` too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job<'d> {
    /// `id_job`
    pub id: Option<&'d str>,
    /// `id_job_type`, in `credentials.refreshed`
    pub id_type: Option<&'d str>,
    /// `id_job_uuid`
    pub uuid: Option<&'d str>,
    /// `id_job_uuid_type`, in `credentials.refreshed`
    pub uuid_type: Option<&'d str>,
    /// `id_site`
    pub id_site: Option<&'d str>,
    /// `id_site_organization`
    pub id_site_organization: Option<&'d str>,
    /// `id_site_organization_type`
    pub id_site_organization_type: Option<&'d str>,
}

/// Paths of Syncfy's API (host `api.syncfy.com`) to fetch; one for each page.
#[derive(Debug, Clone, Copy)]
pub struct Endpoints<'d, 'a>(Option<Value<'d, 'a>>);

impl<'d, 'a> Endpoints<'d, 'a> {
    /// Every path, in the order of the text.
    pub fn paths(self) -> impl Iterator<Item = &'d str> + use<'d, 'a> {
        let listed = self.0.into_iter().flat_map(Value::items);
        let by_kind = self.by_kind().flat_map(|(_, paths)| paths.items());
        listed.chain(by_kind).filter_map(Value::as_str)
    }

    /// The paths of one kind, such as `transactions`; none where the paths have no kinds.
    pub fn of(self, kind: &str) -> impl Iterator<Item = &'d str> + use<'d, 'a> {
        let paths = self.0.and_then(|endpoints| endpoints.get(kind));
        paths
            .into_iter()
            .flat_map(Value::items)
            .filter_map(Value::as_str)
    }

    /// The kinds of paths, in the order of the text; none in documents events.
    pub fn kinds(self) -> impl Iterator<Item = &'d str> + use<'d, 'a> {
        self.by_kind().map(|(kind, _)| kind)
    }

    fn by_kind(self) -> impl Iterator<Item = (&'d str, Value<'d, 'a>)> + use<'d, 'a> {
        self.0.into_iter().flat_map(Value::members)
    }
}

impl<'d, 'a> Event<'d, 'a> {
    /// The event whose fields were looked up.
    #[must_use]
    pub fn new(view: &EventView<'d, 'a>) -> Self {
        let id_environment = text(view.id_environment);
        Self {
            eid: text(view.eid),
            name: text(view.name),
            at: text(view.at).and_then(time::parse),
            version: text(view.version),
            environment: id_environment.and_then(Environment::from_id),
            id_environment,
            id_user: text(view.id_user),
            id_external: text(view.id_external),
            subject: Subject::new(
                view.known.map(|known| known.name),
                view.payload,
                &view.fields,
            ),
            raw: view.value,
        }
    }

    /// The event that a V1 notification is.
    fn of_v1(root: Value<'d, 'a>) -> Self {
        let fields = PayloadFields::new(Some(root));
        let name = text(fields.event);
        let known = match name {
            // V1 has one event of documents, without a counterpart of its own in the catalogue.
            Some("documents_completed") => Some("documents.completed"),
            _ => CATALOGUE
                .iter()
                .find(|event| event.legacy.is_some() && event.legacy == name)
                .map(|event| event.name),
        };
        Self {
            eid: None,
            name,
            at: None,
            version: None,
            environment: None,
            id_environment: None,
            id_user: text(fields.id_user),
            id_external: text(fields.id_external),
            subject: Subject::new(known, Some(root), &fields),
            raw: root,
        }
    }
}

impl<'d, 'a> Subject<'d, 'a> {
    /// By the name in the catalogue.
    fn new(
        known: Option<&str>,
        payload: Option<Value<'d, 'a>>,
        fields: &PayloadFields<'d, 'a>,
    ) -> Self {
        let object = payload.filter(|payload| payload.kind() == Kind::Object);
        let array = payload.filter(|payload| payload.kind() == Kind::Array);
        let credentials = |action| {
            Some(Self::Credentials(Credentials {
                action,
                endpoints: Endpoints(fields.endpoints),
                id_credential: text(fields.id_credential),
                is_executing: fields.is_executing.and_then(|flag| match flag.as_u64() {
                    Some(0) => Some(false),
                    Some(1) => Some(true),
                    _ => None,
                }),
                job: Job::new(fields),
                payload: object?,
            }))
        };
        let documents = |outcome| {
            Some(Self::Documents(Documents {
                outcome,
                endpoints: Endpoints(fields.endpoints),
                job: Job::new(fields),
                payload: object?,
            }))
        };
        let payments = |payments| Some(Self::Payments(payments));
        let subject = match known {
            Some("credentials.created") => credentials(CredentialsAction::Created),
            Some("credentials.updated") => credentials(CredentialsAction::Updated),
            Some("credentials.refreshed") => credentials(CredentialsAction::Refreshed),
            Some("credentials.refresh") => credentials(CredentialsAction::Refresh),
            Some("credentials.deleted") => credentials(CredentialsAction::Deleted),
            Some("documents.completed") => documents(DocumentsOutcome::Completed),
            Some("documents.success") => documents(DocumentsOutcome::Success),
            Some("documents.fail") => documents(DocumentsOutcome::Fail),
            Some("payments.chargeback_created") => {
                object.and_then(|payload| payments(Payments::ChargebackCreated { payload }))
            }
            Some("payments.transaction_created") => {
                array.and_then(|payload| payments(Payments::TransactionsCreated { payload }))
            }
            _ => None,
        };
        subject.unwrap_or(Self::Other { payload })
    }
}

impl<'d> Job<'d> {
    fn new(fields: &PayloadFields<'d, '_>) -> Self {
        let [
            id,
            id_type,
            uuid,
            uuid_type,
            site,
            organization,
            organization_type,
        ] = fields.other_ids.map(text);
        Self {
            id,
            id_type,
            uuid,
            uuid_type,
            id_site: site,
            id_site_organization: organization,
            id_site_organization_type: organization_type,
        }
    }
}

impl<'a> Notification<'a> {
    /// The events by type, in order. A V1 notification is one event; what is no notification has none.
    pub fn typed_events(&self) -> impl Iterator<Item = Event<'_, 'a>> {
        let v1 = (self.version() == Version::V1).then(|| Event::of_v1(self.root()));
        let is_v3 = self.version() == Version::V3;
        let events = self.events().filter(move |_| is_v3);
        v1.into_iter().chain(events.map(|view| Event::new(&view)))
    }
}

fn text<'d>(value: Option<Value<'d, '_>>) -> Option<&'d str> {
    value.and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::*;
    use crate::domain::notification::event::Family;
    use crate::domain::notification::sample;

    #[test]
    fn every_event_of_the_catalogue_has_a_type() {
        let at = Timestamp::from_second(1_686_942_378).unwrap();
        for known in &CATALOGUE {
            for name in [Some(known.name), known.alias].into_iter().flatten() {
                let mut random = Rng::with_seed(3);
                let body = sample::event(name, &mut random, at, Environment::Sandbox).unwrap();
                let notification = Notification::read(&body).unwrap();
                let event = notification.typed_events().next().unwrap();
                assert_eq!(event.name, Some(name));
                assert_eq!(event.environment, Some(Environment::Sandbox));
                let family = match event.subject {
                    Subject::Credentials(credentials) => {
                        assert!(credentials.id_credential.is_some(), "{name}");
                        Family::Credentials
                    }
                    Subject::Documents(documents) => {
                        assert!(documents.endpoints.paths().next().is_some());
                        assert!(documents.job.uuid.is_some() && documents.job.id_type.is_none());
                        Family::Documents
                    }
                    Subject::Payments(_) => Family::Payments,
                    Subject::Other { .. } => panic!("{name} has no type"),
                };
                assert_eq!(family, known.family, "{name}");
            }
        }
    }

    fn first(body: &str, check: impl FnOnce(Option<Event<'_, '_>>)) {
        let notification = Notification::read(body.as_bytes()).unwrap();
        check(notification.typed_events().next());
    }

    #[test]
    fn what_is_missing_or_unknown_is_no_failure() {
        for body in ["7", "{}", "[]", r#"{"events":{}}"#, r#"{"event":"push"}"#] {
            first(body, |event| assert!(event.is_none(), "{body}"));
        }
        for event in [
            "1",
            "{}",
            r#"{"header":{"event":{"name":"credentials.archived"}},"payload":{"x":1}}"#,
            r#"{"header":{"event":{"name":"credentials.created"}},"payload":[]}"#,
            r#"{"header":{"event":{"name":"payments.transaction_created"}},"payload":{}}"#,
        ] {
            first(&format!(r#"{{"events":[{event}]}}"#), |found| {
                let found = found.unwrap();
                assert!(matches!(found.subject, Subject::Other { .. }), "{event}");
            });
        }
    }

    #[test]
    fn endpoints_are_read_by_kind() {
        let body = r#"{"event":"refresh","id_user":"u","is_executing":2,
            "endpoints":{"credential":["/c"],"transactions":["/t?skip=0",7,"/t?skip=5000"],"odd":1}}"#;
        first(body, |event| {
            let event = event.unwrap();
            let Subject::Credentials(credentials) = event.subject else {
                panic!("{event:?}");
            };
            assert_eq!(credentials.action, CredentialsAction::Refreshed);
            assert_eq!(credentials.is_executing, None);
            let endpoints = credentials.endpoints;
            assert_eq!(
                endpoints.kinds().collect::<Vec<_>>(),
                ["credential", "transactions", "odd"]
            );
            assert_eq!(
                endpoints.of("transactions").collect::<Vec<_>>(),
                ["/t?skip=0", "/t?skip=5000"]
            );
            assert_eq!(endpoints.paths().count(), 3);
            assert_eq!((event.id_user, event.eid), (Some("u"), None));
        });
    }
}
