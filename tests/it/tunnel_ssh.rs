//! `listen --tunnel ssh://…`, against a real OpenSSH server.

use std::fs;
use std::thread;

use serde_json::Value;

use crate::support::{
    Answer, Connection, Gate, Listener, Output, Running, Server, Sshd, Test, notification, numbered,
};

/// `listen` with a tunnel by this server, and the usual key.
fn test(sshd: &Sshd) -> Test {
    Test::new()
        .args(["--no-store", "--tunnel", &sshd.url()])
        .args(["--tunnel-identity", &sshd.path("client")])
        .args(["--tunnel-known-hosts", &sshd.known_hosts(&["ed25519"])])
}

/// The public URL, once it leads here.
#[track_caller]
fn public(running: &mut Running) -> String {
    loop {
        let tunnel = running.next("tunnel");
        if tunnel["state"] == "up" {
            return tunnel["url"].as_str().unwrap().to_owned();
        }
    }
}

/// Begins, and waits until it is up.
#[track_caller]
fn begin(test: Test) -> (Listener, String) {
    let mut listener = test.listen();
    let url = public(&mut listener);
    (listener, url)
}

#[track_caller]
fn post(url: &str, body: impl AsRef<[u8]>) -> u16 {
    let mut connection = Connection::open(url);
    connection.send("POST", "/hook", &[], body.as_ref());
    connection.response().status
}

/// The error that it ends with.
#[track_caller]
fn failure(test: Test) -> Value {
    let output = test.listen().finish();
    assert_eq!(output.code(), Some(2), "{}", output.stderr());
    serde_json::from_slice(&output.stderr).unwrap()
}

#[test]
fn bytes_are_exact_both_ways() {
    let Some(sshd) = Sshd::start() else { return };
    let answer: Vec<u8> = (0..=u8::MAX).cycle().take(300_000).collect();
    let app = Server::answering([Answer::status(200).body(&answer)]);
    let (mut listener, url) = begin(test(&sshd).args(["--reply", "target", &app.url()]));
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let mut body: Vec<u8> = (0..3_000_000_u32)
        .map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    body[0] = b'{';
    let mut connection = Connection::open(&url);
    for _ in 0..2 {
        connection.send("POST", "/hook", &[], &body);
        let response = connection.response();
        assert_eq!(response.status, 200);
        assert!(response.body == answer);
        assert!(app.next().body == body);
    }
    listener.next("notification");
    assert_eq!(listener.stop().code(), Some(0));
}

/// Lets this process, and what it starts, have as many files as it may have at all.
fn raise_the_limit_of_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::Nofile).maximum;
    let limit = Rlimit {
        current: maximum,
        maximum,
    };
    setrlimit(Resource::Nofile, limit).unwrap();
}

