//! `validate --deny`, `--warn`, `--allow` and `--strict`: how bad a finding is, and who may say so.

use crate::support::Test;

const PROJECT: &str = "syncfy-hooks.toml";
const USER: &str = ".config/syncfy-hooks/config.toml";

/// An unknown event, which is a warning, and no user id, which is an error.
const BODY: &str = r#"{"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": [{"header": {
  "event": {"at": "2023-06-16 19:06:18.944575+0000", "eid": "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb", "name": "a.b", "version": "3.1"},
  "user": {"id_environment": "574894bf7848066d138b4570", "id_external": null}}, "payload": {}}]}"#;

const DENIED: &str = "a.json:2:109: error[SH206]: unknown event `a.b`\n";
const WARNED: &str = "a.json:2:109: warning[SH206]: unknown event `a.b`\n";
const ERROR: &str = "a.json:3:3: error[SH103]: `header.user` lacks `id_user`\n";
const WARNING: &str = "a.json:3:3: warning[SH103]: `header.user` lacks `id_user`\n";

fn over(args: &[&str]) -> Test {
    let test = Test::new().file("a.json", BODY);
    test.args(["validate", "a.json"]).args(args)
}

/// Runs, and compares the findings and what they add up to.
#[track_caller]
fn finds(test: Test, findings: &[&str], summary: &str) {
    let status = i32::from(summary.contains("error"));
    let verdict = if status == 0 { "valid" } else { "invalid" };
    let counts = match summary {
        "" => String::new(),
        counts => format!(" ({counts})"),
    };
    test.status(status)
        .stdout(findings.concat())
        .stderr(format!("1 notification: 1 {verdict}{counts}\n"))
        .run();
}

#[test]
fn a_rule_that_is_named_does_as_it_is_told() {
    finds(over(&[]), &[WARNED, ERROR], "1 error, 1 warning");
    let denied = over(&["--deny", "SH206"]);
    finds(denied, &[DENIED, ERROR], "2 errors");
    let warned = over(&["--warn", "missing-field"]);
    finds(warned, &[WARNED, WARNING], "2 warnings");
    let allowed = over(&["--allow=sh206, Missing-Field,"]);
    finds(allowed, &[], "");
    let each = ["--deny", "SH206", "--warn", "SH103", "--deny", "SH105"];
    finds(over(&each), &[DENIED, WARNING], "1 error, 1 warning");
}

#[test]
fn a_named_rule_keeps_its_level_under_strict() {
    finds(over(&["--strict"]), &[DENIED, ERROR], "2 errors");
    let warned = over(&["--strict", "--warn", "SH206,SH103"]);
    finds(warned, &[WARNED, WARNING], "2 warnings");
    let allowed = over(&["--strict", "--allow", "SH103", "--allow", "SH206"]);
    finds(allowed, &[], "");
    let file = over(&["--strict"]).file(PROJECT, "[validate]\nwarn = ['SH206']\n");
    finds(file, &[WARNED, ERROR], "1 error, 1 warning");
}

#[test]
fn a_higher_place_takes_back_what_a_lower_one_says_of_the_same_rule() {
    let file = |args: &[&str]| {
        let settings = "[validate]\ndeny = ['SH206', 'SH105']\nwarn = 'missing-field'\n";
        over(args).file(PROJECT, settings)
    };
    finds(file(&[]), &[DENIED, WARNING], "1 error, 1 warning");
    // The rest of the file holds still.
    let typed = file(&["--warn", "unknown-event"]);
    finds(typed, &[WARNED, WARNING], "2 warnings");
    finds(file(&["--allow=SH206"]), &[WARNING], "1 warning");
    let more = file(&["--deny", "SH403"]);
    finds(more, &[DENIED, WARNING], "1 error, 1 warning");

    let environment = |args: &[&str]| file(args).env("SYNCFY_HOOKS_ALLOW", "SH206\nSH210,sh202");
    finds(environment(&[]), &[WARNING], "1 warning");
    let typed = environment(&["--deny", "SH206,SH103"]);
    finds(typed, &[DENIED, ERROR], "2 errors");

    let user = file(&[]).home_file(USER, "[validate]\nallow = ['SH206']\ndeny = ['SH103']\n");
    finds(user, &[DENIED, WARNING], "1 error, 1 warning");
    let profile = "[validate]\ndeny = ['SH206']\nwarn = ['SH103']\n[profile.ci.validate]\nallow = ['SH206']\n";
    let profile = over(&["--profile", "ci"]).file(PROJECT, profile);
    finds(profile, &[WARNING], "1 warning");
}

#[test]
fn an_allowed_flood_hides_nothing() {
    let body = format!(
        "{{{}\"rid\": \"c53b1fcb-e112-465c-ad3e-8b64cf2f602c\", \"events\": []}}",
        "\"a\": 1, ".repeat(500)
    );
    let test = || Test::new().file("a.json", &body).arg("validate");
    test()
        .args(["a.json", "--allow", "SH003,SH307"])
        .status(1)
        .stdout("a.json:1:4059: error[SH105]: `events` is empty\n")
        .stderr("1 notification: 1 invalid (1 error)\n")
        .run();
    let last = |args: &[&str]| {
        let stdout = test().arg("a.json").args(args).output().stdout();
        stdout.lines().last().unwrap().to_owned()
    };
    let cut = |severity| format!("a.json:1: {severity}[SH004]: 401 more findings are not shown");
    assert_eq!(last(&["--warn", "SH003"]), cut("error"));
    assert_eq!(last(&["--warn", "SH003,SH105"]), cut("warning"));
}

