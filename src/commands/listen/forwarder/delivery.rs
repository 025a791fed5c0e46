//! A notification on its way to its targets.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::commands::listen::waiting::Reservation;
use crate::commands::send::{Sent, Subject};
use crate::domain::activity::{Attempt, DeliveryState};
use crate::domain::delivery::Job;
use crate::domain::encoding;
use crate::domain::intake::Admitted;
use crate::domain::notification::{Notification, Outline};
use crate::domain::reply::Answer;
use crate::store::Parked;

/// An admitted notification on its way to its targets.
pub(in crate::commands::listen) struct Dispatch {
    pub(in crate::commands::listen) id: u64,
    pub(in crate::commands::listen) admitted: Admitted,
    pub(in crate::commands::listen) outline: Outline,
    /// Takes the answer of the first target, when somebody waits for it.
    pub(in crate::commands::listen) relay: Option<oneshot::Sender<Answer>>,
    /// Room for its deliveries.
    pub(in crate::commands::listen) reservation: Reservation,
}

/// One delivery: a notification on its way to one target.
pub(super) struct Delivery {
    subject: Subject,
    /// Its number among the deliveries of the notification.
    pub(super) number: u32,
    pub(super) admitted: Admitted,
    /// How many attempts were made, in earlier runs too.
    pub(super) attempt: u32,
    /// How many of those in this run count as retries: not those that only found nobody there.
    pub(super) tries: u32,
    /// Whether the notification came in this run.
    pub(super) is_own: bool,
    pub(super) relay: Option<oneshot::Sender<Answer>>,
}

/// What follows an attempt.
pub(super) enum Next {
    /// Another one, after this time.
    Again(Duration),
    /// Another one, when the target is back.
    Wait,
    /// Nothing: the delivery has ended.
    Nothing,
}

impl Dispatch {
    /// One job for each delivery that is in memory. The first one answers whoever waits.
    pub(super) fn into_jobs(self, ordered: bool) -> impl Iterator<Item = Job<Delivery>> {
        let Self {
            id,
            admitted,
            outline,
            mut relay,
            reservation,
        } = self;
        let subject = subject(id, &outline);
        let lane = lane(&outline, ordered);
        reservation
            .keep()
            .into_iter()
            .map(move |(number, target)| Job {
                target,
                lane: lane.clone(),
                order: id,
                load: Delivery {
                    subject: subject.clone(),
                    number,
                    admitted: admitted.clone(),
                    attempt: 0,
                    tries: 0,
                    is_own: true,
                    relay: relay.take(),
                },
            })
    }
}

/// The job for a delivery to this target that comes back from the history.
pub(super) fn unparked(
    parked: Parked,
    target: usize,
    is_own: bool,
    ordered: bool,
) -> Job<Delivery> {
    let Parked {
        notification,
        delivery,
        attempts,
        capture,
    } = parked;
    let readable = encoding::readable(&capture.headers, &capture.body);
    let outline = Notification::read(&readable)
        .map(|notification| notification.outline())
        .unwrap_or_default();
    Job {
        target,
        lane: lane(&outline, ordered),
        order: notification,
        load: Delivery {
            subject: subject(notification, &outline),
            number: delivery,
            admitted: Admitted::before(capture),
            attempt: attempts,
            tries: 0,
            is_own,
            relay: None,
        },
    }
}

fn subject(id: u64, outline: &Outline) -> Subject {
    Subject {
        id,
        source: None,
        line: None,
        environment: outline.environment,
        events: outline.names().map(str::to_owned).collect(),
    }
}

/// What a delivery must stay in order with.
fn lane(outline: &Outline, ordered: bool) -> Option<String> {
    outline.credential().filter(|_| ordered).map(str::to_owned)
}

impl Delivery {
    /// The report of an attempt that ended at `at`.
    pub(super) fn report(&self, sent: &Sent, next: &Next, at: Timestamp) -> Attempt {
        let rest = match next {
            Next::Again(rest) => Some(*rest),
            Next::Wait | Next::Nothing => None,
        };
        let mut attempt = self.subject.attempt(self.attempt, sent, rest, at);
        if matches!(next, Next::Wait) {
            attempt.state = DeliveryState::Waiting;
        }
        attempt
    }
}
