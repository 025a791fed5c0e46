//! `listen --tunnel`: what is told of the public URL, what keeps it alive, and what protects it.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Connection, Fate, KEY, Listener, Relay, Test, notification, signed};

/// The command of a tunnel that prints this URL, and runs on.
fn carrier(url: &str) -> String {
    format!("cmd: echo {url}; exec sleep 1000 # {{port}}")
}

/// A listener with a tunnel by this relay, which is up.
#[track_caller]
fn begin<const N: usize>(relay: &Relay, args: [&str; N]) -> Listener {
    let mut listener = Test::new()
        .args(["--no-store", "--tunnel", &carrier(&relay.url())])
        .args(args)
        .listen();
    relay.lead_to(listener.url());
    assert_eq!(listener.next("tunnel"), up(&relay.url()));
    listener
}

fn up(url: &str) -> Value {
    json!({ "type": "tunnel", "state": "up", "url": url })
}

/// Posts to a public URL, and gives the status.
#[track_caller]
fn post(relay: &Relay, target: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> u16 {
    let mut connection = Connection::open(&relay.url());
    connection.send("POST", target, headers, body.as_ref());
    connection.response().status
}

#[test]
fn a_public_url_is_told_once_it_leads_here() {
    let relay = Relay::start();
    relay.set(Fate::Answered);
    let mut listener = Test::new()
        .args(["--no-store", "--ready-file", "ready"])
        .args(["--tunnel", &carrier(&relay.url())])
        .listen();
    let ready = listener.directory().join("ready");
    assert!(!ready.exists(), "nobody can post yet");
    relay.lead_to(listener.url());
    assert_eq!(listener.next("tunnel"), up(&relay.url()));
    listener.next("warning");
    assert_eq!(post(&relay, "/hook?x=1", &[], notification()), 200);
    let arrived = listener.next("notification");
    assert_eq!(arrived["target"], "/hook?x=1");
    assert_eq!(
        fs::read_to_string(&ready).unwrap(),
        format!("{}\n", relay.url())
    );
    listener.interrupt();
    let output = listener.finish();
    assert!(!ready.exists(), "nobody can post any more");
    assert_eq!((output.stderr().as_str(), output.code()), ("", Some(0)));
    assert!(
        !output.stdout().contains("probe"),
        "what it asks itself is no event"
    );
}

#[test]
fn a_person_is_told_what_to_do_with_the_url() {
    let relay = Relay::start();
    let mut running = Test::new()
        .args([
            "listen",
            "--listen",
            "127.0.0.1:0",
            "--no-store",
            "--print-url",
            "--ready-file",
            "ready",
        ])
        .args([
            "--tunnel",
            &carrier(&relay.url()),
            "--tunnel-probe",
            "never",
        ])
        .spawn();
    running.until_stdout(&relay.url());
    running.until_stderr("once the Syncfy dashboard has this URL\n");
    running.interrupt();
    let output = running.finish();
    assert_eq!(
        output.stdout.as_slice(),
        format!("{}\n", relay.url()).as_bytes()
    );
    let told = output.stderr();
    for line in [
        "  tunnel        a command of yours (being opened)\n",
        "warning: whoever learns the public URL can post here: no key was given to check signatures with\n",
        "Public URL http://127.0.0.1:[PORT]\n\
         hint: notifications come through the tunnel once the Syncfy dashboard has this URL\n",
    ] {
        assert!(told.contains(line), "{line}{told}");
    }
}

#[test]
fn without_a_tunnel_the_url_is_printed_too() {
    let mut running = Test::new()
        .args([
            "listen",
            "--listen",
            "127.0.0.1:0",
            "--no-store",
            "--print-url",
            "--quiet",
        ])
        .spawn();
    running.until_stdout("http://127.0.0.1:");
    running.interrupt();
    assert_eq!(running.finish().stdout(), "http://127.0.0.1:[PORT]\n");
}

#[test]
fn a_dead_url_is_found_out_in_silence_and_opened_again() {
    let relay = Relay::start();
    let mut listener = begin(&relay, ["--tunnel-probe", "200ms"]);
    let url = listener.url().to_owned();
    relay.set(Fate::Answered);
    let down = listener.next("tunnel");
    assert_eq!(down["state"], "down");
    assert_eq!(down["url"], relay.url());
    assert_eq!(
        down["reason"],
        format!(
            "{} does not lead here: somebody else answers there, with 200",
            relay.url()
        )
    );
    relay.lead_to(&url);
    assert_eq!(listener.next("tunnel"), up(&relay.url()));
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn another_url_is_told_with_the_one_before() {
    let (first, second) = (Relay::start(), Relay::start());
    let line = format!(
        "cmd: test -e again && echo {} || echo {}; touch again; sleep 1000 & wait # {{port}}",
        second.url(),
        first.url()
    );
    let mut listener = Test::new()
        .args([
            "--no-store",
            "--tunnel-probe",
            "200ms",
            "--ready-file",
            "ready",
        ])
        .args(["--tunnel", &line])
        .listen();
    first.lead_to(listener.url());
    assert_eq!(listener.next("tunnel"), up(&first.url()));
    second.lead_to(listener.url());
    first.set(Fate::Closed);
    assert_eq!(listener.next("tunnel")["state"], "down");
    assert_eq!(
        listener.next("tunnel"),
        json!({ "type": "tunnel", "state": "up", "url": second.url(), "changed_from": first.url() })
    );
    assert_eq!(post(&second, "/", &[], notification()), 200);
    listener.next("notification");
    let ready = listener.directory().join("ready");
    assert_eq!(
        fs::read_to_string(ready).unwrap(),
        format!("{}\n", second.url())
    );
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn a_tunnel_that_stays_away_is_given_up() {
    let relay = Relay::start();
    let listener = Test::new()
        .args([
            "--no-store",
            "--tunnel-timeout",
            "1s",
            "--tunnel-probe",
            "1s",
        ])
        .args(["--tunnel", &carrier(&relay.url())])
        .listen();
    let output = listener.finish();
    assert_eq!(output.code(), Some(2));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["code"], "tunnel-lost");
    let message = error["message"].as_str().unwrap();
    let begins = "the tunnel is lost, for 1s no public URL has led here: ";
    assert!(message.starts_with(begins), "{message}");
    let summary = output.stdout();
    let last = summary.lines().last().unwrap();
    assert!(last.starts_with("{\"type\":\"summary\""), "{last}");
}

#[test]
fn with_a_key_what_is_not_signed_is_refused() {
    let relay = Relay::start();
    let mut listener = Test::new()
        .env("SYNCFY_HOOKS_KEY", KEY)
        .args(["--no-store", "--tunnel", &carrier(&relay.url())])
        .listen();
    relay.lead_to(listener.url());
    listener.next("tunnel");
    assert_eq!(post(&relay, "/", &[], notification()), 401);
    let body = notification();
    let (name, token) = signed(&body, KEY);
    assert_eq!(post(&relay, "/", &[(name, &token)], &body), 200);
    listener.interrupt();
    let output = listener.finish();
    assert!(!output.stdout().contains("tunnel-unprotected"));

    Test::new()
        .args(["listen", "--no-verify-signature", "--tunnel", "ngrok"])
        .status(2)
        .stderr(
            "error: the argument '--no-verify-signature' cannot be used with '--tunnel <CARRIER>'\n\n\
             hint: Usage: syncfy-hooks listen --no-verify-signature [TARGET]\n\
             hint: try `--help`\n",
        )
        .run();
}

#[test]
fn below_a_secret_path_nobody_else_is_let_in() {
    let relay = Relay::start();
    let mut listener = Test::new()
        .args([
            "--no-store",
            "--tunnel-path",
            "s3cret-s3cret",
            "--tunnel",
            &carrier(&relay.url()),
        ])
        .listen();
    relay.lead_to(listener.url());
    let public = format!("{}/s3cret-s3cret", relay.url());
    assert_eq!(listener.next("tunnel"), up(&public));
    assert!(listener.url().ends_with("/s3cret-s3cret"));
    for target in [
        "/",
        "/healthz",
        "/s3cret",
        "/s3cret-s3cret2",
        "/S3CRET-S3CRET",
    ] {
        assert_eq!(post(&relay, target, &[], notification()), 404, "{target}");
    }
    assert_eq!(
        post(&relay, "/s3cret-s3cret/hook", &[], notification()),
        200
    );
    let arrived = listener.next("notification");
    assert_eq!(
        arrived["target"], "/hook",
        "the app need not know the secret"
    );
    listener.interrupt();
    listener.finish();
}

#[test]
fn a_random_path_is_one_that_nobody_guesses() {
    let relay = Relay::start();
    let mut listener = Test::new()
        .args([
            "--no-store",
            "--tunnel-path",
            "random",
            "--tunnel",
            &carrier(&relay.url()),
        ])
        .listen();
    relay.lead_to(listener.url());
    let told = listener.next("tunnel");
    let url = told["url"].as_str().unwrap();
    let (_, path) = url.rsplit_once('/').unwrap();
    assert!(
        path.len() == 32 && path.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{url}"
    );
    assert_eq!(post(&relay, &format!("/{path}"), &[], notification()), 200);
    listener.interrupt();
    listener.finish();
}

#[test]
fn more_requests_than_the_rate_are_put_off() {
    let relay = Relay::start();
    let mut listener = begin(&relay, ["--tunnel-rate", "1"]);
    let statuses: Vec<u16> = (0..30)
        .map(|_| post(&relay, "/", &[], notification()))
        .collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count() / 10,
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 429].contains(status)),
        "{statuses:?}"
    );
    let warning = loop {
        let warning = listener.next("warning");
        if warning["code"] == "too-many-requests" {
            break warning;
        }
    };
    assert_eq!(warning["hints"], json!(["`--tunnel-rate` lets more in"]));
    listener.interrupt();
    listener.finish();
}

