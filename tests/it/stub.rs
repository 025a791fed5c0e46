//! `listen --stub-api`: what handlers pull offline.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use syncfy_hooks::domain::notification::{Environment, sample};

use crate::support::{Connection, Response, Running, Test, notification, numbered};

const CREDENTIAL: &str = "65a1b2c3d4e5f60718293a4c";

/// A `listen --json` with a stub.
struct Session {
    running: Running,
    url: String,
    stub: String,
}

impl Session {
    #[track_caller]
    fn start<const N: usize>(args: [&str; N]) -> Self {
        Self::of(Test::new(), args)
    }

    #[track_caller]
    fn of<const N: usize>(test: Test, args: [&str; N]) -> Self {
        let mut running = test
            .args(["listen", "--json", "--listen", "127.0.0.1:0"])
            .args(["--stub-api", "127.0.0.1:0"])
            .args(args)
            .spawn();
        let ready = running.next("ready");
        let field = |name: &str| ready[name].as_str().unwrap().to_owned();
        Self {
            url: field("url"),
            stub: field("stub_api"),
            running,
        }
    }

    #[track_caller]
    fn post(&self, body: impl AsRef<[u8]>) -> u16 {
        request(&self.url, "POST", "/", body.as_ref()).status
    }

    #[track_caller]
    fn call(&self, method: &str, target: &str) -> Response {
        request(&self.stub, method, target, b"")
    }

    /// The list behind a path.
    #[track_caller]
    fn list(&self, path: &str) -> Vec<Value> {
        let response = self.call("GET", path);
        assert_eq!(response.status, 200, "{path}");
        response.json()["response"].as_array().unwrap().clone()
    }

    #[cfg(unix)]
    fn stop(self) -> crate::support::Output {
        self.running.interrupt();
        self.running.finish()
    }
}

#[track_caller]
fn request(url: &str, method: &str, target: &str, body: &[u8]) -> Response {
    let mut connection = Connection::open(url);
    connection.send(method, target, &[], body);
    connection.response()
}

/// A run of notifications as `trigger` and `--demo` make them.
fn run() -> Vec<Vec<u8>> {
    let mut random = fastrand::Rng::with_seed(7);
    let start = "2026-01-02T03:04:05Z".parse().unwrap();
    let run = sample::run(&mut random, start, Environment::Sandbox);
    run.into_iter().map(|(_, body)| body).collect()
}

/// The endpoints of a notification with their lists' names.
fn endpoints(body: &[u8]) -> Vec<(String, String)> {
    let body: Value = serde_json::from_slice(body).unwrap();
    let endpoints = &body["events"][0]["payload"]["endpoints"];
    let lists = match endpoints {
        Value::Array(paths) => vec![("documents".to_owned(), paths.clone())],
        lists => lists
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, paths)| (name.clone(), paths.as_array().unwrap().clone()))
            .collect(),
    };
    let pairs = lists.into_iter().flat_map(|(name, paths)| {
        paths
            .into_iter()
            .map(move |path| (name.clone(), path.as_str().unwrap().to_owned()))
    });
    pairs.collect()
}

#[test]
fn a_whole_run_is_pulled() {
    let run = run();
    let last = ["--expect", "documents.success", "--expect-pulled"];
    let mut session = Session::start(last);
    for body in &run {
        assert_eq!(session.post(body), 200);
    }
    let mut paths: Vec<(String, String)> = run.iter().flat_map(|body| endpoints(body)).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 11);
    let (mut ids, mut counts) = (HashSet::new(), Vec::new());
    for (list, path) in &paths {
        let items = session.list(path);
        let pull = session.running.next("pull");
        assert_eq!(pull["items"], items.len());
        assert_eq!(
            (&pull["notified"], &pull["status"]),
            (&json!(true), &json!(200))
        );
        let expected = match list.as_str() {
            "credential" => 1,
            "documents" => 4,
            _ => 3,
        };
        assert_eq!(pull["id"], expected, "{path}");
        let name = format!("id_{}", list.trim_end_matches('s'));
        for item in &items {
            assert!(
                ids.insert(item[&name].as_str().unwrap().to_owned()),
                "{path}"
            );
        }
        if path.contains("limit=5000") {
            counts.push(items.len());
        }
    }
    // Each page is full but the last of transactions and the last of attachments.
    let full = counts.iter().filter(|count| **count == 5000).count();
    let partly = counts.iter().filter(|count| (1..5000).contains(*count));
    assert_eq!((full, partly.count()), (6, 2), "{counts:?}");
    let output = session.running.finish();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let summary = output.json().pop().unwrap();
    assert_eq!(summary["pulled"], 11);
    assert_eq!(summary["never_pulled"], json!([]));
    assert_eq!(summary["unmet"], json!([]));
}

