//! `listen`: what a person sees.

use crate::support::{
    Answer, Connection, Running, Server, Test, notification, notification_of, unseen,
};

/// Where the program that has just started listens.
fn url(running: &mut Running) -> String {
    running.until_stderr("press ^C to stop\n");
    String::from_utf8(std::fs::read(running.directory().join("ready")).unwrap()).unwrap()
}

fn post(url: &str, body: &str) {
    let mut connection = Connection::open(url.trim_end());
    connection.send("POST", "/", &[], body.as_bytes());
    connection.response();
}

/// Runs a `listen` for people, which writes its URL into a file.
fn listen<const N: usize>(args: [&str; N]) -> (Running, String) {
    let mut running = Test::new()
        .args(["listen", "--listen", "127.0.0.1:0", "--ready-file", "ready"])
        .args(args)
        .spawn();
    let url = url(&mut running);
    (running, url)
}

#[test]
fn the_demo_shows_a_whole_run() {
    Test::new()
        .args(["listen", "--demo"])
        .stdout(
            "[TIME] --> credentials.created  sandbox  signed  valid [1]\n\
             [TIME] --> credentials.updated  sandbox  signed  valid [2]\n\
             [TIME] --> credentials.refreshed  sandbox  signed  valid [3]\n\
             [TIME] --> documents.completed  sandbox  signed  valid [4]\n\
             [TIME] --> documents.success  sandbox  signed  valid [5]\n",
        )
        .stderr(
            "Listening on http://127.0.0.1:[PORT]\n\
             \x20 forwarding    nowhere (add `--forward-to 3000`)\n\
             \x20 signature key a throwaway key, for this demo only\n\
             \x20 history       none is kept\n\
             Waiting for notifications; press ^C to stop\n\n\n\
             Stopped: 5 received\n",
        )
        .run();
}

#[test]
fn quiet_leaves_the_results() {
    let output = Test::new().args(["listen", "--demo", "--quiet"]).output();
    assert_eq!(
        (output.stdout().lines().count(), output.stderr().as_str()),
        (5, "")
    );
}

#[test]
fn arrivals_and_answers_are_lines() {
    let target = Server::answering([Answer::status(200), Answer::status(404)]);
    let (mut running, url) = listen(["--count", "2", "--retries", "0", "-f", &target.url()]);
    post(&url, &unseen(1, "credentials.created"));
    running.until_stdout("<-- credentials.created");
    post(&url, "{}");
    let output = running.finish();
    assert_eq!(
        output
            .stdout()
            .lines()
            .filter(|line| line.starts_with('['))
            .collect::<Vec<_>>(),
        [
            "[TIME] --> credentials.created  sandbox  signature not checked  valid [1]",
            "[TIME] <-- credentials.created  sandbox  200  http://127.0.0.1:[PORT]/  [MS] [1]",
            "[TIME] --> (no event)  no environment  signature not checked  invalid, 1 error [2]",
            "[TIME] <-- (no event)  no environment  404  http://127.0.0.1:[PORT]/  [MS] [2]",
        ]
    );
}

#[test]
fn a_name_cannot_forge_a_line_or_move_the_cursor() {
    let (running, url) = listen(["--once"]);
    let name = "x\n12:00:00 --> forged\r\u{1b}[2J\u{7}";
    post(&url, &notification_of(name, |_| {}));
    let output = running.finish();
    let stdout = output.stdout();
    assert!(
        stdout.contains(r"x\u000a12:00:00 --> forged\u000d\u001b[2J\u0007"),
        "{stdout}"
    );
    assert!(!stdout.contains(|character: char| character.is_control() && character != '\n'));
    assert!(!stdout.contains("\n[TIME] --> forged"));
}

#[test]
fn no_colour_goes_into_a_pipe_unless_asked_for() {
    for (args, colored) in [(["--color", "auto"], false), (["--color", "always"], true)] {
        let output = Test::new().args(["listen", "--demo"]).args(args).output();
        assert_eq!(output.stdout.contains(&0x1b), colored, "{args:?}");
        assert_eq!(output.stderr.contains(&0x1b), colored, "{args:?}");
    }
}

#[test]
fn pretty_shows_the_body() {
    let (running, url) = listen(["--once", "--format", "pretty"]);
    post(&url, &notification());
    let stdout = running.finish().stdout();
    assert!(stdout.contains("\n    {\n"), "{stdout}");
    assert!(
        stdout.contains("\"id_external\": \"someone@example.test\""),
        "{stdout}"
    );
}

#[test]
fn what_is_refused_at_the_door_is_shown_once() {
    let (mut running, url) = listen(["--path", "/hook", "--max-body", "10", "-e", "documents.*"]);
    let base = url.trim_end().trim_end_matches("/hook").to_owned();
    for (method, path, body, status) in [
        ("POST", "/hooks", "{}", 404),
        ("POST", "/hooks", "{}", 404),
        ("GET", "/hook", "", 405),
        ("POST", "/hook", "{\"events\":[]}", 413),
    ] {
        let mut connection = Connection::open(&base);
        connection.send(method, path, &[], body.as_bytes());
        assert_eq!(connection.response().status, status, "{method} {path}");
    }
    let warned = "warning: POST /hooks was answered with 404: nothing is listening on this path\n\
                  hint: `--path` lets notifications in on `/hook` only\n\
                  warning: GET /hook was answered with 405: notifications come by POST; this was GET\n\
                  hint: a browser or a health check may have called; `GET /healthz` is for these\n\
                  warning: POST /hook was answered with 413: the body is longer than 10 bytes\n\
                  hint: longer bodies pass with `--max-body`\n";
    running.until_stderr(warned);
    running.interrupt();
    let output = running.finish();
    assert!(output.stderr().contains(warned), "{}", output.stderr());
}

#[test]
fn the_words_of_a_target_that_refuses_are_shown() {
    let answer = Answer::status(422).body("{\"error\":\"no such customer\"}\nsecond\u{1b}[2J\n");
    let server = Server::answering([answer]);
    let target = server.url();
    let (mut running, url) = listen(["--once", "--format", "pretty", "-f", &target]);
    post(&url, &notification());
    running.until_stderr("Stopped:");
    let output = running.finish();
    assert!(
        output
            .stdout()
            .contains("    {\"error\":\"no such customer\"}\n    second\\u001b[2J\n"),
        "{}",
        output.stdout()
    );
}
