//! What the rules report while they run, before places are looked up.

use super::diagnostic::{Diagnostic, Severity};
use super::levels::Levels;
use super::rules::{MORE_FINDINGS, Rule};
use crate::domain::json::{Places, Spot, locate};
use crate::domain::notification::Notification;

/// The most findings that are kept for one notification: a hostile body must not become an endless report.
pub(super) const MOST: usize = 100;

struct Finding {
    spot: Spot,
    rule: &'static Rule,
    severity: Severity,
    message: String,
    help: String,
}

/// The findings about one notification.
pub(in crate::domain) struct Findings {
    kept: Vec<Finding>,
    /// How many more there were, and the worst severity among them.
    more: usize,
    worst: Severity,
}

/// The findings, as one rule sees them.
pub(in crate::domain) struct Report<'f> {
    findings: &'f mut Findings,
    /// Asked only when something is found: a clean notification costs nothing more.
    levels: &'f Levels,
    rule: &'static Rule,
}

impl Report<'_> {
    /// Reports something at a spot. `help` says what to do.
    pub(in crate::domain) fn add(
        &mut self,
        spot: Spot,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let Some(severity) = self.levels.severity(self.rule) else {
            return;
        };
        let findings = &mut *self.findings;
        if findings.kept.len() < MOST {
            findings.kept.push(Finding {
                spot,
                rule: self.rule,
                severity,
                message: message.into(),
                help: help.into(),
            });
        } else {
            findings.more += 1;
            findings.worst = findings.worst.min(severity);
        }
    }
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            more: 0,
            worst: Severity::Note,
        }
    }
}

impl Findings {
    pub(in crate::domain) fn of<'f>(
        &'f mut self,
        rule: &'static Rule,
        levels: &'f Levels,
    ) -> Report<'f> {
        Report {
            findings: self,
            levels,
            rule,
        }
    }

    /// Finds the places of all findings in one walk and appends them as diagnostics.
    pub(in crate::domain) fn locate(
        mut self,
        notification: &Notification<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if self.kept.is_empty() {
            return;
        }
        self.kept.sort_by_key(|finding| finding.spot);
        let spots: Vec<Spot> = self.kept.iter().map(|finding| finding.spot).collect();
        let mut places = Places::new(notification.text());
        let mut findings = self.kept.into_iter();
        let first = diagnostics.len();
        locate(notification.document(), &spots, &mut |pointer, span| {
            diagnostics.extend(findings.next().map(
                |Finding {
                     rule,
                     severity,
                     message,
                     help,
                     ..
                 }| Diagnostic {
                    code: rule.code,
                    severity,
                    message,
                    help: Some(help),
                    pointer: pointer.to_owned(),
                    place: Some(places.place(span)),
                },
            ));
        });
        let shift = notification.byte_order_mark();
        for place in diagnostics
            .iter_mut()
            .skip(first)
            .filter_map(|diagnostic| diagnostic.place.as_mut())
        {
            place.span = place.span.start + shift..place.span.end + shift;
        }
        if self.more > 0 {
            diagnostics.push(Diagnostic {
                code: MORE_FINDINGS.code,
                severity: self.worst,
                message: format!("{} more findings are not shown", self.more),
                help: Some("repair the first ones and check again".to_owned()),
                pointer: String::new(),
                place: None,
            });
        }
    }
}
