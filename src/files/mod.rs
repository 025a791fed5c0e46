//! Files: captures that are saved, and sources of notifications that are read.

mod folder;
mod write;

pub(crate) use self::folder::Folder;
pub(crate) use self::write::write;
