//! A new identity for an old notification, every other byte untouched.

use std::collections::HashMap;
use std::ops::Range;

use fastrand::Rng;
use jiff::Timestamp;

use super::uuid;
use crate::domain::json::{Kind, Spot, SyntaxError, Value, locate};
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
    let mut change = |value: Value<'_, '_>, text| changes.push((Spot::value(value), text));
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
    changes.sort_unstable();
    let (spots, texts): (Vec<_>, Vec<_>) = changes.into_iter().unzip();
    let mut spans = Vec::with_capacity(spots.len());
    locate(notification.document(), &spots, &mut |_, span| {
        spans.push(span);
    });
    Ok(splice(
        body,
        notification.byte_order_mark(),
        spans.into_iter().zip(texts),
    ))
}

/// Replaces what stands between the quotes of each span; spans are sorted and counted from `shift`.
fn splice(
    body: &[u8],
    shift: usize,
    changes: impl Iterator<Item = (Range<usize>, String)>,
) -> Vec<u8> {
    let mut spliced = Vec::with_capacity(body.len() + 64);
    let mut copied = 0;
    for (span, text) in changes {
        let (start, end) = (shift + span.start + 1, shift + span.end - 1);
        spliced.extend_from_slice(body.get(copied..start).unwrap_or_default());
        spliced.extend_from_slice(text.as_bytes());
        copied = end;
    }
    spliced.extend_from_slice(body.get(copied..).unwrap_or_default());
    spliced
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
