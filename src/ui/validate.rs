//! How `validate` looks: findings, a word on what is valid, the summary.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Stream;
use super::diagnostics::{self, Subject};
use super::style::Role;
use super::words::plural;
use crate::domain::activity::{Fixed, Repair, Validated, Validation};
use crate::domain::validation::rules::find;

/// Beyond so many, valid notifications are only counted.
pub(super) const CONFIRMED: usize = 20;

/// What is wrong with a notification: with excerpts, or on one line each.
pub(super) fn findings(validation: &Validation, out: Stream, detailed: bool) -> String {
    let label = label(validation, out);
    if detailed {
        let subject = Subject {
            label: &label,
            text: &validation.text,
            line: validation.line,
        };
        diagnostics::excerpts(&validation.diagnostics, &subject, out)
    } else {
        diagnostics::lines(&validation.diagnostics, &label, validation.line, out)
    }
}

/// What a person calls the source. Places in a decoded body are told apart from places in its file.
pub(super) fn label(validation: &Validation, out: Stream) -> String {
    let mut file = out.source(&validation.source);
    if let Some(id) = validation.id {
        file = format!("{file}[{id}]").into();
    }
    match validation.line {
        _ if !validation.decoded => file.into_owned(),
        line if line > 1 && !validation.has_one_line() => format!("{file}:{line}(body)"),
        _ => format!("{file}(body)"),
    }
}

/// Says of each valid notification that it is, as long as they are few.
#[derive(Default)]
pub(super) struct Confirmations(usize);

impl Confirmations {
    /// What was found in a notification, and in detail that it is valid.
    pub(super) fn with_findings(
        &mut self,
        validation: &Validation,
        out: Stream,
        detailed: bool,
    ) -> String {
        let mut text = findings(validation, out, detailed);
        if detailed && validation.valid {
            text += &self.line(validation, out);
        }
        text
    }

    /// The line for a valid notification.
    fn line(&mut self, validation: &Validation, out: Stream) -> String {
        self.0 += 1;
        if self.0 > CONFIRMED {
            let text = "(more valid notifications are counted, not listed)";
            return if self.0 == CONFIRMED + 1 {
                out.style.paint(Role::Dim, text) + "\n"
            } else {
                String::new()
            };
        }
        let label = label(validation, out);
        let place = match validation.line {
            1 => label,
            _ if validation.decoded && !validation.has_one_line() => label,
            line => format!("{label}:{line}"),
        };
        let names: Vec<&str> = validation
            .events
            .iter()
            .filter_map(|event| event.name.as_deref())
            .collect();
        format!(
            "{}: {}  {}\n",
            out.foreign(&place),
            out.style.paint(Role::Good, "valid"),
            out.foreign(&names.join(", "))
        )
    }
}

/// A repair on one line: `file:line:column: fixed[SH204]: "…" -> "…"`.
pub(super) fn repair(repair: &Repair, stream: Stream) -> String {
    let file = stream.source(&repair.source);
    let body = match repair.record {
        Some(line) if line > 1 => format!(":{line}(body)"),
        _ if repair.decoded => "(body)".to_owned(),
        _ => String::new(),
    };
    let word = if repair.dry_run { "would fix" } else { "fixed" };
    let head = format!("{word}[{}]", repair.code);
    let shown = |text: &str| match text {
        "" => "nothing".to_owned(),
        "\u{feff}" => "a byte order mark".to_owned(),
        text => stream.foreign(text).into_owned(),
    };
    format!(
        "{file}{body}:{}:{}: {}: {} -> {}\n",
        repair.line,
        repair.column,
        stream.style.paint(Role::Good, &head),
        shown(&repair.from),
        shown(&repair.to)
    )
}

/// How much was repaired.
pub(super) fn fixed(fixed: &Fixed, err: Stream) -> String {
    let &Fixed {
        fixed,
        files,
        dry_run,
    } = fixed;
    let head = if dry_run { "would fix:" } else { "fixed:" };
    let head = err.style.paint(Role::Strong, head);
    match fixed {
        0 => format!("{head} nothing\n"),
        _ => format!("{head} {fixed} in {}\n", plural(files, "file")),
    }
}

/// How many there were of what; empty when there was nothing to judge.
pub(super) fn summary(validated: &Validated, err: Stream) -> String {
    let Validated {
        valid,
        invalid,
        errors,
        warnings,
        unreadable,
        ref by_code,
    } = *validated;
    if valid + invalid == 0 {
        return String::new();
    }
    let counted = |counts: &[(u64, String)]| {
        let counts = counts.iter().filter(|(number, _)| *number > 0);
        counts
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let verdicts = counted(&[
        (valid, format!("{valid} valid")),
        (invalid, format!("{invalid} invalid")),
    ]);
    let found = match counted(&[
        (errors, plural(errors, "error")),
        (warnings, plural(warnings, "warning")),
    ]) {
        none if none.is_empty() => none,
        found => format!(" ({found})"),
    };
    let unread = match unreadable {
        0 => String::new(),
        number => format!("; {number} could not be read"),
    };
    let head = plural(valid + invalid, "notification") + ":";
    let mut text = format!(
        "{} {verdicts}{found}{unread}\n",
        err.style.paint(Role::Strong, &head)
    );
    // Where each was found once, the summary would repeat what was just said.
    if valid + invalid > 1 && by_code.values().any(|count| *count > 1) {
        text += &codes(by_code, err);
    }
    text
}

/// How often each rule found something, the most frequent first.
fn codes(by_code: &BTreeMap<&'static str, u64>, err: Stream) -> String {
    let mut counts: Vec<_> = by_code.iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(**count));
    let width = counts.first().map_or(0, |(_, most)| most.to_string().len());
    let lines = counts.into_iter().map(|(code, count)| {
        let name = find(code).map_or("", |rule| rule.name);
        let code = err.style.paint(Role::Strong, code);
        format!("{count:>width$} {code} {name}\n", width = width + 2)
    });
    lines.collect()
}
