//! What the rules report while they run, before places are looked up.

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostic::{Diagnostic, Related, Severity};
use super::rules::{MORE_FINDINGS, Rule};
use crate::domain::json::{Place, Places, Spot, locate};
use crate::domain::notification::Notification;

/// The most findings that are kept for one notification: a hostile body must not become an endless report.
pub(super) const MOST: usize = 100;

struct Finding {
    spot: Spot,
    rule: &'static Rule,
    message: String,
    help: String,
    /// Another spot that it is about, and what is there.
    related: Option<(Spot, &'static str)>,
}

/// The findings about one notification.
pub(super) struct Findings {
    kept: Vec<Finding>,
    /// How many more there were, and the worst severity among them.
    more: usize,
    worst: Severity,
}

/// The findings, as one rule sees them.
pub(super) struct Report<'f> {
    findings: &'f mut Findings,
    rule: &'static Rule,
}

impl Report<'_> {
    /// Reports something at a spot. `help` says what to do.
    pub(super) fn add(&mut self, spot: Spot, message: impl Into<String>, help: impl Into<String>) {
        self.keep(Finding {
            spot,
            rule: self.rule,
            message: message.into(),
            help: help.into(),
            related: None,
        });
    }

    /// Reports something that is about two spots. What is at the other one is said in a few words.
    pub(super) fn add_related(
        &mut self,
        spot: Spot,
        message: impl Into<String>,
        help: impl Into<String>,
        related: (Spot, &'static str),
    ) {
        self.keep(Finding {
            spot,
            rule: self.rule,
            message: message.into(),
            help: help.into(),
            related: Some(related),
        });
    }

    fn keep(&mut self, finding: Finding) {
        let findings = &mut *self.findings;
        if findings.kept.len() < MOST {
            findings.kept.push(finding);
        } else {
            findings.more += 1;
            findings.worst = findings.worst.min(self.rule.severity);
        }
    }
}

impl Findings {
    pub(super) fn new() -> Self {
        Self {
            kept: Vec::new(),
            more: 0,
            worst: Severity::Note,
        }
    }

    pub(super) fn of(&mut self, rule: &'static Rule) -> Report<'_> {
        Report {
            findings: self,
            rule,
        }
    }

    /// Finds the places of all findings in one walk and appends them as diagnostics.
    pub(super) fn locate(
        mut self,
        notification: &Notification<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if self.kept.is_empty() {
            return;
        }
        self.kept.sort_by_key(|finding| finding.spot);
        let places = self.places(notification);
        let place = |spot| places.get(&spot).map(|(_, place)| place.clone());
        diagnostics.extend(self.kept.into_iter().map(|finding| {
            let located = places.get(&finding.spot);
            let related = finding.related.into_iter();
            Diagnostic {
                code: finding.rule.code,
                severity: finding.rule.severity,
                message: finding.message,
                help: Some(finding.help),
                pointer: located.map_or_else(String::new, |(pointer, _)| pointer.clone()),
                place: place(finding.spot),
                related: related
                    .filter_map(|(spot, message)| {
                        let place = place(spot)?;
                        Some(Related { message, place })
                    })
                    .collect(),
            }
        }));
        if self.more > 0 {
            diagnostics.push(Diagnostic {
                code: MORE_FINDINGS.code,
                severity: self.worst,
                message: format!("{} more findings are not shown", self.more),
                help: Some("repair the first ones and check again".to_owned()),
                pointer: String::new(),
                place: None,
                related: Vec::new(),
            });
        }
    }

    /// The pointer to each spot, and its place in the body.
    fn places(&self, notification: &Notification<'_>) -> BTreeMap<Spot, (String, Place)> {
        let related = self.kept.iter().filter_map(|finding| finding.related);
        let spots = self.kept.iter().map(|finding| finding.spot);
        let spots: BTreeSet<Spot> = spots.chain(related.map(|(spot, _)| spot)).collect();
        let spots: Vec<Spot> = spots.into_iter().collect();
        let shift = notification.byte_order_mark();
        let mut places = Places::new(notification.text());
        let mut left = spots.iter();
        let mut found = BTreeMap::new();
        locate(notification.document(), &spots, &mut |pointer, span| {
            let mut place = places.place(span);
            place.span = place.span.start + shift..place.span.end + shift;
            found.extend(left.next().map(|spot| (*spot, (pointer.to_owned(), place))));
        });
        found
    }
}
