//! `listen` in CI: what is asked of a run, and how it is told whether that was met.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Answer, Connection, Gate, Listener, Output, Port, Running, Server, Test, notification,
    notification_of, unseen, well_formed,
};

/// Begins `listen` as a person sees it.
fn shown<const N: usize>(args: [&str; N]) -> (Running, String) {
    let test = Test::new().args(["listen", "--listen", "127.0.0.1:0", "--no-store"]);
    let mut running = test.args(args).spawn();
    let line = running.line_with("Listening on ");
    let url = line.trim_end().rsplit(' ').next().unwrap().to_owned();
    (running, url)
}

fn post(url: &str, body: impl AsRef<[u8]>) {
    let mut connection = Connection::open(url);
    connection.send("POST", "/", &[], body.as_ref());
    assert_eq!(connection.response().status, 200);
}

/// What follows the line that begins with this.
fn after(text: &str, start: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.starts_with(start));
    lines.map(|line| format!("{line}\n")).collect()
}

fn summary(output: &Output) -> Value {
    output.json().pop().unwrap()
}

fn report(output: &Output) -> String {
    let text = String::from_utf8(output.file("report.xml")).unwrap();
    well_formed(&text);
    text
}

#[test]
fn the_end_has_a_table_of_what_was_met() {
    let target = Server::answering([Answer::status(200), Answer::status(200)]);
    let (running, url) = shown([
        "--expect",
        "credentials.*=2",
        "--expect",
        "documents.success",
        "--count",
        "2",
        "--max-reply",
        "1m",
        "--max-silence",
        "1h",
        "-f",
        &target.url(),
    ]);
    post(&url, unseen(1, "credentials.created"));
    post(&url, unseen(2, "credentials.updated"));
    let output = running.finish();
    assert_eq!(
        after(&output.stderr(), "Stopped:"),
        "Stopped: 2 received, 2 forwarded\n\
         \n\
         result  expected           wanted      seen\n\
         met     credentials.*=2    2           2\n\
         unmet   documents.success  1           0\n\
         met     --count 2          2           2\n\
         met     --max-reply 1m     0 late      0 of 2 late\n\
         met     --max-silence 1h   0 silences  0 silences\n"
    );
    assert_eq!(output.code(), Some(1));
}

#[test]
fn a_count_alone_that_was_reached_needs_no_table() {
    let (running, url) = shown(["--once"]);
    post(&url, notification());
    let output = running.finish();
    assert_eq!(after(&output.stderr(), "Stopped:"), "Stopped: 1 received\n");
    let (running, _) = shown(["--once"]);
    running.interrupt();
    let output = running.finish();
    assert_eq!(
        after(&output.stderr(), "Stopped:"),
        "Stopped: 0 received\n\nresult  expected  wanted  seen\nunmet   --once    1       0\n"
    );
    assert_eq!(output.code(), Some(1));
}

#[test]
fn json_tells_the_same() {
    let listener = Listener::start(["--expect", "credentials.*=2", "--max-silence", "1h"]);
    listener.post("/", &[], notification_of("credentials.created", |_| {}));
    let output = listener.stop();
    let summary = summary(&output);
    assert_eq!(summary["unmet"], json!(["credentials.*=2"]));
    let typed = |kind| move |line: &&Value| line["type"] == kind;
    assert_eq!(output.json().iter().filter(typed("warning")).count(), 0);
    assert!(output.stdout().contains(
        "\"unmet\":[\"credentials.*=2\"],\"expectations\":[\
         {\"expect\":\"credentials.*=2\",\"kind\":\"events\",\"wanted\":2,\"seen\":1,\"met\":false},\
         {\"expect\":\"--max-silence 1h\",\"kind\":\"silence\",\"wanted\":0,\"seen\":0,\"met\":true}]"
    ));
}

