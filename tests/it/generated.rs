//! What the program generates and the repository keeps: completions, manual pages, the text of every `--help`, and what
//! is said about every bad fixture of a rule.
//!
//! `UPDATE_GENERATED=1 cargo test generated` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pretty_assertions::StrComparison;

use crate::support::Test;

/// The shells, and what their users name a file of completions.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "syncfy-hooks.bash"),
    ("elvish", "syncfy-hooks.elv"),
    ("fish", "syncfy-hooks.fish"),
    ("powershell", "_syncfy-hooks.ps1"),
    ("zsh", "_syncfy-hooks"),
];

/// File names, and what is in them.
pub(crate) type Files = BTreeMap<String, String>;

/// The bad fixtures of the rules, which the tests of the rules write.
pub(crate) const FIXTURES: &str = "tests/it/fixtures/rules";

/// What is said about each of them.
pub(crate) const FINDINGS: &str = "tests/it/snapshots/rules";

#[test]
fn completions_are_up_to_date() {
    let script = |shell| printed(&["completions", shell]);
    let files = COMPLETIONS.map(|(shell, file)| (file.to_owned(), script(shell)));
    check("completions", &files.into());
}

#[test]
fn manual_pages_are_up_to_date() {
    check("man", &manual_pages());
}

#[test]
fn help_is_up_to_date() {
    let mut files = Files::new();
    for page in manual_pages().keys() {
        let name = page.trim_end_matches(".1");
        // Names of subcommands have no hyphen, so that the name of a page says how its command is called.
        let words = name
            .trim_start_matches("syncfy-hooks")
            .split('-')
            .filter(|word| !word.is_empty());
        for (flag, kind) in [("-h", "short"), ("--help", "long")] {
            let args: Vec<&str> = words.clone().chain([flag]).collect();
            files.insert(format!("{name}.{kind}.txt"), printed(&args));
        }
    }
    check("tests/it/snapshots/help", &files);
}

#[test]
fn findings_are_up_to_date() {
    let fixtures = kept(FIXTURES);
    let snapshots = fixtures.into_iter().map(|(fixture, body)| {
        let is_sequence = fixture.starts_with("SH5");
        let mut args = vec!["validate", "--format", "pretty", &fixture];
        args.extend(is_sequence.then_some("--sequence"));
        let output = Test::new().file(&fixture, body).args(&args).output();
        let text = |bytes| String::from_utf8(bytes).expect("what is said is text");
        let command = format!("$ syncfy-hooks {}\n", args.join(" "));
        let said = command + &text(output.stdout) + &text(output.stderr);
        (fixture.replace(".json", ".txt"), said)
    });
    check(FINDINGS, &snapshots.collect());
}

/// What the program prints, which must go well.
fn printed(args: &[&str]) -> String {
    let output = Test::new().args(args).output();
    let text = |bytes| String::from_utf8(bytes).expect("what is generated is text");
    assert_eq!(
        (output.code(), text(output.stderr).as_str()),
        (Some(0), ""),
        "{args:?}"
    );
    text(output.stdout)
}

/// The manual pages, one for each command.
fn manual_pages() -> Files {
    let output = Test::new().args(["man", "pages"]).run();
    read(&output.directory().join("pages"))
}

fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The files of a folder of the repository, which need not be there.
pub(crate) fn kept(folder: &str) -> Files {
    read(&repository(folder))
}

/// The files of a folder, which need not be there.
fn read(folder: &Path) -> Files {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| {
            let path = entry.expect("the folder is readable").path();
            let name = path.file_name().expect("an entry has a name");
            let text = fs::read_to_string(&path).expect("what is generated is text");
            (name.to_string_lossy().into_owned(), text)
        })
        .collect()
}

/// Compares the folder of the repository with what it should hold, or makes it so.
#[track_caller]
fn check(folder: &str, expected: &Files) {
    let path = repository(folder);
    let found = read(&path);
    #[expect(
        clippy::disallowed_methods,
        reason = "asked of the test, not of the program"
    )]
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        return write(&path, &found, expected);
    }
    let mut report = String::new();
    for name in found
        .keys()
        .chain(expected.keys().filter(|name| !found.contains_key(*name)))
    {
        match (found.get(name), expected.get(name)) {
            (Some(found), Some(expected)) if found == expected => {}
            (Some(found), Some(expected)) => {
                report += &format!("{name}:\n{}\n", StrComparison::new(found, expected));
            }
            (None, _) => report += &format!("{name}: is missing\n"),
            (_, None) => report += &format!("{name}: is not generated any more\n"),
        }
    }
    assert!(
        report.is_empty(),
        "{folder} is not up to date; `UPDATE_GENERATED=1 cargo test generated` makes it so\n{report}"
    );
}

fn write(path: &Path, found: &Files, expected: &Files) {
    fs::create_dir_all(path).expect("the repository can be written");
    for stale in found.keys().filter(|name| !expected.contains_key(*name)) {
        fs::remove_file(path.join(stale)).expect("the repository can be written");
    }
    for (name, text) in expected {
        fs::write(path.join(name), text).expect("the repository can be written");
    }
}
