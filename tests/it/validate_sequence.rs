//! `validate --sequence`: what it says about the order of events, from every kind of source and in every format.

use jiff::Timestamp;
use serde_json::{Value, json};
use syncfy_hooks::domain::notification::time;

use crate::support::{Store, Test, notification_of};

/// When the recordings begin, in Unix seconds: 2026-01-02 03:04:05 UTC.
const BEGINNING: i64 = 1_767_323_045;

/// Ids that were made at that time.
const CREDENTIAL: &str = "695735a5b2c3d4e5f6071829";
const JOB: &str = "695735a5b2c3d4e5f607182a";

/// An event so many seconds after the beginning, with the `eid` of that number.
fn event(number: u64, second: i64, name: &str) -> String {
    changed(number, second, name, |_| {})
}

fn changed(number: u64, second: i64, name: &str, change: impl FnOnce(&mut Value)) -> String {
    let at = Timestamp::from_second(BEGINNING + second).unwrap();
    notification_of(name, |notification| {
        notification["rid"] = format!("0b9f2a3c-1d4e-4f5a-8b6c-{number:012x}").into();
        let event = &mut notification["events"][0];
        let header = &mut event["header"]["event"];
        header["eid"] = format!("5f0e6c1a-7b2d-4c3e-9a4f-{number:012x}").into();
        header["at"] = time::format(at).into();
        let payload = &mut event["payload"];
        payload["id_credential"] = CREDENTIAL.into();
        payload["id_job_uuid"] = JOB.into();
        if name.starts_with("payments.") {
            *payload = json!({"amount": 1});
        }
        change(event);
    })
}

fn executing(number: u64, second: i64, name: &str, is_executing: u64) -> String {
    changed(number, second, name, |event| {
        event["payload"]["is_executing"] = is_executing.into();
    })
}

fn created() -> String {
    executing(1, 0, "credentials.created", 1)
}

fn updated() -> String {
    executing(2, 4, "credentials.updated", 0)
}

fn refreshed() -> String {
    event(3, 22, "credentials.refreshed")
}

/// Something else, much later: the recording went on.
fn later() -> String {
    event(99, 900, "payments.chargeback_created")
}

fn usual() -> [String; 5] {
    let completed = event(4, 39, "documents.completed");
    let success = event(5, 40, "documents.success");
    [created(), updated(), refreshed(), completed, success]
}

fn over(lines: &[String]) -> Test {
    Test::new()
        .file("all.ndjson", lines.join("\n") + "\n")
        .args(["validate", "--sequence", "all.ndjson"])
}

#[test]
fn the_usual_run_is_in_order() {
    let in_order = "5 notifications in 2 runs: in order\n";
    over(&usual()).stderr(in_order).run();
    over(&usual())
        .args(["--format", "pretty"])
        .stderr(in_order)
        .run();
    over(&usual()).arg("--json").run();
    over(&usual()).args(["--strict", "--quiet"]).run();
}

#[test]
fn findings_in_what_has_just_come_have_their_place() {
    over(&[refreshed(), updated(), created(), updated()])
        .status(1)
        .stdout(
            "all.ndjson:2:37: warning[SH508]: an event of this run that happened later had come already, at `all.ndjson:1`\n\
             all.ndjson:3:123: error[SH501]: the credential is created after it was refreshed, at `all.ndjson:1`\n\
             all.ndjson:4:77: note[SH504]: the same event came before, at `all.ndjson:2`\n",
        )
        .stderr("4 notifications in 1 run: 1 error, 1 warning, 1 note\n")
        .run();
}

#[test]
fn findings_in_what_came_before_have_their_line() {
    over(&[created(), event(4, 39, "documents.completed"), later()])
        .status(1)
        .stdout(
            "all.ndjson:1: error[SH503]: `is_executing` stays 1 for the credential `695735a5b2c3d4e5f6071829`\n\
             all.ndjson:2: error[SH502]: neither `documents.success` nor `documents.fail` came for the job \
             `695735a5b2c3d4e5f607182a`\n",
        )
        .stderr("3 notifications in 2 runs: 2 errors\n")
        .run();
}

