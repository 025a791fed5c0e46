//! `listen`: when it begins, when it ends, and with which status.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;

use serde_json::json;

use crate::support::{
    Answer, Connection, Gate, Listener, Port, Server, Test, notification, notification_of, unseen,
};

#[test]
fn the_first_line_says_that_it_is_ready() {
    let listener = Test::new()
        .args([
            "-f",
            "3000",
            "--ready-file",
            "ready",
            "--save",
            "saved",
            "--store",
            "h.db",
        ])
        .listen();
    let ready = listener.directory().join("ready");
    let told = std::fs::read_to_string(&ready).unwrap();
    assert_eq!(told, format!("{}\n", listener.url()));
    listener.interrupt();
    let output = listener.finish();
    assert!(!ready.exists(), "the next run's readers would find it");
    assert_eq!(
        output.stdout(),
        "{\"type\":\"ready\",\"url\":\"http://127.0.0.1:[PORT]\",\"pid\":\"[PID]\",\"store\":\"h.db\",\"save\":\"saved\",\
         \"targets\":[\"http://localhost:3000\"],\"keys\":[]}\n\
         {\"type\":\"summary\",\"received\":0,\"forwarded\":0,\"failed\":0,\"invalid\":0,\"refused\":0,\"filtered\":0,\
         \"busy\":0,\"waiting\":0,\"unmet\":[]}\n"
    );
    assert_eq!((output.stderr().as_str(), output.code()), ("", Some(0)));
}

#[test]
fn a_request_to_stop_is_no_failure() {
    for signal in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let listener = Listener::start([]);
        listener.signal(signal);
        assert_eq!(listener.finish().code(), Some(0));
    }
}

#[test]
fn a_request_to_stop_before_everything_came_is_a_no() {
    let listener = Listener::start([
        "--expect",
        "documents.*=2",
        "--expect",
        "credentials.created",
    ]);
    listener.post("/", &[], notification_of("documents.success", |_| {}));
    listener.post("/", &[], notification());
    listener.interrupt();
    let output = listener.finish();
    assert_eq!(output.code(), Some(1));
    assert_eq!(
        output.json().pop().unwrap()["unmet"],
        json!(["documents.*=2"])
    );
}

#[test]
fn once_ends_after_one_and_count_after_many() {
    let listener = Listener::start(["--once"]);
    listener.post("/", &[], notification());
    assert_eq!(listener.finish().code(), Some(0));
    let listener = Listener::start(["--count", "2"]);
    listener.post("/", &[], unseen(1, "credentials.created"));
    listener.post("/", &[], unseen(2, "credentials.created"));
    let output = listener.finish();
    assert_eq!(
        (output.code(), &output.json()[3]["received"]),
        (Some(0), &json!(2))
    );
}

#[test]
fn expectations_end_it_as_soon_as_all_are_met() {
    let listener = Listener::start([
        "--expect",
        "credentials.*=2",
        "--expect",
        "documents.success",
    ]);
    for name in [
        "credentials.created",
        "documents.success",
        "credentials.updated",
    ] {
        listener.post("/", &[], notification_of(name, |_| {}));
    }
    let output = listener.finish();
    assert_eq!(
        (output.code(), &output.json()[4]["unmet"]),
        (Some(0), &json!([]))
    );
}

#[test]
fn a_count_that_is_full_before_everything_came_is_a_no() {
    let listener = Listener::start(["--once", "--expect", "documents.success"]);
    listener.post("/", &[], notification());
    assert_eq!(listener.finish().code(), Some(1));
}

#[test]
fn what_is_refused_meets_no_expectation() {
    let listener = Listener::start(["--once", "--expect", "*", "--require-header", "X: 1"]);
    listener.post("/", &[], notification());
    assert_eq!(listener.finish().code(), Some(1));
}

#[test]
fn time_may_run_out() {
    let listener = Listener::start(["--within", "1ms", "--expect", "documents.success"]);
    let output = listener.finish();
    assert_eq!(output.code(), Some(124));
    assert_eq!(
        output.json().pop().unwrap()["unmet"],
        json!(["documents.success"])
    );
}

#[test]
fn deliveries_of_what_was_waited_for_come_to_their_end() {
    let gate = Gate::shut();
    let target = Server::answering([Answer::status(200).behind(&gate)]);
    let listener = Listener::start(["--once", "-f", &target.url()]);
    let mut idle = listener.connect();
    listener.post("/", &[], notification());
    target.next();
    // The listener closes idle connections when it begins to drain.
    assert!(idle.is_closed());
    gate.open();
    let output = listener.finish();
    assert_eq!(output.code(), Some(0));
    assert_eq!(output.json().pop().unwrap()["forwarded"], 1);
}