#[test]
fn a_thousand_at_once_are_all_answered() {
    raise_the_limit_of_files();
    let Some(sshd) = Sshd::start() else { return };
    let (mut listener, url) = begin(test(&sshd));
    let mut open: Vec<Connection> = (0..1000).map(|_| Connection::open(&url)).collect();
    for (number, connection) in (0..).zip(&mut open) {
        connection.send(
            "POST",
            "/",
            &[("connection", "close")],
            numbered(number, 1).as_bytes(),
        );
    }
    let statuses: Vec<u16> = open
        .iter_mut()
        .map(|connection| connection.response().status)
        .collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1000,
        "{statuses:?}"
    );
    let mut ids: Vec<u64> = (0..1000)
        .map(|_| listener.next("notification")["id"].as_u64().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=1000).collect::<Vec<u64>>());
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn who_has_sent_all_still_gets_the_answer() {
    let Some(sshd) = Sshd::start() else { return };
    let (listener, url) = begin(test(&sshd));
    let mut connection = Connection::open(&url);
    connection.send("POST", "/", &[], notification().as_bytes());
    connection.half_close();
    assert_eq!(connection.response().status, 200);
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn a_server_that_was_killed_is_used_again_and_nothing_acknowledged_is_lost() {
    let Some(sshd) = Sshd::start() else {
        return;
    };
    let (mut listener, url) = begin(test(&sshd));
    let sender = thread::spawn({
        let url = url.clone();
        move || {
            let send = |number| {
                let mut connection = Connection::try_open(&url)?;
                connection.send("POST", "/", &[], numbered(number, 1).as_bytes());
                connection
                    .try_response()
                    .filter(|response| response.status == 200)
                    .map(|_| number)
            };
            (0..300).filter_map(send).collect::<Vec<_>>()
        }
    });
    listener.next("notification");
    sshd.kill();
    let down = listener.next("tunnel");
    assert_eq!(down["state"], "down");
    assert_eq!(down["url"], url);
    let reason = down["reason"].as_str().unwrap();
    assert!(reason.contains("the connection"), "{reason}");
    sshd.resume();
    let again = public(&mut listener);
    assert_eq!(again, url, "the dashboard need not be changed");
    let acknowledged = sender.join().unwrap();
    assert_eq!(post(&again, notification()), 200);
    listener.interrupt();
    let output = listener.finish();
    for number in acknowledged {
        let body: Value = serde_json::from_str(&numbered(number, 1)).unwrap();
        let rid = body["rid"].as_str().unwrap();
        assert!(output.stdout().contains(rid), "{number} is lost");
    }
}

#[test]
fn a_server_is_trusted_by_its_key_alone() {
    let Some(sshd) = Sshd::start() else {
        return;
    };
    let known = sshd.known_hosts(&["ed25519"]);
    let with_files = |args: &[&str]| {
        Test::new()
            .args(["--no-store", "--tunnel", &sshd.url()])
            .args(["--tunnel-identity", &sshd.path("client")])
            .args(args)
    };
    let fresh = sshd.path("fresh");
    let unknown = failure(with_files(&["--tunnel-known-hosts", &fresh]));
    assert_eq!(unknown["code"], "tunnel-host-unknown");
    assert!(
        unknown["message"].as_str().unwrap().contains("SHA256:"),
        "{unknown}"
    );
    let (listener, _) = begin(with_files(&[
        "--tunnel-known-hosts",
        &fresh,
        "--accept-new",
    ]));
    listener.stop();
    assert_eq!(
        fs::read_to_string(&fresh).unwrap(),
        without_comment(&fs::read_to_string(&known).unwrap())
    );
    let (listener, _) = begin(with_files(&["--tunnel-known-hosts", &fresh]));
    listener.stop();

    sshd.kill();
    sshd.change_host_key();
    sshd.resume();
    for more in [&["--accept-new"][..], &[]] {
        let args = [&["--tunnel-known-hosts", known.as_str()], more].concat();
        let changed = failure(with_files(&args));
        assert_eq!(changed["code"], "tunnel-host-changed");
        assert!(
            changed["message"]
                .as_str()
                .unwrap()
                .contains(&format!("{known} line 1")),
            "{changed}"
        );
    }
    assert_eq!(
        fs::read_to_string(&known).unwrap().lines().count(),
        1,
        "nothing was added"
    );
}

/// A line of known hosts as it is added.
fn without_comment(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().take(3).collect();
    format!("{}\n", words.join(" "))
}

#[test]
fn a_host_that_changes_between_two_connections_is_refused() {
    let Some(sshd) = Sshd::start() else {
        return;
    };
    let (mut listener, _) = begin(test(&sshd));
    sshd.kill();
    sshd.change_host_key();
    sshd.resume();
    assert_eq!(listener.next("tunnel")["state"], "down");
    let output = listener.finish();
    assert_eq!(output.code(), Some(2));
    assert!(
        output.stderr().contains("tunnel-host-changed"),
        "{}",
        output.stderr()
    );
}

#[test]
fn hashed_names_and_keys_of_another_type_are_found() {
    let types = ["ed25519", "ecdsa", "rsa"];
    let Some(sshd) = Sshd::with_keys(&types) else {
        return;
    };
    for kind in types {
        let known = sshd.known_hosts(&[kind]);
        let hashed = std::process::Command::new("ssh-keygen")
            .args(["-q", "-H", "-f", &known])
            .output();
        assert!(hashed.unwrap().status.success());
        assert!(fs::read_to_string(&known).unwrap().starts_with("|1|"));
        let (listener, _) = begin(
            Test::new()
                .args([
                    "--no-store",
                    "--tunnel",
                    &sshd.url(),
                    "--tunnel-known-hosts",
                    &known,
                ])
                .args(["--tunnel-identity", &sshd.path("client")]),
        );
        listener.stop();
    }
}

#[test]
fn keys_are_those_that_the_server_knows() {
    let Some(sshd) = Sshd::start() else { return };
    let known = sshd.known_hosts(&["ed25519"]);
    let with = |name: &str| {
        Test::new()
            .args([
                "--no-store",
                "--tunnel",
                &sshd.url(),
                "--tunnel-known-hosts",
                &known,
            ])
            .args(["--tunnel-identity", &sshd.path(name)])
    };
    sshd.new_key("stranger", "ed25519", "");
    let refused = failure(with("stranger"));
    assert_eq!(refused["code"], "tunnel-login-failed");
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.contains(&format!("it took none of `{}`", sshd.path("stranger"))),
        "{message}"
    );

    let output = with("missing").listen_output();
    assert_eq!(output.code(), Some(2));
    assert!(
        output.stderr().contains("tunnel-key-unreadable"),
        "{}",
        output.stderr()
    );

    for kind in ["rsa", "ecdsa"] {
        sshd.new_key(kind, kind, "");
        sshd.authorize(kind);
        let (listener, _) = begin(with(kind));
        listener.stop();
    }
}

