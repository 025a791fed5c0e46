//! How validation rules look: a line each, or the manual page.

use super::Stream;
use super::diagnostics::role;
use super::style::Role;
use crate::domain::activity::RuleEntry;
use crate::domain::validation::rules;

/// The rule's page where it was asked for, else its line.
pub(super) fn render(rule: &RuleEntry, out: Stream) -> String {
    let code = out.style.paint(Role::Strong, rule.code);
    let Some(page) = &rule.page else {
        let severity = out
            .style
            .paint(role(rule.severity), &format!("{:<7}", rule.severity));
        let width = rules::all()
            .iter()
            .map(|rule| rule.name.len())
            .max()
            .unwrap_or_default();
        return format!(
            "{code}  {severity}  {:<width$}  {}\n",
            rule.name, rule.summary
        );
    };
    let severity = out
        .style
        .paint(role(rule.severity), &rule.severity.to_string());
    let mut text = format!("{code} {} ({severity})\n\n", rule.name);
    for line in page.lines() {
        if line.starts_with("## ") {
            text += &out.style.paint(Role::Strong, line);
        } else {
            text += line;
        }
        text.push('\n');
    }
    text
}
