//! What notifications have told of a credential or a job: whose it is, and which pages of its lists they named.

use super::call::Call;
use super::object_id::{MOST_ITEMS, ObjectId, of_catalogue};
use super::page::MOST;
use crate::domain::json::Value;
use crate::domain::notification::{EventView, PayloadFields};

/// The longest `id_external` that is repeated in every item.
const LONGEST_EXTERNAL: usize = 256;

/// What is known of a credential or a job. Whatever is not is made up from its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    id_user: Option<String>,
    id_external: Option<String>,
    id_environment: Option<String>,
    id_site: Option<String>,
    id_site_organization: Option<String>,
    id_site_organization_type: Option<String>,
    accounts: Named,
    transactions: Named,
    attachments: Named,
    documents: Named,
}

/// The pages of one list that notifications named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// `limit` and `skip` of the last page.
    last: Option<(u64, u64)>,
}

impl Named {
    fn add(&mut self, limit: u64, skip: u64) {
        let is_further = self.last.is_none_or(|(_, last)| skip >= last);
        if is_further && (1..=MOST).contains(&limit) && skip < MOST_ITEMS - MOST {
            self.last = Some((limit, skip));
        }
    }

    /// How many items there are: every page that was named is full but the last, and in that is something. `usual` is
    /// the last page where none was named.
    pub(super) fn count(self, usual: (u64, u64), chance: u64) -> u64 {
        let (limit, skip) = self.last.unwrap_or(usual);
        skip + 1 + chance % limit.saturating_sub(1).max(1)
    }

    /// Whether there is more than one page.
    pub(super) fn has_more(self) -> bool {
        self.last.is_some_and(|(_, skip)| skip > 0)
    }
}

impl Known {
    /// What an event of the current generation tells.
    pub(super) fn of_event(event: &EventView<'_, '_>) -> Self {
        let mut known = Self::of_payload(&event.fields);
        known.id_environment = id(event.id_environment);
        known.id_user = known.id_user.or_else(|| id(event.id_user));
        known.id_external = known.id_external.or_else(|| external(event.id_external));
        known
    }

    /// What a bare payload tells.
    pub(super) fn of_payload(fields: &PayloadFields<'_, '_>) -> Self {
        let find = |wanted: &str| {
            let mut ids = fields.ids();
            ids.find_map(|(name, value)| if name == wanted { id(value) } else { None })
        };
        Self {
            id_user: id(fields.id_user),
            id_external: external(fields.id_external),
            id_site: find("id_site"),
            id_site_organization: find("id_site_organization"),
            id_site_organization_type: find("id_site_organization_type"),
            ..Self::default()
        }
    }

    /// Notes a path that a notification named.
    pub(super) fn add(&mut self, call: &Call) {
        let list = match call.path().as_slice() {
            ["v1", "accounts"] => &mut self.accounts,
            ["v1", "transactions"] => &mut self.transactions,
            ["v1", "attachments"] | ["v1", "attachments", "export"] => &mut self.attachments,
            ["v1", "documents"] => &mut self.documents,
            _ => return,
        };
        let number = |name| call.number(name).ok().flatten();
        list.add(number("limit").unwrap_or(MOST), number("skip").unwrap_or(0));
    }

    /// Takes over what a later notification tells.
    pub(super) fn update(&mut self, later: &Self) {
        let take = |here: &mut Option<String>, there: &Option<String>| {
            if there.is_some() {
                here.clone_from(there);
            }
        };
        take(&mut self.id_user, &later.id_user);
        take(&mut self.id_external, &later.id_external);
        take(&mut self.id_environment, &later.id_environment);
        take(&mut self.id_site, &later.id_site);
        take(&mut self.id_site_organization, &later.id_site_organization);
        take(
            &mut self.id_site_organization_type,
            &later.id_site_organization_type,
        );
    }

    pub(super) fn accounts(&self) -> Named {
        self.accounts
    }

    pub(super) fn transactions(&self) -> Named {
        self.transactions
    }

    pub(super) fn attachments(&self) -> Named {
        self.attachments
    }

    pub(super) fn documents(&self) -> Named {
        self.documents
    }
}

/// Whose an item is.
#[derive(Clone)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Owner {
    pub(super) id_user: String,
    pub(super) id_external: String,
    pub(super) id_environment: String,
    pub(super) id_site: String,
    pub(super) id_site_organization: String,
    pub(super) id_site_organization_type: String,
}

/// Sandbox: whatever is made up is no real data.
const SANDBOX: &str = "574894bf7848066d138b4570";

impl Owner {
    /// What is known, and for the rest what the id leads to.
    pub(super) fn new(id: &ObjectId, known: &Known) -> Self {
        let known_or = |known: &Option<String>, purpose: &str| {
            known.clone().unwrap_or_else(|| id.relative(purpose))
        };
        let or_catalogue = |known: &Option<String>, name: &str| {
            known.clone().unwrap_or_else(|| of_catalogue(name))
        };
        Self {
            id_user: known_or(&known.id_user, "user"),
            id_external: known.id_external.clone().unwrap_or_default(),
            id_environment: known
                .id_environment
                .as_deref()
                .unwrap_or(SANDBOX)
                .to_owned(),
            id_site: or_catalogue(&known.id_site, "site"),
            id_site_organization: or_catalogue(&known.id_site_organization, "organization"),
            id_site_organization_type: or_catalogue(
                &known.id_site_organization_type,
                "organization type",
            ),
        }
    }
}

fn id(value: Option<Value<'_, '_>>) -> Option<String> {
    let text = value.and_then(Value::as_str)?;
    ObjectId::parse(text).map(|id| id.as_str().to_owned())
}

fn external(value: Option<Value<'_, '_>>) -> Option<String> {
    let text = value.and_then(Value::as_str);
    text.filter(|text| text.len() <= LONGEST_EXTERNAL)
        .map(str::to_owned)
}