#[test]
fn a_second_request_to_stop_waits_for_nobody() {
    let gate = Gate::shut();
    let target = Server::answering([Answer::status(200).behind(&gate)]);
    let listener = Listener::start(["-f", &target.url()]);
    let mut idle = Connection::open(listener.url());
    idle.send("POST", "/", &[], notification().as_bytes());
    assert_eq!(idle.response().status, 200);
    target.next();
    listener.interrupt();
    assert!(idle.is_closed());
    listener.interrupt();
    assert_eq!(listener.finish().code(), Some(130));
}

#[test]
fn whoever_reads_the_output_may_leave() {
    let test = Test::new().args(["listen", "--json", "--listen", "127.0.0.1:0"]);
    let mut child = test.command().spawn().unwrap();
    let mut ready = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut ready).unwrap();
    drop(stdout);
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    let mut connection = Connection::open(ready["url"].as_str().unwrap());
    connection.send("POST", "/", &[], notification().as_bytes());
    let output = child.wait_with_output().unwrap();
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), &error["code"]),
        (Some(2), &json!("output-closed"))
    );
}

#[test]
fn a_port_that_is_taken_ends_it_at_once() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    Test::new()
        .args(["listen", "--listen", &address])
        .status(2)
        .stderr(
            "error: cannot listen on 127.0.0.1:[PORT]: Address already in use (os error 98)\n\n\
             hint: another program has this port: stop it, or pick another with `--listen 127.0.0.1:4001`\n\
             hint: `--listen 127.0.0.1:0` picks a free port\n",
        )
        .run();
}

#[test]
fn errors_are_json_where_output_is() {
    let output = Test::new()
        .args(["listen", "--json", "-f", "ftp://x"])
        .output();
    assert_eq!((output.code(), output.stdout().as_str()), (Some(2), ""));
    let [error] = output.json_errors().try_into().unwrap();
    assert_eq!(
        (&error["type"], &error["code"]),
        (&json!("error"), &json!("target-invalid"))
    );
    assert_eq!(
        error["message"],
        "`ftp://x` is not a target: only `http` and `https` URLs can be sent to"
    );
}

#[test]
fn the_demo_ends_whatever_becomes_of_its_events() {
    let demo = |more: &[&str]| {
        let test = Test::new().args(["listen", "--demo", "--json"]).args(more);
        let output = test.output();
        let summary = output.json().pop().unwrap();
        (output.code(), summary)
    };
    let (code, summary) = demo(&["--events", "documents.*"]);
    assert_eq!((code, &summary["filtered"]), (Some(0), &json!(3)));
    let (code, summary) = demo(&["--expect", "payments.*"]);
    assert_eq!((code, &summary["unmet"]), (Some(1), &json!(["payments.*"])));
    let (_, summary) = demo(&["--max-body", "10"]);
    assert_eq!(summary["received"], 0);
    // The demo keeps to what the listener asks for.
    let (_, summary) = demo(&[
        "--environment",
        "production",
        "--signature-header",
        "x-own",
        "--require-header",
        "X-S: 1",
    ]);
    assert_eq!(
        (&summary["received"], &summary["refused"]),
        (&json!(5), &json!(0))
    );
}

#[test]
fn the_time_limit_holds_for_deliveries_too() {
    let gate = Gate::shut();
    let server = Server::answering([Answer::status(200).behind(&gate)]);
    let listener = Test::new()
        .args(["--once", "--within", "300ms", "-f", &server.url()])
        .listen();
    listener.post("/", &[], notification());
    server.next();
    let output = listener.finish();
    gate.open();
    assert_eq!(output.code(), Some(124));
    assert_eq!(output.json().pop().unwrap()["waiting"], 1);
}

#[test]
fn a_second_signal_ends_it_even_when_nobody_reads_its_output() {
    let (reader, writer) = std::io::pipe().unwrap();
    let test = Test::new().args(["listen", "--listen", "127.0.0.1:0", "--json"]);
    let mut process = test
        .command()
        .stdout(writer)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(reader);
    let mut ready = String::new();
    lines.read_line(&mut ready).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    for _ in 0..4 {
        let mut connection = Connection::open(ready["url"].as_str().unwrap());
        connection.send("POST", "/", &[], &vec![b'x'; 300_000]);
        assert_eq!(connection.response().status, 200);
    }
    let pid = rustix::process::Pid::from_child(&process);
    let interrupt = || rustix::process::kill_process(pid, rustix::process::Signal::INT);
    // Signals that come together count once: they are sent until the program has ended.
    let status = loop {
        interrupt().unwrap();
        match process.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::yield_now(),
        }
    };
    assert_eq!(status.code(), Some(130));
    drop(lines);
}

