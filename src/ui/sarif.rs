//! A SARIF 2.1.0 log: what code scanning reads. The names of its members are those of the standard.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde::Serialize;

use super::finding::{self, Extent, Region};
use super::reporter::Reporter;
use crate::domain::activity::{Validation, Warning};
use crate::domain::json::Place;
use crate::domain::validation::{Diagnostic, Related, Rule, Severity, fingerprint, rules};
use crate::report::Report;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name and version of our fingerprints.
const FINGERPRINT: &str = "finding/v1";

/// The heading of a rule's page below which it says what the rule is about.
const CHECKS: &str = "## What it checks\n";

/// The findings so far.
#[derive(Default)]
pub(super) struct Log {
    /// Those that found something, in the order in which they first did.
    rules: Vec<&'static Rule>,
    results: Vec<Finding>,
    notifications: Vec<Notification>,
    /// How often a fingerprint came.
    seen: HashMap<String, u64>,
}

impl Reporter for Log {
    fn validation(&mut self, validation: &Validation) -> String {
        for diagnostic in &validation.diagnostics {
            let finding = self.finding(validation, diagnostic);
            self.results.push(finding);
        }
        String::new()
    }

    fn failure(&mut self, report: &Report) -> String {
        self.notifications.push(Notification {
            level: Level::Error,
            descriptor: Descriptor { id: report.code },
            message: told(&report.message, &report.hints),
        });
        String::new()
    }

    fn warning(&mut self, warning: &Warning) {
        self.notifications.push(Notification {
            level: Level::Warning,
            descriptor: Descriptor { id: warning.code },
            message: told(&warning.message, &warning.hints),
        });
    }

    fn end(self: Box<Self>) -> String {
        let is_failure = |told: &Notification| told.level == Level::Error;
        let document = Document {
            schema: SCHEMA,
            version: "2.1.0",
            runs: [Run {
                tool: Tool {
                    driver: Driver {
                        name: env!("CARGO_PKG_NAME"),
                        semantic_version: env!("CARGO_PKG_VERSION"),
                        rules: self.rules.iter().copied().map(descriptor).collect(),
                    },
                },
                invocations: [Invocation {
                    execution_successful: !self.notifications.iter().any(is_failure),
                    tool_execution_notifications: self.notifications,
                }],
                column_kind: "unicodeCodePoints",
                results: self.results,
            }],
        };
        let text = serde_json::to_string_pretty(&document);
        text.expect("the document is made of strings and numbers") + "\n"
    }
}

impl Log {
    fn finding(&mut self, validation: &Validation, diagnostic: &Diagnostic) -> Finding {
        let print = fingerprint(&validation.source, &validation.events, diagnostic);
        let times = self.seen.entry(print.clone()).or_default();
        *times += 1;
        Finding {
            rule_id: diagnostic.code,
            rule_index: index(&mut self.rules, diagnostic.code),
            level: diagnostic.severity.into(),
            message: finding::words(diagnostic).into(),
            locations: [location(validation, diagnostic)],
            related_locations: diagnostic
                .related
                .iter()
                .map(|related| beside(validation, related))
                .collect(),
            partial_fingerprints: [(FINGERPRINT, format!("{print}:{times}"))].into(),
        }
    }
}

/// Where a rule stands among those that found something.
fn index(found: &mut Vec<&'static Rule>, code: &str) -> Option<usize> {
    let known = found.iter().position(|rule| rule.code == code);
    known.or_else(|| {
        found.push(rules::find(code)?);
        Some(found.len() - 1)
    })
}

fn location(validation: &Validation, diagnostic: &Diagnostic) -> Location {
    let place = diagnostic.place.as_ref();
    let pointer = &diagnostic.pointer;
    Location {
        physical: physical(validation, place),
        logical_locations: (!pointer.is_empty()).then(|| {
            [LogicalLocation {
                fully_qualified_name: pointer.clone(),
            }]
        }),
        message: finding::elsewhere(validation, place).map(Message::from),
    }
}

fn beside(validation: &Validation, Related { message, place }: &Related) -> Location {
    let elsewhere = finding::elsewhere(validation, Some(place));
    let told = elsewhere.map_or((*message).to_owned(), |place| format!("{message}: {place}"));
    Location {
        physical: physical(validation, Some(place)),
        logical_locations: None,
        message: Some(told.into()),
    }
}

fn physical(validation: &Validation, place: Option<&Place>) -> Option<PhysicalLocation> {
    finding::file(validation).map(|file| PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(file) },
        region: finding::region(validation, place).into(),
    })
}

fn descriptor(rule: &'static Rule) -> RuleDescriptor {
    let page = rule.page();
    let checks = page.split_once(CHECKS).map_or("", |(_, rest)| rest);
    let checks = checks.split("\n## ").next().unwrap_or_default();
    RuleDescriptor {
        id: rule.code,
        name: rule.name,
        short_description: rule.summary().to_owned().into(),
        full_description: checks.trim().replace('\n', " ").into(),
        default_configuration: Configuration {
            level: rule.severity.into(),
        },
        help: Help {
            text: page.clone(),
            markdown: page,
        },
    }
}

/// A message, and below it what to do.
fn told(message: &str, hints: &[String]) -> Message {
    let lines = hints
        .iter()
        .fold(message.to_owned(), |lines, hint| lines + "\nhint: " + hint);
    lines.into()
}

/// The path of a file as a reference that is relative where the path is.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let mut uri = String::new();
    if path.starts_with('/') {
        uri += "file://";
    } else if cfg!(windows) && path.as_bytes().get(1) == Some(&b':') {
        uri += "file:///";
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => write!(uri, "%{byte:02X}").expect("writing to a `String` cannot fail"),
        }
    }
    uri
}

#[derive(Serialize)]
struct Document {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<RuleDescriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleDescriptor {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    default_configuration: Configuration,
    help: Help,
}

#[derive(Serialize)]
struct Configuration {
    level: Level,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: Level,
    descriptor: Descriptor,
    message: Message,
}

#[derive(Serialize)]
struct Descriptor {
    id: &'static str,
}

/// What the standard calls a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Level,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
    Note,
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Note => Self::Note,
        }
    }
}

#[derive(Serialize)]
struct Message {
    text: String,
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self { text }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(rename = "physicalLocation", skip_serializing_if = "Option::is_none")]
    physical: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Marked,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

/// What the standard calls a region.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Marked {
    start_line: u64,
    #[serde(flatten)]
    extent: Option<Columns>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Columns {
    start_column: u64,
    end_line: u64,
    end_column: u64,
}

impl From<Region> for Marked {
    fn from(Region { line, extent }: Region) -> Self {
        let columns = |extent: Extent| Columns {
            start_column: extent.column,
            end_line: extent.end_line,
            end_column: extent.end_column,
        };
        Self {
            start_line: line,
            extent: extent.map(columns),
        }
    }
}

/// A JSON pointer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("./a b/100%:ñ.json"), "a%20b/100%25%3A%C3%B1.json");
        assert_eq!(uri("../a.json"), "../a.json");
    }

    #[test]
    #[cfg(unix)]
    fn a_whole_path_becomes_a_whole_reference() {
        assert_eq!(uri("/tmp/a#b"), "file:///tmp/a%23b");
    }
}
