//! The rules. One rule is one file: its module documentation is its manual page, its constant `RULE` is its entry.

mod at_format;
mod began_before;
mod byte_order_mark;
mod documents_without_outcome;
mod duplicate_key;
mod eid_redelivered;
mod eid_reused;
mod empty_events;
mod endpoint_path;
mod endpoints_kind;
mod event_alias;
mod event_version;
mod executing_stuck;
mod header_mismatch;
mod is_executing;
mod is_executing_place;
mod legacy_name;
mod legacy_v1;
mod missing_at;
mod missing_field;
mod missing_id_external;
mod missing_step;
mod more_findings;
mod never_ended;
mod newer_version;
mod object_id;
mod out_of_order;
mod payload_fields;
mod payload_kind;
mod refreshed_before_created;
mod repeated_eid;
mod still_running;
mod syntax;
mod time_hole;
mod unknown_environment;
mod unknown_event;
mod unknown_field;
mod unrecognised_shape;
mod uuid;
mod uuid_case;
mod uuid_version;
mod wrong_type;

#[cfg(test)]
mod fixtures;

use super::diagnostic::{Diagnostic, Severity};
use super::findings::Report;
use crate::domain::json::SyntaxError;
use crate::domain::notification::{EventView, Notification};
use crate::domain::page::Page;
use crate::domain::sequence::{Moment, Remark};

/// Lists every rule once, for the table and for the test that compares all fixtures.
macro_rules! rules {
    ($($rule:ident),+ $(,)?) => {
        static RULES: &[Rule] = &[$($rule::RULE),+];

        #[cfg(test)]
        const FIXTURES: &[fixtures::Fixtures] = &[$($rule::FIXTURES),+];
    };
}

rules![
    syntax,
    byte_order_mark,
    duplicate_key,
    more_findings,
    unrecognised_shape,
    legacy_v1,
    missing_field,
    wrong_type,
    empty_events,
    object_id,
    uuid,
    uuid_version,
    at_format,
    missing_at,
    unknown_event,
    event_alias,
    event_version,
    unknown_environment,
    missing_id_external,
    uuid_case,
    newer_version,
    payload_kind,
    payload_fields,
    endpoints_kind,
    endpoint_path,
    is_executing,
    is_executing_place,
    unknown_field,
    header_mismatch,
    legacy_name,
    repeated_eid,
    refreshed_before_created,
    documents_without_outcome,
    executing_stuck,
    eid_redelivered,
    eid_reused,
    missing_step,
    time_hole,
    out_of_order,
    never_ended,
    still_running,
    began_before,
];

type DocumentCheck = fn(&Notification<'_>, &mut Report<'_>);
type EventCheck = fn(&EventView<'_, '_>, &mut Report<'_>);
type SequenceCheck = for<'m> fn(&'m Moment<'m>) -> Option<Remark<'m>>;

/// One rule: what it is called, how bad its findings are, and how it looks for them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its stable code, such as `SH103`.
    pub code: &'static str,
    /// Its name in kebab-case, such as `missing-field`.
    pub name: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// Why its severity is not to be chosen, where it is not.
    pub(super) fixed: Option<&'static str>,
    /// The manual page, with which its file begins.
    page: Page,
    /// Looks at the notification as a whole.
    pub(super) document: Option<DocumentCheck>,
    /// Looks at each event of a V3 batch that is an object.
    pub(super) event: Option<EventCheck>,
    /// Looks at what happens in the course of a recording.
    pub(in crate::domain) sequence: Option<SequenceCheck>,
}

impl Rule {
    const fn new(
        code: &'static str,
        name: &'static str,
        severity: Severity,
        source: &'static str,
    ) -> Self {
        Self {
            code,
            name,
            severity,
            fixed: None,
            page: Page::of(source),
            document: None,
            event: None,
            sequence: None,
        }
    }

    /// A rule whose severity is what it is, for this reason.
    const fn fixed(self, reason: &'static str) -> Self {
        Self {
            fixed: Some(reason),
            ..self
        }
    }

    const fn on_document(self, check: DocumentCheck) -> Self {
        Self {
            document: Some(check),
            ..self
        }
    }

    const fn on_event(self, check: EventCheck) -> Self {
        Self {
            event: Some(check),
            ..self
        }
    }

