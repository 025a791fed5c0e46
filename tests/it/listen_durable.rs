//! `listen`: whatever was answered with 2xx is in the history exactly once, and reaches its target, however the program
//! ends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use serde_json::json;

use crate::support::{
    Answer, Connection, Gate, Listener, Port, Request, Server, Store, Test, numbered, numbers,
};

/// So many connections post at once.
const CONNECTIONS: u64 = 8;

/// Posts notifications of these numbers over several connections at once until the listener is gone. Returns the numbers
/// of those that were answered with 200; `answered` counts them meanwhile.
fn burst(url: &str, range: std::ops::Range<u64>, answered: &AtomicU64) -> BTreeSet<u64> {
    let next = AtomicU64::new(range.start);
    let taken = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut connection = Connection::open(url);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= range.end {
                        return;
                    }
                    let body = numbered(number, number % 5);
                    connection.send("POST", "/", &[], body.as_bytes());
                    let Some(response) = connection.try_response() else {
                        return;
                    };
                    assert_eq!(response.status, 200);
                    taken.lock().unwrap().insert(number);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    taken.into_inner().unwrap()
}

/// How often each number came.
fn tally(requests: &[Request]) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for request in requests {
        *counts.entry(numbers(&request.body).0).or_default() += 1;
    }
    counts
}

/// The numbers of the notifications that are meant.
fn stored(store: &Store, which: &str) -> Vec<u64> {
    let sql = format!("SELECT rid FROM notifications {which} ORDER BY id");
    let rids = store.rows(&sql);
    let digits = |rid: &serde_json::Value| {
        let rid = rid[0].as_str().unwrap();
        u64::from_str_radix(&rid[rid.len() - 12..], 16).unwrap()
    };
    rids.iter().map(digits).collect()
}

const DELIVERED: &str =
    "WHERE EXISTS (SELECT 1 FROM deliveries WHERE notification = id AND state = 'delivered')";
const WAITING: &str =
    "WHERE EXISTS (SELECT 1 FROM deliveries WHERE notification = id AND state = 'waiting')";

/// Kills the listener in a burst, so many times on one history, each after a random number of answers.
#[expect(clippy::print_stderr, reason = "how much was tried is worth knowing")]
fn kill_in_bursts(rounds: u64) {
    let target = Server::start();
    let mut test = Test::new();
    let (mut answered_before, mut posted, mut kept) = (BTreeSet::new(), 0, 0);
    let mut came = BTreeMap::<u64, usize>::new();
    for round in 0..rounds {
        let listener = test.args(["--store", "h.db", "-f", &target.url()]).listen();
        let url = listener.url().to_owned();
        let (answers, wanted) = (AtomicU64::new(0), fastrand::u64(1..1_000));
        let start = round * 1_000_000;
        let output = thread::scope(|scope| {
            let burst = scope.spawn(|| burst(&url, start..start + 1_000_000, &answers));
            while answers.load(Ordering::Relaxed) < wanted && !burst.is_finished() {
                thread::yield_now();
            }
            let output = listener.kill();
            answered_before.extend(burst.join().unwrap());
            output
        });
        let store = Store::open(output.directory().join("h.db"));
        store.check();
        let all = stored(&store, "");
        let distinct: BTreeSet<u64> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len(), "each is there once");
        let missing: Vec<_> = answered_before.difference(&distinct).collect();
        assert!(missing.is_empty(), "answered, and not there: {missing:?}");
        let (delivered, waiting) = (stored(&store, DELIVERED), stored(&store, WAITING));
        drop(store);
        merge(&mut came, tally(&target.rest()));
        let before = came.clone();
        let mut listener = output.then().args(["--store", "h.db"]).listen();
        for _ in &waiting {
            assert_eq!(listener.next("delivery")["state"], "delivered");
        }
        let output = listener.stop();
        merge(&mut came, tally(&target.rest()));
        for number in &delivered {
            assert_eq!(
                came[number], before[number],
                "{number} was recorded as delivered"
            );
        }
        for number in &waiting {
            let earlier = before.get(number).copied().unwrap_or(0);
            assert_eq!(came[number], earlier + 1, "{number} was waiting");
        }
        assert_eq!(came.keys().copied().collect::<BTreeSet<_>>(), distinct);
        (posted, kept) = (answered_before.len(), all.len());
        test = output.then();
    }
    eprintln!("{rounds} rounds: {posted} answered, {kept} in the history");
}

fn merge(counts: &mut BTreeMap<u64, usize>, more: BTreeMap<u64, usize>) {
    for (number, count) in more {
        *counts.entry(number).or_default() += count;
    }
}

#[test]
fn what_was_answered_survives_a_kill() {
    kill_in_bursts(3);
}

