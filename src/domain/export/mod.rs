//! Notifications in the formats of other tools, one file each.
//!
//! Refuses to know which notifications are meant and where the text goes. The program's own format is `capture`'s, the
//! shell command is `curl`'s.

pub mod har;
pub mod hurl;
