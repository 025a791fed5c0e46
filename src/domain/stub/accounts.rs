//! `/v1/accounts`.
//!
//! Source of the names: `go/models/account.go` of `Paybook/sync-code-samples` and the README of Paybook's PHP library.

use serde::Serialize;
use serde_json::value::RawValue;

use super::known::{Known, Owner};
use super::object_id::{ObjectId, of_catalogue};
use super::page::{MOST, Window};

/// The accounts of a credential.
pub(super) struct Accounts<'a> {
    credential: &'a ObjectId,
    owner: Owner,
    count: u64,
    seed: u64,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Account {
    pub(super) id_account: String,
    pub(super) id_account_type: String,
    id_currency: String,
    id_user: String,
    id_external: String,
    id_credential: String,
    id_site: String,
    id_site_organization: String,
    id_site_organization_type: String,
    is_disable: u8,
    name: String,
    number: String,
    balance: Box<RawValue>,
    site: Site,
    currency: &'static str,
    pub(super) account_type: &'static str,
    dt_refresh: u64,
}

#[derive(Serialize)]
struct Site {
    id_site: String,
    name: &'static str,
}

/// The kinds of account, in turn.
const TYPES: [&str; 3] = ["Checking", "Savings", "Credit Card"];

/// The kind of the account in this place.
fn type_of(index: u64) -> &'static str {
    let turn = usize::try_from(index % TYPES.len() as u64).unwrap_or_default();
    TYPES.get(turn).copied().unwrap_or_default()
}

/// What all accounts and transactions are in.
pub(super) const CURRENCY: &str = "MXN";

impl<'a> Accounts<'a> {
    pub(super) fn new(credential: &'a ObjectId, known: &Known) -> Self {
        let seed = credential.seed("accounts");
        let few = 2 + seed % 3;
        let named = known.accounts();
        let count = if named.has_more() {
            named.count((MOST, 0), seed)
        } else {
            few
        };
        Self {
            credential,
            owner: Owner::new(credential, known),
            count,
            seed,
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The id of the account in this place, and its kind.
    pub(super) fn reference(&self, index: u64) -> (String, &'static str) {
        (self.credential.item(self.seed, index), type_of(index))
    }

    pub(super) fn item(&self, index: u64, window: Window) -> Account {
        let mut chance = ObjectId::item_chance(self.seed, index);
        let (id_account, account_type) = self.reference(index);
        let owner = self.owner.clone();
        Account {
            id_account,
            id_account_type: of_catalogue(account_type),
            id_currency: of_catalogue(CURRENCY),
            id_user: owner.id_user,
            id_external: owner.id_external,
            id_credential: self.credential.as_str().to_owned(),
            id_site: owner.id_site.clone(),
            id_site_organization: owner.id_site_organization,
            id_site_organization_type: owner.id_site_organization_type,
            is_disable: 0,
            name: format!("Sample {account_type} {}", index + 1),
            number: format!("**********{:04}", chance.u16(..10_000)),
            balance: money(chance.i64(-100_000..5_000_000)),
            site: Site {
                id_site: owner.id_site,
                name: "Sample Bank",
            },
            currency: CURRENCY,
            account_type,
            dt_refresh: window.refreshed(),
        }
    }
}

/// An amount of so many cents, always with two decimals.
pub(super) fn money(cents: i64) -> Box<RawValue> {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    let digits = format!("{sign}{}.{:02}", cents / 100, cents % 100);
    RawValue::from_string(digits).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
