//! What is remembered of one run: the steps that were seen, and where it stands.

use jiff::{SignedDuration, Timestamp};

use super::LONG;
use super::occurrence::{Occurrence, Step};
use super::place::Place;

/// What happens one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::domain) enum Course {
    /// The events of one credential.
    Credential,
    /// The events of one job that fetches documents.
    Documents,
}

/// An event that was seen, as far as there may be something to say about it later.
#[derive(Debug, Clone)]
pub(in crate::domain) struct Trace {
    pub(in crate::domain) name: &'static str,
    pub(in crate::domain) at: Option<Timestamp>,
    pub(in crate::domain) place: Place,
    pub(super) eid: Option<Box<str>>,
    pub(super) index: usize,
    pub(super) order: u64,
}

impl Trace {
    fn of(event: &Occurrence<'_>) -> Self {
        Self {
            name: event.name,
            at: event.at,
            place: event.place,
            eid: event.view.eid_str().map(Box::from),
            index: event.index,
            order: event.order,
        }
    }
}

/// A run: a credential with its synchronisations, or a job that fetches documents.
#[derive(Debug, Clone)]
pub(in crate::domain) struct Run {
    pub(in crate::domain) course: Course,
    /// What its events share.
    pub(in crate::domain) id: Box<str>,
    pub(in crate::domain) first: Trace,
    pub(in crate::domain) last: Trace,
    /// Where the newest `credentials.refreshed` stands.
    pub(in crate::domain) refreshed: Option<Place>,
    /// What the last event said of it.
    pub(in crate::domain) is_executing: bool,
    /// Whether a synchronisation has begun of which `credentials.refreshed` is not seen.
    pub(in crate::domain) is_under_way: bool,
    /// The latest time among its events, and where that event stands.
    pub(in crate::domain) latest: Option<(Timestamp, Place)>,
    seen: u8,
}

/// A run of which nothing more is expected.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    refreshed: Option<Place>,
    latest: Option<(Timestamp, Place)>,
    last: Place,
    seen: u8,
}

impl Run {
    pub(super) fn new(event: &Occurrence<'_>) -> Self {
        let mut run = Self {
            course: event.step.course(),
            id: event.id.into(),
            first: Trace::of(event),
            last: Trace::of(event),
            refreshed: None,
            is_executing: false,
            is_under_way: false,
            latest: None,
            seen: 0,
        };
        run.take(event);
        run
    }

    /// A run that goes on with this event, which is not taken yet.
    pub(super) fn resume(rest: Rest, event: &Occurrence<'_>) -> Self {
        Self {
            refreshed: rest.refreshed,
            is_executing: false,
            is_under_way: false,
            latest: rest.latest,
            seen: rest.seen,
            last: Trace {
                at: rest.latest.map(|(at, _)| at),
                place: rest.last,
                ..Trace::of(event)
            },
            ..Self::new(event)
        }
    }

    pub(super) fn take(&mut self, event: &Occurrence<'_>) {
        let is_late = self.overtaken_by(event).is_some();
        self.seen |= event.step.bit();
        self.last = Trace::of(event);
        if let Some(at) = event.at.filter(|_| !is_late) {
            self.latest = Some((at, event.place));
        }
        match event.step {
            Step::Refreshed | Step::Other => {
                self.is_executing = false;
                self.is_under_way = false;
                if event.step == Step::Refreshed {
                    self.refreshed = Some(event.place);
                }
            }
            // What was overtaken says nothing of how things stand.
            Step::Updated if is_late => {}
            Step::Created if is_late || self.refreshed.is_some() => {}
            Step::Created | Step::Updated => {
                if let Some(is_executing) = event.is_executing {
                    self.is_executing = is_executing;
                    self.is_under_way |= is_executing;
                }
            }
            Step::Completed | Step::Success | Step::Fail => {}
        }
    }

    /// What is left to remember, where nothing more is expected.
    pub(super) fn rest(&self) -> Option<Rest> {
        let is_at_rest = match self.course {
            Course::Credential => !self.is_under_way && !self.lacks_created(),
            Course::Documents => self.has(Step::Completed) && self.has_outcome(),
        };
        is_at_rest.then_some(Rest {
            refreshed: self.refreshed,
            latest: self.latest,
            last: self.last.place,
            seen: self.seen,
        })
    }

    /// Whether a step was seen.
    pub(in crate::domain) fn has(&self, step: Step) -> bool {
        self.seen & step.bit() != 0
    }

    /// Whether it is known how the documents fared.
    pub(in crate::domain) fn has_outcome(&self) -> bool {
        self.has(Step::Success) || self.has(Step::Fail)
    }

    /// Where an event stands that happened later than this one and arrived before it.
    pub(in crate::domain) fn overtaken_by(&self, event: &Occurrence<'_>) -> Option<Place> {
        let (latest, place) = self.latest?;
        event.at.is_some_and(|at| at < latest).then_some(place)
    }

    /// How long an event happened after the one before, where that can be told.
    pub(in crate::domain) fn pause(&self, event: &Occurrence<'_>) -> Option<SignedDuration> {
        let (before, at) = self.last.at.zip(event.at)?;
        Some(at.duration_since(before))
    }

    /// Whether the run goes on with this event: it has not ended, and another one does not begin.
    pub(in crate::domain) fn goes_on_with(&self, event: &Occurrence<'_>) -> bool {
        match self.course {
            Course::Credential => self.is_under_way && !self.begins_anew_with(event),
            Course::Documents => !(self.has(Step::Completed) && self.has_outcome()),
        }
    }

    /// Whether another synchronisation begins with this event before the one before has come to its end.
    pub(in crate::domain) fn begins_anew_with(&self, event: &Occurrence<'_>) -> bool {
        self.is_under_way && !self.is_executing && event.is_executing == Some(true)
    }

    /// Whether the credential is so new that its first events must be there, and `credentials.created` is not.
    pub(in crate::domain) fn lacks_created(&self) -> bool {
        let age = || Some(self.first.at?.duration_since(self.born()?));
        self.course == Course::Credential
            && !self.has(Step::Created)
            && age().is_some_and(|age| age.abs() <= LONG)
    }

    /// Whether the outcome of documents is there without `documents.completed`.
    pub(in crate::domain) fn lacks_completed(&self) -> bool {
        self.course == Course::Documents && self.has_outcome() && !self.has(Step::Completed)
    }

    /// When the credential or the job was made: the first eight digits of an `ObjectId` are Unix seconds.
    pub(super) fn born(&self) -> Option<Timestamp> {
        let is_object_id =
            self.id.len() == 24 && self.id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let digits = self.id.get(..8).filter(|_| is_object_id)?;
        Timestamp::from_second(i64::from_str_radix(digits, 16).ok()?).ok()
    }
}
