//! `listen`: the file of the history, whatever it is, and wherever it is.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Answer, KEY, Port, Server, Store, Test, numbered, signed};

/// A history as the first version of the program left it.
const OLD: &[u8] = include_bytes!("fixtures/store/version-1.db");

/// What the old history holds that every version keeps.
fn kept(store: &Store) -> [Vec<Value>; 3] {
    [
        "SELECT id, received_at, rid, environment, version, events, verdict, reason, body_binding, valid, duplicate_of,
                answered, refused FROM notifications ORDER BY id",
        "SELECT id, method, target, headers, hex(body) FROM requests ORDER BY id",
        "SELECT notification, delivery, attempt, at, url, status, error, latency_ms, answer FROM attempts
         WHERE notification < 9 ORDER BY 1, 2, 3",
    ]
    .map(|sql| store.rows(sql))
}

/// The old history in a fresh folder, and what is in it.
fn old() -> (Test, [Vec<Value>; 3]) {
    let test = Test::new().file("h.db", OLD);
    let path = test.directory().join("h.db");
    let copy = test.directory().join("copy.db");
    fs::copy(&path, &copy).unwrap();
    let before = kept(&Store::open(&copy));
    fs::remove_file(copy).unwrap();
    assert_eq!(before.each_ref().map(Vec::len), [8, 8, 8]);
    (test, before)
}

#[test]
fn an_old_history_is_brought_forward() {
    let (test, before) = old();
    let path = test.directory().join("h.db");
    let port = Port::reserve();
    Store::open(&path).change(&format!(
        "UPDATE deliveries SET target = '{}' WHERE state = 'waiting';
         UPDATE notifications SET received_at = received_at + 1000 * (unixepoch() - received_at / 1000)",
        port.url()
    ));
    let target = port.serve();
    let mut listener = test.args(["--store", "h.db"]).listen();
    let attempts: Vec<Value> = (0..2)
        .map(|_| listener.next("delivery")["attempt"].clone())
        .collect();
    assert!(
        attempts.contains(&json!(2)),
        "attempts are counted on: {attempts:?}"
    );
    let output = listener.stop();
    assert_eq!(target.rest().len(), 2);
    let store = Store::open(output.directory().join("h.db"));
    store.check();
    assert_eq!(store.count("PRAGMA user_version"), 2);
    assert_eq!(
        store.count("SELECT count(*) FROM deliveries WHERE state = 'waiting'"),
        0
    );
    assert_eq!(store.count("SELECT sum(dropped) FROM notifications"), 0);
    let after = kept(&store);
    assert_eq!(after[1], before[1]);
    assert_eq!(after[0].len(), 8);
    let delivered = store.rows("SELECT notification, delivery, attempt, status FROM attempts WHERE notification > 5 AND delivery = 2");
    assert_eq!(
        delivered,
        [
            json!([6, 2, 1, null]),
            json!([6, 2, 2, 200]),
            json!([7, 2, 1, 200])
        ]
    );
}

#[test]
fn several_may_bring_it_forward_or_begin_it_at_once() {
    for is_old in [true, false] {
        let (test, before) = old();
        let path = test.directory().join("h.db");
        if !is_old {
            fs::remove_file(&path).unwrap();
        }
        let begun: Vec<_> = (0..6)
            .map(|_| {
                Test::new()
                    .args([
                        "listen",
                        "--json",
                        "--listen",
                        "127.0.0.1:0",
                        "--no-resume",
                        "--store",
                    ])
                    .arg(&path)
                    .spawn()
            })
            .collect();
        for mut running in begun {
            running.next("ready");
            running.interrupt();
            assert_eq!(running.finish().code(), Some(0));
        }
        let store = Store::open(&path);
        store.check();
        assert_eq!(store.count("PRAGMA user_version"), 2);
        if is_old {
            assert_eq!(kept(&store), before);
        }
    }
}

