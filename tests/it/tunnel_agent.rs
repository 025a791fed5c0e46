//! `listen --tunnel` with the agents of others: real ones, and some that play their parts, well and badly.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Connection, Running, Test, gone, kill, noted, notification, parent, peers};

/// `listen` with a tunnel by an agent that behaves in this way.
fn playing(agent: &str, way: &str) -> Test {
    Test::new()
        .args(["--no-store", "--tunnel", agent])
        .playing(agent, way)
}

#[track_caller]
fn up(running: &mut Running) -> String {
    let tunnel = running.next("tunnel");
    assert_eq!(tunnel["state"], "up", "{tunnel}");
    tunnel["url"].as_str().unwrap().to_owned()
}

#[track_caller]
fn post(url: &str) -> u16 {
    let mut connection = Connection::open(url);
    connection.send("POST", "/hook", &[], notification().as_bytes());
    connection.response().status
}

#[test]
fn cloudflared_tells_its_url_over_its_api() {
    let mut listener = playing("cloudflared", "up")
        .args(["--tunnel-probe", "never"])
        .listen();
    assert_eq!(up(&mut listener), "https://late-cat.trycloudflare.com");
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn ngrok_tells_its_url_over_its_api_and_carries() {
    let mut listener = playing("ngrok", "up").listen();
    let url = up(&mut listener);
    assert_eq!(post(&url), 200);
    assert_eq!(listener.next("notification")["target"], "/hook");
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn an_agent_that_dies_is_started_again() {
    let mut listener = playing("ngrok", "up").listen();
    let first = up(&mut listener);
    let pids = noted(&listener.directory(), 2);
    kill(pids[0]);
    let down = listener.next("tunnel");
    assert_eq!(
        (&down["state"], &down["url"]),
        (&json!("down"), &json!(first))
    );
    let reason = down["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("`ngrok` has ended (exit status: 137): t=now"),
        "{reason}"
    );
    gone(&pids);
    let again = listener.next("tunnel");
    assert_eq!(
        (&again["state"], &again["changed_from"]),
        (&json!("up"), &json!(first))
    );
    assert_eq!(post(again["url"].as_str().unwrap()), 200);
    let pids = noted(&listener.directory(), 4);
    assert_eq!(listener.stop().code(), Some(0));
    gone(&pids);
}

#[test]
fn what_an_agent_says_last_is_told() {
    let mut listener = playing("ngrok", "crash").listen();
    let down = listener.next("tunnel");
    let reason = down["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("`ngrok` has ended (exit status: 1): "),
        "{reason}"
    );
    assert!(reason.contains("ERROR:  ERR_NGROK_4018"), "{reason}");
    assert_eq!(
        down["hints"],
        json!(["give it the token of your account: `ngrok config add-authtoken TOKEN`"])
    );
    let folder = listener.directory();
    let output = listener.finish();
    assert_eq!(output.code(), Some(2));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["code"], "tunnel-agent-failed");
    assert_eq!(error["hints"], down["hints"]);
    gone(&noted(&folder, 6));
}

#[test]
fn silence_and_garbage_are_no_url() {
    for (agent, way) in [
        ("ngrok", "silent"),
        ("cloudflared", "silent"),
        ("cloudflared", "garbage"),
    ] {
        let listener = playing(agent, way)
            .args(["--tunnel-timeout", "2s"])
            .listen();
        let folder = listener.directory();
        let pids = noted(&folder, 2);
        let output = listener.finish();
        assert_eq!(output.code(), Some(2), "{agent} {way}");
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(
            error["message"],
            "the tunnel is lost, for 2s no public URL has led here: the tunnel told no public URL"
        );
        gone(&pids);
    }
}

#[test]
fn an_agent_that_is_not_installed_is_told_of() {
    let output = Test::new()
        .env("PATH", "/nowhere")
        .args(["--tunnel", "cloudflared"])
        .listen_output();
    assert_eq!(output.code(), Some(2));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["code"], "tunnel-agent-missing");
    assert!(
        error["hints"][0]
            .as_str()
            .unwrap()
            .starts_with("install it with "),
        "{error}"
    );
}

#[test]
fn no_agent_is_left_behind() {
    use rustix::process::Signal;

    for signal in [Signal::INT, Signal::TERM, Signal::KILL, Signal::ABORT] {
        let mut listener = playing("ngrok", "up").listen();
        up(&mut listener);
        let pids = noted(&listener.directory(), 2);
        listener.signal(signal);
        let output = listener.finish();
        let expected = [Signal::INT, Signal::TERM].contains(&signal).then_some(0);
        assert_eq!(output.code(), expected, "{signal:?}");
        gone(&pids);
    }
}

