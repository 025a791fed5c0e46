//! A notification with unusual white space is not accepted.
//!
//! ## What it sends
//! A notification that is indented with tabs, begins with spaces and ends with line breaks, with its keys in another
//! order than usual; the token covers exactly these bytes.
//!
//! ## Why
//! JSON means the same however it is spaced. An endpoint that parses the body, writes it again and compares the
//! digest of that refuses whatever its own serialiser would have written otherwise.
//!
//! ## What a right endpoint answers
//! 2xx.
//!
//! ## Remedy
//! Verify against the raw bytes that arrived, and parse them afterwards: `express.raw()`, `request.get_data()`.

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::domain::harden::{Attack, Check, Expect, Forge, Unarmed};

pub(super) const CHECK: Check = Check::new(
    "H207",
    "odd-spacing",
    Expect::Accept,
    include_str!("odd_spacing.rs"),
    plan,
);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let body = odd(&forge.plain());
    Ok(forge.right(body)?.into())
}

/// The same JSON with much space.
fn odd(body: &[u8]) -> Vec<u8> {
    let mut text = b" \r\n ".to_vec();
    let formatter = PrettyFormatter::with_indent(b"\t ");
    let notification: Value = serde_json::from_slice(body).unwrap_or_default();
    // Writing to memory cannot fail, and what is half written would be told as malformed.
    let _ = notification.serialize(&mut Serializer::with_formatter(&mut text, formatter));
    text.extend_from_slice(b" \r\n\n");
    text
}
