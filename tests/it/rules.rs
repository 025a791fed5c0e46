//! Every rule has what makes it one: fixtures, what is said about them, and a page.
//!
//! That each has a good fixture too, and that its bad ones find it and nothing else, is tested beside the rules.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::generated::{FINDINGS, FIXTURES, kept};
use crate::support::Test;

/// The rules of the table: the code, name and severity of each.
fn rules() -> Vec<[String; 3]> {
    let output = Test::new()
        .args(["validate", "--list-rules", "--json"])
        .output();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let rules = output.json();
    rules
        .iter()
        .map(|rule| ["code", "name", "severity"].map(|field| text(&rule[field])))
        .collect()
}

#[test]
fn every_rule_has_a_fixture_and_a_finding() {
    let (fixtures, findings) = (kept(FIXTURES), kept(FINDINGS));
    for [code, name, _] in rules() {
        let prefix = format!("{code}-{name}-");
        let own = |file: &&String| file.starts_with(&prefix);
        assert!(fixtures.keys().any(|file| own(&file)), "{prefix}*.json");
        let found: Vec<_> = findings.iter().filter(|(file, _)| own(file)).collect();
        assert!(!found.is_empty(), "{prefix}*.txt");
        for (file, text) in found {
            assert!(text.contains(&format!("[{code}]: ")), "{file}: {text}");
        }
    }
}

/// The section of the manual that has the pages of all rules.
fn manual() -> String {
    let page = kept("man").remove("syncfy-hooks-validate.1").unwrap();
    let (_, rules) = page.split_once("\n.SH RULES\n").unwrap();
    format!(".ds Aq '\n.TH RULES 1 2026-01-01\n.SH RULES\n{rules}")
}

#[test]
fn every_rule_has_a_page() {
    let manual = manual();
    let sections: Vec<&str> = manual.split("\n.SS ").skip(1).collect();
    let rules = rules();
    assert_eq!(rules.len(), sections.len());
    for ([code, name, severity], section) in rules.iter().zip(sections) {
        let title = format!("{code} {name} ({severity})\n");
        let page = Test::new().args(["validate", "--explain", code]).output();
        assert!(page.stdout().starts_with(&title), "{}", page.stdout());
        let (heading, _) = section.split_once('\n').unwrap();
        assert_eq!(heading, format!("\"{}\"", title.trim_end()));
        for part in ["What it checks", "Why", "Example", "Do instead"] {
            let part = format!(".TP\n\\fB{part}\\fR\n");
            assert_eq!(section.matches(&part).count(), 1, "{section}");
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn the_pages_are_good_manual() {
    let mandoc = Command::new("mandoc")
        .args(["-T", "lint", "-W", "warning"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut mandoc) = mandoc else {
        eprintln!("SKIPPED: there is no mandoc on this machine");
        return;
    };
    let mut stdin = mandoc.stdin.take().unwrap();
    stdin.write_all(manual().as_bytes()).unwrap();
    drop(stdin);
    let complaints = mandoc.wait_with_output().unwrap().stdout;
    assert_eq!(String::from_utf8_lossy(&complaints), "");
}

#[test]
fn no_fixture_and_no_finding_is_left_over() {
    let rules = rules();
    let stem = |file: &str| file.rsplit_once('.').unwrap().0.to_owned();
    let fixtures: Vec<String> = kept(FIXTURES).keys().map(|file| stem(file)).collect();
    let findings: Vec<String> = kept(FINDINGS).keys().map(|file| stem(file)).collect();
    assert_eq!(fixtures, findings);
    for fixture in fixtures {
        let (rule, _) = fixture.rsplit_once('-').unwrap();
        let is_known = |[code, name, _]: &[String; 3]| rule == format!("{code}-{name}");
        assert!(rules.iter().any(is_known), "{fixture} is of no rule");
    }
}
