//! `validate --fix`: what it repairs and where, and that every other byte, and every other file, stays.

use std::fs;

use crate::support::{Output, Test, notification};

/// A notification in which much can be repaired, on one line.
fn broken() -> String {
    let text = include_str!("fixtures/schema/documents_failed.json").replace(['\n', '\r'], "");
    let document: serde_json::Value = serde_json::from_str(&text).expect("a fixture is JSON");
    let event = &document["events"][0];
    let [at, eid, user] = [
        &event["header"]["event"]["at"],
        &event["header"]["event"]["eid"],
        &event["header"]["user"]["id_user"],
    ]
    .map(|value| value.as_str().expect("it is a string").to_owned());
    text.replace(&at, "2026-03-02T17:20:41.5-06:00")
        .replace(&eid, &eid.to_uppercase())
        .replace(&user, &user.to_uppercase())
}

/// The same, repaired.
fn repaired(text: &str) -> String {
    let mut text = text
        .replace(
            "2026-03-02T17:20:41.5-06:00",
            "2026-03-02 23:20:41.500000+0000",
        )
        .replace("documents.failed", "documents.fail");
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let header = &document["events"][0]["header"];
    for id in [&header["event"]["eid"], &header["user"]["id_user"]] {
        let id = id.as_str().expect("it is a string");
        text = text.replace(id, &id.to_lowercase());
    }
    text
}

fn fix(test: Test, file: &str) -> Output {
    test.args(["validate", "--fix", file]).output()
}

fn content(output: &Output, file: &str) -> String {
    String::from_utf8(output.file(file)).expect("it is text")
}

#[test]
fn a_file_is_repaired_and_nothing_else_in_it() {
    let text = broken();
    for (before, after) in [("", ""), ("\u{feff}", "\r\n"), (" ", " \n\n")] {
        let output = fix(
            Test::new().file("a.json", format!("{before}{text}{after}")),
            "a.json",
        );
        let before = before.replace('\u{feff}', "");
        let expected = format!("{before}{}{after}", repaired(&text));
        assert_eq!(content(&output, "a.json"), expected);
        assert!(output.stdout().contains(
            ": fixed[SH204]: \"2026-03-02T17:20:41.5-06:00\" -> \"2026-03-02 23:20:41.500000+0000\"\n"
        ));
        let again = output.then().args(["validate", "--fix", "a.json"]).output();
        assert!(
            again.stderr().starts_with("fixed: nothing\n"),
            "{}",
            again.stderr()
        );
        assert_eq!(content(&again, "a.json"), expected);
    }
}

#[test]
fn what_is_left_is_reported_and_decides() {
    Test::new()
        .file("broken.json", include_bytes!("fixtures/readme/broken.json"))
        .args(["validate", "--fix", "broken.json"])
        .status(1)
        .stdout(
            "broken.json:6:17: fixed[SH204]: \"2026-03-02T17:20:41.103377+0000\" -> \"2026-03-02 17:20:41.103377+0000\"\n\
             broken.json:21:18: warning[SH402]: `event` is `credential_create`, but the event is `credentials.updated`\n\
             broken.json:30:25: error[SH305]: `is_executing` is another number than 0 or 1\n",
        )
        .stderr("fixed: 1 in 1 file\n1 notification: 1 invalid (1 error, 1 warning)\n")
        .run();
    let text = notification().replacen("\"is_executing\":1", "\"is_executing\":true", 1);
    assert!(text.contains("true"), "{text}");
    Test::new()
        .file("a.json", text)
        .args(["validate", "--fix", "--json", "a.json"])
        .stdout("{\"type\":\"fix\",\"source\":\"a.json\",\"line\":1,\"column\":752,\"code\":\"SH305\",\"from\":\"true\",\"to\":\"1\"}\n{\"type\":\"validation\",\"source\":\"a.json\",\"line\":1,\"valid\":true,\"version\":\"v3\",\"events\":[{\"eid\":\"5f0e6c1a-7b2d-4c3e-9a4f-1b2c3d4e5f60\",\"name\":\"credentials.created\"}],\"diagnostics\":[]}\n")
        .run();
}

#[test]
fn a_dry_run_writes_nothing() {
    let text = broken();
    let output = Test::new()
        .file("a.json", &text)
        .args(["validate", "--fix", "--dry-run", "a.json"])
        .output();
    assert_eq!(output.code(), Some(1));
    assert_eq!(output.stderr(), "would fix: 4 in 1 file\n");
    assert_eq!(output.stdout().lines().count(), 4);
    assert_eq!(content(&output, "a.json"), text);
    let clean = Test::new()
        .file("a.json", notification())
        .args(["validate", "--fix", "--dry-run", "a.json"])
        .output();
    assert_eq!(
        (clean.code(), clean.stderr().as_str()),
        (Some(0), "would fix: nothing\n")
    );
}