#[cfg(unix)]
#[test]
fn what_was_never_pulled_is_told() {
    let run = run();
    let mut session = Session::start([]);
    for body in &run {
        session.post(body);
        session.running.next("notification");
    }
    let refreshed = endpoints(&run[2]);
    let (_, pulled) = &refreshed[0];
    session.list(pulled);
    // Another order, another encoding, and who asks: still the same endpoint.
    let (path, query) = refreshed.last().unwrap().1.split_once('?').unwrap();
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.reverse();
    let other = format!(
        "{path}?token=S3CRET&{}",
        pairs.join("&").replace("skip", "%73kip")
    );
    session.list(&other);
    let pull = session.running.next("pull");
    assert_eq!(pull["target"], json!(pulled));
    let pull = session.running.next("pull");
    assert_eq!(pull["notified"], true);
    let target = pull["target"].as_str().unwrap();
    assert!(
        target.contains("token=***&") && !target.contains("S3CRET"),
        "{target}"
    );
    // Neither of these pulls anything.
    let mut connection = Connection::open(&session.stub);
    connection.send("HEAD", &refreshed[2].1, &[], b"");
    assert_eq!(connection.head().status, 200);
    session.call("GET", "/v1/nowhere");
    let output = session.stop();
    assert_eq!(output.code(), Some(0));
    let summary = output.json().pop().unwrap();
    let mut expected = vec![json!({ "id": 1, "path": endpoints(&run[0])[0].1 })];
    let rest = &refreshed[1..refreshed.len() - 1];
    let rest = rest.iter().filter(|(name, _)| name != "credential");
    expected.extend(rest.map(|(_, path)| json!({ "id": 3, "path": path })));
    expected.push(json!({ "id": 4, "path": endpoints(&run[3])[0].1 }));
    assert_eq!(summary["never_pulled"], json!(expected));
    assert_eq!(summary["never_pulled_count"], 9);
    assert_eq!(summary["pulled"], 2);
}

#[cfg(unix)]
#[test]
fn people_see_pulls_and_what_was_never_pulled() {
    let mut running = Test::new()
        .args([
            "listen",
            "--listen",
            "127.0.0.1:0",
            "--stub-api",
            "0",
            "--ready-file",
            "ready",
        ])
        .spawn();
    running.until_stderr("press ^C to stop\n");
    let url = std::fs::read_to_string(running.directory().join("ready")).unwrap();
    request(url.trim_end(), "POST", "/", &run()[2]);
    request(url.trim_end(), "POST", "/", numbered(1, 1).as_bytes());
    running.until_stdout("[2]\n");
    running.interrupt();
    let output = running.finish();
    let credential = &run()[2];
    let credential: Value = serde_json::from_slice(credential).unwrap();
    let id = credential["events"][0]["payload"]["id_credential"]
        .as_str()
        .unwrap();
    let stderr = output.stderr();
    let expected = format!(
        "\nStopped: 2 received\n\
         warning: never pulled: 11 of 11 endpoints\n\
         \x20   /v1/accounts [1]\n\
         \x20   /v1/attachments (2 endpoints) [1]\n\
         \x20   /v1/credentials/{id} [1]\n\
         \x20   /v1/transactions (6 endpoints) [1]\n\
         \x20   /v1/credentials/{CREDENTIAL} [2]\n\
         hint: `--expect-pulled` waits until your handler has pulled them, and fails where it never does\n"
    );
    assert!(stderr.ends_with(&expected), "{stderr}");
    assert!(
        stderr.contains("  stub API      http://127.0.0.1:[PORT]\n"),
        "{stderr}"
    );
}

