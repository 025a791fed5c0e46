//! Every rule has what makes it one: fixtures, what is said about them, and a page.

use crate::generated::{FINDINGS, FIXTURES, kept};
use crate::support::Test;

/// The rules of the table, each by code and name.
fn rules() -> Vec<[String; 2]> {
    let output = Test::new()
        .args(["validate", "--list-rules", "--json"])
        .output();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let rules = output.json();
    rules
        .iter()
        .map(|rule| [text(&rule["code"]), text(&rule["name"])])
        .collect()
}

#[test]
fn every_rule_has_a_fixture_a_finding_and_a_page() {
    let (fixtures, findings) = (kept(FIXTURES), kept(FINDINGS));
    for [code, name] in rules() {
        let prefix = format!("{code}-{name}-");
        let own = |file: &&String| file.starts_with(&prefix);
        assert!(fixtures.keys().any(|file| own(&file)), "{prefix}*.json");
        let found: Vec<_> = findings.iter().filter(|(file, _)| own(file)).collect();
        assert!(!found.is_empty(), "{prefix}*.txt");
        for (file, text) in found {
            assert!(text.contains(&format!("[{code}]: ")), "{file}: {text}");
        }
        let page = Test::new().args(["validate", "--explain", &code]).output();
        let title = format!("{code} {name} (");
        assert!(page.stdout().starts_with(&title), "{}", page.stdout());
    }
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
        let is_known = |[code, name]: &[String; 2]| rule == format!("{code}-{name}");
        assert!(rules.iter().any(is_known), "{fixture} is of no rule");
    }
}