#[test]
fn an_answer_in_time_is_a_yes() {
    let target = Server::answering([Answer::status(500), Answer::status(200)]);
    let listener = Test::new()
        .args(["--count", "1", "--max-reply", "1m", "-f", &target.url()])
        .listen();
    listener.post("/", &[], notification());
    let output = listener.finish();
    assert_eq!(
        (output.code(), &summary(&output)["expectations"][1]),
        (
            Some(0),
            &json!({"expect": "--max-reply 1m", "kind": "reply", "wanted": 0, "seen": 0, "attempts": 2,
                "unanswered": 0, "slowest": null, "met": true})
        )
    );
}

#[test]
fn an_answer_that_is_late_is_a_no() {
    let target = Server::answering([Answer::status(200), Answer::status(204)]);
    let listener = Test::new()
        .args(["--count", "2", "--max-reply", "1ns", "--retries", "0"])
        .args(["-f", &target.url(), "--junit", "report.xml"])
        .listen();
    listener.post("/", &[], unseen(1, "credentials.created"));
    target.next();
    listener.post("/", &[], unseen(2, "documents.success"));
    let output = listener.finish();
    let summary = summary(&output);
    assert_eq!(
        (output.code(), &summary["unmet"]),
        (Some(1), &json!(["--max-reply 1ns"]))
    );
    assert_eq!(summary["forwarded"], 2);
    let replies = &summary["expectations"][1];
    assert_eq!(
        (&replies["seen"], &replies["attempts"]),
        (&json!(2), &json!(2))
    );
    let slowest = &replies["slowest"];
    let deliveries = output.json();
    let deliveries = deliveries.iter().filter(|line| line["type"] == "delivery");
    let latencies = deliveries.map(|delivery| delivery["latency_ms"].as_f64().unwrap());
    assert_eq!(
        slowest["latency_ms"].as_f64().unwrap().to_bits(),
        latencies.fold(0.0, f64::max).to_bits()
    );
    let event = match slowest["id"].as_u64() {
        Some(1) => "credentials.created",
        _ => "documents.success",
    };
    assert_eq!(slowest["events"], json!([event]));
    assert!(report(&output).contains("of 2 attempts 2 not answered in time; slowest: "));
}

#[test]
fn no_answer_at_all_is_a_no_however_soon() {
    let port = Port::reserve();
    let url = port.url();
    let (running, listener) = shown([
        "--once",
        "--max-reply",
        "1m",
        "--retries",
        "0",
        "-f",
        url.as_str(),
    ]);
    post(&listener, notification());
    let output = running.finish();
    assert_eq!(
        after(&output.stderr(), "Stopped:"),
        format!(
            "Stopped: 1 received, 1 failed\n\
             \n\
             result  expected        wanted  seen\n\
             met     --once          1       1\n\
             unmet   --max-reply 1m  0 late  1 of 1 late\n\
             slowest: credentials.created [1]  connection refused  {}/  [MS]\n",
            "http://127.0.0.1:[PORT]"
        )
    );
    assert_eq!(output.code(), Some(1));
}

#[test]
fn what_has_no_answer_by_the_end_was_not_answered_in_time() {
    let gate = Gate::shut();
    let target = Server::answering([Answer::status(200).behind(&gate)]);
    let listener = Test::new()
        .args(["--once", "--max-reply", "1h", "--within", "300ms", "-f"])
        .args([&target.url(), "--junit", "report.xml"])
        .listen();
    listener.post("/", &[], notification());
    target.next();
    let output = listener.finish();
    gate.open();
    let summary = summary(&output);
    assert_eq!(
        (output.code(), &summary["unmet"]),
        (Some(124), &json!(["--max-reply 1h"]))
    );
    assert_eq!(summary["expectations"][1]["unanswered"], 1);
    assert_eq!(
        report(&output),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"syncfy-hooks\" tests=\"3\" failures=\"2\" errors=\"0\">\n  \
           <testsuite name=\"listen\" tests=\"3\" failures=\"2\" errors=\"0\">\n    \
             <testcase classname=\"listen\" name=\"--once\"/>\n    \
             <testcase classname=\"listen\" name=\"--max-reply 1h\">\n      \
               <failure type=\"unmet\" message=\"of 0 attempts 0 not answered in time, 1 delivery not ended\"/>\n    \
             </testcase>\n    \
             <testcase classname=\"listen\" name=\"--within 300ms\">\n      \
               <failure type=\"unmet\" message=\"time ran out before everything had come and gone\"/>\n    \
             </testcase>\n    \
             <system-out>stopped when time ran out; 1 notification received\n\
             [1] credentials.created</system-out>\n  \
           </testsuite>\n\
         </testsuites>\n"
    );
}

