//! Files: captures that are saved, and sources of notifications that are read.

mod draft;
mod folder;
mod source;
mod texts;
mod write;

pub(crate) use self::draft::Draft;
pub(crate) use self::folder::Folder;
pub use self::source::Source;
pub(crate) use self::source::{Item, STDIN, SourceError, check, folder, is_notification, items};
pub(crate) use self::texts::Pace;
pub(crate) use self::write::{is_special, write, write_new};