#[test]
fn an_agent_does_not_outlive_its_guard() {
    let mut listener = playing("ngrok", "up").listen();
    up(&mut listener);
    let pids = noted(&listener.directory(), 2);
    kill(parent(pids[0]));
    assert_eq!(listener.next("tunnel")["state"], "down");
    gone(&pids);
    assert_eq!(listener.next("tunnel")["state"], "up");
    let pids = noted(&listener.directory(), 4);
    assert_eq!(listener.stop().code(), Some(0));
    gone(&pids);
}

#[test]
fn an_agent_that_will_not_end_is_made_to() {
    let line = "cmd: trap '' TERM INT; echo $$ > pids; echo $$ >> pids; echo http://a.example; \
                while :; do sleep 0.1; done # {port}";
    let mut listener = Test::new()
        .args(["--no-store", "--tunnel", line, "--tunnel-probe", "never"])
        .listen();
    up(&mut listener);
    let pids = noted(&listener.directory(), 2);
    assert_eq!(listener.stop().code(), Some(0));
    gone(&pids);
}

#[test]
fn keys_are_kept_from_agents() {
    let mut listener = Test::new()
        .env("SYNCFY_HOOKS_KEY", "a-secret-of-the-tests-32-bytes-long")
        .env("SYNCFY_HOOKS_TUNNEL_PASSPHRASE", "another-secret")
        .args(["--no-store", "--tunnel-probe", "never", "--tunnel"])
        .args(["cmd: env > seen; echo http://a.example; cat # {port}"])
        .listen();
    up(&mut listener);
    let seen = std::fs::read_to_string(listener.directory().join("seen")).unwrap();
    assert!(seen.contains("PATH=") && !seen.contains("secret"), "{seen}");
    listener.stop();
}

/// A server of tunnels. It is killed when it is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn bore_carries() {
    let Some(folder) = peers::bore("tunnel_agent::bore_carries") else {
        return;
    };
    // Its port is the same everywhere, but this machine has many addresses.
    let [.., low, high] = std::process::id().to_be_bytes();
    let address = format!("127.{low}.{high}.7");
    let mut server = Command::new(folder.join("bore"));
    server
        .args(["server", "--bind-addr", &address])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut server = Server(server.spawn().unwrap());
    let mut output = BufReader::new(server.0.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("listening") {
        line.clear();
        assert!(
            output.read_line(&mut line).unwrap() > 0,
            "the server has ended"
        );
    }
    let mut listener = Test::new()
        .with_path(&folder)
        .args(["--no-store", "--tunnel", &format!("bore:{address}")])
        .listen();
    let url = up(&mut listener);
    assert!(url.starts_with(&format!("http://{address}:")), "{url}");
    assert_eq!(post(&url), 200);
    assert_eq!(listener.next("notification")["target"], "/hook");
    drop(server);
    let down = listener.next("tunnel");
    assert_eq!(down["state"], "down");
    assert!(
        down["reason"]
            .as_str()
            .unwrap()
            .starts_with("`bore` has ended"),
        "{down}"
    );
    assert_eq!(listener.stop().code(), Some(0));
}

#[test]
fn localtunnel_carries() {
    let Some((folder, mut server)) = peers::localtunnel("tunnel_agent::localtunnel_carries") else {
        return;
    };
    let mut server = Server(server.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let host = format!("localhost:{}", line.trim());
    // Not every machine knows that whatever ends in `.localhost` is itself (RFC 6761).
    let mut listener = Test::new()
        .with_path(&folder)
        .args([
            "--no-store",
            "--tunnel-probe",
            "never",
            "--tunnel",
            &format!("localtunnel:http://{host}"),
        ])
        .listen();
    let url = up(&mut listener);
    let public = url.strip_prefix("http://").unwrap();
    assert!(public.ends_with(".localhost"), "{url}");
    let mut connection = Connection::open(&format!("http://127.0.0.1:{}", line.trim()));
    let body = notification();
    connection.write(format!(
        "POST /hook HTTP/1.1\r\nHost: {public}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!(connection.response().status, 200);
    assert_eq!(listener.next("notification")["target"], "/hook");
    assert_eq!(listener.stop().code(), Some(0));
}