#[test]
fn what_comes_twice_is_the_same_or_is_not() {
    let other = event(1, 1, "documents.success");
    over(&[created(), updated(), refreshed(), updated(), other, event(4, 0, "documents.completed")])
        .status(1)
        .stdout(
            "all.ndjson:4:77: note[SH504]: the same event came before, at `all.ndjson:2`\n\
             all.ndjson:5:77: error[SH505]: another event had this `eid`, at `all.ndjson:1`\n\
             all.ndjson:6:37: warning[SH508]: an event of this run that happened later had come already, at `all.ndjson:5`\n",
        )
        .stderr("6 notifications in 2 runs: 1 error, 1 warning, 1 note\n")
        .run();
}

#[test]
fn a_redelivery_may_have_another_order_of_members_and_the_other_name() {
    // An object whose members stand the other way round.
    let turned = |body: &str, one: &str, other: &str| {
        let pair = format!("{one},{other}");
        assert!(body.contains(&pair), "{body}");
        body.replace(&pair, &format!("{other},{one}"))
    };
    let success = changed(1, 1, "documents.success", |event| {
        event["payload"]["extra"] = json!({"a": [1, 2], "b": null});
    });
    let fail = event(2, 1, "documents.fail");
    let again = turned(&success, r#""a":[1,2]"#, r#""b":null"#);
    over(&[
        success.clone(),
        again,
        fail.clone(),
        fail.replace("documents.fail", "documents.failed"),
    ])
    .args(["--allow", "began-before", "--allow", "still-running"])
    .stdout(
        "all.ndjson:2:77: note[SH504]: the same event came before, at `all.ndjson:1`\n\
             all.ndjson:4:77: note[SH504]: the same event came before, at `all.ndjson:3`\n",
    )
    .stderr("4 notifications in 1 run: 2 notes\n")
    .run();
    // The order of items is something that is said, and so is a member that is there once more.
    let items = success.replace("[1,2]", "[2,1]");
    let twice = success.replace(r#""b":null"#, r#""b":null,"b":null"#);
    over(&[success, items, twice])
        .args(["--allow", "began-before", "--allow", "still-running"])
        .status(1)
        .stdout(
            "all.ndjson:2:77: error[SH505]: another event had this `eid`, at `all.ndjson:1`\n\
             all.ndjson:3:77: error[SH505]: another event had this `eid`, at `all.ndjson:1`\n",
        )
        .stderr("3 notifications in 1 run: 2 errors\n")
        .run();
}

#[test]
fn what_is_at_the_edge_of_a_recording_is_no_fault() {
    let earlier = event(98, 10, "payments.chargeback_created");
    let run = [earlier, refreshed(), event(4, 39, "documents.completed")];
    let notes = "all.ndjson:2: note[SH511]: the run of `695735a5b2c3d4e5f6071829` began before the recording\n\
                 all.ndjson:3: note[SH510]: the documents of the job `695735a5b2c3d4e5f607182a` had not ended when the \
                 recording did\n";
    over(&run)
        .stdout(notes)
        .stderr("3 notifications in 2 runs: 2 notes\n")
        .run();
    over(&run)
        .arg("--strict")
        .stdout(notes)
        .stderr("3 notifications in 2 runs: 2 notes\n")
        .run();
}

#[test]
fn steps_that_are_missing_and_runs_without_end() {
    let earlier = event(98, -10, "payments.chargeback_created");
    let lines = [
        earlier,
        executing(2, 4, "credentials.updated", 1),
        executing(3, 8, "credentials.updated", 0),
        event(5, 40, "documents.success"),
        later(),
    ];
    let text = |severity| {
        format!(
            "all.ndjson:2: {severity}[SH506]: there is no `credentials.created` of `695735a5b2c3d4e5f6071829`\n\
             all.ndjson:3: {severity}[SH509]: no `credentials.refreshed` came for the credential `695735a5b2c3d4e5f6071829`\n\
             all.ndjson:4: {severity}[SH506]: there is no `documents.completed` of `695735a5b2c3d4e5f607182a`\n"
        )
    };
    over(&lines)
        .stdout(text("warning"))
        .stderr("5 notifications in 2 runs: 3 warnings\n")
        .run();
    over(&lines)
        .arg("--strict")
        .status(1)
        .stdout(text("error"))
        .stderr("5 notifications in 2 runs: 3 errors\n")
        .run();
}

#[test]
fn a_hole_in_time() {
    over(&[created(), event(3, 86_500, "credentials.updated"), event(4, 300_000, "credentials.refreshed")])
        .stdout(
            "all.ndjson:2:37: warning[SH507]: this is 24 hours after `credentials.created`, at `all.ndjson:1`\n\
             all.ndjson:3:37: warning[SH507]: this is 2 days after `credentials.updated`, at `all.ndjson:2`\n",
        )
        .stderr("3 notifications in 1 run: 2 warnings\n")
        .run();
}

#[test]
fn pretty() {
    let again = executing(6, 60, "credentials.updated", 1);
    over(&[created(), refreshed(), refreshed(), again, later()])
        .args(["--format", "pretty"])
        .status(1)
        .stdout(include_str!("fixtures/validate/sequence.pretty"))
        .stderr("5 notifications in 1 run: 1 error, 1 warning, 1 note\n")
        .run();
}

#[test]
fn json_has_a_line_for_each_notification_with_a_finding() {
    let again = executing(6, 60, "credentials.updated", 1);
    over(&[created(), refreshed(), again, later()])
        .arg("--json")
        .status(1)
        .stdout(include_str!("fixtures/validate/sequence.out.ndjson"))
        .run();
}

#[test]
fn other_formats_have_the_findings_too() {
    let format =
        |format| over(&[created(), refreshed(), refreshed(), later()]).args(["--format", format]);
    format("github")
        .stdout(
            "::warning file=all.ndjson,line=2,col=123,endLine=2,endColumn=146,title=SH506 missing-step::no \
             `credentials.updated` came before `credentials.refreshed`%0Ahelp: look whether your endpoint refused it, and \
             let no handler depend on it\n\
             ::notice file=all.ndjson,line=3,col=77,endLine=3,endColumn=115,title=SH504 eid-redelivered::the same event \
             came before, at `all.ndjson:2`%0Ahelp: a redelivery is usual; handle an `eid` only once\n",
        )
        .stderr("4 notifications in 1 run: 1 warning, 1 note\n")
        .run();
    let log = format("sarif").output().json_text();
    let results = log["runs"][0]["results"].as_array().unwrap().clone();
    let found: Vec<_> = results
        .iter()
        .map(|found| found["ruleId"].clone())
        .collect();
    assert_eq!(found, ["SH506", "SH504"]);
    let stuck = over(&[created(), later()])
        .args(["--format", "junit"])
        .output();
    assert_eq!(stuck.code(), Some(1));
    let text = stuck.stdout();
    assert!(
        text.contains("<testsuites name=\"syncfy-hooks\" tests=\"1\" failures=\"1\" errors=\"0\">"),
        "{text}"
    );
    assert!(
        text.contains("name=\"line 1: credentials.created\" file=\"all.ndjson\" line=\"1\">"),
        "{text}"
    );
}

#[test]
fn a_folder_is_read_in_order_of_arrival_where_every_file_tells() {
    let capture = |second: i64, body: &str| {
        let at = Timestamp::from_second(BEGINNING + second).unwrap();
        format!(
            r#"{{"syncfy_hooks":1,"received_at":"{at}","method":"POST","target":"/","headers":[],"body":{body}}}"#
        )
    };
    let folder = || {
        Test::new()
            .file("saved/c.json", capture(1, &created()))
            .file("saved/b.json", capture(5, &updated()))
            .file("saved/a.json", capture(23, &refreshed()))
            .args(["validate", "--sequence", "saved"])
    };
    folder()
        .stderr("3 notifications in 1 run: in order\n")
        .run();
    // One that does not tell, and the names count.
    folder()
        .file("saved/d.json", later())
        .status(1)
        .stdout(
            "saved/b.json:1:141: warning[SH508]: an event of this run that happened later had come already, at \
             `saved/a.json:1`\n\
             saved/c.json:1:227: error[SH501]: the credential is created after it was refreshed, at `saved/a.json:1`\n",
        )
        .stderr("4 notifications in 1 run: 1 error, 1 warning\n")
        .run();
}

#[test]
fn several_files_and_standard_input_are_one_recording() {
    Test::new()
        .file("a.json", created())
        .file("b.ndjson", updated() + "\n")
        .args(["validate", "--sequence", "a.json", "b.ndjson", "-"])
        .stdin(refreshed() + "\n" + &created() + "\n")
        .stdout("<stdin>:2:77: note[SH504]: the same event came before, at `a.json:1`\n")
        .stderr("4 notifications in 1 run: 1 note\n")
        .run();
}

#[test]
fn the_history_is_a_recording() {
    let test = Test::new().args(["validate", "--sequence", "--last", "9", "--store", "h.db"]);
    let store = Store::create(test.directory().join("h.db"));
    for (second, body) in [
        created(),
        refreshed(),
        created(),
        event(4, 39, "documents.completed"),
        later(),
    ]
    .iter()
    .enumerate()
    {
        store.add(&format!("2026-01-02T03:05:{second:02}Z"), body);
    }
    test.status(1).stdout(
            "history[2]:1:123: warning[SH506]: no `credentials.updated` came before `credentials.refreshed`\n\
             history[3]:1:77: note[SH504]: the same event came before, at `history[1]`\n\
             history[4]:1: error[SH502]: neither `documents.success` nor `documents.fail` came for the job \
             `695735a5b2c3d4e5f607182a`\n",
        ).stderr("5 notifications in 2 runs: 1 error, 1 warning, 1 note\n").run();
}

#[test]
fn what_is_no_notification_is_passed_over_and_counted() {
    let v1 = r#"{"event":"refresh","id_credential":"695735a5b2c3d4e5f6071829","is_executing":1}"#;
    over(&[
        created(),
        v1.to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
        updated(),
        refreshed(),
    ])
    .stderr("3 notifications in 1 run: in order; 3 passed over, being none of Webhooks V3\n")
    .run();
    over(&[v1.to_owned()])
        .status(1)
        .stderr("0 notifications in 0 runs: nothing to compare; 1 passed over, being none of Webhooks V3\n")
        .run();
}

#[test]
fn nothing_to_read_and_what_cannot_be_read() {
    over(&[])
        .status(1)
        .stderr(
            "warning: there was no notification to validate\n\
             hint: check that what writes the file or the stream got that far\n",
        )
        .run();
    over(&[created(), updated(), refreshed()])
        .arg("nowhere.json")
        .status(2)
        .stderr(
            "error: cannot read `nowhere.json`: No such file or directory (os error 2)\n\n\
             hint: check how the path is spelled; `-` stands for standard input\n\
             3 notifications in 1 run: in order; 1 could not be read\n",
        )
        .run();
    Test::new()
        .args(["validate", "--sequence", "--list-rules"])
        .status(2)
        .stderr(
            "error: the argument '--sequence' cannot be used with '--list-rules'\n\n\
             hint: Usage: syncfy-hooks validate --sequence [PATH]...\n\
             hint: try `--help`\n",
        )
        .run();
}

#[test]
fn events_that_are_left_out_count_as_missing() {
    let mut lines = usual().to_vec();
    lines.push(later());
    over(&lines)
        .args(["--events", "documents.*"])
        .stderr("2 notifications in 1 run: in order\n")
        .run();
    over(&lines)
        .args(["--events", "!credentials.updated"])
        .stdout("all.ndjson:3:123: warning[SH506]: no `credentials.updated` came before `credentials.refreshed`\n")
        .stderr("5 notifications in 2 runs: 1 warning\n")
        .run();
}

#[test]
fn rules_for_sequences_have_their_pages() {
    let list = Test::new()
        .args(["validate", "--list-rules"])
        .output()
        .stdout();
    assert_eq!(
        list.lines().filter(|line| line.starts_with("SH5")).count(),
        11
    );
    let page = Test::new()
        .args(["validate", "--explain", "sh503"])
        .output()
        .stdout();
    assert!(
        page.starts_with(
            "SH503 executing-stuck (error)\n\nA credential is executing, and never stops.\n"
        ),
        "{page}"
    );
}

#[test]
fn levels_hold_for_sequences_too() {
    let lines = [created(), refreshed(), later()];
    over(&lines)
        .args(["--deny", "missing-step"])
        .status(1)
        .stdout("all.ndjson:2:123: error[SH506]: no `credentials.updated` came before `credentials.refreshed`\n")
        .stderr("3 notifications in 1 run: 1 error\n")
        .run();
    over(&[created(), later()])
        .args(["--allow", "SH503"])
        .stderr("2 notifications in 1 run: in order\n")
        .run();
}
