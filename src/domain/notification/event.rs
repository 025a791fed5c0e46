//! The catalogue of events: their names, what V1 calls them, and the payload each carries.
//!
//! From Syncfy's public documentation and, where noted, from public integrations. Syncfy adds events without notice, so
//! a name that is not here is unknown, never wrong.

/// The first part of an event's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// Something happened to a credential.
    Credentials,
    /// The synchronisation of documents ended.
    Documents,
    /// Payments (Sr. Pago).
    Payments,
}

/// What the payload of an event looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PayloadKind {
    /// A credential payload with `is_executing`.
    Credential,
    /// A credential payload with `id_job_type` and `id_job_uuid_type` instead of `is_executing`.
    RefreshedCredential,
    /// A documents payload: its `endpoints` are an array.
    Documents,
    /// An object; nothing more is documented.
    Object,
    /// An array of objects.
    Objects,
}

/// One event of the catalogue.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The name in `header.event.name`, as the documentation lists it.
    pub name: &'static str,
    /// The name in `payload.event`, the only one that V1 knows.
    pub legacy: Option<&'static str>,
    /// Another name under which the same event arrives.
    pub alias: Option<&'static str>,
    /// The first part of the name.
    pub family: Family,
    /// What the payload looks like.
    pub payload: PayloadKind,
    /// What it means, in a few words.
    pub meaning: &'static str,
}

const fn event(
    name: &'static str,
    family: Family,
    payload: PayloadKind,
    meaning: &'static str,
) -> Event {
    Event {
        name,
        legacy: None,
        alias: None,
        family,
        payload,
        meaning,
    }
}

/// Every event that is known, in the order of the documentation.
pub static CATALOGUE: [Event; 10] = [
    Event {
        legacy: Some("credential_create"),
        ..event(
            "credentials.created",
            Family::Credentials,
            PayloadKind::Credential,
            "a credential was created",
        )
    },
    Event {
        legacy: Some("credential_update"),
        ..event(
            "credentials.updated",
            Family::Credentials,
            PayloadKind::Credential,
            "a credential was updated",
        )
    },
    Event {
        legacy: Some("refresh"),
        ..event(
            "credentials.refreshed",
            Family::Credentials,
            PayloadKind::RefreshedCredential,
            "data of a credential was added or updated",
        )
    },
    // Offered by the dashboard, seen in a public integration; its payload is undocumented.
    event(
        "credentials.deleted",
        Family::Credentials,
        PayloadKind::Object,
        "a credential was deleted",
    ),
    // A public integration subscribes to it; undocumented.
    event(
        "credentials.refresh",
        Family::Credentials,
        PayloadKind::Object,
        "a credential is refreshed",
    ),
    event(
        "documents.completed",
        Family::Documents,
        PayloadKind::Documents,
        "the synchronisation of documents ended, with or without errors",
    ),
    event(
        "documents.success",
        Family::Documents,
        PayloadKind::Documents,
        "all documents were downloaded",
    ),
    Event {
        // The documentation lists `documents.fail`; its own example body carries `documents.failed`.
        alias: Some("documents.failed"),
        ..event(
            "documents.fail",
            Family::Documents,
            PayloadKind::Documents,
            "errors occurred while downloading documents",
        )
    },
    event(
        "payments.chargeback_created",
        Family::Payments,
        PayloadKind::Object,
        "a chargeback was created",
    ),
    event(
        "payments.transaction_created",
        Family::Payments,
        PayloadKind::Objects,
        "transactions were created",
    ),
];

/// The event of that name or alias.
#[must_use]
pub fn find(name: &str) -> Option<&'static Event> {
    CATALOGUE
        .iter()
        .find(|event| event.name == name || event.alias == Some(name))
}

/// The other name under which the same event arrives: `documents.fail` for `documents.failed`, and the reverse.
#[must_use]
pub fn other_name(name: &str) -> Option<&'static str> {
    let event = find(name)?;
    if event.name == name {
        event.alias
    } else {
        Some(event.name)
    }
}

/// Whether V1 sends this in `event`.
#[must_use]
pub fn is_legacy(name: &str) -> bool {
    // `documents_completed` is V1 only: V3's documents payload has no `event`.
    name == "documents_completed" || CATALOGUE.iter().any(|event| event.legacy == Some(name))
}

/// The known name that someone who wrote `name` most likely meant.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    /// Longer than any name by more than a typing error; keeps the cost of foreign text small.
    const LONGEST: usize = 48;
    if name.len() > LONGEST {
        return None;
    }
    if let Some(event) = CATALOGUE.iter().find(|event| event.legacy == Some(name)) {
        return Some(event.name);
    }
    let name = name.to_lowercase().replace(['_', '-', '/', ':'], ".");
    CATALOGUE
        .iter()
        .map(|event| {
            (
                event.name,
                strsim::normalized_damerau_levenshtein(&name, &event.name.replace('_', ".")),
            )
        })
        .filter(|(_, likeness)| *likeness >= 0.7)
        .max_by(|(_, left), (_, right)| left.total_cmp(right))
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_lead_to_one_event() {
        assert_eq!(find("documents.failed"), find("documents.fail"));
        assert_eq!(other_name("documents.failed"), Some("documents.fail"));
        assert_eq!(other_name("documents.fail"), Some("documents.failed"));
        assert_eq!(other_name("documents.success"), None);
        assert_eq!(find("documents"), None);
    }

    #[test]
    fn suggests_what_was_meant() {
        let table = [
            ("credential.created", Some("credentials.created")),
            ("credentials_refreshed", Some("credentials.refreshed")),
            ("Credentials.Updated", Some("credentials.updated")),
            ("credential_create", Some("credentials.created")),
            (
                "payments.transaction.created",
                Some("payments.transaction_created"),
            ),
            ("invoice.paid", None),
            ("", None),
        ];
        for (name, meant) in table {
            assert_eq!(nearest(name), meant, "{name}");
        }
        assert_eq!(nearest(&"credentials.created".repeat(9)), None);
    }
}