#[test]
fn lines_are_repaired_one_by_one() {
    let (good, bad) = (notification(), broken());
    let lines = format!("\n{good}\r\n{{broken\n{bad}\r\n\n \n{bad}\n{good}");
    let output = fix(Test::new().file("a.ndjson", &lines), "a.ndjson");
    assert_eq!(
        content(&output, "a.ndjson"),
        lines.replace(&bad, &repaired(&bad))
    );
    assert_eq!(output.code(), Some(1));
    let stderr = output.stderr();
    assert!(stderr.starts_with("fixed: 8 in 1 file\n"), "{stderr}");
    let places = output.stdout();
    assert!(
        places.contains("a.ndjson:4:") && places.contains("a.ndjson:7:"),
        "{places}"
    );
}

#[test]
fn the_body_of_a_capture_is_repaired_where_it_stands() {
    let body = broken();
    let capture = |member: &str| {
        format!(
            r#"{{ "syncfy_hooks":1, "received_at":null,"method":"POST","target":"/","headers":[["x-id","6FF4DA49"]],{member} }}"#
        )
    };
    let verbatim = capture(&format!(r#""body" : {body}"#));
    let output = fix(Test::new().file("a.json", &verbatim), "a.json");
    let expected = capture(&format!(r#""body" : {}"#, repaired(&body)));
    assert_eq!(content(&output, "a.json"), expected);

    let encoded = |body: &str| capture(&format!(r#""body_base64" : "{}""#, encode(body)));
    let output = fix(
        Test::new().file("a.json", encoded(&format!("{body}\n"))),
        "a.json",
    );
    let expected = encoded(&format!("{}\n", repaired(&body)));
    assert_eq!(content(&output, "a.json"), expected);
    assert!(
        output.stdout().starts_with("a.json(body):1:"),
        "{}",
        output.stdout()
    );
}

#[test]
fn a_body_in_base64_is_found_by_its_line() {
    let capture = |body: &str| {
        format!(
            r#"{{"syncfy_hooks":1,"received_at":null,"method":"POST","target":"/","headers":[],"body_base64":"{}"}}"#,
            encode(body)
        )
    };
    let (bad, good) = (format!("\n{}\n", broken()), notification());
    let lines = |bad: &str| format!("{good}\n{}\n", capture(bad));
    let output = fix(Test::new().file("a.ndjson", lines(&bad)), "a.ndjson");
    assert_eq!(content(&output, "a.ndjson"), lines(&repaired(&bad)));
    assert!(
        output.stdout().starts_with("a.ndjson:2(body):2:"),
        "{}",
        output.stdout()
    );
}

fn encode(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn a_signature_that_no_longer_covers_the_body_is_told() {
    let signed = Test::new()
        .file("key", "text:a secret that is long enough for HS256")
        .file("body.json", broken())
        .args(["sign", "body.json", "--key-file", "key"])
        .output();
    let token = signed.stdout().trim().to_owned();
    let capture = format!(
        r#"{{"syncfy_hooks":1,"received_at":null,"method":"POST","target":"/","headers":[["request-signature","{token}"]],"body":{}}}"#,
        broken()
    );
    let output = fix(Test::new().file("a.json", &capture), "a.json");
    let warning = "warning: the signature of a capture in `a.json` no longer covers the body\n";
    assert!(output.stderr().contains(warning), "{}", output.stderr());
    let other = capture.replace(&token, "no.token.here");
    let output = fix(Test::new().file("a.json", other), "a.json");
    assert!(!output.stderr().contains("warning"), "{}", output.stderr());
}

#[test]
fn standard_input_goes_to_standard_output() {
    let text = format!("{}\n{}\n", broken(), notification());
    for args in [&["validate", "--fix", "-"][..], &["validate", "--fix"]] {
        let output = Test::new().stdin(&text).args(args).output();
        assert_eq!(
            output.stdout(),
            text.replace(&broken(), &repaired(&broken()))
        );
        let stderr = output.stderr();
        assert!(
            stderr.contains("<stdin>:1:") && stderr.contains("fixed: 4 in 1 file\n"),
            "{stderr}"
        );
    }
    let clean = Test::new()
        .stdin("not json")
        .args(["validate", "--fix", "--json"])
        .output();
    assert_eq!(
        (clean.stdout().as_str(), clean.code()),
        ("not json", Some(1))
    );
    assert!(
        clean
            .stderr()
            .starts_with("{\"type\":\"validation\",\"source\":\"-\"")
    );
}

#[test]
fn reports_stay_documents() {
    let output = Test::new()
        .file("a.json", broken())
        .args(["validate", "--fix", "--format", "sarif", "a.json"])
        .output();
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    assert!(
        output.stderr().contains("fixed[SH204]"),
        "{}",
        output.stderr()
    );
}

#[test]
fn what_cannot_be_repaired_is_refused_and_left_alone() {
    let compressed = b"\x1f\x8b\x08\x00";
    let output = Test::new()
        .file("a.json.gz", compressed)
        .file("b.json", broken())
        .args(["validate", "--fix", "a.json.gz", "nope.json", "b.json"])
        .output();
    assert_eq!(output.code(), Some(2));
    let stderr = output.stderr();
    assert!(
        stderr.contains("error: cannot change `a.json.gz`: it is compressed (gzip)\n"),
        "{stderr}"
    );
    assert!(
        stderr.contains("error: cannot read `nope.json`"),
        "{stderr}"
    );
    assert_eq!(output.file("a.json.gz"), compressed);
    assert_eq!(content(&output, "b.json"), repaired(&broken()));
    Test::new()
        .args(["validate", "--fix", "--last"])
        .status(2)
        .stderr(
            "error: `--fix` changes files, and what the history holds is never changed\n\n\
             hint: `syncfy-hooks history export` writes files that can be repaired\n",
        )
        .run();
}

#[test]
fn what_cannot_be_repaired_is_checked_all_the_same() {
    let test = Test::new().file("a.json", broken());
    let folder = test.directory();
    fs::hard_link(folder.join("a.json"), folder.join("b.json")).unwrap();
    for arguments in [&["--fix"][..], &["--fix", "--dry-run"]] {
        let output = Test::new()
            .file("a.json", broken())
            .args(["validate"])
            .args(arguments)
            .arg(folder.join("a.json"))
            .output();
        assert_eq!(output.code(), Some(2));
        let stderr = output.stderr();
        assert!(
            stderr.contains("it has other names (hard links)"),
            "{stderr}"
        );
        assert!(!output.stdout().contains("fixed["), "{}", output.stdout());
        let is_checked = output.stdout().contains("error[SH204]");
        assert_eq!(is_checked, arguments.len() == 1, "{}", output.stdout());
    }
    assert_eq!(fs::read_to_string(folder.join("b.json")).unwrap(), broken());
}

#[test]
fn a_file_that_is_named_twice_is_repaired_once() {
    for arguments in [&["--fix"][..], &["--fix", "--dry-run"]] {
        let output = Test::new()
            .file("in/a.json", broken())
            .args(["validate", "in", "in/a.json", "./in/a.json"])
            .args(arguments)
            .output();
        assert!(
            output.stderr().contains(" in 1 file\n"),
            "{}",
            output.stderr()
        );
    }
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let output = Test::new()
        .file("real.json", broken())
        .args(["--version"])
        .output();
    let real = output.directory().join("real.json");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.json", output.directory().join("link.json")).unwrap();
    let output = output
        .then()
        .args(["validate", "--fix", "link.json"])
        .output();
    assert!(
        output
            .directory()
            .join("link.json")
            .symlink_metadata()
            .unwrap()
            .is_symlink()
    );
    assert_eq!(content(&output, "real.json"), repaired(&broken()));
    let mode = fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    fs::write(&real, broken()).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o440)).unwrap();
    let output = output
        .then()
        .args(["validate", "--fix", "link.json"])
        .output();
    let stderr = output.stderr();
    assert!(
        stderr.starts_with("error: cannot change `link.json`: permission denied\n"),
        "{stderr}"
    );
    assert_eq!(content(&output, "real.json"), broken());
    // What is not changed is not written.
    let inode = |path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    let before = inode(&real);
    let output = output.then().args(["validate", "--fix", "."]).output();
    assert_eq!(inode(&output.directory().join("real.json")), before);
}

#[test]
fn nothing_is_changed_unless_it_is_typed() {
    let output = Test::new()
        .file("a.json", broken())
        .env("SYNCFY_HOOKS_FIX", "true")
        .args(["validate", "a.json"])
        .output();
    assert_eq!(content(&output, "a.json"), broken());
}
