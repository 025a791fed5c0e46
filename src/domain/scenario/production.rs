//! Performs a scenario, or makes single events: one notification after the other, from a seed and a time.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{Scenario, Step};
use crate::domain::notification::Environment;
use crate::domain::notification::amend::{self, AmendError, BadPath, Change, Path};
use crate::domain::notification::sample::{self, Detail, Synchronisation};

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
    /// A path of a step cannot be understood.
    #[error("the path `{0}`: {BadPath}")]
    Path(String),
    /// A change cannot be made.
    #[error(transparent)]
    Amend(#[from] AmendError),
}

impl Plot {
    /// From the first notification to the last.
    #[must_use]
    pub fn length(&self) -> jiff::SignedDuration {
        match &self.subject {
            Subject::Event(_) => jiff::SignedDuration::ZERO,
            Subject::Scenario(_, scenario) => scenario.length(),
        }
    }

    /// How many notifications there are.
    #[must_use]
    pub fn notifications(&self) -> u64 {
        let steps = match &self.subject {
            Subject::Event(_) => 1,
            Subject::Scenario(_, scenario) => scenario.steps.len().div_ceil(self.batch),
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
            Subject::Scenario(name, scenario) => self.steps(&name, &scenario)?,
        };
        let batch = if self.plot.is_v1 { 1 } else { self.plot.batch };
        acts.chunks(batch).map(|acts| self.scene(acts)).collect()
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

    fn events(&mut self, name: &str) -> Result<Vec<Act>, PlotError> {
        let sync = Synchronisation::new(&mut self.random, self.start);
        let count = if self.plot.is_v1 { 1 } else { self.plot.batch };
        let step = Step::default();
        let acts = (0..count).map(|_| {
            let text = self.event(name, &sync, &step, self.start)?;
            Ok(Act {
                text,
                at: self.start,
                label: name.to_owned(),
            })
        });
        acts.collect()
    }

    fn steps(&mut self, name: &str, scenario: &Scenario) -> Result<Vec<Act>, PlotError> {
        let mut syncs: BTreeMap<&str, Synchronisation> = BTreeMap::new();
        let mut done: BTreeMap<String, String> = BTreeMap::new();
        let mut at = self.start;
        let mut acts = Vec::with_capacity(scenario.steps.len());
        for (number, step) in scenario.steps.iter().enumerate() {
            at = at.saturating_add(step.after).unwrap_or(at);
            let called = step.name.as_ref().or(step.event.as_ref());
            let called = called.cloned().unwrap_or_else(|| (number + 1).to_string());
            let text = match (&step.event, &step.again) {
                (Some(event), None) => {
                    let random = &mut self.random;
                    let sync = syncs
                        .entry(&step.sync)
                        .or_insert_with(|| Synchronisation::new(random, at));
                    let sync = sync.clone();
                    self.event(event, &sync, step, at)?
                }
                (None, Some(again)) => {
                    let unknown = || PlotError::Reference {
                        step: called.clone(),
                        reference: again.clone(),
                    };
                    done.get(again).ok_or_else(unknown)?.clone()
                }
                _ => return Err(PlotError::NoEvent(called)),
            };
            let text = amend::amend(&text, &changes(step, &called, &done)?)?;
            done.insert(called.clone(), text.clone());
            let label = format!("{name}:{called}");
            acts.push(Act { text, at, label });
        }
        Ok(acts)
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
        let made = if self.plot.is_v1 {
            let made = sample::legacy(name, sync, &detail);
            made.ok_or_else(|| PlotError::NotInV1(name.to_owned()))?
        } else {
            let made = sample::item_text(name, sync, &detail, &mut self.random);
            made.ok_or_else(|| PlotError::UnknownEvent(name.to_owned()))?
        };
        let Some(payload) = &self.plot.payload else {
            return Ok(made);
        };
        if self.plot.is_v1 {
            return Ok(payload.get().to_owned());
        }
        let path = Path::parse("payload").map_err(|_| PlotError::Path("payload".into()))?;
        Ok(amend::amend(&made, &[Change::Set(path, payload.clone())])?)
    }
}

/// What a step changes, with its references to earlier steps resolved.
fn changes(
    step: &Step,
    called: &str,
    done: &BTreeMap<String, String>,
) -> Result<Vec<Change>, PlotError> {
    let path = |text: &String| Path::parse(text).map_err(|_| PlotError::Path(text.clone()));
    let mut changes = Vec::new();
    for (text, value) in &step.set {
        let json = serde_json::to_string(value).unwrap_or_default();
        let json = resolve(&json, done).map_err(|reference| PlotError::Reference {
            step: called.to_owned(),
            reference,
        })?;
        changes.push(Change::Set(path(text)?, amend::read_value(&json)));
    }
    for text in &step.unset {
        changes.push(Change::Unset(path(text)?));
    }
    Ok(changes)
}

/// Puts what earlier steps have in the place of each `${step.path}`: the value itself where that is all of a string,
/// else its text.
fn resolve(json: &str, done: &BTreeMap<String, String>) -> Result<String, String> {
    let mut resolved = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, behind)) = rest.split_once("${") {
        let (reference, after) = behind.split_once('}').ok_or_else(|| behind.to_owned())?;
        let value = look_up(reference, done).ok_or_else(|| reference.to_owned())?;
        let is_whole = before.ends_with('"') && after.starts_with('"');
        // The text of a string without its quotes is right inside another.
        let inner = value
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        if is_whole {
            resolved += before.strip_suffix('"').unwrap_or(before);
            resolved += &value;
            rest = after.strip_prefix('"').unwrap_or(after);
        } else {
            resolved += before;
            resolved += inner.unwrap_or(&value);
            rest = after;
        }
    }
    Ok(resolved + rest)
}

/// The names of steps may have dots: the longest one that fits is meant.
fn look_up(reference: &str, done: &BTreeMap<String, String>) -> Option<String> {
    let fitting = done.iter().filter_map(|(name, text)| {
        let path = reference.strip_prefix(name.as_str())?.strip_prefix('.')?;
        Some((name.len(), path, text))
    });
    let (_, path, text) = fitting.max_by_key(|(length, ..)| *length)?;
    amend::find(text, &Path::parse(path).ok()?)
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
    fn what_cannot_be_performed_is_told() {
        let said = |step: &str| {
            let text = format!("summary = \"x\"\n[[step]]\n{step}\n");
            bodies(&text).unwrap_err().to_string()
        };
        assert_eq!(
            said("event = \"x.y\""),
            "`x.y` is not in the catalogue of events"
        );
        assert_eq!(said(""), "the step `1` needs either `event` or `again`");
        assert!(said("again = \"q\"").contains("refers to `q`"));
        let late = "event = \"documents.fail\"\nset = { \"payload.x\" = \"${later.rid}\" }";
        assert!(said(late).contains("`later.rid`"), "{}", said(late));
    }
}
