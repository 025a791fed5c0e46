//! The script and the workflows of the README's page on CI, and the action of this repository, run as they stand.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Output, PROGRAM, Port, Test, well_formed};

const README: &str = include_str!("../../README.md");
const ACTION: &str = include_str!("../../action.yml");
const APP: &str = include_str!("fixtures/ci/app.py");

/// What stands in for `cargo`: it keeps what it was told.
const CARGO: &str = "#!/bin/sh\nprintf '%s\\n' \"$*\" >>cargo-was-told\n";

/// The blocks of the README that begin with this fence.
fn blocks(fence: &str) -> Vec<&'static str> {
    let fence = format!("\n```{fence}\n");
    let blocks = README.split(&fence).skip(1);
    let blocks = blocks.filter_map(|block| block.split_once("\n```\n"));
    blocks.map(|(text, _)| text).collect()
}

fn script() -> String {
    let [script] = blocks("sh ci/webhooks.sh").try_into().unwrap();
    format!("{script}\n")
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// The steps of the one job of a workflow.
fn steps(workflow: &Value) -> &Vec<Value> {
    workflow["jobs"]["webhooks"]["steps"].as_array().unwrap()
}

/// Whether everything is here that the scripts need. The app of the tests is written in Python.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn has_tools() -> bool {
    let has = |program: &&str| Command::new(program).arg("--version").output().is_ok();
    let missing = ["bash", "curl", "python3"].into_iter().find(|it| !has(it));
    if let Some(program) = missing {
        eprintln!("SKIPPED: there is no {program} on this machine");
    }
    missing.is_none()
}

/// A folder with an app on this port, and with what stands in for other programs on the path.
fn prepared(port: &Port, fault: &str) -> Test {
    let test = Test::new().file("app.py", APP).file("bin/cargo", CARGO);
    let folder = test.directory();
    for program in fs::read_dir(folder.join("bin")).unwrap() {
        let path = program.unwrap().path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let programs = Path::new(PROGRAM).parent().unwrap().display().to_string();
    #[expect(clippy::disallowed_methods, reason = "the scripts need their tools")]
    let path = std::env::var("PATH").unwrap();
    fs::create_dir(folder.join("temporary")).unwrap();
    let app = format!("python3 app.py {} {fault}", port.number());
    test.env(
        "PATH",
        format!("{}/bin:{programs}:{path}", folder.display()),
    )
    .env("PROGRAM", PROGRAM)
    .env("TMPDIR", folder.join("temporary"))
    .env("APP", app)
    .env("TARGET", format!("{}/webhooks", port.url()))
}

/// Runs the scripts of the steps, one after the other, until one fails.
fn run_steps<'a>(mut test: Test, steps: impl IntoIterator<Item = &'a Value>) -> Test {
    let scripts = steps.into_iter().filter_map(|step| step["run"].as_str());
    let mut all = "set -e\n".to_owned();
    for (number, script) in scripts.enumerate() {
        // An expression would be put into the script as it is, whatever is in it.
        assert!(!script.contains("${{"), "{script}");
        let file = format!("step-{number}.sh");
        all += &format!("bash --noprofile --norc -eo pipefail {file}\n");
        test = test.file(file, script);
    }
    test.program("sh").args(["-c", &all])
}

/// Nothing but the report is left, and nothing goes on: whoever holds the output would hold up its end.
#[track_caller]
fn left_clean(output: &Output) {
    let left = fs::read_dir(output.directory().join("temporary")).unwrap();
    assert_eq!(left.count(), 0);
}

#[track_caller]
fn report(output: &Output, name: &str) -> String {
    let text = String::from_utf8(output.file(name)).unwrap();
    well_formed(&text);
    text
}

#[test]
fn the_script_passes_where_the_app_does_its_work() {
    if !has_tools() {
        return;
    }
    let port = Port::reserve();
    let test = prepared(&port, "").file("webhooks.sh", script());
    let output = test.program("sh").arg("webhooks.sh").output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    left_clean(&output);
    let report = report(&output, "webhooks.xml");
    assert!(report.contains("tests=\"4\" failures=\"0\" errors=\"0\""));
    for name in [
        "--expect credentials.*=2",
        "--expect documents.success",
        "--max-reply 2s",
        "--within 60s",
    ] {
        let case = format!("<testcase classname=\"listen\" name=\"{name}\"/>\n");
        assert!(report.contains(&case), "{report}");
    }
}