#[test]
#[ignore = "takes long"]
fn what_was_answered_survives_many_kills() {
    kill_in_bursts(20);
}

/// Posts so many, of three credentials in turn.
fn post(listener: &Listener, range: std::ops::Range<u64>) {
    for number in range {
        assert_eq!(
            listener.post("/", &[], numbered(number, number % 3)).status,
            200
        );
    }
}

/// Takes in so many requests, and makes sure that each came once, and in order for each credential.
#[track_caller]
fn all_in_order(target: &Server, range: std::ops::Range<u64>) {
    let mut came = BTreeMap::<u64, Vec<u64>>::new();
    for _ in range.clone() {
        let (number, credential) = numbers(&target.next().body);
        came.entry(credential).or_default().push(number);
    }
    for (credential, numbers) in &came {
        let expected: Vec<u64> = range
            .clone()
            .filter(|number| number % 3 == *credential)
            .collect();
        assert_eq!(*numbers, expected, "of credential {credential}");
    }
}

/// Waits until these notifications were delivered, in any order, and no others before.
#[track_caller]
fn delivers<const N: usize>(listener: &mut Listener, ids: [u64; N]) {
    let mut delivered = BTreeSet::new();
    while delivered.len() < N {
        let delivery = listener.next("delivery");
        if delivery["state"] == "delivered" {
            assert!(delivered.insert(delivery["id"].as_u64().unwrap()));
        }
    }
    assert_eq!(delivered, BTreeSet::from(ids));
}

#[test]
fn what_waits_for_a_target_goes_out_in_order_when_it_is_back() {
    let port = Port::reserve();
    let mut listener = Listener::start(["-f", &port.url(), "--ordered"]);
    post(&listener, 0..12);
    let down = listener.next("target");
    assert_eq!(down["state"], "down");
    let target = port.serve();
    all_in_order(&target, 0..12);
    while listener.next("target")["state"] != "up" {}
    post(&listener, 12..15);
    all_in_order(&target, 12..15);
    let output = listener.stop();
    assert!(target.rest().is_empty());
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["forwarded"], &summary["waiting"]),
        (&json!(15), &json!(0))
    );
}

#[test]
fn what_waits_goes_out_in_order_after_a_kill() {
    let port = Port::reserve();
    let url = port.url();
    let args = ["--store", "h.db", "--ordered"];
    let listener = Test::new().args(args).args(["-f", &url]).listen();
    post(&listener, 0..12);
    let output = listener.kill();
    // Whoever is told to leave them alone does so, also when it has to do with the same target.
    let listener = output
        .then()
        .args(args)
        .args(["-f", &url, "--no-resume"])
        .listen();
    post(&listener, 12..15);
    let output = listener.kill();
    let store = Store::open(output.directory().join("h.db"));
    assert_eq!(stored(&store, WAITING).len(), 15);
    let mut listener = output.then().args(args).listen();
    let resumed = listener.next("target");
    assert_eq!(
        (&resumed["state"], &resumed["waiting"]),
        (&json!("resumed"), &json!(15))
    );
    let target = port.serve();
    all_in_order(&target, 0..15);
    for _ in 0..15 {
        while listener.next("delivery")["state"] != "delivered" {}
    }
    listener.stop();
    assert!(target.rest().is_empty());
    assert_eq!(stored(&store, DELIVERED).len(), 15);
    store.check();
}

#[test]
fn what_was_left_alone_stays_for_others() {
    let port = Port::reserve();
    let url = port.url();
    let args = ["--store", "h.db", "-f", &url];
    let listener = Test::new().args(args).listen();
    post(&listener, 0..3);
    let output = listener.kill();
    let target = port.serve();
    let mut listener = output.then().args(args).arg("--no-resume").listen();
    post(&listener, 3..4);
    assert_eq!(listener.next("delivery")["id"], 4);
    let output = listener.stop();
    assert_eq!(output.json().pop().unwrap()["waiting"], 0);
    assert_eq!(tally(&target.rest()), BTreeMap::from([(3, 1)]));
    let mut listener = output.then().args(args).listen();
    delivers(&mut listener, [1, 2, 3]);
    listener.stop();
    assert_eq!(
        tally(&target.rest()),
        BTreeMap::from([(0, 1), (1, 1), (2, 1)])
    );
}

