//! `history prune`.

use serde_json::json;

use crate::support::{Output, Store, Test, unseen};

/// Five notifications from days long gone, the second of which still waits to be delivered.
fn filled() -> (Test, Store) {
    let test = Test::new();
    let store = Store::create(test.directory().join("h.db"));
    for number in 1..=5 {
        let id = store.add(
            &format!("2020-01-0{number}T00:00:00Z"),
            &unseen(number, "documents.success"),
        );
        let (state, outcome) = match number {
            2 => ("waiting", json!("connection refused")),
            _ => ("delivered", json!(200)),
        };
        store.deliver(id, "localhost:3000", state, &[outcome]);
    }
    (test.args(["history", "prune", "--store", "h.db"]), store)
}

fn left(output: &Output) -> Vec<u64> {
    let list = ["history", "list", "--all", "--json", "--store", "h.db"];
    let lines = output.then().args(list).output().json();
    lines
        .iter()
        .filter_map(|line| line["id"].as_u64())
        .collect()
}

#[test]
fn takes_out_what_is_old_and_not_among_the_newest() {
    for (args, said, expected) in [
        (
            &["--older-than", "30d"][..],
            "Removed 4 notifications; 1 kept, of which 1 still waits to be delivered\n",
            &[2][..],
        ),
        (
            &["--keep", "2"],
            "Removed 2 notifications; 3 kept, of which 1 still waits to be delivered\n",
            &[5, 4, 2],
        ),
        (
            &["--older-than", "30d", "--keep", "4"],
            "Removed 1 notification; 4 kept\n",
            &[5, 4, 3, 2],
        ),
        (
            &["--older-than", "99999d", "--keep", "0"],
            "Removed 0 notifications; 5 kept\n",
            &[5, 4, 3, 2, 1],
        ),
        (
            &["--keep", "9"],
            "Removed 0 notifications; 5 kept\n",
            &[5, 4, 3, 2, 1],
        ),
    ] {
        let (test, _) = filled();
        let output = test.args(args).stdout(said).run();
        assert_eq!(left(&output), expected, "{args:?}");
    }
}

#[test]
fn takes_everything_of_it() {
    let (test, store) = filled();
    let output = test
        .args(["--older-than", "30d", "--json"])
        .stdout("{\"type\":\"pruned\",\"removed\":4,\"kept\":1,\"waiting\":1,\"dry_run\":false}\n")
        .run();
    for table in ["notifications", "requests", "deliveries", "attempts"] {
        let count = store.count(&format!("SELECT count(*) FROM {table}"));
        assert_eq!(count, 1, "{table}");
    }
    assert_eq!(left(&output), [2]);
}

#[test]
fn a_rehearsal_takes_nothing() {
    let (test, _) = filled();
    let output = test
        .args(["--older-than", "30d", "--dry-run"])
        .stdout("Would remove 4 notifications; 1 kept, of which 1 still waits to be delivered\n")
        .run();
    assert_eq!(left(&output), [5, 4, 3, 2, 1]);
}

#[cfg(unix)]
#[test]
#[expect(clippy::print_stderr, reason = "what is left out must be seen")]
fn a_rehearsal_needs_no_right_to_write() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    if rustix::process::geteuid().is_root() {
        eprintln!("SKIPPED: nothing is denied to whoever runs this");
        return;
    }
    let (test, store) = filled();
    drop(store);
    let folder = test.directory();
    // It brings the file forward, which cannot be done later.
    let output = test.args(["--keep", "9", "--quiet"]).output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let set = |file, mode| {
        set_permissions(folder.join("h.db"), Permissions::from_mode(file)).unwrap();
        set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
    };
    let prune = ["history", "prune", "--store", "h.db", "--keep", "2"];
    for (file, mode) in [(0o400, 0o500), (0o400, 0o700), (0o600, 0o500)] {
        set(file, mode);
        let rehearsal = output.then().args(prune).arg("--dry-run").output();
        let for_real = output.then().args(prune).output();
        set(0o600, 0o700);
        assert_eq!(
            (rehearsal.code(), rehearsal.stdout().as_str()),
            (
                Some(0),
                "Would remove 2 notifications; 3 kept, of which 1 still waits to be delivered\n"
            ),
            "{file:o} {mode:o}: {}",
            rehearsal.stderr()
        );
        assert_eq!(
            (for_real.code(), for_real.stderr().lines().next()),
            (
                Some(2),
                Some("error: the history `h.db` cannot be written to")
            ),
            "{file:o} {mode:o}"
        );
    }
    assert_eq!(left(&output), [5, 4, 3, 2, 1]);
}

#[test]
fn gives_room_back() {
    let (test, store) = filled();
    for number in 6..2000 {
        store.add("2020-01-06T00:00:00Z", &unseen(number, "documents.success"));
    }
    drop(store);
    let file = test.directory().join("h.db");
    let before = std::fs::metadata(&file).unwrap().len();
    let output = test.args(["--older-than", "30d", "--quiet"]).output();
    assert_eq!(output.stderr(), "");
    assert!(std::fs::metadata(&file).unwrap().len() < before / 4);
}

#[test]
fn nothing_goes_unless_something_says_what() {
    filled()
        .0
        .status(2)
        .stderr(
            "error: nothing says what may go\n\n\
             hint: add `--older-than 30d`, `--keep 1000` or both; with `--dry-run` to see how many that are\n",
        )
        .run();
    filled()
        .0
        .args(["--older-than", "30"])
        .status(2)
        .stderr(
            "error: invalid value '30' for '--older-than <AGE>': an age is written `30d`, `2w`, `36h` or `90m`\n\n\
             hint: try `--help`\n",
        )
        .run();
}

#[test]
fn makes_no_history_where_there_is_none() {
    let output = Test::new()
        .args([
            "history", "prune", "--keep", "1", "--store", "h.db", "--json",
        ])
        .output();
    assert_eq!(output.code(), Some(2));
    assert_eq!(output.json_errors()[0]["code"], "store-missing");
    assert!(!output.directory().join("h.db").exists());
}