#[test]
fn a_passphrase_comes_from_the_environment() {
    let Some(sshd) = Sshd::start() else { return };
    sshd.new_key("locked", "ed25519", "open sesame");
    sshd.authorize("locked");
    let known = sshd.known_hosts(&["ed25519"]);
    let with = |passphrase: &str| {
        Test::new()
            .env("SYNCFY_HOOKS_TUNNEL_PASSPHRASE", passphrase)
            .args([
                "--no-store",
                "--tunnel",
                &sshd.url(),
                "--tunnel-known-hosts",
                &known,
            ])
            .args(["--tunnel-identity", &sshd.path("locked")])
    };
    let (listener, _) = begin(with("open sesame"));
    assert!(!listener.stop().stdout().contains("sesame"));
    for wrong in ["close sesame", ""] {
        let output = with(wrong).listen_output();
        assert_eq!(output.code(), Some(2));
        assert!(
            output.stderr().contains("tunnel-key-locked"),
            "{}",
            output.stderr()
        );
        assert!(!output.stderr().contains("sesame"), "{}", output.stderr());
    }
}

#[test]
fn the_agent_signs_with_what_it_has() {
    let Some(sshd) = Sshd::start() else { return };
    let agent = sshd.agent_with("client");
    let known = sshd.known_hosts(&["ed25519"]);
    let with = |args: &[&str]| {
        Test::new()
            .env("SSH_AUTH_SOCK", &agent.socket)
            .args([
                "--no-store",
                "--tunnel",
                &sshd.url(),
                "--tunnel-known-hosts",
                &known,
            ])
            .args(args)
    };
    let (listener, _) = begin(with(&[]));
    listener.stop();
    // The file has the public half alone.
    let (listener, _) = begin(with(&["--tunnel-identity", &sshd.path("client")]));
    listener.stop();
    sshd.new_key("stranger", "ed25519", "");
    let refused = failure(with(&["--tunnel-identity", &sshd.path("stranger")]));
    assert_eq!(refused["code"], "tunnel-login-failed");
}

#[test]
fn a_url_that_the_session_prints_is_taken() {
    let Some(sshd) = Sshd::start() else { return };
    sshd.configure(
        &["ed25519"],
        "ForceCommand echo 'see https://docs.example.com/x'; echo \"your url: https://a1.tunnel.example\"; cat",
    );
    sshd.kill();
    sshd.resume();
    let (listener, url) = begin(test(&sshd).args(["--tunnel-probe", "never"]));
    assert_eq!(url, "https://a1.tunnel.example");
    listener.stop();
}

