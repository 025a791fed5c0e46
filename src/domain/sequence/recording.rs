//! A recording while it is read: takes one notification after the other, and says what the rules find.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::{iter, mem};

use jiff::Timestamp;
use serde::Serialize;

use super::moment::{Moment, On, Remark, What};
use super::occurrence::{self, Occurrence};
use super::place::{Place, Position, Sources};
use super::run::{Rest, Run, Trace};
use super::sightings::Sightings;
use super::{SETTLED, SETTLED_EVENTS};
use crate::domain::json::Kind;
use crate::domain::notification::{EventOutline, EventView, Notification, Version};
use crate::domain::validation::{Diagnostic, Findings, Levels, Severity, rules};

/// A recording, as far as it was read.
///
/// ```
/// use syncfy_hooks::domain::notification::Notification;
/// use syncfy_hooks::domain::sequence::{Position, Recording};
///
/// let lines = [r#"{"events":[{"header":{"event":{"eid":"a"}}}],"rid":"r"}"#; 2];
/// let mut recording = Recording::default();
/// let mut codes = Vec::new();
/// for (line, body) in (1..).zip(lines) {
///     let position = Position { source: "all.ndjson", line, id: None };
///     let observed = recording.observe(&Notification::read(body.as_bytes())?, &position);
///     codes.extend(observed.here.iter().map(|found| found.code));
/// }
/// assert_eq!(codes, ["SH504"]);
/// assert_eq!(recording.finish().count(), 0);
/// # Ok::<(), syncfy_hooks::domain::json::SyntaxError>(())
/// ```
#[derive(Debug, Default)]
pub struct Recording {
    levels: Levels,
    sources: Sources,
    sightings: Sightings,
    hasher: RandomState,
    runs: HashMap<u64, Life>,
    totals: Totals,
    /// The earliest and the latest time of an event.
    span: Option<(Timestamp, Timestamp)>,
}

/// What is remembered of a run.
#[derive(Debug)]
enum Life {
    Open(Box<Run>),
    Rest(Rest),
}

impl Life {
    fn open(self) -> Option<Box<Run>> {
        match self {
            Self::Open(run) => Some(run),
            Self::Rest(_) => None,
        }
    }
}

/// How much was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Notifications that were looked at.
    pub notifications: u64,
    /// Their events.
    pub events: u64,
    /// Credentials and documents jobs.
    pub runs: u64,
    /// What is no notification of Webhooks V3: nothing is known of its order.
    pub passed_over: u64,
}

/// What is to be said when a notification has been taken.
#[derive(Debug, Default)]
pub struct Observed {
    /// About this notification, with places in its body, in the order of the text.
    pub here: Vec<Diagnostic>,
    /// About earlier ones.
    pub earlier: Vec<Told>,
}