#[test]
fn an_expected_pull_that_never_comes_is_unmet() {
    let session = Session::start(["--expect-pulled", "--within", "500ms"]);
    session.post(notification());
    let output = session.running.finish();
    assert_eq!(output.code(), Some(124));
    let summary = output.json().pop().unwrap();
    assert_eq!(summary["unmet"], json!(["--expect-pulled"]));
    let session = Session::start(["--once", "--expect-pulled"]);
    session.post(notification());
    session.list(&format!("/v1/credentials/{CREDENTIAL}"));
    assert_eq!(session.running.finish().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn what_is_refused_or_left_out_names_nothing() {
    let mut session = Session::start([
        "--on-invalid",
        "reject",
        "-e",
        "!credentials.created",
        "--expect-pulled",
    ]);
    session.post(notification());
    let broken = notification().replace("\"is_executing\":1", "\"is_executing\":7");
    assert_eq!(
        session.post(broken.replace("credentials.created", "credentials.updated")),
        400
    );
    session.running.next("notification");
    session.list(&format!("/v1/credentials/{CREDENTIAL}"));
    assert_eq!(session.running.next("pull")["notified"], false);
    let output = session.stop();
    assert_eq!(output.code(), Some(0));
    let summary = output.json().pop().unwrap();
    assert_eq!(summary["never_pulled_count"], 0);
}

#[cfg(unix)]
#[test]
fn an_unmet_expectation_is_told_to_people() {
    let running = Test::new()
        .args(["listen", "--demo", "--stub-api", "0", "--expect-pulled"])
        .spawn();
    let mut running = running;
    running.until_stdout("documents.success");
    running.interrupt();
    let output = running.finish();
    assert_eq!(output.code(), Some(1));
    let stderr = output.stderr();
    assert!(
        stderr.contains("\nexpected, but never pulled: 11 of 11 endpoints\n    /v1/credentials/"),
        "{stderr}"
    );
    assert!(!stderr.contains("did not arrive"), "{stderr}");
}

#[test]
fn the_stub_speaks_http() {
    let session = Session::start([]);
    let mut connection = Connection::open(&session.stub);
    let path = format!("/v1/accounts?id_credential={CREDENTIAL}");
    for _ in 0..3 {
        connection.send("GET", &path, &[], b"");
        assert_eq!(connection.response().status, 200);
    }
    let whole = session.call("GET", &path);
    connection.write(format!("HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
    connection.write("GET /v1/credentials/x HTTP/1.1\r\nHost: x\r\n\r\n");
    // The answer to HEAD has a length and no body: the next one follows at once.
    let length = whole.body.len().to_string();
    let head = connection.head();
    assert_eq!(
        (head.status, head.header("content-length")),
        (200, Some(length.as_str()))
    );
    assert_eq!(connection.response().status, 400);
    let refused = session.call("POST", &path);
    assert_eq!(
        (refused.status, refused.header("allow")),
        (405, Some("GET, HEAD"))
    );
    assert_eq!(
        refused.json()["message"],
        "the stub answers GET and HEAD; this was POST"
    );
    let file = session.call("GET", &format!("/v1/attachments/{CREDENTIAL}"));
    assert_eq!(file.header("content-type"), Some("application/xml"));
}

#[test]
fn a_taken_port_is_told_with_the_option() {
    let session = Session::start([]);
    let address = session.stub.trim_start_matches("http://").to_owned();
    let output = Test::new()
        .args([
            "listen",
            "--listen",
            "127.0.0.1:0",
            "--no-store",
            "--stub-api",
            &address,
        ])
        .output();
    assert_eq!(output.code(), Some(2));
    assert!(
        output
            .stderr()
            .contains("hint: `--stub-api 127.0.0.1:0` picks a free port\n"),
        "{}",
        output.stderr()
    );
}

/// What the stub answers is the same on every machine and in every version: handlers may be tested against it.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the fixture is written anew on request"
)]
fn answers_keep_their_bytes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/stub/answers.txt");
    let session = Session::start([]);
    let run = run();
    for body in &run {
        session.post(body);
    }
    let mut targets = vec![
        format!("/v1/credentials/{CREDENTIAL}"),
        format!("/v1/attachments/{CREDENTIAL}"),
        format!("/v1/transactions/count?id_credential={CREDENTIAL}"),
        format!("/v1/attachments/export?id_credential={CREDENTIAL}&limit=1&skip=3"),
        format!("/v1/transactions?id_credential={CREDENTIAL}&limit=x"),
    ];
    for (list, path) in endpoints(&run[2]).into_iter().chain(endpoints(&run[4])) {
        targets.push(match list.as_str() {
            "transactions" | "attachments" => path.replace("limit=5000", "limit=2"),
            _ => path,
        });
    }
    let answers: String = targets
        .iter()
        .map(|target| {
            let body = String::from_utf8(session.call("GET", target).body).unwrap();
            format!("GET {target}\n{body}")
        })
        .collect();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&file, &answers).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    pretty_assertions::assert_eq!(answers, expected, "UPDATE_GENERATED=1 writes them anew");
}

#[cfg(unix)]
#[test]
#[expect(clippy::print_stderr, reason = "a test that lacks something says so")]
fn a_real_handler_runs_to_its_end() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/stub/handler.py");
    let test = Test::new();
    let base = test.directory().join("base");
    let handler = Command::new("python3")
        .arg(script)
        .arg(&base)
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut handler) = handler else {
        eprintln!("SKIPPED: there is no python3 on this machine");
        return;
    };
    let mut lines =
        std::io::BufRead::lines(std::io::BufReader::new(handler.stdout.take().unwrap()));
    let port = lines.next().unwrap().unwrap();
    // The handler answers once it has pulled everything, so the last delivery ends after the last pull.
    let session = Session::of(
        test,
        [
            "--expect",
            "documents.success",
            "--ordered",
            "--forward-to",
            &port,
        ],
    );
    std::fs::write(&base, &session.stub).unwrap();
    for body in run() {
        assert_eq!(session.post(body), 200);
    }
    let output = session.running.finish();
    let told: Vec<Value> = lines
        .take(5)
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    handler.kill().unwrap();
    handler.wait().unwrap();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["forwarded"], &summary["pulled"]),
        (&json!(5), &json!(11))
    );
    assert_eq!(summary["never_pulled_count"], 0);
    let refreshed = told
        .iter()
        .find(|line| line[0] == "credentials.refreshed")
        .unwrap();
    let count = |list: &str| refreshed[1][list].as_u64().unwrap();
    assert!(
        (25_001..30_000).contains(&count("transactions")),
        "{refreshed}"
    );
    assert!(
        (5_001..10_000).contains(&count("attachments")),
        "{refreshed}"
    );
}