#[test]
fn what_is_too_old_is_given_up() {
    let port = Port::reserve();
    let url = port.url();
    let listener = Test::new().args(["--store", "h.db", "-f", &url]).listen();
    post(&listener, 0..4);
    let output = listener.kill();
    let store = Store::open(output.directory().join("h.db"));
    store.change("UPDATE notifications SET received_at = received_at - 7200000 WHERE id <= 2");
    let target = port.serve();
    let mut listener = output
        .then()
        .args(["--store", "h.db", "--resume-within", "1h"])
        .listen();
    assert_eq!(listener.next("warning")["code"], "given-up");
    delivers(&mut listener, [3, 4]);
    let output = listener.stop();
    assert_eq!(tally(&target.rest()), BTreeMap::from([(2, 1), (3, 1)]));
    assert_eq!(
        store.rows("SELECT notification, state FROM deliveries ORDER BY notification"),
        [
            json!([1, "failed"]),
            json!([2, "failed"]),
            json!([3, "delivered"]),
            json!([4, "delivered"])
        ]
    );
    // An age beyond all clocks is no age.
    let listener = output
        .then()
        .args(["--store", "h.db", "--resume-within", "7000000d"])
        .listen();
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn two_listeners_share_a_history() {
    let port = Port::reserve();
    let url = port.url();
    let mut first = Test::new().args(["--store", "h.db", "-f", &url]).listen();
    post(&first, 0..3);
    let path = first.directory().join("h.db");
    let mut second = Test::new()
        .args(["-f", &url, "--store"])
        .arg(&path)
        .listen();
    post(&second, 3..6);
    assert_eq!(second.post("/", &[], numbered(0, 0)).json()["id"], 7);
    let repeat = std::iter::repeat_with(|| second.next("notification")).find(|one| one["id"] == 7);
    assert_eq!(repeat.unwrap()["duplicate_of"], 1);
    assert_eq!(first.post("/", &[], numbered(4, 1)).json()["id"], 8);
    let repeat = std::iter::repeat_with(|| first.next("notification")).find(|one| one["id"] == 8);
    assert_eq!(repeat.unwrap()["duplicate_of"], 5);
    let target = port.serve();
    delivers(&mut first, [1, 2, 3, 8]);
    delivers(&mut second, [4, 5, 6, 7]);
    let came: Vec<usize> = tally(&target.rest()).into_values().collect();
    assert_eq!(came, [2, 1, 1, 1, 2, 1]);
}

#[test]
fn only_what_the_dead_have_left_is_taken_over() {
    let port = Port::reserve();
    let url = port.url();
    let dead = Test::new().args(["--store", "h.db", "-f", &url]).listen();
    post(&dead, 0..2);
    let path = dead.directory().join("h.db");
    let mut living = Test::new()
        .args(["--no-resume", "-f", &url, "--store"])
        .arg(&path)
        .listen();
    post(&living, 2..4);
    // Its folder goes with what is left of it.
    let output = dead.kill();
    let target = port.serve();
    let mut heir = output.then().args(["--store", "h.db"]).listen();
    delivers(&mut living, [3, 4]);
    delivers(&mut heir, [1, 2]);
    living.stop();
    heir.stop();
    assert_eq!(
        tally(&target.rest()),
        BTreeMap::from([(0, 1), (1, 1), (2, 1), (3, 1)])
    );
    let files = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ["h.db"], "nothing else is left");
}

#[test]
fn a_history_behind_a_link_is_the_same() {
    let port = Port::reserve();
    let url = port.url();
    let mut first = Test::new().args(["--store", "h.db", "-f", &url]).listen();
    post(&first, 0..2);
    let test = Test::new();
    let link = test.directory().join("link.db");
    std::os::unix::fs::symlink(first.directory().join("h.db"), link).unwrap();
    let mut second = test.args(["--store", "link.db", "-f", &url]).listen();
    post(&second, 2..4);
    let target = port.serve();
    delivers(&mut first, [1, 2]);
    delivers(&mut second, [3, 4]);
    let output = second.stop();
    first.stop();
    let lines = output.json();
    let is_resumed = |line: &&serde_json::Value| line["state"] == "resumed";
    assert_eq!(lines.iter().find(is_resumed), None);
    assert_eq!(
        tally(&target.rest()),
        BTreeMap::from([(0, 1), (1, 1), (2, 1), (3, 1)])
    );
}

