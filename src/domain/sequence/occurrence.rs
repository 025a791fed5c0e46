//! One event of a recording, as far as its order matters.

use jiff::Timestamp;

use super::place::Place;
use super::run::Course;
use crate::domain::json::{Spot, Value};
use crate::domain::notification::{EventView, PayloadFields, time};

/// What an event is in the course of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum Step {
    /// `credentials.created`
    Created,
    /// `credentials.updated`
    Updated,
    /// `credentials.refreshed`
    Refreshed,
    /// Another event of a credential, of whose order nothing is documented. It ends what was under way.
    Other,
    /// `documents.completed`
    Completed,
    /// `documents.success`
    Success,
    /// `documents.fail`, also where it arrives as `documents.failed`
    Fail,
}

impl Step {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "credentials.created" => Self::Created,
            "credentials.updated" => Self::Updated,
            "credentials.refreshed" => Self::Refreshed,
            "credentials.deleted" | "credentials.refresh" => Self::Other,
            "documents.completed" => Self::Completed,
            "documents.success" => Self::Success,
            "documents.fail" => Self::Fail,
            _ => return None,
        })
    }

    /// The course that it is a step of.
    pub(super) fn course(self) -> Course {
        match self {
            Self::Created | Self::Updated | Self::Refreshed | Self::Other => Course::Credential,
            Self::Completed | Self::Success | Self::Fail => Course::Documents,
        }
    }

    /// Its bit in a set of steps.
    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// An event that is a step of a run.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain) struct Occurrence<'e> {
    /// The event in its notification.
    pub(in crate::domain) view: EventView<'e, 'e>,
    /// The name that the catalogue has for it.
    pub(in crate::domain) name: &'static str,
    pub(in crate::domain) step: Step,
    /// What the events of its run share: `id_credential`, or the ids of the job.
    pub(in crate::domain) id: &'e str,
    pub(in crate::domain) at: Option<Timestamp>,
    /// `is_executing`, where it is 0 or 1.
    pub(in crate::domain) is_executing: Option<bool>,
    /// Its position among all events of the recording.
    pub(super) order: u64,
    /// Its position in its notification.
    pub(super) index: usize,
    pub(super) place: Place,
}

impl<'e> Occurrence<'e> {
    /// The event, where it is one whose order is known and which says what it belongs to.
    pub(super) fn new(
        view: &EventView<'e, 'e>,
        order: u64,
        index: usize,
        place: Place,
    ) -> Option<Self> {
        let name = view.known?.name;
        let step = Step::of(name)?;
        let fields = &view.fields;
        let id = match step.course() {
            Course::Credential => fields.id_credential,
            Course::Documents => id(fields, "id_job_uuid").or_else(|| id(fields, "id_job")),
        };
        Some(Self {
            view: *view,
            name,
            step,
            id: id.and_then(Value::as_str)?,
            at: at(view),
            is_executing: match fields.is_executing.and_then(Value::as_u64) {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
            order,
            index,
            place,
        })
    }

    /// Where its name stands, or the event where it has none.
    pub(in crate::domain) fn name_spot(&self) -> Spot {
        Spot::value(self.view.name.unwrap_or(self.view.value))
    }

    /// Where its time stands.
    pub(in crate::domain) fn at_spot(&self) -> Spot {
        Spot::value(self.view.at.unwrap_or(self.view.value))
    }
}

/// When an event happened, where it says so.
pub(super) fn at(view: &EventView<'_, '_>) -> Option<Timestamp> {
    view.at.and_then(Value::as_str).and_then(time::parse)
}

fn id<'d, 'a>(fields: &PayloadFields<'d, 'a>, name: &str) -> Option<Value<'d, 'a>> {
    let found = fields.ids().find(|(known, _)| *known == name);
    found.and_then(|(_, value)| value)
}