    const fn on_sequence(self, check: SequenceCheck) -> Self {
        Self {
            sequence: Some(check),
            ..self
        }
    }

    /// Its manual page in Markdown: a sentence, then What it checks, Why, Example, Do instead.
    #[must_use]
    pub fn page(&self) -> String {
        self.page.text()
    }

    /// What its findings have in common, in one sentence.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.page.summary()
    }
}

/// Stands at the end of a report that was cut.
pub(super) const MORE_FINDINGS: &Rule = &more_findings::RULE;

/// Every rule, by ascending code.
#[must_use]
pub fn all() -> &'static [Rule] {
    RULES
}

/// The rule with that code (in any case) or name.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}

pub(super) fn not_json(error: &SyntaxError) -> Diagnostic {
    syntax::diagnose(error)
}

/// Every body that the rules are tried on, for those who must not change what is found.
#[cfg(test)]
pub(in crate::domain) fn fixture_bodies() -> impl Iterator<Item = String> {
    FIXTURES
        .iter()
        .flat_map(|fixtures| fixtures.good.iter().chain(fixtures.bad))
        .flat_map(fixtures::Fixture::bodies)
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostic, judge};
    use super::fixtures::Fixture;
    use super::{FIXTURES, Rule, all, find};
    use crate::domain::sequence;

    /// What is found in a fixture: by the rules for sequences where the rule is one of them, else by the others.
    fn found(rule: &Rule, fixture: &Fixture) -> Vec<Diagnostic> {
        if rule.sequence.is_some() {
            return sequence::judge(&fixture.bodies());
        }
        let bodies = fixture.bodies();
        bodies
            .iter()
            .flat_map(|body| judge(body.as_bytes()).diagnostics)
            .collect()
    }

    #[test]
    fn codes_ascend_and_are_found() {
        assert!(all().is_sorted_by(|left, right| left.code < right.code));
        for rule in all() {
            assert!(std::ptr::eq(find(rule.code).unwrap(), rule));
            assert!(std::ptr::eq(find(rule.name).unwrap(), rule));
            assert!(std::ptr::eq(find(&rule.code.to_lowercase()).unwrap(), rule));
        }
        assert!(find("SH999").is_none());
    }

    #[test]
    fn every_rule_has_a_page() {
        for rule in all() {
            let page = rule.page();
            let headings: Vec<&str> = page
                .lines()
                .filter(|line| line.starts_with("## "))
                .collect();
            assert_eq!(
                headings,
                ["## What it checks", "## Why", "## Example", "## Do instead"],
                "{}",
                rule.name
            );
            assert!(
                page.starts_with(rule.summary()) && rule.summary().ends_with('.'),
                "{}",
                rule.name
            );
            assert!(
                !page.contains("//!") && !page.contains("use super"),
                "{page}"
            );
        }
    }

    #[test]
    fn good_fixtures_are_silent() {
        for (rule, fixtures) in all().iter().zip(FIXTURES) {
            assert!(!fixtures.good.is_empty(), "{}", rule.name);
            for fixture in fixtures.good {
                let found = found(rule, fixture);
                assert!(
                    found.iter().all(|diagnostic| diagnostic.code != rule.code),
                    "{}: {found:#?}",
                    rule.name
                );
            }
        }
    }

    #[test]
    fn bad_fixtures_have_one_finding_each() {
        for (rule, fixtures) in all().iter().zip(FIXTURES) {
            assert!(!fixtures.bad.is_empty(), "{}", rule.name);
            for fixture in fixtures.bad {
                let body = fixture.bodies().join("\n");
                let mut found = found(rule, fixture);
                // What takes a known field away mostly puts an unknown one in its place.
                found.retain(|diagnostic| {
                    diagnostic.code == rule.code
                        || (rule.code != "SH004" && diagnostic.code != "SH307")
                });
                assert_eq!(found.len(), 1, "{}: {body}\n{found:#?}", rule.name);
                assert_eq!(found[0].code, rule.code, "{body}\n{found:#?}");
                assert!(
                    !found[0].message.ends_with('.') && found[0].help.is_some(),
                    "{found:#?}"
                );
            }
        }
    }
}