#[test]
fn what_is_no_rule_is_told_before_anything_is_read() {
    let hints = "hint: did you mean `SH206`, unknown-event?\n\
                         hint: `syncfy-hooks validate --list-rules` lists them all\n";
    for option in ["--deny", "--warn", "--allow"] {
        Test::new()
            .args(["validate", option, "SH103,unknown-events", "missing.json"])
            .status(2)
            .stderr(format!(
                "error: there is no rule `unknown-events`\n\n{hints}"
            ))
            .run();
    }
    over(&[])
        .file(PROJECT, "[validate]\nallow = ['unknown-events']\n")
        .status(2)
        .stderr(format!(
            "error: there is no rule `unknown-events`\n\n{hints}hint: see what `[DIR]/syncfy-hooks.toml` sets\n"
        ))
        .run();
}

#[test]
fn a_key_among_the_rules_is_not_repeated() {
    let key = "mN7xT2qWp9LkR4vYb8ZcJ1sD6fGh3uEa";
    let lists = [key.to_owned(), format!("SH105,{key}")];
    for list in lists {
        let file = over(&[]).file(PROJECT, format!("[validate]\ndeny = ['{list}']\n"));
        let typed = over(&["--allow", &list]);
        for test in [file, typed] {
            let output = test.status(2).output();
            let told = output.stderr();
            assert!(told.starts_with("error: there is no rule `…`\n"), "{told}");
            assert!(!told.contains(key), "{told}");
        }
    }
}

#[test]
fn a_rule_has_one_level_at_each_place() {
    let contradiction = "error: `SH105` is to be both denied and allowed\n\n\
                         hint: name it with one of `--deny`, `--warn` and `--allow`\n";
    over(&["--deny", "SH105", "--allow", "empty-events"])
        .status(2)
        .stderr(contradiction)
        .run();
    over(&[])
        .env("SYNCFY_HOOKS_ALLOW", "SH105")
        .env("SYNCFY_HOOKS_DENY", "SH105")
        .status(2)
        .stderr(format!(
            "{contradiction}hint: see what `SYNCFY_HOOKS_ALLOW` sets\n"
        ))
        .run();
    finds(
        over(&["--deny", "SH206", "--deny", "unknown-event"]),
        &[DENIED, ERROR],
        "2 errors",
    );
}

#[test]
fn a_level_that_nobody_may_set_is_refused() {
    for [option, code, reason] in [
        [
            "--allow",
            "SH001",
            "there is nothing else to judge in what is not JSON",
        ],
        [
            "--warn",
            "SH001",
            "there is nothing else to judge in what is not JSON",
        ],
        [
            "--allow",
            "SH004",
            "it is as bad as the worst finding that it stands for",
        ],
        [
            "--deny",
            "SH004",
            "it is as bad as the worst finding that it stands for",
        ],
    ] {
        over(&[option, code])
            .status(2)
            .stderr(format!(
                "error: the level of `{code}` cannot be set: {reason}\n"
            ))
            .run();
    }
    let denied = over(&["--deny", "SH001"]);
    finds(denied, &[WARNED, ERROR], "1 error, 1 warning");
}

#[test]
fn every_format_knows_the_level() {
    let levels = |format| over(&["--deny", "SH206", "--allow", "SH103", "--format", format]);
    let json = levels("json").output().json();
    assert_eq!(json[0]["valid"], false);
    assert_eq!(json[0]["diagnostics"][0]["severity"], "error");
    assert_eq!(json[0]["diagnostics"].as_array().unwrap().len(), 1);
    assert!(levels("github").output().stdout().starts_with("::error "));
    let sarif = levels("sarif").output().json_text();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["level"], "error");
}

#[test]
fn rules_are_listed_with_their_levels() {
    let list = |args: &[&str]| {
        let test = Test::new().args(["validate", "--list-rules"]);
        test.args(args)
            .args(["--strict", "--allow", "SH105", "--warn", "SH206"])
            .output()
    };
    let text = list(&[]).stdout();
    for line in [
        "SH001  error    syntax  ",
        "SH002  error    byte-order-mark  ",
        "SH102  note     legacy-v1  ",
        "SH105  allowed  empty-events  ",
        "SH206  warning  unknown-event  ",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let rules = list(&["--json"]).json();
    let empty = rules.iter().find(|rule| rule["code"] == "SH105").unwrap();
    assert_eq!(empty["severity"], "error");
    assert!(empty["level"].is_null());
    for (args, line) in [
        (["--deny", "SH105"], "SH105 empty-events (error)"),
        (
            ["--warn", "SH105"],
            "SH105 empty-events (error, here warning)",
        ),
        (
            ["--allow", "SH105"],
            "SH105 empty-events (error, here allowed)",
        ),
    ] {
        let explained = Test::new().args(["validate", "--explain", "SH105"]);
        let page = explained.args(args).output().stdout();
        assert_eq!(page.lines().next(), Some(line));
    }
}