#[test]
fn the_script_fails_where_the_app_refuses() {
    if !has_tools() {
        return;
    }
    let port = Port::reserve();
    let test = prepared(&port, "refuse").file("webhooks.sh", script());
    let output = test.program("sh").arg("webhooks.sh").output();
    assert!(matches!(output.code(), Some(1 | 2)), "{}", output.stderr());
    left_clean(&output);
    report(&output, "webhooks.xml");
}

#[test]
fn the_script_fails_where_the_app_gives_no_answer() {
    if !has_tools() {
        return;
    }
    let port = Port::reserve();
    let test = prepared(&port, "'hang up'").file("webhooks.sh", script());
    let output = test.program("sh").arg("webhooks.sh").output();
    assert_eq!(output.code(), Some(1), "{}", output.stderr());
    left_clean(&output);
    let report = report(&output, "webhooks.xml");
    assert!(report.contains("name=\"--max-reply 2s\">\n      <failure "));
}

#[test]
fn the_script_waits_for_no_listener_that_has_gone() {
    if !has_tools() {
        return;
    }
    let port = Port::reserve();
    let test = prepared(&port, "").file("webhooks.sh", script());
    let test = test.env("REPORT", "no/such/folder.xml");
    let output = test.program("sh").arg("webhooks.sh").output();
    assert_eq!(output.code(), Some(2), "{}", output.stderr());
    assert!(
        output
            .stderr()
            .contains("error: cannot write the report `no/such/folder.xml`")
    );
    left_clean(&output);
}

#[test]
fn the_workflow_runs_as_it_stands() {
    if !has_tools() {
        return;
    }
    let [with_script, _] = blocks("yaml").try_into().unwrap();
    let workflow = yaml(with_script);
    let steps = steps(&workflow);
    let names = steps.iter().filter_map(|step| step["env"].as_object());
    let names: Vec<&String> = names.flat_map(|env| env.keys()).collect();
    assert_eq!(names, ["APP", "REPORT", "TARGET"], "what the test sets");
    let port = Port::reserve();
    let test = prepared(&port, "").file("ci/webhooks.sh", script());
    let output = run_steps(test, steps).output();
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    left_clean(&output);
    assert_eq!(
        output.file("cargo-was-told"),
        b"install --locked --git https://github.com/OWNER/syncfy-hooks\n"
    );
    report(&output, "webhooks.xml");
    let upload = steps.last().unwrap();
    assert_eq!(
        (&upload["if"], &upload["with"]["path"]),
        (&json!("always()"), &json!("webhooks.xml"))
    );
}

#[test]
fn the_workflow_with_the_action_asks_for_what_it_has() {
    let [_, with_action] = blocks("yaml").try_into().unwrap();
    let (workflow, action) = (yaml(with_action), yaml(ACTION));
    let step = &steps(&workflow)[1];
    assert_eq!(step["id"], "smoke");
    for (name, value) in step["with"].as_object().unwrap() {
        assert!(action["inputs"][name].is_object(), "{name}");
        assert!(value.is_string(), "{name}");
    }
    let path = &steps(&workflow)[2]["with"]["path"];
    assert_eq!(path, "${{ steps.smoke.outputs.junit }}");
    assert!(action["outputs"]["junit"].is_object());
}

/// The steps of the action, run by an app that has this fault, with the default of every input that is not given.
fn action(port: &Port, fault: &str, inputs: &[(&str, &str)]) -> Output {
    let action = yaml(ACTION);
    let steps = action["runs"]["steps"].as_array().unwrap();
    let app = format!("python3 app.py {} {fault}", port.number());
    let target = format!("{}/webhooks", port.url());
    let mut given = vec![("app", app.as_str()), ("target", target.as_str())];
    given.extend(inputs);
    let mut test = prepared(port, fault)
        .file("output", "")
        .file("path", "")
        .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
        .env("GITHUB_PATH", "path")
        .env("RUNNER_TEMP", "runner");
    let output = test.directory().join("output");
    test = test.env("GITHUB_OUTPUT", output);
    for (name, value) in steps.last().unwrap()["env"].as_object().unwrap() {
        let input = value.as_str().unwrap();
        let input = input.strip_prefix("${{ inputs.").unwrap();
        let input = input.strip_suffix(" }}").unwrap();
        let found = given.iter().rfind(|(given, _)| *given == input);
        let default = &action["inputs"][input]["default"];
        let value = found.map(|(_, value)| *value).or(default.as_str());
        test = test.env(name, value.unwrap());
    }
    run_steps(test, steps).output()
}

