//! Performs a scenario, or makes single events: one notification after the other, from a seed and a time.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use super::reference::{self, Done};
use super::{Scenario, Step};
use crate::domain::explain::Explain;
use crate::domain::notification::amend::{self, AmendError, Change, Path};
use crate::domain::notification::sample::{self, Detail, Synchronisation};
use crate::domain::notification::{Environment, event};

/// What is made.
#[derive(Clone, Debug)]
pub struct Plot {
    /// An event or a scenario.
    pub subject: Subject,
    /// Changes to each notification.
    pub changes: Vec<Change>,
    /// What takes the place of the payload of each event.
    pub payload: Option<Box<RawValue>>,
    /// The environment of each event.
    pub environment: Environment,
    /// How often it is made.
    pub count: u64,
    /// How many events are in one notification.
    pub batch: usize,
    /// Whether the notifications are those of V1.
    pub is_v1: bool,
}

/// An event or a scenario.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An event of this name.
    Event(String),
    /// A scenario of this name.
    Scenario(String, Scenario),
}

/// A synthetic notification.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Its bytes.
    pub body: Vec<u8>,
    /// When it happens.
    pub at: Timestamp,
    /// Which time the plot is performed, from 1.
    pub round: u64,
    /// The event, or the scenario and its step.
    pub label: String,
}

/// Why something cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlotError {
    /// The event is unknown, and so is its payload.
    #[error("`{0}` is not in the catalogue of events")]
    UnknownEvent(String),
    /// V1 knows no such event.
    #[error("V1 has no event `{0}`")]
    NotInV1(String),
    /// A step is neither an event nor a repeat.
    #[error("the step `{0}` needs either `event` or `again`")]
    NoEvent(String),
    /// A step refers to what did not come before.
    #[error("the step `{step}` refers to `{reference}`, and no earlier step has that")]
    Reference {
        /// The step.
        step: String,
        /// What it refers to.
        reference: String,
    },
    /// Two steps have the same name.
    #[error("two steps are called `{0}`")]
    Twice(String),
    /// A step is a repeat, and says what only an event can have.
    #[error("the step `{0}` repeats an event, which stays as it is")]
    Repeated(String),
    /// A change cannot be made.
    #[error(transparent)]
    Amend(#[from] AmendError),
}

impl Explain for PlotError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownEvent(_) | Self::NotInV1(_) => "event-unknown",
            Self::Amend(_) => "change-impossible",
            _ => "scenario-invalid",
        }
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::UnknownEvent(name) => {
                let nearest =
                    event::nearest(name).map(|nearest| format!("did you mean `{nearest}`?"));
                let own = "an event that is not in the catalogue needs a payload of its own";
                return nearest.into_iter().chain([own.to_owned()]).collect();
            }
            Self::NotInV1(_) => {
                "V1 has `credential_create`, `credential_update`, `refresh` and `documents_completed`"
            }
            Self::NoEvent(_) => "`again` names an earlier step whose event comes once more",
            Self::Reference { .. } => {
                "a reference is the name of an earlier step and a path in its event, such as \
                 `${refreshed.payload.id_job}`; `$${` stands for `${`"
            }
            Self::Twice(_) => "give each step a name of its own",
            Self::Repeated(_) => {
                "a repeat has `again`, and may have `name` and `after`; with `event` it is another event"
            }
            Self::Amend(_) => {
                "a path is one inside the event, such as `payload.id_site`, or begins with `rid` or `events.`"
            }
        };
        vec![hint.to_owned()]
    }
}

/// The step with which a scenario cannot go on.
pub(super) struct Misstep {
    /// The step, from 0.
    pub(super) index: usize,
    pub(super) error: PlotError,
}

impl Plot {
    /// From the first notification to the last.
    #[must_use]
    pub fn length(&self) -> SignedDuration {
        match &self.subject {
            Subject::Event(_) => SignedDuration::ZERO,
            Subject::Scenario(_, scenario) => scenario.length(),
        }
    }

    /// How many notifications there are.
    #[must_use]
    pub fn notifications(&self) -> u64 {
        let steps = match &self.subject {
            Subject::Event(_) => 1,
            Subject::Scenario(_, scenario) => scenario.steps.len().div_ceil(self.batch.max(1)),
        };
        self.count.saturating_mul(steps as u64)
    }

    /// The notifications, in order, the first of each round at `start`. Ends after an error.
    #[must_use]
    pub fn perform(self, seed: u64, start: Timestamp) -> Production {
        Production {
            plot: self,
            random: Rng::with_seed(seed),
            start,
            round: 0,
            ready: Vec::new().into_iter(),
            has_failed: false,
        }
    }
}

/// Makes one notification after the other.
pub struct Production {
    plot: Plot,
    random: Rng,
    start: Timestamp,
    round: u64,
    ready: std::vec::IntoIter<Scene>,
    has_failed: bool,
}