#[test]
fn silence_is_told_once_until_something_comes() {
    let mut listener = Listener::start(["--max-silence", "10ms", "--junit", "report.xml"]);
    let warning = listener.next("warning");
    assert_eq!(
        warning,
        json!({"type": "warning", "code": "silence", "message": "nothing has arrived for 10ms",
            "hints": ["check that whoever sends calls the URL that this listens on"]})
    );
    listener.post("/", &[], notification());
    assert_eq!(listener.next("warning")["code"], "silence");
    let output = listener.stop();
    let summary = summary(&output);
    assert_eq!(
        (output.code(), &summary["unmet"]),
        (Some(1), &json!(["--max-silence 10ms"]))
    );
    assert_eq!(summary["expectations"][0]["seen"], 2);
    let warnings = output.json();
    let warnings = warnings.iter().filter(|line| line["type"] == "warning");
    assert_eq!(warnings.count(), 2);
    assert!(report(&output).contains("message=\"nothing arrived for this time (2 times)\""));
}

#[test]
fn a_person_sees_the_silence() {
    let (mut running, _) = shown(["--max-silence", "10ms", "--expect", "documents.*"]);
    running.until_stderr("warning: nothing has arrived for 10ms\n");
    running.interrupt();
    let output = running.finish();
    assert_eq!(
        after(&output.stderr(), "warning:"),
        "warning: nothing has arrived for 10ms\n\
         hint: check that whoever sends calls the URL that this listens on\n\
         \n\
         Stopped: 0 received\n\
         \n\
         result  expected            wanted      seen\n\
         unmet   documents.*         1           0\n\
         unmet   --max-silence 10ms  0 silences  1 silence\n"
    );
}

#[test]
fn silence_that_was_not_too_long_is_none() {
    let listener = Listener::start(["--max-silence", "1h", "--once"]);
    listener.post("/", &[], notification());
    assert_eq!(listener.finish().code(), Some(0));
}

#[test]
fn a_report_is_written_when_all_went_well() {
    let args = ["--expect", "documents.*", "--within", "1h"];
    let listener = Test::new()
        .args(args)
        .args(["--expect", "*=2", "--junit", "report.xml"])
        .file("report.xml", "of an earlier run")
        .listen();
    listener.post("/", &[], notification_of("credentials.created", |_| {}));
    listener.post("/", &[], notification_of("documents.success", |_| {}));
    let output = listener.finish();
    assert_eq!(output.code(), Some(0));
    assert_eq!(
        report(&output),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"syncfy-hooks\" tests=\"3\" failures=\"0\" errors=\"0\">\n  \
           <testsuite name=\"listen\" tests=\"3\" failures=\"0\" errors=\"0\">\n    \
             <testcase classname=\"listen\" name=\"--expect documents.*\"/>\n    \
             <testcase classname=\"listen\" name=\"--expect *=2\"/>\n    \
             <testcase classname=\"listen\" name=\"--within 1h\"/>\n    \
             <system-out>stopped by its own conditions; 2 notifications received\n\
             [1] credentials.created\n\
             [2] documents.success</system-out>\n  \
           </testsuite>\n\
         </testsuites>\n"
    );
}

#[test]
fn a_report_is_written_when_it_is_interrupted() {
    let listener = Test::new()
        .args(["--expect", "documents.*=3", "--require-header", "X: 1"])
        .args(["--junit", "report.xml"])
        .listen();
    listener.post("/", &[], notification());
    let output = listener.stop();
    assert_eq!(output.code(), Some(1));
    let report = report(&output);
    assert!(report.contains("message=\"3 events expected, 0 arrived\""));
    assert!(report.contains(
        "<system-out>stopped by a signal; 1 notification received\n\
         [1] credentials.created, refused: "
    ));
}

