//! `listen`: which requests are taken, and how the others are refused.

use crate::support::{Listener, notification};

#[test]
fn a_notification_is_recorded_on_any_path() {
    let mut listener = Listener::start([]);
    let answer = listener.post("/any/path?x=1", &[], notification());
    assert_eq!(answer.status, 200);
    let seen = listener.next("notification");
    assert_eq!(seen["target"], "/any/path?x=1");
    assert_eq!(seen["valid"], true, "{seen:#}");
    listener.interrupt();
    let output = listener.finish();
    assert_eq!(output.code(), Some(0));
    assert_eq!(output.json().last().unwrap()["received"], 1);
}
