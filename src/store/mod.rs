//! The history: every notification with its request, its deliveries and their attempts, in one SQLite file.
//!
//! The only place that knows the database. A `Store` takes what `listen` and `replay` have to keep: whatever waits shares
//! one transaction, and is answered after its commit. A `History` reads, page by page, beside any number of writers.
//!
//! No table has an index over random ids: everything is added at the end of its table, so the millionth notification
//! costs what the first one did. What is looked for by `rid` or `eid` is looked for from end to end.

mod committer;
mod database;
mod entry;
mod error;
mod history;
mod migrations;
mod owner;
mod prune;
mod row;
mod run;
mod tables;
mod writer;

pub(crate) use self::committer::{Committer, Store, Turn, open};
pub use self::database::{Durability, Location};
pub(crate) use self::entry::{Attempted, Entry, Kept, Page, Parked, Replayed, Resumed};
pub(crate) use self::error::StoreError;
pub(crate) use self::history::{Checkup, History, Order, Recorded};
pub(crate) use self::prune::{Plan, Pruner};
