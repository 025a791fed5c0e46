//! `replay`: what it says, and how it ends.

use regex_lite::Regex;

use crate::support::{Answer, KEY, Output, Server, Test, notification, token};

fn to(server: &Server) -> Test {
    Test::new()
        .file("a.json", notification())
        .args(["replay", "a.json", "--to", &server.url()])
}

/// What `pretty` shows of one delivery, for an outcome and its hint.
fn pretty(test: Test, status: i32, outcome: &str, hint: &str) {
    test.args(["--format", "pretty"])
        .status(status)
        .stdout(format!(
            "[TIME] <-- credentials.created  sandbox  {outcome}  http://127.0.0.1:[PORT]/  [MS] [a.json]\n"
        ))
        .stderr(if hint.is_empty() {
            String::new()
        } else {
            format!("hint: {hint}\n")
        })
        .run();
}

/// Standard error with the widths of columns and the rate replaced.
fn squeezed(output: &Output) -> String {
    let text = Regex::new(" {2,}")
        .unwrap()
        .replace_all(&output.stderr(), "  ")
        .into_owned();
    Regex::new(r"\(\d+/s\)")
        .unwrap()
        .replace_all(&text, "([RATE])")
        .into_owned()
}

#[test]
fn one_line_tells_of_one_delivery() {
    pretty(to(&Server::start()), 0, "200", "");
}

#[test]
fn a_target_that_refuses_gives_one() {
    let server = Server::answering([Answer::status(500)]);
    pretty(
        to(&server),
        1,
        "500",
        "your app failed while it handled the event: its own log says why",
    );
}

#[test]
fn redirects_are_not_followed() {
    let server = Server::answering([Answer::status(302).header("location", "/other")]);
    let hint = "redirects are not followed, as Syncfy would not follow them; name the final URL as the target";
    pretty(to(&server), 1, "302", hint);
    assert_eq!(server.rest().len(), 1);
}

#[test]
fn a_target_that_is_not_there_gives_two() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let test = Test::new().file("a.json", notification()).args([
        "replay",
        "a.json",
        "--to",
        &format!("127.0.0.1:{port}"),
    ]);
    pretty(
        test,
        2,
        "connection refused",
        "nothing listens there: start your app, or check the port",
    );
}

#[test]
fn a_target_that_does_not_answer_gives_two() {
    let gate = crate::support::Gate::shut();
    let server = Server::answering([Answer::status(200).behind(&gate)]);
    let hint = "your app took too long: answer first and do the work afterwards, or give it more `--timeout`";
    to(&server)
        .args(["--format", "pretty", "--timeout", "50ms"])
        .status(2)
        .stdout("[TIME] <-- credentials.created  sandbox  no answer within [MS]  http://127.0.0.1:[PORT]/  [MS] [a.json]\n".replace("within [MS]", "within 50ms"))
        .stderr(format!("hint: {hint}\n"))
        .run();
    gate.open();
}

#[test]
fn https_to_a_plain_port_is_explained() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = std::io::Read::read(&mut stream, &mut [0; 64]);
        let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    Test::new()
        .file("a.json", notification())
        .args(["replay", "a.json", "--to", &format!("https://127.0.0.1:{port}")])
        .args(["--insecure", "--format", "pretty"])
        .status(2)
        .stdout("[TIME] <-- credentials.created  sandbox  the target speaks http, not https  https://127.0.0.1:[PORT]/  [MS] [a.json]\n")
        .stderr("hint: name it with `http://`\n")
        .run();
    answering.join().unwrap();
}

#[test]
fn many_deliveries_end_in_a_table() {
    let server = Server::answering([Answer::status(200), Answer::status(404), Answer::close()]);
    let output = Test::new()
        .file("a.ndjson", "{}\n{}\n{}\n")
        .args(["replay", "a.ndjson", "--to", &server.url()])
        .output();
    assert_eq!(output.code(), Some(2));
    assert_eq!(
        squeezed(&output),
        "\ntarget  sent  2xx  other  unreachable  p50  p95\n\
         http://127.0.0.1:[PORT]  3  1  1  1  [MS]  [MS]\n\n\
         Sent: 3 in [MS] ([RATE])\n"
    );
}

#[test]
fn json_ends_with_a_summary() {
    let server = Server::answering([Answer::status(200), Answer::status(404)]);
    let output = Test::new()
        .file("a.ndjson", "{}\n{}\n")
        .args(["replay", "a.ndjson", "--json", "--to", &server.url()])
        .output();
    assert_eq!((output.code(), output.stderr().as_str()), (Some(1), ""));
    let lines = output.json();
    assert_eq!(lines.len(), 3);
    let summary = &lines[2];
    for (name, number) in [
        ("sent", 2),
        ("succeeded", 1),
        ("refused", 1),
        ("unreachable", 0),
        ("unsent", 0),
    ] {
        assert_eq!(summary[name], number, "{name}");
        if name != "unsent" {
            assert_eq!(summary["targets"][0][name], number, "{name}");
        }
    }
    assert_eq!(summary["type"], "summary");
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    Test::new()
        .file("a.json", "{\"a\" :1.10}")
        .args([
            "replay",
            "a.json",
            "--dry-run",
            "--format",
            "pretty",
            "-H",
            "X-A: b",
            "-t",
            "3000/x",
        ])
        .stdout(
            "POST http://localhost:3000/x  (no event)  11 bytes  [a.json]\n    \
             content-type: application/json\n    x-a: b\n    {\n      \"a\": 1.10\n    }\n",
        )
        .run();
}

