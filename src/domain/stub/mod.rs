//! What a handler pulls after a notification: answers of Syncfy's API, made up but coherent.
//!
//! A notification is only a signal; its `endpoints` name paths that the handler then fetches. Here these paths lead to
//! synthetic data, so that a handler runs to its end offline.
//!
//! What is known: the paths and their parameters `id_credential`, `dt_refresh_from`, `dt_refresh_to`, `limit`, `skip` and
//! `id_job_webhook` from the documented notifications; the names of the fields and the envelope (`rid`, `code`, `errors`,
//! `status`, `message`, `response`) from Paybook's public samples (`go/models` of `Paybook/sync-code-samples`) and the
//! README of its PHP library. What is made up, because no public source tells it: every value, how many items there are,
//! that `/v1/credentials/{id}` answers with a list of one, that `/v1/attachments/export` answers as `/v1/attachments`
//! does, and what is said of a bad request.
//!
//! An item depends on the ids in the path and on its place in the list alone: the same bytes on every machine and on
//! every day, however the pages are cut. Only `dt_refresh` follows the window that was asked for, and the ids of the user
//! and the site are those of the notification that named them, once there is one.

mod accounts;
mod attachments;
mod call;
mod credential;
mod documents;
mod envelope;
mod file;
mod known;
mod notified;
mod object_id;
mod page;
mod transactions;

use serde::Serialize;
use serde_json::json;

pub use self::call::Call;
pub use self::known::Known;
pub use self::notified::{Endpoint, Notified};

use self::accounts::Accounts;
use self::attachments::Attachments;
use self::credential::Credential;
use self::documents::Documents;
use self::object_id::ObjectId;
use self::page::{Page, Window};
use self::transactions::Transactions;
use super::headers::Header;
use super::reply::Answer;

/// What a call is answered, and how much that is.
pub struct Served {
    /// The answer.
    pub answer: Answer,
    /// How many items are in it, where it is a list.
    pub items: Option<u64>,
}

/// Why a call gets no data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("the stub answers GET and HEAD; this was {0}")]
    Method(String),
    #[error("the stub knows no such path")]
    Path,
    #[error("`{0}` is missing")]
    Missing(&'static str),
    #[error("`{0}` is given more than once")]
    Repeated(&'static str),
    #[error("`{0}` is no id of 24 hexadecimal digits")]
    Id(&'static str),
    #[error("`limit` is a whole number from 1 to {most}", most = page::MOST)]
    Limit,
    #[error("`{0}` is a whole number from 0")]
    Number(&'static str),
}

impl Problem {
    fn status(&self) -> u16 {
        match self {
            Self::Method(_) => 405,
            Self::Path => 404,
            _ => 400,
        }
    }
}

/// Answers a call. `known` is what notifications have told of the credential or the job that it is about.
#[must_use]
pub fn answer(method: &str, call: &Call, known: &Known) -> Served {
    let served = if matches!(method, "GET" | "HEAD") {
        serve(call, known)
    } else {
        Err(Problem::Method(method.to_owned()))
    };
    served.unwrap_or_else(|problem| {
        let mut answer = envelope::failure(call, problem.status(), &problem.to_string());
        if problem.status() == 405 {
            answer.headers.push(Header::new("allow", "GET, HEAD"));
        }
        Served {
            answer,
            items: None,
        }
    })
}

fn serve(call: &Call, known: &Known) -> Result<Served, Problem> {
    match call.path().as_slice() {
        ["v1", "credentials", id] => {
            let id = ObjectId::parse(id).ok_or(Problem::Id("id_credential"))?;
            let window = Window::of(call, &id)?;
            Ok(list(call, &[Credential::new(&id, known, window)]))
        }
        ["v1", "documents"] => {
            let id = call.id("id_job_webhook")?;
            let id = id.ok_or(Problem::Missing("id_job_webhook"))?;
            let documents = Documents::new(&id, known);
            let page = Page::of(call)?.of_count(documents.count());
            let items: Vec<_> = page.map(|index| documents.item(index)).collect();
            Ok(list(call, &items))
        }
        ["v1", "attachments", "export" | "count"] => of_credential(call, known),
        ["v1", "attachments", id] => {
            let id = ObjectId::parse(id).ok_or(Problem::Id("id_attachment"))?;
            Ok(Served {
                answer: file::invoice(&id),
                items: None,
            })
        }
        ["v1", "accounts" | "transactions" | "attachments"] | ["v1", "transactions", "count"] => {
            of_credential(call, known)
        }
        _ => Err(Problem::Path),
    }
}

/// Answers what belongs to a credential that a parameter names.
fn of_credential(call: &Call, known: &Known) -> Result<Served, Problem> {
    let id = call.id("id_credential")?;
    let id = &id.ok_or(Problem::Missing("id_credential"))?;
    let window = Window::of(call, id)?;
    let page = Page::of(call)?;
    let filter = Filter::of(call)?;
    let accounts = Accounts::new(id, known);
    let transactions = Transactions::new(id, known);
    let attachments = Attachments::new(&transactions);
    let count = |count| if window.is_empty() { 0 } else { count };
    Ok(match call.path().as_slice() {
        ["v1", "accounts"] => {
            let item = |index| {
                let item = accounts.item(index, window);
                filter.takes(&item.id_account, None).then_some(item)
            };
            filter.page(call, page, count(accounts.count()), item)
        }
        ["v1", "transactions"] => {
            let item = |index| {
                let item = transactions.item(index, window);
                let is_taken = filter.takes(&item.id_account, Some(&item.id_transaction));
                is_taken.then_some(item)
            };
            filter.page(call, page, count(transactions.count()), item)
        }
        ["v1", "transactions", "count"] => counted(call, count(transactions.count())),
        ["v1", "attachments", "count"] => counted(call, count(attachments.count())),
        _ => {
            let item = |index| {
                let item = attachments.item(index, window);
                let is_taken = filter.takes(&item.id_account, Some(&item.id_transaction));
                is_taken.then_some(item)
            };
            filter.page(call, page, count(attachments.count()), item)
        }
    })
}

/// The account and the transaction that a list is narrowed to.
struct Filter {
    account: Option<ObjectId>,
    transaction: Option<ObjectId>,
}

impl Filter {
    fn of(call: &Call) -> Result<Self, Problem> {
        Ok(Self {
            account: call.id("id_account")?,
            transaction: call.id("id_transaction")?,
        })
    }

    /// Whether an item of this account passes, and of this transaction where it is of one.
    fn takes(&self, account: &str, transaction: Option<&str>) -> bool {
        let is = |wanted: &Option<ObjectId>, id: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.as_str() == id)
        };
        is(&self.account, account) && transaction.is_none_or(|id| is(&self.transaction, id))
    }

    /// One page of a list; in the place of items that do not pass, those behind them move up.
    fn page<T: Serialize>(
        &self,
        call: &Call,
        page: Page,
        count: u64,
        item: impl Fn(u64) -> Option<T>,
    ) -> Served {
        let items: Vec<T> = if self.account.is_none() && self.transaction.is_none() {
            page.of_count(count).filter_map(item).collect()
        } else {
            let taken = (0..count).filter_map(item);
            taken.skip(page.skip_length()).take(page.limit()).collect()
        };
        list(call, &items)
    }
}

fn list<T: Serialize>(call: &Call, items: &[T]) -> Served {
    Served {
        answer: envelope::success(call, &items),
        items: Some(items.len() as u64),
    }
}

fn counted(call: &Call, count: u64) -> Served {
    Served {
        answer: envelope::success(call, &json!({ "count": count })),
        items: None,
    }
}

#[cfg(test)]
mod tests;
