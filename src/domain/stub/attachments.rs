//! `/v1/attachments`.
//!
//! Source of the names: `go/models/attachment.go` of `Paybook/sync-code-samples` and the README of Paybook's PHP library.

use serde::Serialize;

use super::file;
use super::object_id::{ObjectId, of_catalogue};
use super::page::{MOST, Window};
use super::transactions::Transactions;

/// The attachments of a credential: one for each transaction from the first on, then a second one, and so on.
pub(super) struct Attachments<'a> {
    transactions: &'a Transactions<'a>,
    count: u64,
    seed: u64,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(super) struct Attachment {
    id_attachment: String,
    pub(super) id_account: String,
    id_user: String,
    id_external: String,
    id_attachment_type: String,
    pub(super) id_transaction: String,
    is_valid: u8,
    file: String,
    mime: &'static str,
    url: String,
    keywords: Option<()>,
    dt_refresh: u64,
}

/// An attachment as its transaction has it.
#[derive(Serialize)]
pub(super) struct Brief {
    id_attachment: String,
    file: String,
    url: String,
}

impl<'a> Attachments<'a> {
    /// Where no notification named pages, there are two, as `trigger` names them.
    pub(super) fn new(transactions: &'a Transactions<'a>) -> Self {
        let seed = transactions.credential().seed("attachments");
        Self {
            transactions,
            count: transactions.named_attachments().count((MOST, MOST), seed),
            seed,
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Those of the transaction in this place.
    pub(super) fn of_transaction(&self, transaction: u64) -> Vec<Brief> {
        let step = usize::try_from(self.transactions.count().max(1)).unwrap_or(usize::MAX);
        let places = (transaction..self.count).step_by(step);
        places
            .map(|index| {
                let id = self.id(index);
                Brief {
                    file: file::name(&id),
                    url: url(&id),
                    id_attachment: id,
                }
            })
            .collect()
    }

    pub(super) fn item(&self, index: u64, window: Window) -> Attachment {
        let transaction = index % self.transactions.count().max(1);
        let (id_transaction, id_account) = self.transactions.reference(transaction);
        let owner = self.transactions.owner();
        let id = self.id(index);
        Attachment {
            id_account,
            id_user: owner.id_user.clone(),
            id_external: owner.id_external.clone(),
            id_attachment_type: of_catalogue("XML"),
            id_transaction,
            is_valid: 1,
            file: file::name(&id),
            mime: file::INVOICE_TYPE,
            url: url(&id),
            keywords: None,
            dt_refresh: window.refreshed(),
            id_attachment: id,
        }
    }

    fn id(&self, index: u64) -> String {
        let credential: &ObjectId = self.transactions.credential();
        credential.item(self.seed, index)
    }
}

/// Where the file is, below `/v1`.
fn url(id: &str) -> String {
    format!("/attachments/{id}")
}
