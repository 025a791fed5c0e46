//! What `validate` tells about its rules.

use crate::commands::Context;
use crate::domain::activity::{Activity, RuleEntry};
use crate::domain::validation::{Rule, rules};
use crate::exit::ExitStatus;
use crate::report::Report;

/// Prints the page of the rule with this code or name.
pub(super) fn explain(name: &str, context: &mut Context) -> Result<ExitStatus, Report> {
    let rule = rules::find(&name.to_lowercase()).ok_or_else(|| unknown(name))?;
    let rule = entry(rule, Some(rule.page()));
    context.ui.show(&Activity::Rule(rule))?;
    Ok(ExitStatus::Yes)
}

/// Prints a line for each rule.
pub(super) fn list(context: &mut Context) -> Result<ExitStatus, Report> {
    for rule in rules::all() {
        context.ui.show(&Activity::Rule(entry(rule, None)))?;
    }
    Ok(ExitStatus::Yes)
}

fn entry(rule: &Rule, page: Option<String>) -> RuleEntry {
    RuleEntry {
        code: rule.code,
        severity: rule.severity,
        name: rule.name,
        summary: rule.summary(),
        page,
    }
}

fn unknown(name: &str) -> Report {
    let likeness = |known: &str| {
        strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase())
    };
    let nearest = rules::all()
        .iter()
        .map(|rule| (likeness(rule.code).max(likeness(rule.name)), rule))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(left, _), (right, _)| left.total_cmp(right));
    let report = Report::new("rule-unknown", format!("there is no rule `{name}`"));
    match nearest {
        Some((_, rule)) => report.hint(format!("did you mean `{}`, {}?", rule.code, rule.name)),
        None => report,
    }
    .hint("`syncfy-hooks validate --list-rules` lists them all")
}
