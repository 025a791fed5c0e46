//! A JUnit report: a suite for each source, a case for each notification.

mod run;

use super::diagnostics::{self, Subject};
use super::finding::{self, DOCUMENT};
use super::harden;
use super::reporter::Reporter;
use super::validate;
use super::xml;
use crate::domain::activity::{CheckResult, Checked, Validation, Warning};
use crate::domain::validation::{Diagnostic, Severity};
use crate::report::Report;

pub(crate) use self::run::of_run;

/// So many events have their name in that of a case.
const NAMED: usize = 3;

/// The most characters of the name of a case.
const LONGEST: usize = 120;

/// The suites so far. What is held of a notification is its case.
#[derive(Default)]
pub(super) struct Suites {
    suites: Vec<Suite>,
    /// What could not be read.
    unread: Suite,
}

/// One suite, whose cases are written already.
#[derive(Default)]
struct Suite {
    name: String,
    tests: u64,
    failures: u64,
    errors: u64,
    cases: String,
}

impl Reporter for Suites {
    fn validation(&mut self, validation: &Validation) -> String {
        let name = DOCUMENT.source(&validation.source);
        if self.suites.last().is_none_or(|suite| suite.name != name) {
            self.suites.push(Suite {
                name: name.into_owned(),
                ..Suite::default()
            });
        }
        if let Some(suite) = self.suites.last_mut() {
            suite.tests += 1;
            suite.failures += u64::from(!validation.valid);
            suite.cases += &case(validation, &suite.name);
        }
        String::new()
    }

    fn check(&mut self, checked: &Checked) {
        if self.suites.is_empty() {
            self.suites.push(Suite {
                name: "harden".into(),
                ..Suite::default()
            });
        }
        if let Some(suite) = self.suites.last_mut() {
            suite.tests += 1;
            suite.failures += u64::from(checked.result == CheckResult::Fail);
            suite.cases += &harden::case(checked);
        }
    }

    fn failure(&mut self, report: &Report) -> String {
        let name = [("classname", "unreadable"), ("name", &report.message)];
        let why = [("type", report.code), ("message", &report.message)];
        self.unread.tests += 1;
        self.unread.errors += 1;
        self.unread.cases.extend([format!(
            "    {}>\n      {}>{}</error>\n    </testcase>\n",
            xml::start("testcase", &name),
            xml::start("error", &why),
            xml::text(&report.hints.join("\n"))
        )]);
        String::new()
    }

    fn warning(&mut self, _: &Warning) {}

    fn end(self: Box<Self>) -> String {
        let Self { mut suites, unread } = *self;
        if unread.tests > 0 {
            suites.push(Suite {
                name: "unreadable".into(),
                ..unread
            });
        }
        document(suites)
    }
}

/// The whole report.
fn document(suites: Vec<Suite>) -> String {
    let total = |count: fn(&Suite) -> u64| suites.iter().map(count).sum();
    let head = counted(
        "testsuites",
        env!("CARGO_PKG_NAME"),
        [
            total(|suite| suite.tests),
            total(|suite| suite.failures),
            total(|suite| suite.errors),
        ],
    );
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}>\n");
    for suite in suites {
        let counts = [suite.tests, suite.failures, suite.errors];
        let head = counted("testsuite", &suite.name, counts);
        text.extend([format!("  {head}>\n{}  </testsuite>\n", suite.cases)]);
    }
    text + "</testsuites>\n"
}

/// The start of an element that counts what is in it.
fn counted(element: &str, name: &str, counts: [u64; 3]) -> String {
    let [tests, failures, errors] = counts.map(|count| count.to_string());
    let attributes = [
        ("name", name),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", &errors),
    ];
    xml::start(element, &attributes)
}

fn case(validation: &Validation, suite: &str) -> String {
    let name = name(validation);
    let line = validation.line.to_string();
    let mut attributes = vec![("classname", suite), ("name", &name)];
    if let Some(file) = finding::file(validation) {
        attributes.extend([("file", file), ("line", &line)]);
    }
    let head = xml::start("testcase", &attributes);
    let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
    let (errors, others): (Vec<_>, Vec<_>) = validation.diagnostics.iter().partition(is_error);
    let mut inside = String::new();
    if let [first, more @ ..] = errors.as_slice() {
        // Many readers take one failure of a case, and no more.
        let message = match more.len() {
            0 => first.message.clone(),
            more => format!("{}, and {more} more", first.message),
        };
        let failure = xml::start("failure", &[("type", first.code), ("message", &message)]);
        let details = xml::text(&details(validation, &errors));
        inside.extend([format!("      {failure}>{details}</failure>\n")]);
    }
    if !others.is_empty() {
        let details = xml::text(&details(validation, &others));
        inside.extend([format!("      <system-out>{details}</system-out>\n")]);
    }
    if inside.is_empty() {
        format!("    {head}/>\n")
    } else {
        format!("    {head}>\n{inside}    </testcase>\n")
    }
}

/// Findings with excerpts, as a person would see them.
fn details(validation: &Validation, found: &[&Diagnostic]) -> String {
    let subject = Subject {
        label: &validate::label(validation, DOCUMENT),
        text: &validation.text,
        line: validation.line,
    };
    let text = diagnostics::excerpts(found.iter().copied(), &subject, DOCUMENT);
    text.trim_end().to_owned()
}

/// The place and the events: `line 3: credentials.created`.
fn name(validation: &Validation) -> String {
    let place = match validation.id {
        Some(id) => format!("[{id}]"),
        None => format!("line {}", validation.line),
    };
    let names = validation.events.iter();
    let mut names: Vec<&str> = names.filter_map(|event| event.name.as_deref()).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    names.truncate(NAMED);
    let events = match names.as_slice() {
        [] => String::new(),
        names => format!(": {}{more}", names.join(", ")),
    };
    let mut name = place + &events;
    if let Some((end, _)) = name.char_indices().nth(LONGEST) {
        name.truncate(end);
        name.push('…');
    }
    name
}
