//! What a value is taken for, by the name that it stands under.

/// What the values under a name are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing in particular.
    Text,
    /// An id of a user, a credential, a job, a request or an event.
    Id,
    /// An id of Syncfy's public catalogue of sites.
    Catalogue,
    /// What grants access.
    Secret,
    /// Paths of the API.
    Endpoint,
}

/// The catalogue of sites (banks, authorities) and of their organisations is the same for every customer and open to
/// all: such an id names no user, and a notification that was shared to be examined is of little use without it.
/// Types of jobs are not documented to be such a catalogue, and are taken for private.
const CATALOGUE: [&str; 3] = [
    "id_site",
    "id_site_organization",
    "id_site_organization_type",
];

/// The ends of words that name a secret, also where words are run together: `accesstoken`.
const SECRET_ENDS: [&str; 7] = [
    "token",
    "secret",
    "password",
    "passwd",
    "signature",
    "apikey",
    "jwt",
];

/// Further words that name a secret where they stand alone in a header or a query: `x-api-key`, `sig`.
const SECRET_WORDS: [&str; 13] = [
    "auth",
    "authorization",
    "authentication",
    "cookie",
    "cookie2",
    "credential",
    "credentials",
    "hmac",
    "key",
    "pass",
    "pwd",
    "session",
    "sig",
];

/// The role of a member of a JSON object.
pub(super) fn of_member(name: &str) -> Role {
    let name = name.to_ascii_lowercase();
    if CATALOGUE.contains(&name.as_str()) {
        Role::Catalogue
    } else if is_id(&name) {
        Role::Id
    } else if name == "endpoints" {
        Role::Endpoint
    } else if has_secret_end(&name) || name.ends_with("api_key") || name.ends_with("private_key") {
        Role::Secret
    } else {
        Role::Text
    }
}

/// The role of a parameter of a query.
pub(super) fn of_parameter(name: &str) -> Role {
    match of_member(name) {
        Role::Text | Role::Endpoint if is_secret(name) => Role::Secret,
        Role::Endpoint => Role::Text,
        role => role,
    }
}

/// `id_*` is how Syncfy names ids; the payments payloads have a free shape, so other usual names count too.
fn is_id(name: &str) -> bool {
    matches!(name, "rid" | "eid" | "id" | "_id") || name.starts_with("id_") || name.ends_with("_id")
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    has_secret_end(&name) || words(&name).any(|word| SECRET_WORDS.contains(&word))
}

fn has_secret_end(name: &str) -> bool {
    words(name).any(|word| SECRET_ENDS.iter().any(|end| word.ends_with(end)))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|character: char| !character.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_have_their_roles() {
        for (name, role) in [
            ("rid", Role::Id),
            ("id_job_uuid", Role::Id),
            ("ID_USER", Role::Id),
            ("transaction_id", Role::Id),
            ("id_token", Role::Id),
            ("id_site", Role::Catalogue),
            ("id_site_other", Role::Id),
            ("endpoints", Role::Endpoint),
            ("access_token", Role::Secret),
            ("accessToken", Role::Secret),
            ("api_key", Role::Secret),
            ("key", Role::Text),
            ("credential", Role::Text),
            ("paid", Role::Text),
            ("is_executing", Role::Text),
        ] {
            assert_eq!(of_member(name), role, "{name}");
        }
        assert_eq!(of_parameter("key"), Role::Secret);
        assert_eq!(of_parameter("id_credential"), Role::Id);
        assert_eq!(of_parameter("endpoints"), Role::Text);
        assert_eq!(of_parameter("skip"), Role::Text);
    }
}