impl Iterator for Production {
    type Item = Result<Scene, PlotError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(scene) = self.ready.next() {
            return Some(Ok(scene));
        }
        if self.has_failed || self.round == self.plot.count {
            return None;
        }
        self.round += 1;
        match self.perform() {
            Ok(scenes) => {
                self.ready = scenes.into_iter();
                self.ready.next().map(Ok)
            }
            Err(error) => {
                self.has_failed = true;
                Some(Err(error))
            }
        }
    }
}

/// An event on its way into a notification.
struct Act {
    text: String,
    at: Timestamp,
    label: String,
}

impl Production {
    /// Performs the plot once.
    fn perform(&mut self) -> Result<Vec<Scene>, PlotError> {
        let acts = match self.plot.subject.clone() {
            Subject::Event(name) => self.events(&name)?,
            Subject::Scenario(name, scenario) => {
                let acts = self.steps(&name, &scenario);
                acts.map_err(|misstep| misstep.error)?
            }
        };
        let batch = if self.plot.is_v1 { 1 } else { self.plot.batch };
        let batches = acts.chunks(batch.max(1));
        batches.map(|acts| self.scene(acts)).collect()
    }

    /// Makes sure that a scenario can be performed.
    pub(super) fn rehearse(mut self, scenario: &Scenario) -> Result<(), Misstep> {
        self.steps("", scenario).map(|_| ())
    }

    /// Puts events into one notification.
    fn scene(&mut self, acts: &[Act]) -> Result<Scene, PlotError> {
        let texts: Vec<&str> = acts.iter().map(|act| act.text.as_str()).collect();
        let body = match texts.as_slice() {
            [text] if self.plot.is_v1 => (*text).to_owned(),
            texts => sample::envelope(texts, &mut self.random),
        };
        let (first, last) = (acts.first(), acts.last());
        Ok(Scene {
            body: amend::amend(&body, &self.plot.changes)?.into_bytes(),
            at: last.map_or(self.start, |act| act.at),
            round: self.round,
            label: first.map_or_else(String::new, |act| act.label.clone()),
        })
    }

    /// Events of one name, each of a user of its own.
    fn events(&mut self, name: &str) -> Result<Vec<Act>, PlotError> {
        let count = if self.plot.is_v1 { 1 } else { self.plot.batch };
        let (step, at) = (Step::default(), self.start);
        let acts = (0..count.max(1)).map(|_| {
            let sync = Synchronisation::around(name, at, SignedDuration::ZERO, &mut self.random);
            Ok(Act {
                text: self.event(name, &sync, &step, at)?,
                at,
                label: name.to_owned(),
            })
        });
        acts.collect()
    }

    fn steps(&mut self, name: &str, scenario: &Scenario) -> Result<Vec<Act>, Misstep> {
        let mut so_far = SoFar {
            at: self.start,
            age: scenario.age,
            syncs: BTreeMap::new(),
            done: Done::new(),
        };
        let mut acts = Vec::with_capacity(scenario.steps.len());
        for (index, step) in scenario.steps.iter().enumerate() {
            if index > 0 {
                so_far.at = so_far.at.saturating_add(step.after).unwrap_or(so_far.at);
            }
            let called = step.name.as_ref().or(step.event.as_ref());
            let called = called.cloned().unwrap_or_else(|| (index + 1).to_string());
            let text = self.step(&called, step, &mut so_far);
            let text = text.map_err(|error| Misstep { index, error })?;
            let shown = step.name.as_ref().or(step.again.as_ref());
            let label = format!("{name}:{}", shown.unwrap_or(&called));
            let at = so_far.at;
            so_far.done.insert(called, text.clone());
            acts.push(Act { text, at, label });
        }
        Ok(acts)
    }

    /// The event of a step.
    fn step(&mut self, called: &str, step: &Step, so_far: &mut SoFar) -> Result<String, PlotError> {
        let name = match (&step.event, &step.again) {
            (Some(name), None) => name,
            (None, Some(again)) => {
                let changes = step.set.0.len() + step.unset.len();
                if changes > 0 {
                    return Err(PlotError::Repeated(called.to_owned()));
                }
                return so_far
                    .done
                    .get(again)
                    .cloned()
                    .ok_or_else(|| PlotError::Reference {
                        step: called.to_owned(),
                        reference: again.clone(),
                    });
            }
            _ => return Err(PlotError::NoEvent(called.to_owned())),
        };
        let (at, age) = (so_far.at, so_far.age);
        let begun = || Synchronisation::around(name, at, age, &mut self.random);
        let sync = so_far.syncs.entry(step.sync.clone()).or_insert_with(begun);
        let sync = sync.clone();
        let text = self.event(name, &sync, step, at)?;
        Ok(amend::amend(&text, &changes(step, called, &so_far.done)?)?)
    }