#[test]
fn a_header_of_a_run_is_for_the_targets_of_that_run() {
    let port = Port::reserve();
    let earlier = port.url();
    let args = ["--store", "h.db", "-H", "Authorization: Bearer OLD", "-f"];
    let listener = Test::new().args(args).arg(&earlier).listen();
    post(&listener, 0..1);
    let output = listener.kill();
    let (target, own) = (port.serve(), Server::start());
    let args = [
        "--store",
        "h.db",
        "-H",
        "Authorization: Bearer SECRET",
        "-f",
    ];
    let mut listener = output.then().args(args).arg(own.url()).listen();
    post(&listener, 1..2);
    delivers(&mut listener, [1, 2]);
    // Once it is named, it is one of the run's own.
    let output = listener.stop();
    let mut listener = output.then().args(args).arg(&earlier).listen();
    post(&listener, 2..3);
    delivers(&mut listener, [3]);
    listener.stop();
    let secrets = |server: &Server| -> Vec<(u64, Vec<String>)> {
        let requests = server.rest().into_iter();
        let secrets = requests.map(|request| {
            let secrets = request.values("authorization");
            let secrets = secrets.into_iter().map(str::to_owned).collect();
            (numbers(&request.body).0, secrets)
        });
        secrets.collect()
    };
    let secret = || vec!["Bearer SECRET".to_owned()];
    assert_eq!(secrets(&target), [(0, Vec::new()), (2, secret())]);
    assert_eq!(secrets(&own), [(1, secret())]);
}

#[test]
fn what_was_given_back_goes_out_before_what_came_later() {
    let (held, later) = (Gate::shut(), Gate::shut());
    let (first, second) = (held.clone(), later.clone());
    let target = Server::with(move |turn, _| match turn {
        0..3 => Answer::close().behind(&first),
        3..6 => Answer::status(200).behind(&second),
        _ => Answer::status(200),
    });
    let args = ["--retries", "0", "--concurrency", "3", "-f", &target.url()];
    let mut listener = Listener::start(args);
    post(&listener, 0..6);
    let next = || -> BTreeSet<u64> {
        let three = std::iter::repeat_with(|| numbers(&target.next().body).0);
        three.take(3).collect()
    };
    assert_eq!(next(), BTreeSet::from([0, 1, 2]));
    held.open();
    assert_eq!(next(), BTreeSet::from([0, 1, 2]));
    later.open();
    assert_eq!(next(), BTreeSet::from([3, 4, 5]));
    delivers(&mut listener, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn large_ones_come_back_whole() {
    const COUNT: u64 = 6;
    // No two of them, and no two parts of one, are the same.
    let body = |number: u64| {
        let mut random = fastrand::Rng::with_seed(number);
        let filler = std::iter::repeat_with(|| random.alphanumeric());
        let filler: String = filler.take(3 * 1024 * 1024).collect();
        let mut notification: serde_json::Value =
            serde_json::from_str(&numbered(number, number)).unwrap();
        notification["filler"] = filler.into();
        notification.to_string().into_bytes()
    };
    let port = Port::reserve();
    let args = ["--store", "h.db", "-f", &port.url()];
    let listener = Test::new().args(args).listen();
    for number in 0..COUNT {
        assert_eq!(listener.post("/", &[], body(number)).status, 200);
    }
    let output = listener.kill();
    let target = port.serve();
    let mut listener = output.then().args(["--store", "h.db"]).listen();
    delivers(&mut listener, [1, 2, 3, 4, 5, 6]);
    listener.stop();
    let mut came = target.rest();
    came.sort_by_key(|request| numbers(&request.body).0);
    assert_eq!(came.len() as u64, COUNT);
    for (number, request) in (0..).zip(came) {
        assert!(request.body == body(number), "{number} is not what it was");
    }
}

#[test]
fn more_than_fits_in_memory_arrives_in_order() {
    const COUNT: u64 = 4_600;
    let port = Port::reserve();
    let listener = Listener::start(["-f", &port.url(), "--ordered", "--concurrency", "32"]);
    let taken = burst(listener.url(), 0..COUNT, &AtomicU64::new(0));
    assert_eq!(taken.len() as u64, COUNT);
    let target = port.serve();
    let store = Store::open(default_store(&listener));
    let mut came = BTreeMap::<u64, Vec<u64>>::new();
    for _ in 0..COUNT {
        let (number, credential) = numbers(&target.next().body);
        came.entry(credential).or_default().push(number);
    }
    let mut kept = BTreeMap::<u64, Vec<u64>>::new();
    for number in stored(&store, "") {
        kept.entry(number % 5).or_default().push(number);
    }
    assert!(came == kept, "the order of arrival was not kept");
    let output = listener.stop();
    assert!(target.rest().is_empty());
    let lines = output.json();
    assert_eq!(lines.last().unwrap()["forwarded"], COUNT);
    let told = lines.iter().filter(|line| line["type"] == "notification");
    let told: Vec<u64> = told.map(|line| line["id"].as_u64().unwrap()).collect();
    assert!(told.is_sorted(), "what came is told in order of numbers");
}

/// The history where none was named.
fn default_store(listener: &Listener) -> std::path::PathBuf {
    listener
        .directory()
        .with_file_name("home")
        .join(".local/state/syncfy-hooks/history.db")
}
