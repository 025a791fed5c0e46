//! The catalogue of fields: which ones the documentation shows, object by object, each in the order of the alphabet.

use super::event::PayloadKind;

/// The fields of a notification.
pub const NOTIFICATION: &[&str] = &["events", "rid"];

/// The fields of an item of `events`.
pub const EVENT: &[&str] = &["header", "payload"];

/// The fields of `header`.
pub const HEADER: &[&str] = &["event", "user"];

/// The fields of `header.event`.
pub const HEADER_EVENT: &[&str] = &["at", "eid", "name", "version"];

/// The fields of `header.user`.
pub const HEADER_USER: &[&str] = &["id_environment", "id_external", "id_user"];

/// The fields of `endpoints`, where it is an object.
pub const ENDPOINTS: &[&str] = &["accounts", "attachments", "credential", "transactions"];

const CREDENTIAL: &[&str] = &[
    "endpoints",
    "event",
    "id_credential",
    "id_external",
    "id_job",
    "id_job_uuid",
    "id_site",
    "id_site_organization",
    "id_site_organization_type",
    "id_user",
    "is_executing",
];

const REFRESHED: &[&str] = &[
    "endpoints",
    "event",
    "id_credential",
    "id_external",
    "id_job",
    "id_job_type",
    "id_job_uuid",
    "id_job_uuid_type",
    "id_site",
    "id_site_organization",
    "id_site_organization_type",
    "id_user",
];

const DOCUMENTS: &[&str] = &[
    "endpoints",
    "id_job",
    "id_job_uuid",
    "id_site",
    "id_site_organization",
    "id_site_organization_type",
];

/// The fields of a payload of that kind; `None` where its shape is free.
#[must_use]
pub const fn payload(kind: PayloadKind) -> Option<&'static [&'static str]> {
    match kind {
        PayloadKind::Credential => Some(CREDENTIAL),
        PayloadKind::RefreshedCredential => Some(REFRESHED),
        PayloadKind::Documents => Some(DOCUMENTS),
        PayloadKind::Object | PayloadKind::Objects => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        for names in [
            NOTIFICATION,
            EVENT,
            HEADER,
            HEADER_EVENT,
            HEADER_USER,
            ENDPOINTS,
            CREDENTIAL,
            REFRESHED,
            DOCUMENTS,
        ] {
            assert!(names.is_sorted(), "{names:?}");
        }
    }
}