    /// An item of `events`, or the whole of a V1 body.
    fn event(
        &mut self,
        name: &str,
        sync: &Synchronisation,
        step: &Step,
        at: Timestamp,
    ) -> Result<String, PlotError> {
        let detail = Detail {
            at,
            environment: self.plot.environment,
            executing: step.executing,
            transaction_pages: step.pages.transactions,
            attachment_pages: step.pages.attachments,
        };
        if self.plot.is_v1 {
            let made = sample::legacy(name, sync, &detail);
            let made = made.ok_or_else(|| PlotError::NotInV1(name.to_owned()))?;
            return Ok(match &self.plot.payload {
                Some(payload) => payload.get().to_owned(),
                None => made,
            });
        }
        if event::find(name).is_none() && self.plot.payload.is_none() && !step.brings_payload() {
            return Err(PlotError::UnknownEvent(name.to_owned()));
        }
        let made = sample::item_text(name, sync, &detail, &mut self.random);
        let Some(payload) = &self.plot.payload else {
            return Ok(made);
        };
        let payload = Change::Set(Path::of_payload(), payload.clone());
        Ok(amend::amend(&made, &[payload])?)
    }
}

/// What a scenario has come to.
struct SoFar {
    at: Timestamp,
    age: SignedDuration,
    syncs: BTreeMap<String, Synchronisation>,
    done: Done,
}

/// What a step changes, with its references to earlier steps resolved.
fn changes(step: &Step, called: &str, done: &Done) -> Result<Vec<Change>, PlotError> {
    let mut changes = Vec::new();
    for (path, value) in &step.set.0 {
        let json = reference::resolve(value, done).map_err(|reference| PlotError::Reference {
            step: called.to_owned(),
            reference,
        })?;
        changes.push(Change::Set(path.clone(), amend::read_value(&json)));
    }
    changes.extend(step.unset.iter().cloned().map(Change::Unset));
    Ok(changes)
}

impl Default for Plot {
    fn default() -> Self {
        Self {
            subject: Subject::Event(String::new()),
            changes: Vec::new(),
            payload: None,
            environment: Environment::Sandbox,
            count: 1,
            batch: 1,
            is_v1: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::{Notification, time};

    fn bodies(text: &str) -> Result<Vec<String>, PlotError> {
        let plot = Plot {
            subject: Subject::Scenario("mine".into(), Scenario::parse(text).unwrap()),
            ..Plot::default()
        };
        let start = time::parse(time::EXAMPLE).unwrap();
        let scenes = plot.perform(7, start);
        scenes
            .map(|scene| Ok(String::from_utf8(scene?.body).unwrap()))
            .collect()
    }

    const STORY: &str = r#"
        summary = "x"
        [[step]]
        event = "documents.completed"
        [[step]]
        event = "documents.success"
        after = "1s"
        set = { "payload.note" = "of ${documents.completed.payload.id_job}", "payload.n" = "${documents.completed.payload.endpoints}" }
        unset = ["payload.id_site"]
        [[step]]
        again = "documents.success"
    "#;

    #[test]
    fn steps_refer_to_earlier_ones() {
        let bodies = bodies(STORY).unwrap();
        let read: Vec<_> = bodies
            .iter()
            .map(|body| Notification::read(body.as_bytes()).unwrap())
            .collect();
        let at = |number: usize, pointer: &str| {
            let value = read[number].root().pointed(pointer).unwrap();
            value.as_str().map(str::to_owned)
        };
        let job = at(0, "/events/0/payload/id_job").unwrap();
        assert_eq!(at(1, "/events/0/payload/note"), Some(format!("of {job}")));
        assert_eq!(
            at(0, "/events/0/payload/endpoints/0"),
            at(1, "/events/0/payload/n/0")
        );
        assert!(
            read[1]
                .root()
                .pointed("/events/0/payload/id_site")
                .is_none()
        );
        let eid = "/events/0/header/event/eid";
        assert_eq!(at(1, eid), at(2, eid));
        assert_ne!(at(0, eid), at(1, eid));
    }

    #[test]
    fn an_unknown_event_needs_a_payload() {
        let plot = |payload: Option<&str>| Plot {
            subject: Subject::Event("invoice.paid".into()),
            payload: payload.map(|text| RawValue::from_string(text.to_owned()).unwrap()),
            ..Plot::default()
        };
        let start = time::parse(time::EXAMPLE).unwrap();
        let scene = plot(Some("{ \"n\": 1.0 }")).perform(7, start).next();
        let body = String::from_utf8(scene.unwrap().unwrap().body).unwrap();
        assert!(body.contains("\"payload\":{ \"n\": 1.0 }"), "{body}");
        let error = plot(None).perform(7, start).next().unwrap().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`invoice.paid` is not in the catalogue of events"
        );
    }
}