#[test]
fn nothing_is_sent_before_every_path_is_found() {
    let server = Server::start().unused();
    to(&server)
        .arg("missing.json")
        .status(2)
        .stderr("error: cannot read `missing.json`: No such file or directory (os error 2)\n\nhint: check how the path is spelled; `-` stands for standard input\n")
        .run();
    assert!(server.rest().is_empty());
}

#[test]
fn bad_input_is_told_once() {
    let newer = "error: cannot send `a.ndjson:2`: the capture has format 2, and this version of `syncfy-hooks` reads formats up to 1\n\nhint: update `syncfy-hooks`\n";
    let server = Server::start();
    Test::new()
        .file("a.ndjson", "{}\n{\"syncfy_hooks\":2}\n{}\n")
        .args(["replay", "a.ndjson", "-q", "--to", &server.url()])
        .status(2)
        .stdout("[TIME] <-- (no event)  no environment  200  http://127.0.0.1:[PORT]/  [MS] [a.ndjson:1]\n")
        .stderr(newer)
        .run();
    let unused = Server::start().unused();
    let run = |file: &str, text: &str, args: &[&str], stderr: &str| {
        Test::new()
            .file(file, text)
            .args(["replay", "--to", &unused.url()])
            .args(args)
            .status(2)
            .stderr(stderr)
            .run();
    };
    run(
        "x/a.txt",
        "",
        &["x"],
        "error: there is no notification in the folder `x`\n\nhint: notifications are files that end in `.json`, `.ndjson` or `.jsonl`, also with `.gz` or `.zst` behind it; folders in it are not looked into\n",
    );
    run(
        "a.json",
        "",
        &["a.json"],
        "error: cannot send `a.json`: it is empty\n",
    );
    run(
        "a.json",
        "{}",
        &["a.json", "-e", "x"],
        "error: there is no notification to send: 1 left out\n\nhint: check the globs of `--events` and `--to`; `*` matches every event\n",
    );
    run(
        "a.json",
        "{",
        &["a.json", "--fresh"],
        "error: cannot send `a.json`: `--fresh` needs a JSON body: the JSON ends too soon, after 1 byte\n\nhint: `syncfy-hooks validate` shows the place; without `--fresh` it is sent as it is\n",
    );
}

#[test]
fn contradictions_are_usage_errors() {
    let run = |args: &[&str], stderr: &str| {
        Test::new()
            .file("a.json", "{}")
            .arg("replay")
            .args(args)
            .status(2)
            .stderr(stderr)
            .run();
    };
    run(
        &["a.json"],
        "error: no target was given\n\nhint: add `--to 3000`, or see what would be sent with `--dry-run`\n",
    );
    run(
        &["-", "-t", "1", "--watch"],
        "error: standard input cannot be watched\n\nhint: name a file or a folder\n",
    );
    run(
        &["-", "-t", "1", "--sign", "--key-file", "-"],
        "error: standard input can only be one thing, and is to be the notifications and the key\n\nhint: name files for all but one of them\n",
    );
    run(
        &["a.json", "-t", "1", "--rate", "fast"],
        "error: invalid value 'fast' for '--rate <N/s>': a rate is written `50`, `50/s`, `10/m` or `1/h`\n\nhint: try `--help`\n",
    );
    run(
        &["a.json", "-t", "1", "--sign"],
        "error: no key was given\n\nhint: give one with `--key-file FILE`\nhint: or set `SYNCFY_HOOKS_KEY` or `SYNCFY_WEBHOOK_SIGNATURE_KEY` to the key\nhint: or make one with `syncfy-hooks key new --output syncfy.jwk`\n",
    );
}

#[test]
fn a_signature_that_no_longer_fits_is_mentioned_once() {
    let server = Server::start();
    let body = notification();
    let capture = format!(
        "{{\"syncfy_hooks\":1,\"received_at\":null,\"method\":\"POST\",\"target\":\"/\",\"headers\":[[\"request-signature\",\"{}\"]],\"body\":{body}}}\n",
        token(&body, KEY)
    );
    let output = Test::new()
        .file("a.ndjson", capture.repeat(2))
        .env("SYNCFY_HOOKS_KEY", KEY)
        .args(["replay", "a.ndjson", "--fresh", "--to", &server.url()])
        .output();
    assert_eq!(output.code(), Some(0));
    assert!(
        output.stderr().starts_with(
            "warning: `--fresh` changes the body, and the recorded signature may not fit it\n\
             hint: add `--sign` to sign each request anew with your key\n\ntarget"
        ),
        "{}",
        output.stderr()
    );
}
