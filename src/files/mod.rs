//! Files: captures that are saved, and sources of notifications that are read.

mod backlog;
mod draft;
mod edit;
mod folder;
mod meter;
mod rewrite;
mod source;
mod texts;
mod write;

pub(crate) use self::backlog::Backlog;
pub(crate) use self::draft::Draft;
pub(crate) use self::edit::edit;
pub(crate) use self::folder::Folder;
pub(crate) use self::meter::Meter;
pub(crate) use self::rewrite::{Rewrite, Spool};
pub use self::source::Source;
pub(crate) use self::source::{
    Item, STDIN, SourceError, batches, check, expand, folder, is_notification, items, size,
};
pub(crate) use self::texts::{Batch, Pace};
pub(crate) use self::write::{is_special, probe_file, take_back, write, write_new};