#[test]
fn a_port_that_is_asked_for_is_the_one() {
    let Some(sshd) = Sshd::start() else { return };
    sshd.configure(&["ed25519"], "PermitListen none");
    sshd.kill();
    sshd.resume();
    let refused = failure(test(&sshd).args(["--tunnel-remote", "4711"]));
    assert_eq!(refused["code"], "tunnel-forward-refused");
    sshd.configure(&["ed25519"], "");
    sshd.kill();
    sshd.resume();
    let (listener, url) = begin(test(&sshd));
    let port = url.rsplit_once(':').unwrap().1.to_owned();
    listener.stop();
    let (listener, url) =
        begin(test(&sshd).args(["--tunnel-remote", &format!("127.0.0.1:{port}")]));
    assert!(url.ends_with(&port), "{url}");
    listener.stop();
}

#[test]
fn doctor_logs_in_and_asks_for_nothing() {
    let Some(sshd) = Sshd::start() else { return };
    // The user is the one that runs this, as with `ssh`.
    let url = sshd.url();
    let (_, place) = url.split_once('@').unwrap();
    let doctor = |key: &str| {
        Test::new()
            .args([
                "doctor",
                "--json",
                "--listen",
                "127.0.0.1:0",
                "--tunnel",
                &format!("ssh://{place}"),
            ])
            .args(["--tunnel-known-hosts", &sshd.known_hosts(&["ed25519"])])
            .args(["--tunnel-identity", &sshd.path(key)])
            .output()
    };
    let found = |output: &Output| {
        let lines = output.json();
        lines
            .into_iter()
            .find(|line| line["name"] == "tunnel")
            .unwrap()
    };
    let output = doctor("client");
    assert_eq!(output.code(), Some(0));
    let message = found(&output)["message"].as_str().unwrap().to_owned();
    assert!(
        message.ends_with(&format!("in with the key `{}`", sshd.path("client"))),
        "{message}"
    );
    sshd.new_key("stranger", "ed25519", "");
    let output = doctor("stranger");
    assert_eq!(output.code(), Some(1));
    assert_eq!(found(&output)["result"], "fail");
}

#[test]
fn a_server_that_is_not_there_is_waited_for() {
    let Some(sshd) = Sshd::start() else {
        return;
    };
    sshd.kill();
    let mut listener = test(&sshd).listen();
    let down = listener.next("tunnel");
    assert_eq!(down["url"], Value::Null);
    let reason = down["reason"].as_str().unwrap();
    assert!(reason.ends_with(": connection refused"), "{reason}");
    sshd.resume();
    public(&mut listener);
    listener.stop();
}

#[test]
fn who_does_not_read_holds_up_nobody_else() {
    let Some(sshd) = Sshd::start() else { return };
    let gate = Gate::shut();
    let app = Server::with({
        let gate = gate.clone();
        move |turn, _| match turn {
            0 => Answer::status(200).behind(&gate),
            _ => Answer::status(200),
        }
    });
    let (mut listener, url) = begin(test(&sshd).args(["--reply", "target", &app.url()]));
    // It waits for its first answer, and sends on and on.
    let mut greedy = Connection::open(&url);
    greedy.send("POST", "/", &[], numbered(1, 1).as_bytes());
    listener.next("notification");
    let greedy = thread::spawn(move || {
        for _ in 0..40 {
            greedy.write(vec![b'x'; 1024 * 1024]);
        }
        greedy
    });
    for number in 2..12 {
        assert_eq!(post(&url, numbered(number, 1)), 200);
    }
    // Nobody keeps what it sends: it loses the connection.
    let mut greedy = greedy.join().unwrap();
    assert!(greedy.is_closed());
    assert_eq!(post(&url, numbered(12, 1)), 200);
    gate.open();
    assert_eq!(listener.stop().code(), Some(0));
}
