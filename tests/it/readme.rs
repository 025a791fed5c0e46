//! Runs the `console` blocks of the README, and compares what they print with what the README says.
//!
//! A line that begins with `$ ` is a command; what follows is its output, in which `[..]` stands for anything within a
//! line and `...` for any lines. `? 1` directly below a command says that it ends with status 1. All blocks run one after
//! the other in one folder, which begins with the files of `tests/it/fixtures/readme`. Commands that are not to be run
//! stand in `sh` blocks.

use std::fs;
use std::path::Path;

use snapbox::{Assert, IntoData as _};
use syncfy_hooks::domain::signature::Reason;

use crate::support::Test;

/// One command of a block.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    /// The line of the file on which it stands, from 1.
    line: usize,
    command: String,
    status: i32,
    output: String,
}

#[test]
fn the_readme_says_what_happens() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(readme) = fs::read_to_string(package.join("README.md")) else {
        return;
    };
    assert!(
        !steps(&readme).is_empty(),
        "the README shows no command at work"
    );
    let files = fs::read_dir(package.join("tests/it/fixtures/readme"));
    let test = files
        .into_iter()
        .flatten()
        .fold(Test::new(), |test, entry| {
            let path = entry.expect("the folder is readable").path();
            let bytes = fs::read(&path).expect("the file is readable");
            test.file(path.file_name().expect("an entry has a name"), bytes)
        });
    let problems = run(&readme, test);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Runs the steps of a text, and tells which of them do not do what it says.
fn run(readme: &str, mut test: Test) -> Vec<String> {
    let mut problems = Vec::new();
    for step in steps(readme) {
        let output = test.shell(&step.command).output();
        let place = format!("line {}: `{}`", step.line, step.command);
        if output.code() != Some(step.status) {
            problems.push(format!("{place}: {}", output.status));
        }
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let compared =
            Assert::new().try_eq(Some(&place), printed.into_data(), step.output.into_data());
        problems.extend(compared.err().map(|difference| difference.to_string()));
        test = output.then();
    }
    problems
}

/// The commands of the `console` blocks.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut is_inside = false;
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        if line.starts_with("```") {
            is_inside = line == "```console";
        } else if !is_inside {
        } else if let Some(command) = line.strip_prefix("$ ") {
            let mut command = command.to_owned();
            while command.ends_with('\\')
                && let Some((_, more)) = lines.next()
            {
                command = format!("{command}\n{more}");
            }
            steps.push(Step {
                line: number,
                command,
                status: 0,
                output: String::new(),
            });
        } else if let Some(step) = steps.last_mut() {
            match line
                .strip_prefix("? ")
                .and_then(|status| status.parse().ok())
            {
                Some(status) if step.output.is_empty() => step.status = status,
                _ => step.output += &format!("{line}\n"),
            }
        }
    }
    steps
}

const SAMPLE: &str = "\
Text.

```console
$ syncfy-hooks --version
syncfy-hooks [..]
$ printf 'a\\nb\\nc\\n' \\
  | cat
a
...
c
```

```sh
$ never run
```

```console
$ syncfy-hooks listne
? 2
error: unrecognized subcommand 'listne'
...
```
";

#[test]
fn steps_are_found() {
    let step = |line, command: &str, status, output: &str| Step {
        line,
        command: command.into(),
        status,
        output: output.into(),
    };
    assert_eq!(
        steps(SAMPLE),
        [
            step(4, "syncfy-hooks --version", 0, "syncfy-hooks [..]\n"),
            step(6, "printf 'a\\nb\\nc\\n' \\\n  | cat", 0, "a\n...\nc\n"),
            step(
                18,
                "syncfy-hooks listne",
                2,
                "error: unrecognized subcommand 'listne'\n...\n"
            ),
        ]
    );
}

#[test]
fn steps_that_do_as_they_say_pass() {
    assert_eq!(run(SAMPLE, Test::new()), Vec::<String>::new());
}

#[test]
fn steps_that_do_not_are_told() {
    for (wrong, right) in [
        ("\nc\n", "\nd\n"),
        ("? 2", "? 1"),
        ("--version\n", "--help\n"),
    ] {
        assert_eq!(
            run(&SAMPLE.replacen(wrong, right, 1), Test::new()).len(),
            1,
            "{right}"
        );
    }
}

#[test]
fn steps_share_a_folder() {
    let text = "```console\n$ cat given > made\n$ cat made\nhere\n```\n";
    assert_eq!(
        run(text, Test::new().file("given", "here\n")),
        Vec::<String>::new()
    );
}

#[test]
fn every_reason_is_explained() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, reasons) = readme.split_once("### Reasons").unwrap();
    for reason in Reason::ALL {
        let code = format!("`{}`", reason.code());
        assert!(reasons.contains(&code), "{code}");
    }
}