/// What is to be said about an earlier notification, of which the text is gone: its findings have no place but its line.
#[derive(Debug, PartialEq)]
pub struct Told {
    /// The file, `-`, or `history`.
    pub source: String,
    /// The line on which the notification begins.
    pub line: u64,
    /// Its sequence number in the history.
    pub id: Option<u64>,
    /// The events that the findings are about.
    pub events: Vec<EventOutline>,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Recording {
    /// Nothing was read yet; what the rules find is as bad as `levels` make it.
    #[must_use]
    pub fn new(levels: Levels) -> Self {
        Self {
            levels,
            ..Self::default()
        }
    }

    /// Takes the next notification, and says what it shows.
    pub fn observe(
        &mut self,
        notification: &Notification<'_>,
        position: &Position<'_>,
    ) -> Observed {
        if notification.version() != Version::V3 {
            self.pass_over();
            return Observed::default();
        }
        self.totals.notifications += 1;
        let place = self.sources.place(position);
        let mut voice = Voice::default();
        let events = notification.events().enumerate();
        for (index, view) in events.filter(|(_, view)| view.value.kind() == Kind::Object) {
            self.totals.events += 1;
            let at = occurrence::at(&view);
            self.span = match (self.span, at) {
                (Some((first, last)), Some(at)) => Some((first.min(at), last.max(at))),
                (None, Some(at)) => Some((at, at)),
                (span, None) => span,
            };
            if self.repeats(&view, place, &mut voice) {
                continue;
            }
            if let Some(event) = Occurrence::new(&view, self.totals.events, index, place) {
                self.step(&event, &mut voice);
            }
        }
        let mut here = Vec::new();
        voice.findings.locate(notification, &mut here);
        Observed {
            here,
            earlier: gather(voice.earlier, &self.sources),
        }
    }

    /// Counts what can be no part of a sequence.
    pub fn pass_over(&mut self) {
        self.totals.passed_over += 1;
    }

    /// Whether an event was there before and says nothing new.
    fn repeats(&mut self, view: &EventView<'_, '_>, place: Place, voice: &mut Voice) -> bool {
        let Some(eid) = view.eid_str() else {
            return false;
        };
        let Some(repeat) = self.sightings.see(eid, view, place) else {
            return false;
        };
        // Within one notification it is for the rule about that to say.
        if repeat.first != place {
            let what = What::Repeat {
                event: view,
                repeat,
            };
            voice.speak(what, (&self.sources, &self.levels));
        }
        repeat.is_same
    }

    /// Takes an event that belongs to a run.
    fn step(&mut self, event: &Occurrence<'_>, voice: &mut Voice) {
        let key = self.hasher.hash_one((event.step.course(), event.id));
        let run = match self.runs.remove(&key) {
            None => Box::new(Run::new(event)),
            Some(life) => {
                let mut run = match life {
                    Life::Open(run) => run,
                    Life::Rest(rest) => Box::new(Run::resume(rest, event)),
                };
                voice.speak(
                    What::Arrival { event, run: &run },
                    (&self.sources, &self.levels),
                );
                run.take(event);
                run
            }
        };
        let life = run.rest().map_or(Life::Open(run), Life::Rest);
        self.runs.insert(key, life);
    }

    /// The recording ends: what is to be said about what it leaves open, in the order of the recording. It is put into
    /// words as it is asked for: there may be as much as there are runs.
    pub fn finish(mut self) -> impl Iterator<Item = Told> {
        self.sightings = Sightings::default();
        let lives = mem::take(&mut self.runs).into_values();
        let open: Vec<Box<Run>> = lives.filter_map(Life::open).collect();
        let runs = (0..).zip(&open);
        let mut ends: Vec<(Place, usize)> = runs
            .flat_map(|(number, run)| [(run.first.place, number), (run.last.place, number)])
            .collect();
        ends.sort_unstable();
        ends.dedup();
        let mut ends = ends.into_iter().peekable();
        iter::from_fn(move || {
            loop {
                let (place, _) = *ends.peek()?;
                let mut voice = Voice::default();
                while let Some((_, number)) = ends.next_if(|(other, _)| *other == place) {
                    if let Some(run) = open.get(number) {
                        self.end(run, &mut voice);
                    }
                }
                voice.earlier.retain(|said| said.trace.place == place);
                let told = gather(voice.earlier, &self.sources).pop();
                if told.is_some() {
                    return told;
                }
            }
        })
    }

    /// Says what there is to say about a run that the recording leaves open.
    fn end(&self, run: &Run, voice: &mut Voice) {
        let what = What::End {
            run,
            is_settled: self.is_settled(run),
            began_before: self.began_before(run),
        };
        voice.speak(what, (&self.sources, &self.levels));
    }

    /// How much was seen.
    #[must_use]
    pub fn totals(&self) -> Totals {
        Totals {
            runs: self.runs.len() as u64,
            ..self.totals
        }
    }

    fn is_settled(&self, run: &Run) -> bool {
        match (run.last.at, self.span) {
            (Some(at), Some((_, end))) => end.duration_since(at) > SETTLED,
            _ => self.totals.events - run.last.order >= SETTLED_EVENTS,
        }
    }

    /// Whether a run began before the recording, or cannot be shown not to have.
    fn began_before(&self, run: &Run) -> bool {
        match (run.born(), self.span) {
            (Some(born), Some((beginning, _))) => born.as_second() < beginning.as_second(),
            _ => true,
        }
    }
}

/// What the rules have said so far.
#[derive(Default)]
struct Voice {
    /// About the notification that has just come.
    findings: Findings,
    earlier: Vec<Earlier>,
}

/// Something that was said about an earlier event.
struct Earlier {
    trace: Trace,
    diagnostic: Diagnostic,
}

impl Voice {
    /// Asks every rule that is not allowed what it says of this.
    fn speak(&mut self, what: What<'_>, (sources, levels): (&Sources, &Levels)) {
        let moment = Moment { what, sources };
        for rule in rules::all() {
            if let Some(check) = rule.sequence
                && let Some(severity) = levels.severity(rule)
                && let Some(Remark { on, message, help }) = check(&moment)
            {
                match on {
                    On::This(spot) => self.findings.of(rule, levels).add(spot, message, help),
                    On::Earlier(trace) => self.earlier.push(Earlier {
                        trace: trace.clone(),
                        diagnostic: diagnostic(rule.code, severity, trace, (message, help)),
                    }),
                }
            }
        }
    }
}

fn diagnostic(
    code: &'static str,
    severity: Severity,
    trace: &Trace,
    (message, help): (String, &str),
) -> Diagnostic {
    Diagnostic {
        code,
        severity,
        message,
        help: Some(help.to_owned()),
        pointer: format!("/events/{}", trace.index),
        place: None,
        fix: None,
        related: Vec::new(),
    }
}

/// Puts together what is about one notification, in the order of the recording.
fn gather(mut earlier: Vec<Earlier>, sources: &Sources) -> Vec<Told> {
    earlier.sort_by_key(|said| (said.trace.place, said.trace.index, said.diagnostic.code));
    let mut gathered: Vec<Told> = Vec::new();
    let mut last: Option<(Place, usize)> = None;
    for Earlier { trace, diagnostic } in earlier {
        if last.is_none_or(|(place, _)| place != trace.place) {
            let Position { source, line, id } = sources.position(trace.place);
            gathered.push(Told {
                source: source.to_owned(),
                line,
                id,
                events: Vec::new(),
                diagnostics: Vec::new(),
            });
        }
        if let Some(told) = gathered.last_mut() {
            if last != Some((trace.place, trace.index)) {
                told.events.push(EventOutline {
                    eid: trace.eid.map(String::from),
                    name: Some(trace.name.to_owned()),
                    at: trace.at,
                    ..EventOutline::default()
                });
            }
            told.diagnostics.push(diagnostic);
        }
        last = Some((trace.place, trace.index));
    }
    gathered
}
