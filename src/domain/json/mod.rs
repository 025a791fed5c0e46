//! JSON as this program needs it: read once, never re-encoded, every finding traceable to its place in the text.
//!
//! Owns the tape, the raw walk, places, edits and the explanation of broken text. Refuses to know what a notification is; the
//! parsing itself is `serde_json`'s.

mod beginning;
mod document;
mod edit;
mod explanation;
mod locate;
mod position;
mod raw;
mod syntax;
mod value;

pub use document::{Document, Tape};
pub use edit::edit;
pub use locate::{Part, Spot, locate, span_of};
pub use position::{Place, Places};
pub use raw::{elements, members};
pub use syntax::{SyntaxError, read_text};
pub use value::{Items, Kind, Members, Value};