#[test]
fn bodies_stay_within_their_limit() {
    let relay = Relay::start();
    let listener = begin(&relay, ["--max-body", "1KiB"]);
    assert_eq!(post(&relay, "/", &[], vec![b' '; 1025]), 413);
    listener.interrupt();
    listener.finish();
}

#[test]
fn the_listener_itself_stays_on_this_machine() {
    Test::new()
        .args(["listen", "--listen", "0.0.0.0:4000", "--tunnel", "ngrok"])
        .status(2)
        .stderr(
            "error: `--tunnel` leads to this machine alone, and `0.0.0.0:4000` is open to others\n\n\
             hint: leave `--listen` out, or name a loopback address such as `127.0.0.1:4000`\n",
        )
        .run();
}

#[test]
fn agents_lead_to_one_address_alone() {
    Test::new()
        .args([
            "listen",
            "--listen",
            "[::1]:4000",
            "--tunnel",
            "cmd: carry --token secret {port}",
        ])
        .status(2)
        .stderr(
            "error: `--tunnel a command of yours` leads to 127.0.0.1, and not to `[::1]:4000`\n\n\
             hint: leave `--listen` out, or name `127.0.0.1:PORT`\n",
        )
        .run();
}

#[test]
fn a_file_cannot_open_a_tunnel() {
    let output = Test::new()
        .file(
            "syncfy-hooks.toml",
            "[listen]\ntunnel = \"cmd: touch owned {port}\"\n",
        )
        .args(["listen", "--listen", "127.0.0.1:0", "--no-store"])
        .output();
    assert_eq!(output.code(), Some(2));
    assert!(output.stderr().contains("`tunnel`"), "{}", output.stderr());
}

#[test]
fn a_url_that_does_not_lead_here_yet_is_told_of() {
    let relay = Relay::start();
    relay.set(Fate::Answered);
    let mut listener = Test::new()
        .args(["--no-store", "--tunnel", &carrier(&relay.url())])
        .listen();
    let doubt = listener.next("tunnel");
    assert_eq!(doubt["state"], "down");
    assert_eq!(doubt["url"], relay.url());
    let reason = format!(
        "{} does not lead here: somebody else answers there, with 200",
        relay.url()
    );
    assert_eq!(doubt["reason"], reason);
    relay.lead_to(listener.url());
    assert_eq!(listener.next("tunnel"), up(&relay.url()));
    listener.stop();
}