/// What `listen` says to a history that cannot be used. It must leave it as it is.
#[track_caller]
fn refused(bytes: &[u8]) -> String {
    let output = Test::new()
        .file("h.db", bytes)
        .args(["listen", "--listen", "127.0.0.1:0", "--store", "h.db"])
        .output();
    assert_eq!((output.code(), output.stdout().as_str()), (Some(2), ""));
    assert_eq!(output.file("h.db"), bytes, "nothing is overwritten");
    let names = fs::read_dir(output.directory()).unwrap();
    assert_eq!(names.count(), 1, "nothing is left beside it");
    let stderr = output.stderr();
    let mut lines = stderr.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    assert!(
        lines.all(|line| line.is_empty() || line.starts_with("hint: ")),
        "{stderr}"
    );
    first
}

#[test]
fn what_is_no_history_is_left_as_it_is() {
    assert_eq!(
        refused(&b"a text of some length, which is no database at all\n".repeat(40)),
        "error: `h.db` is not a history of syncfy-hooks"
    );
    let foreign = Test::new().file("f.db", "");
    let path = foreign.directory().join("f.db");
    Store::open(&path).change("CREATE TABLE mine (a); PRAGMA user_version = 1");
    assert_eq!(
        refused(&fs::read(path).unwrap()),
        "error: `h.db` is not a history of syncfy-hooks"
    );
}

#[test]
fn a_damaged_history_is_left_as_it_is() {
    let mut garbage = OLD.to_vec();
    garbage[100..1500].fill(0xa5);
    for damaged in [&garbage[..], &OLD[..OLD.len() / 2]] {
        let said = refused(damaged);
        assert!(
            said.starts_with("error: the history `h.db` is damaged: "),
            "{said}"
        );
    }
}

#[test]
fn a_newer_history_is_left_as_it_is() {
    let mut newer = OLD.to_vec();
    // `user_version`, in the head of every SQLite file.
    newer[60..64].copy_from_slice(&99u32.to_be_bytes());
    assert_eq!(
        refused(&newer),
        "error: the history `h.db` has format 99, and this version of `syncfy-hooks` knows formats up to 2"
    );
}

#[test]
fn a_place_that_cannot_hold_a_history_ends_it_at_once() {
    for (path, message) in [
        (".", "error: `.` is a folder, and the history is a file\n"),
        (
            "no/h.db",
            "error: cannot open the history `no/h.db`: No such file or directory (os error 2)\n",
        ),
        (
            "/dev/null",
            "error: `/dev/null` is no regular file, and the history needs one\n",
        ),
        #[cfg(target_os = "linux")]
        (
            "/proc/h.db",
            "error: cannot open the history `/proc/h.db`: No such file or directory (os error 2)\n",
        ),
    ] {
        let output = Test::new()
            .args(["listen", "--listen", "127.0.0.1:0", "--store", path])
            .output();
        assert_eq!(output.code(), Some(2));
        assert!(output.stderr().starts_with(message), "{}", output.stderr());
        assert_eq!(output.stderr().matches("hint: ").count(), 1);
    }
}

/// Whether rights on files mean nothing to this user.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn a_history_that_cannot_be_written_ends_it_at_once() {
    if is_root() {
        return;
    }
    for (file, folder) in [(0o400, 0o700), (0o600, 0o500)] {
        let test = Test::new()
            .file("sub/h.db", OLD)
            .args(["listen", "--store", "sub/h.db"]);
        let path = test.directory().join("sub/h.db");
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        set(&path, file);
        set(path.parent().unwrap(), folder);
        let output = test.output();
        set(path.parent().unwrap(), 0o700);
        assert_eq!(output.code(), Some(2));
        let message = "error: the history `sub/h.db` cannot be written to\n";
        assert!(output.stderr().starts_with(message), "{}", output.stderr());
        assert_eq!(fs::read(path).unwrap(), OLD);
    }
}