#[test]
fn the_action_passes_where_the_app_does_its_work() {
    if !has_tools() {
        return;
    }
    let expect = "credentials.*=2\n\ndocuments.success\n";
    let output = action(
        &Port::reserve(),
        "",
        &[("expect", expect), ("junit", "a b.xml")],
    );
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    left_clean(&output);
    assert!(report(&output, "a b.xml").contains("tests=\"4\" failures=\"0\""));
    let told = String::from_utf8(output.file("output")).unwrap();
    let (sum, junit) = told.split_once('\n').unwrap();
    assert_eq!(sum.len(), "sum=".len() + 64, "{sum}");
    assert_eq!(junit, "junit=a b.xml\n");
    assert_eq!(output.file("path"), b"runner/syncfy-hooks/bin\n");
    let built = format!(
        "install --locked --path {} --root runner/syncfy-hooks\n",
        env!("CARGO_MANIFEST_DIR")
    );
    assert_eq!(
        String::from_utf8(output.file("cargo-was-told")).unwrap(),
        built
    );
}

#[test]
fn the_action_takes_the_key_of_the_app() {
    if !has_tools() {
        return;
    }
    let jwk = Test::new().args(["key", "new"]).output();
    let jwk = String::from_utf8(jwk.stdout).unwrap();
    let output = action(&Port::reserve(), "", &[("key", &jwk), ("max-reply", "")]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr());
    assert!(report(&output, "syncfy-hooks.xml").contains("tests=\"2\" failures=\"0\""));
    left_clean(&output);
}

#[test]
fn the_action_fails_where_the_app_does() {
    if !has_tools() {
        return;
    }
    let output = action(&Port::reserve(), "refuse", &[]);
    assert!(matches!(output.code(), Some(1 | 2)), "{}", output.stderr());
    let output = action(&Port::reserve(), "'hang up'", &[]);
    assert_eq!(output.code(), Some(1), "{}", output.stderr());
    assert!(
        report(&output, "syncfy-hooks.xml").contains("name=\"--max-reply 5s\">\n      <failure ")
    );
    left_clean(&output);
    let output = action(
        &Port::reserve(),
        "",
        &[("expect", "payments.*"), ("within", "1s")],
    );
    assert_eq!(output.code(), Some(124), "{}", output.stderr());
    assert!(report(&output, "syncfy-hooks.xml").contains("1 event expected, 0 arrived"));
}

/// What an input holds never becomes a part of a script.
#[test]
fn the_action_runs_nothing_that_an_input_holds() {
    if !has_tools() {
        return;
    }
    let evil = "documents.success$(touch owned)`touch owned`\"; touch owned; '";
    let output = action(
        &Port::reserve(),
        "",
        &[
            ("expect", evil),
            ("junit", "$(touch owned).xml"),
            ("within", "1s"),
        ],
    );
    assert_ne!(output.code(), Some(0));
    assert!(!output.directory().join("owned").exists());
    left_clean(&output);
}

#[test]
fn the_action_has_the_shape_that_github_asks_for() {
    let action = yaml(ACTION);
    for field in ["name", "description"] {
        assert!(action[field].is_string(), "{field}");
    }
    let runs = &action["runs"];
    assert_eq!(runs["using"], "composite");
    let steps = runs["steps"].as_array().unwrap();
    for step in steps {
        match step["uses"].as_str() {
            Some(uses) => assert!(uses.contains("@v"), "{uses}"),
            None => assert_eq!(
                (step["shell"].as_str(), step["run"].is_string()),
                (Some("bash"), true)
            ),
        }
    }
    let smoke = steps.last().unwrap();
    assert_eq!(smoke["id"], "smoke");
    for (name, input) in action["inputs"].as_object().unwrap() {
        assert!(input["description"].is_string(), "{name}");
        assert_ne!(
            input["required"] == true,
            input["default"].is_string(),
            "{name}"
        );
        let used = json!(format!("${{{{ inputs.{name} }}}}"));
        let mut values = smoke["env"].as_object().unwrap().values();
        assert!(values.any(|value| *value == used), "{name}");
    }
    assert_eq!(
        action["outputs"]["junit"]["value"],
        "${{ steps.smoke.outputs.junit }}"
    );
}
