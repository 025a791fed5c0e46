//! What `validate` tells about its rules.

use crate::commands::Context;
use crate::domain::activity::{Activity, RuleEntry};
use crate::domain::likeness::nearest;
use crate::domain::signature::looks_like_a_key;
use crate::domain::validation::{Levels, Rule, rules};
use crate::exit::ExitStatus;
use crate::report::Report;

/// Prints the page of the rule with this code or name.
pub(super) fn explain(
    name: &str,
    levels: &Levels,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    let rule = named(name)?;
    let page = Some(rule.page());
    let entry = RuleEntry {
        page,
        ..entry(rule, levels)
    };
    context.ui.show(&Activity::Rule(entry))?;
    Ok(ExitStatus::Yes)
}

/// Prints a line for each rule.
pub(super) fn list(levels: &Levels, context: &mut Context) -> Result<ExitStatus, Report> {
    for rule in rules::all() {
        context.ui.show(&Activity::Rule(entry(rule, levels)))?;
    }
    Ok(ExitStatus::Yes)
}

/// The rule with this code or name.
///
/// # Errors
///
/// When there is none; a hint names the one that was perhaps meant.
pub fn named(name: &str) -> Result<&'static Rule, Report> {
    rules::find(&name.to_lowercase()).ok_or_else(|| unknown(name))
}

fn entry(rule: &Rule, levels: &Levels) -> RuleEntry {
    RuleEntry {
        code: rule.code,
        severity: rule.severity,
        level: levels.severity(rule),
        name: rule.name,
        summary: rule.summary(),
        page: None,
    }
}

fn unknown(name: &str) -> Report {
    let known = rules::all().iter();
    let nearest = nearest(name, known.map(|rule| (rule, [rule.code, rule.name])));
    // What stands in a file or behind a comma may be a key that was put in the wrong place.
    let shown = if looks_like_a_key(name) { "…" } else { name };
    let report = Report::new("rule-unknown", format!("there is no rule `{shown}`"));
    match nearest {
        Some(rule) => report.hint(format!("did you mean `{}`, {}?", rule.code, rule.name)),
        None => report,
    }
    .hint("`syncfy-hooks validate --list-rules` lists them all")
}