#[test]
fn the_history_is_for_its_owner_alone() {
    let listener = Test::new().listen();
    listener.post("/", &[], numbered(1, 1));
    let folder = listener
        .directory()
        .with_file_name("home")
        .join(".local/state/syncfy-hooks");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn an_empty_file_becomes_a_history_for_its_owner_alone() {
    let test = Test::new().file("h.db", "");
    let path = test.directory().join("h.db");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let listener = test.args(["--store", "h.db"]).listen();
    listener.post("/", &[], numbered(1, 1));
    // Its folder goes with what is left of it.
    let _output = listener.stop();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let store = Store::open(path);
    assert_eq!(store.count("SELECT count(*) FROM notifications"), 1);
}

#[test]
fn neither_home_nor_standard_input_is_needed() {
    let test = Test::new();
    let listener = test
        .args(["--store", "h.db", "--once"])
        .listen_through("unset HOME XDG_STATE_HOME XDG_CONFIG_HOME; exec \"$0\" \"$@\" <&-");
    assert_eq!(listener.post("/", &[], numbered(1, 1)).status, 200);
    assert_eq!(listener.finish().code(), Some(0));
}

#[test]
fn a_full_disk_is_told_and_survived() {
    let target = Server::start();
    let mut listener = Test::new()
        .args(["--store", "h.db", "-f", &target.url()])
        .listen();
    let post =
        |listener: &crate::support::Listener, number| listener.post("/", &[], numbered(number, 1));
    assert_eq!(post(&listener, 1).status, 200);
    assert_eq!(listener.next("delivery")["state"], "delivered");
    listener.limit_files(Some(1));
    for number in 2..5 {
        let answer = post(&listener, number);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (503, &json!("not-saved"))
        );
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
    assert_eq!(listener.next("warning")["code"], "not-saved");
    listener.limit_files(None);
    assert_eq!(post(&listener, 5).status, 200);
    assert_eq!(
        listener.next("warning")["code"],
        "recorded-again",
        "each is said once"
    );
    assert_eq!(post(&listener, 3).status, 200);
    for _ in 0..2 {
        assert_eq!(listener.next("delivery")["state"], "delivered");
    }
    let output = listener.stop();
    let store = Store::open(output.directory().join("h.db"));
    store.check();
    assert_eq!(
        store.rows("SELECT id, substr(rid, -1), duplicate_of FROM notifications"),
        [
            json!([1, "1", null]),
            json!([2, "5", null]),
            json!([3, "3", null])
        ]
    );
    assert_eq!(store.count("SELECT count(*) FROM attempts"), 3);
    assert_eq!(target.rest().len(), 3);
}

#[test]
fn repeats_are_dropped_only_when_nothing_in_them_is_new() {
    let target = Server::start();
    let args = [
        "--store",
        "h.db",
        "--duplicates",
        "drop",
        "--key-file",
        "key",
        "-f",
        &target.url(),
    ];
    let listener = Test::new().file("key", KEY).args(args).listen();
    let post = |listener: &crate::support::Listener, body: &str, key| {
        let (name, token) = signed(body, key);
        listener.post("/", &[(name, &token)], body).status
    };
    let first = numbered(1, 1);
    // A forged one must not stand in the way of the true one.
    assert_eq!(
        post(&listener, &first, "some-other-secret-of-32-bytes-long"),
        401
    );
    assert_eq!(post(&listener, &first, KEY), 200);
    assert_eq!(post(&listener, &first, KEY), 200);
    let mut mixed: Value = serde_json::from_str(&first).unwrap();
    let other: Value = serde_json::from_str(&numbered(2, 1)).unwrap();
    mixed["events"]
        .as_array_mut()
        .unwrap()
        .push(other["events"][0].clone());
    let mixed = mixed.to_string();
    assert_eq!(post(&listener, &mixed, KEY), 200);
    let output = listener.kill();
    let mut listener = output.then().args(args).listen();
    assert_eq!(post(&listener, &first, KEY), 200);
    assert_eq!(post(&listener, &mixed, KEY), 200);
    assert_eq!(post(&listener, &numbered(3, 1), KEY), 200);
    while listener.next("delivery")["id"] != 7 {}
    listener.stop();
    let store = Store::open(output.directory().join("h.db"));
    assert_eq!(
        store.rows("SELECT id, duplicate_of, dropped, refused FROM notifications"),
        [
            json!([1, null, 0, "bad-signature"]),
            json!([2, null, 0, null]),
            json!([3, 2, 1, null]),
            json!([4, 2, 0, null]),
            json!([5, 2, 1, null]),
            json!([6, 2, 1, null]),
            json!([7, null, 0, null]),
        ]
    );
    let made = store.rows("SELECT notification FROM deliveries ORDER BY 1");
    assert_eq!(made, [json!([2]), json!([4]), json!([7])]);
}

#[test]
fn a_repeat_of_what_the_target_did_not_take_is_not_dropped() {
    let target = Server::answering([Answer::status(500), Answer::status(200)]);
    let args = [
        "--reply",
        "target",
        "--duplicates",
        "drop",
        "-f",
        &target.url(),
    ];
    let listener = Test::new().args(args).listen();
    for status in [500, 200] {
        assert_eq!(listener.post("/", &[], numbered(1, 1)).status, status);
    }
    assert_eq!(target.rest().len(), 2);
}

/// Runs `listen --duplicates drop` on a history of its own in the same folder, and posts these numbers.
fn repeats(test: Test, args: &[&str], numbers: &[u64]) -> crate::support::Listener {
    let test = test.args(["--store", "h.db", "--duplicates", "drop", "--retries", "0"]);
    let listener = test.args(args).listen();
    for &number in numbers {
        assert_eq!(listener.post("/", &[], numbered(number, 1)).status, 200);
    }
    listener
}

/// Each notification: the one that it repeats, whether it was dropped, and how many deliveries were to be made of it.
fn fates(store: &Store) -> Vec<Value> {
    store.rows(
        "SELECT id, duplicate_of, dropped, (SELECT count(*) FROM deliveries WHERE notification = id)
         FROM notifications ORDER BY id",
    )
}

#[test]
fn a_repeat_of_what_never_went_out_is_not_dropped() {
    let target = Server::start();
    let url = target.url();
    // The first had no target, and the second was left out.
    let output = repeats(Test::new(), &[], &[1]).stop();
    let output = repeats(output.then(), &["-f", &url, "-e", "documents.*"], &[2]).stop();
    let mut listener = repeats(output.then(), &["-f", &url], &[1, 2]);
    for _ in 0..2 {
        assert_eq!(listener.next("delivery")["state"], "delivered");
    }
    let output = listener.stop();
    assert_eq!(target.rest().len(), 2);
    assert_eq!(
        fates(&Store::open(output.directory().join("h.db"))),
        [
            json!([1, null, 0, 0]),
            json!([2, null, 0, 0]),
            json!([3, 1, 0, 1]),
            json!([4, 2, 0, 1]),
        ]
    );
}

#[test]
fn a_repeat_of_what_failed_is_not_dropped() {
    let target = Server::answering([Answer::status(500), Answer::status(200)]);
    let url = target.url();
    let mut listener = repeats(Test::new(), &["-f", &url], &[1]);
    assert_eq!(listener.next("delivery")["state"], "failed");
    let output = listener.stop();
    let mut listener = repeats(output.then(), &["-f", &url], &[1]);
    assert_eq!(listener.next("delivery")["state"], "delivered");
    let output = listener.stop();
    assert_eq!(target.rest().len(), 2);
    assert_eq!(
        fates(&Store::open(output.directory().join("h.db"))),
        [json!([1, null, 0, 1]), json!([2, 1, 0, 1])]
    );
}

#[test]
fn a_repeat_of_what_was_delivered_or_waits_is_dropped() {
    let port = Port::reserve();
    let url = port.url();
    let mut listener = repeats(Test::new(), &["-f", &url], &[1, 1]);
    let target = port.serve();
    while listener.next("delivery")["state"] != "delivered" {}
    let output = listener.stop();
    let output = repeats(output.then(), &["-f", &url], &[1]).stop();
    // It has not come to another target.
    let other = Server::start();
    let mut listener = repeats(output.then(), &["-f", &url, "-f", &other.url()], &[1]);
    for _ in 0..2 {
        assert_eq!(listener.next("delivery")["state"], "delivered");
    }
    let output = listener.stop();
    assert_eq!((target.rest().len(), other.rest().len()), (2, 1));
    assert_eq!(
        fates(&Store::open(output.directory().join("h.db"))),
        [
            json!([1, null, 0, 1]),
            json!([2, 1, 1, 0]),
            json!([3, 1, 1, 0]),
            json!([4, 1, 0, 2]),
        ]
    );
}
