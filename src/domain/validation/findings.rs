//! What the rules report while they run, before places are looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::diagnostic::{Diagnostic, Fix, Related, Severity};
use super::levels::Levels;
use super::rules::{MORE_FINDINGS, Rule};
use crate::domain::json::{Place, Places, Spot, locate};
use crate::domain::notification::Notification;

/// The most findings that are kept for one notification: a hostile body must not become an endless report.
pub(super) const MOST: usize = 100;

struct Finding {
    spot: Spot,
    rule: &'static Rule,
    severity: Severity,
    message: String,
    help: String,
    besides: Besides,
}

/// What a finding may have besides.
#[derive(Default)]
struct Besides {
    remedy: Option<Remedy>,
    /// Another spot that it is about, and what is there.
    related: Option<(Spot, &'static str)>,
}

/// What does away with a finding, where that is certain.
pub(super) enum Remedy {
    /// This JSON text in the place of the value.
    Value(String),
    /// A body without its byte order mark.
    NoMark,
}

impl Remedy {
    /// A string that has nothing to be escaped in it.
    pub(super) fn string(text: &str) -> Self {
        Self::Value(format!("\"{text}\""))
    }

    fn into_fix(self, span: Range<usize>, mark: usize) -> Fix {
        match self {
            Self::Value(text) => Fix { span, text },
            Self::NoMark => Fix {
                span: 0..mark,
                text: String::new(),
            },
        }
    }
}

/// The findings about one notification.
pub(in crate::domain) struct Findings {
    kept: Vec<Finding>,
    /// Whether only what has a remedy is wanted, and then all of it.
    only_remediable: bool,
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
        self.keep(spot, message, help, Besides::default());
    }

    /// The same, with what does away with it.
    pub(super) fn add_remediable(
        &mut self,
        spot: Spot,
        message: impl Into<String>,
        help: impl Into<String>,
        remedy: Option<Remedy>,
    ) {
        let related = None;
        self.keep(spot, message, help, Besides { remedy, related });
    }

    /// Reports something that is about two spots. What is at the other one is said in a few words.
    pub(super) fn add_related(
        &mut self,
        spot: Spot,
        message: impl Into<String>,
        help: impl Into<String>,
        related: (Spot, &'static str),
    ) {
        let (remedy, related) = (None, Some(related));
        self.keep(spot, message, help, Besides { remedy, related });
    }

    fn keep(
        &mut self,
        spot: Spot,
        message: impl Into<String>,
        help: impl Into<String>,
        besides: Besides,
    ) {
        let Some(severity) = self.levels.severity(self.rule) else {
            return;
        };
        let findings = &mut *self.findings;
        if findings.only_remediable && besides.remedy.is_none() {
            return;
        }
        if findings.only_remediable || findings.kept.len() < MOST {
            findings.kept.push(Finding {
                spot,
                rule: self.rule,
                severity,
                message: message.into(),
                help: help.into(),
                besides,
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
            only_remediable: false,
            more: 0,
            worst: Severity::Note,
        }
    }
}

impl Findings {
    /// Keeps what has a remedy, and that without a limit.
    pub(super) fn remediable() -> Self {
        Self {
            only_remediable: true,
            ..Self::default()
        }
    }

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
        let places = self.places(notification);
        let place = |spot| places.get(&spot).map(|(_, place)| place.clone());
        let mark = notification.byte_order_mark();
        diagnostics.extend(self.kept.into_iter().map(|finding| {
            let located = places.get(&finding.spot);
            let Besides { remedy, related } = finding.besides;
            let related = related.into_iter();
            Diagnostic {
                code: finding.rule.code,
                severity: finding.severity,
                message: finding.message,
                help: Some(finding.help),
                pointer: located.map_or_else(String::new, |(pointer, _)| pointer.clone()),
                fix: remedy
                    .zip(located)
                    .map(|(remedy, (_, place))| remedy.into_fix(place.span.clone(), mark)),
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
                fix: None,
                related: Vec::new(),
            });
        }
    }

    /// The pointer to each spot, and its place in the body.
    fn places(&self, notification: &Notification<'_>) -> BTreeMap<Spot, (String, Place)> {
        let related = self
            .kept
            .iter()
            .filter_map(|finding| finding.besides.related);
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