#[test]
fn a_report_is_written_when_it_is_interrupted_twice() {
    let gate = Gate::shut();
    let target = Server::answering([Answer::status(200).behind(&gate)]);
    let listener = Test::new()
        .args(["--expect", "documents.*", "-f", &target.url()])
        .args(["--junit", "report.xml"])
        .listen();
    let mut idle = listener.connect();
    listener.post("/", &[], notification());
    target.next();
    listener.interrupt();
    assert!(idle.is_closed());
    listener.interrupt();
    let output = listener.finish();
    gate.open();
    assert_eq!(output.code(), Some(130));
    assert!(report(&output).contains("stopped at once by a second signal"));
}

#[test]
fn a_report_is_bounded_and_well_formed_whatever_arrives() {
    let listener = Test::new()
        .args(["--count", "103", "--junit", "report.xml"])
        .listen();
    listener.post("/", &[], notification_of("<a>&\"\u{1b}]]>", |_| {}));
    for number in 2..=103 {
        listener.post("/", &[], unseen(number, "credentials.created"));
    }
    let report = report(&listener.finish());
    assert!(report.contains("\n[1] &lt;a&gt;&amp;&quot;\\u001b]]&gt;\n"));
    assert!(report.ends_with(
        "\n[100] credentials.created\nand 3 more</system-out>\n  </testsuite>\n</testsuites>\n"
    ));
}

#[test]
fn what_cannot_be_reported_is_told_at_once() {
    for (file, reason) in [
        ("no/report.xml", "No such file or directory (os error 2)"),
        (".", "is a directory"),
    ] {
        Test::new()
            .args(["listen", "--once", "--junit", file])
            .args(["--listen", "127.0.0.1:0"])
            .status(2)
            .stderr(format!(
                "error: cannot write the report `{file}`: {reason}\n"
            ))
            .run();
    }
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for (args, stderr) in [
        (
            ["--max-reply", "2s"],
            "error: `--max-reply` limits the time of a target, and none was given\n\n\
             hint: add `--forward-to 3000`\n",
        ),
        (
            ["--junit", "report.xml"],
            "error: `--junit` reports what was asked for, and nothing was\n\n\
             hint: add `--expect GLOB`, `--count N`, `--max-reply 2s`, `--max-silence 30s` or `--within 60s`\n",
        ),
        (
            ["--max-silence", "0s"],
            "error: invalid value '0s' for '--max-silence <DURATION>': a duration above zero is needed here\n\n\
             hint: try `--help`\n",
        ),
        (
            ["--max-reply", "soon"],
            "error: invalid value 'soon' for '--max-reply <DURATION>': a duration is written `30s`, `2m`, `1h 30m` \
             or `500ms`\n\nhint: try `--help`\n",
        ),
    ] {
        Test::new()
            .arg("listen")
            .args(args)
            .status(2)
            .stderr(stderr)
            .run();
    }
}

#[test]
fn a_ready_file_that_another_run_has_written_stays() {
    let listener = Test::new().args(["--ready-file", "ready"]).listen();
    let ready = listener.directory().join("ready");
    fs::write(&ready, "http://another\n").unwrap();
    let output = listener.stop();
    assert_eq!(output.file("ready"), b"http://another\n");
}

#[test]
fn a_pipe_tells_a_script_also_that_nobody_will_be_ready() {
    let script = |args: &str| {
        format!(
            "mkfifo ready; syncfy-hooks listen {args} --ready-file ready 9>ready >out 2>&1 & \
             if read -r url <ready; then echo ready; kill $!; else echo dead; fi; \
             wait $! && echo 0 || echo $?; test -p ready"
        )
    };
    for (args, told) in [
        ("--listen 127.0.0.1:0", "ready\n0\n"),
        ("--listen 127.0.0.1:0 -f ftp://x", "dead\n2\n"),
    ] {
        let output = Test::new().shell(&script(args)).output();
        assert_eq!((output.stdout().as_str(), output.code()), (told, Some(0)));
    }
}
