//! `/v1/transactions`.
//!
//! Source of the names: `go/models/transaction.go` of `Paybook/sync-code-samples` and the README of Paybook's PHP library.
//! What is in an item of `attachments` is made up of names that attachments themselves have.

use serde::Serialize;
use serde_json::value::RawValue;

use super::accounts::{Accounts, CURRENCY, money};
use super::attachments::{Attachments, Brief};
use super::known::{Known, Named, Owner};
use super::object_id::{ObjectId, of_catalogue};
use super::page::{MOST, Window};

/// The transactions of a credential, the newest first.
pub(super) struct Transactions<'a> {
    credential: &'a ObjectId,
    accounts: Accounts<'a>,
    owner: Owner,
    count: u64,
    seed: u64,
    attachments: Named,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Transaction {
    pub(super) id_transaction: String,
    pub(super) id_account: String,
    id_account_type: String,
    id_credential: String,
    id_currency: String,
    id_external: String,
    id_site: String,
    id_site_organization: String,
    id_site_organization_type: String,
    id_user: String,
    is_account_disable: u8,
    is_deleted: u8,
    is_disable: u8,
    is_pending: u8,
    description: String,
    amount: Box<RawValue>,
    currency: &'static str,
    account_type: &'static str,
    attachments: Vec<Brief>,
    extra: Option<()>,
    reference: Option<()>,
    keywords: Option<()>,
    dt_transaction: u64,
    dt_refresh: u64,
    dt_disable: Option<()>,
    dt_deleted: Option<()>,
}

/// What transactions are for: income where it comes first, else expense.
const PURPOSES: [&str; 8] = [
    "SALARY",
    "TRANSFER RECEIVED",
    "GROCERIES",
    "RENT",
    "FUEL",
    "RESTAURANT",
    "PHONE BILL",
    "TRANSFER SENT",
];

/// So many purposes are income.
const INCOME: usize = 2;

/// The time between two transactions, in seconds.
const STEP: u64 = 600;

impl<'a> Transactions<'a> {
    /// Where no notification named pages, there are six, as `trigger` names them.
    pub(super) fn new(credential: &'a ObjectId, known: &Known) -> Self {
        let seed = credential.seed("transactions");
        Self {
            credential,
            accounts: Accounts::new(credential, known),
            owner: Owner::new(credential, known),
            count: known.transactions().count((MOST, 5 * MOST), seed),
            seed,
            attachments: known.attachments(),
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn credential(&self) -> &'a ObjectId {
        self.credential
    }

    pub(super) fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The pages of attachments that were named.
    pub(super) fn named_attachments(&self) -> Named {
        self.attachments
    }

    /// The ids of the transaction in this place and of its account.
    pub(super) fn reference(&self, index: u64) -> (String, String) {
        let account = self.account(index);
        let (id_account, _) = self.accounts.reference(account);
        (self.credential.item(self.seed, index), id_account)
    }

    fn account(&self, index: u64) -> u64 {
        ObjectId::item_chance(self.seed, index).u64(..self.accounts.count().max(1))
    }

    pub(super) fn item(&self, index: u64, window: Window) -> Transaction {
        let mut chance = ObjectId::item_chance(!self.seed, index);
        let purpose = chance.usize(..PURPOSES.len());
        let cents = chance.i64(100..2_000_000);
        let (id_account, account_type) = self.accounts.reference(self.account(index));
        let owner = self.owner.clone();
        let step = index.saturating_mul(STEP) + chance.u64(..STEP);
        Transaction {
            id_transaction: self.credential.item(self.seed, index),
            id_account,
            id_account_type: of_catalogue(account_type),
            id_credential: self.credential.as_str().to_owned(),
            id_currency: of_catalogue(CURRENCY),
            id_external: owner.id_external,
            id_site: owner.id_site,
            id_site_organization: owner.id_site_organization,
            id_site_organization_type: owner.id_site_organization_type,
            id_user: owner.id_user,
            is_account_disable: 0,
            is_deleted: 0,
            is_disable: 0,
            is_pending: u8::from(index < 3),
            description: format!(
                "SAMPLE {} {:06}",
                PURPOSES.get(purpose).copied().unwrap_or_default(),
                chance.u32(..1_000_000)
            ),
            amount: money(if purpose < INCOME { cents } else { -cents }),
            currency: CURRENCY,
            account_type,
            attachments: Attachments::new(self).of_transaction(index),
            extra: None,
            reference: None,
            keywords: None,
            dt_transaction: self.credential.second().saturating_sub(step),
            dt_refresh: window.refreshed(),
            dt_disable: None,
            dt_deleted: None,
        }
    }
}
