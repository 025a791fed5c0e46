//! Annotations of a GitHub workflow: one command for each finding, which the runner reads from the output of a step.

use std::fmt::Write as _;

use super::finding::{self, Extent, Region};
use super::reporter::Reporter;
use crate::domain::activity::{Validation, Warning};
use crate::domain::validation::{Diagnostic, Related, Severity, rules};
use crate::report::Report;

/// Each finding is shown as it comes: nothing is held.
pub(super) struct Annotations;

impl Reporter for Annotations {
    fn validation(&mut self, validation: &Validation) -> String {
        let found = validation.diagnostics.iter();
        found.map(|found| annotation(validation, found)).collect()
    }

    fn failure(&mut self, report: &Report) -> String {
        let hints = report.hints.iter();
        let words = hints.fold(report.message.clone(), |words, hint| {
            words + "\nhint: " + hint
        });
        format!(
            "::error title={}::{}\n",
            property(report.code),
            data(&words)
        )
    }

    fn warning(&mut self, _: &Warning) {}

    fn end(self: Box<Self>) -> String {
        String::new()
    }
}

fn annotation(validation: &Validation, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut text = format!("::{level} ");
    if let Some(file) = finding::file(validation) {
        text.extend([format!("file={},", property(file))]);
        text += &marks(&finding::region(validation, diagnostic.place.as_ref()));
    }
    let name = rules::find(diagnostic.code).map_or("", |rule| rule.name);
    let title = format!("{} {name}", diagnostic.code);
    let mut words = finding::words(diagnostic);
    if let Some(place) = finding::elsewhere(validation, diagnostic.place.as_ref()) {
        words = format!("{place}: {words}");
    }
    for Related { message, place } in &diagnostic.related {
        let place = finding::spelled(validation, Some(place));
        words.extend(["\n", message, ": ", &place]);
    }
    text + &format!("title={}::{}\n", property(&title), data(&words))
}

/// The properties of a region. The runner refuses columns of what goes over several lines.
fn marks(region: &Region) -> String {
    let Region { line, extent } = region;
    let mut text = format!("line={line},");
    if let Some(Extent {
        column,
        end_line,
        end_column,
    }) = extent
    {
        let written = if end_line == line {
            write!(
                text,
                "col={column},endLine={end_line},endColumn={end_column},"
            )
        } else {
            write!(text, "endLine={end_line},")
        };
        written.expect("writing to a `String` cannot fail");
    }
    text
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_would_read_is_escaped() {
        assert_eq!(data("a,b: 5%\r\n"), "a,b: 5%25%0D%0A");
        assert_eq!(property("C:\\a,%0A"), "C%3A\\a%2C%250A");
    }

    #[test]
    fn several_lines_have_no_columns() {
        let extent = Extent {
            column: 3,
            end_line: 9,
            end_column: 1,
        };
        let region = Region {
            line: 8,
            extent: Some(extent),
        };
        assert_eq!(marks(&region), "line=8,endLine=9,");
    }
}
