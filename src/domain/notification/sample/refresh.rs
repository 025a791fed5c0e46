//! A new identity for an old notification, every other byte untouched.

use std::collections::HashMap;

use fastrand::Rng;
use jiff::Timestamp;

use super::uuid;
use crate::domain::json::{Kind, Spot, SyntaxError, edit};
use crate::domain::notification::{Notification, time};

/// Gives a notification a new `rid`, new `eid`s (the same for the same) and the time `at`, by replacing just these
/// strings; whatever is missing or no string stays as it is, so V1 comes back unchanged.
///
/// # Errors
/// A body that is not JSON.
pub fn refresh(body: &[u8], random: &mut Rng, at: Timestamp) -> Result<Vec<u8>, SyntaxError> {
    let notification = Notification::read(body)?;
    let mut fresh_eids = HashMap::new();
    let mut changes: Vec<(Spot, String)> = Vec::new();
    // A UUID and a time need no escapes.
    let mut change =
        |value, text: String| changes.push((Spot::value(value), format!("\"{text}\"")));
    if let Some(rid) = notification
        .root()
        .get("rid")
        .filter(|rid| rid.kind() == Kind::String)
    {
        change(rid, uuid(random));
    }
    for event in notification.events() {
        if let Some((value, eid)) = event.eid.zip(event.eid_str()) {
            change(
                value,
                fresh_eids
                    .entry(eid)
                    .or_insert_with(|| uuid(random))
                    .clone(),
            );
        }
        if let Some(value) = event.at.filter(|at| at.kind() == Kind::String) {
            change(value, time::format(at));
        }
    }
    let edited = edit(notification.document(), changes);
    let mark = body.get(..notification.byte_order_mark());
    Ok([mark.unwrap_or_default(), edited.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(body: &str) -> String {
        let at = time::parse("2030-01-02 03:04:05.000006+0000").unwrap();
        String::from_utf8(refresh(body.as_bytes(), &mut Rng::with_seed(1), at).unwrap()).unwrap()
    }

    #[test]
    fn replaces_just_three_strings() {
        let body = "\u{feff}{ \"rid\" : \"old\\u0041\",\"events\":[ {\"header\":{\"event\":{\"eid\":\"e1\",\"at\":\"x\"}},\"payload\":{\"eid\":\"e1\",\"n\":251.63999999999999}},\n{\"header\":{\"event\":{\"eid\":\"e1\"}}}] }\n";
        let fresh = fresh(body);
        let notification = Notification::read(fresh.as_bytes()).unwrap();
        let outline = notification.outline();
        let (rid, eid) = (outline.rid.unwrap(), outline.events[0].eid.clone().unwrap());
        assert_ne!(rid, eid);
        assert_eq!(outline.events[1].eid.as_ref(), Some(&eid));
        let expected = body
            .replace("old\\u0041", &rid)
            .replace(
                "\"eid\":\"e1\",\"at\":\"x\"",
                &format!("\"eid\":\"{eid}\",\"at\":\"2030-01-02 03:04:05.000006+0000\""),
            )
            .replace("{\"eid\":\"e1\"}}}", &format!("{{\"eid\":\"{eid}\"}}}}}}"));
        assert_eq!(fresh, expected);
    }

    #[test]
    fn leaves_the_rest_alone() {
        for body in [
            "{}",
            "[1, 2 ]",
            r#"{"event":"refresh"}"#,
            r#"{"rid":7,"events":[{"header":{"event":{"eid":null}}}]}"#,
        ] {
            assert_eq!(fresh(body), body);
        }
        assert!(refresh(b"{", &mut Rng::with_seed(1), Timestamp::UNIX_EPOCH).is_err());
    }
}
