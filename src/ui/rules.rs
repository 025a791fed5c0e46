//! How validation rules look: a line each, or the manual page.

use super::diagnostics::role;
use super::style::Role;
use super::wrap::wrap;
use super::{Stream, page};
use crate::domain::activity::RuleEntry;
use crate::domain::validation::{Severity, rules};

/// The longest of `error`, `warning`, `note` and `allowed`.
const LEVEL_WIDTH: usize = 7;

/// The rule's page where it was asked for, else its line.
pub(super) fn render(rule: &RuleEntry, out: Stream) -> String {
    match &rule.page {
        Some(page) => {
            let code = out.style.paint(Role::Strong, rule.code);
            let own = paint(Some(rule.severity), 0, out);
            let here = if rule.level == Some(rule.severity) {
                String::new()
            } else {
                format!(", here {}", paint(rule.level, 0, out))
            };
            format!("{code} {} ({own}{here})\n\n", rule.name) + &page::render(page, out)
        }
        None => row(rule, out),
    }
}

/// What findings are, at least so wide.
fn paint(level: Option<Severity>, width: usize, out: Stream) -> String {
    match level {
        Some(severity) => out
            .style
            .paint(role(severity), &format!("{severity:<width$}")),
        None => out
            .style
            .paint(Role::Dim, &format!("{:<width$}", "allowed")),
    }
}

fn row(rule: &RuleEntry, out: Stream) -> String {
    let names = rules::all().iter().map(|rule| rule.name.len());
    let longest = names.max().unwrap_or_default();
    let head = format!(
        "{}  {}  {:<longest$}  ",
        out.style.paint(Role::Strong, rule.code),
        paint(rule.level, LEVEL_WIDTH, out),
        rule.name
    );
    let indent = rule.code.len() + 2 + LEVEL_WIDTH + 2 + longest + 2;
    let summary = wrap(rule.summary, out.width.saturating_sub(indent));
    head + &summary.join(&format!("\n{:indent$}", "")) + "\n"
}