#[test]
fn senders_are_asked_to_wait_when_the_output_is_read_too_slowly() {
    const MOST: usize = 40;
    let (reader, writer) = std::io::pipe().unwrap();
    let test = Test::new().args(["listen", "--listen", "127.0.0.1:0", "--json"]);
    let mut process = test
        .command()
        .stdout(writer)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(reader).lines().map(Result::unwrap);
    let ready: serde_json::Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
    let mut taken = 0;
    let refused = (0..MOST).find_map(|_| {
        let mut connection = Connection::open(ready["url"].as_str().unwrap());
        connection.send("POST", "/", &[], &vec![b'x'; 1_000_000]);
        let response = connection.response();
        taken += usize::from(response.status == 200);
        (response.status != 200).then_some(response)
    });
    let refused = refused.expect("what nobody reads is not taken without end");
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (503, &json!("busy"))
    );
    assert_eq!(refused.header("retry-after"), Some("5"));
    let pid = rustix::process::Pid::from_child(&process);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    // Whatever was taken is shown once somebody reads.
    let shown = lines.filter(|line| line.starts_with("{\"type\":\"notification\""));
    assert_eq!(shown.count(), taken);
    assert_eq!(process.wait().unwrap().code(), Some(0));
}

#[test]
fn it_does_not_forward_to_itself() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    drop(taken);
    Test::new()
        .args(["listen", "--listen", &address.to_string()])
        .args(["-f", &format!("localhost:{}/hook", address.port())])
        .status(2)
        .stderr(
            "error: the target `http://localhost:[PORT]/hook` is this listener itself\n\n\
             hint: name the port of your app, or listen on another one with `--listen`\n",
        )
        .run();
}

#[test]
fn a_duration_beyond_all_clocks_is_refused() {
    for [option, value] in [
        ["--within", "9223372036854775807s"],
        ["--timeout", "9223372036854775807s"],
        ["--reply-delay", "8761h"],
    ] {
        let output = Test::new().args(["listen", option, value]).output();
        assert_eq!(output.code(), Some(2));
        let message = format!(
            "error: invalid value '{value}' for '{option} <DURATION>': a duration is at most 365 days\n"
        );
        assert!(output.stderr().starts_with(&message), "{}", output.stderr());
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_link_can_be_told_that_it_is_ready() {
    use std::fs;

    let test = Test::new().args(["--ready-file", "pipe"]);
    let pipe = test.directory().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let listener = test.listen();
    let told = format!("{}\n", listener.url());
    assert_eq!(fs::read_to_string(&pipe).unwrap(), told);

    for test in [Test::new().file("file", "old"), Test::new()] {
        let test = test.args(["--ready-file", "link"]);
        let link = test.directory().join("link");
        std::os::unix::fs::symlink("file", &link).unwrap();
        let listener = test.listen();
        let told = format!("{}\n", listener.url());
        let file = link.with_file_name("file");
        assert_eq!(fs::read_to_string(file).unwrap(), told);
        assert!(link.is_symlink());
    }
}

#[test]
fn a_ready_file_that_cannot_be_written_ends_it_at_once() {
    Test::new()
        .args(["listen", "--listen", "127.0.0.1:0", "--ready-file", "no/file"])
        .status(2)
        .stderr("error: cannot write the ready file `no/file`: No such file or directory (os error 2)\n")
        .run();
}

#[test]
fn what_earlier_runs_have_left_holds_up_no_end() {
    let port = Port::reserve();
    let listener = Listener::start(["--store", "h.db", "-f", &port.url()]);
    listener.post("/", &[], notification());
    let output = listener.kill();
    let args = ["--store", "h.db", "--retries", "1000", "--once"];
    let listener = output.then().args(args).listen();
    listener.post("/", &[], unseen(1, "documents.success"));
    let output = listener.finish();
    let summary = output.json().pop().unwrap();
    assert_eq!(
        (&summary["waiting"], &summary["hints"], output.code()),
        (
            &json!(1),
            &json!(["what waits is delivered by the next `listen` that starts on this history"]),
            Some(0)
        )
    );
}
