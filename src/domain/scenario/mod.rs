//! Scenarios: stories of several notifications, written in TOML.
//!
//! Owns the form of the file, the built-in ones and their meaning. Refuses to know where a file is read or where a
//! notification goes.

mod assignments;
mod built_in;
mod length;
mod production;
#[cfg(test)]
mod properties;
mod reading;
mod reference;

use jiff::SignedDuration;
use serde::Deserialize;

use self::assignments::Assignments;
pub use self::built_in::BUILT_IN;
pub use self::production::{Plot, PlotError, Production, Scene, Subject};
pub use self::reading::BadScenario;
use crate::domain::notification::amend::Path;

/// A story of several notifications.
///
/// ```
/// use syncfy_hooks::domain::scenario::{Plot, Scenario, Subject};
///
/// let scenario = Scenario::parse(r#"
///     summary = "A payment is charged back, and told of twice"
///
///     [[step]]
///     name = "bought"
///     event = "payments.transaction_created"
///
///     [[step]]
///     name = "disputed"
///     event = "payments.chargeback_created"
///     after = "2h"
///     set = { "payload.id_transaction" = "${bought.payload.0.id_transaction}" }
///
///     [[step]]
///     again = "disputed"
///     after = "30s"
/// "#)?;
/// let plot = Plot { subject: Subject::Scenario("dispute".into(), scenario), ..Plot::default() };
/// let start = jiff::Timestamp::from_second(1_767_323_045)?;
/// assert_eq!(plot.perform(7, start).count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is about, in one sentence.
    pub summary: String,
    /// How old its credentials are when it begins.
    #[serde(default, deserialize_with = "length::read")]
    age: SignedDuration,
    /// Its notifications, in order.
    #[serde(rename = "step", default)]
    steps: Vec<Step>,
}

/// One notification of a scenario.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Step {
    /// What other steps call it. Without one it is called as its event.
    name: Option<String>,
    /// The name of its event.
    event: Option<String>,
    /// The name of an earlier step whose event comes once more, with the same `eid`.
    again: Option<String>,
    /// How long after the step before, such as `4s`.
    #[serde(deserialize_with = "length::read")]
    after: SignedDuration,
    /// Steps with the same label share their ids: those of one synchronisation.
    sync: String,
    /// `is_executing` of a credential payload. Without it: 1 for `credentials.created`, else 0.
    executing: Option<bool>,
    /// How many pages the lists of a refresh have.
    pages: Pages,
    /// Values to put at dotted paths. `${step.path}` stands for what an earlier step has there.
    set: Assignments,
    /// Dotted paths whose values are taken out.
    unset: Vec<Path>,
}

/// How many pages the lists of a refresh have.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
struct Pages {
    /// Of transactions.
    transactions: u16,
    /// Of attachments.
    attachments: u16,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            transactions: 6,
            attachments: 2,
        }
    }
}

impl Scenario {
    /// How many steps it has.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// From the first step to the last.
    #[must_use]
    pub fn length(&self) -> SignedDuration {
        // Before the first step there is nothing to wait for.
        let gaps = self.steps.iter().skip(1).map(|step| step.after);
        gaps.fold(SignedDuration::ZERO, SignedDuration::saturating_add)
    }
}

impl Step {
    /// Whether it says itself what the payload is.
    fn brings_payload(&self) -> bool {
        self.set.0.iter().any(|(path, _)| path.is_in_payload())
    }
}
