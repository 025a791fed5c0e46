//! `schema diff`: compares what two recordings show of the contract.

use std::mem;

use crate::commands::Context;
use crate::commands::notifications::Notifications;
use crate::domain::activity::{Activity, Compared, Warning};
use crate::domain::contract::{Contract, compare};
use crate::domain::encoding;
use crate::domain::json::Tape;
use crate::domain::notification::{EventFilter, Notification};
use crate::exit::ExitStatus;
use crate::files::{Pace, Source};
use crate::report::Report;

/// What to compare.
pub struct Options {
    /// The recording that is there.
    pub before: Source,
    /// The one that is compared with it.
    pub after: Source,
}

/// Compares the recordings, and answers whether they show the same contract.
///
/// # Errors
///
/// When one of them cannot be read or has no notification, or standard output cannot be written.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let before = contract(options.before, context)?;
    let after = contract(options.after, context)?;
    let drifts = compare(&before, &after);
    let compared = Compared {
        before: before.notifications(),
        after: after.notifications(),
        drifts: drifts.len() as u64,
    };
    for drift in drifts {
        context.ui.show(&Activity::Drift(drift))?;
    }
    context.ui.show(&Activity::Compared(compared))?;
    Ok(ExitStatus::answer(compared.drifts == 0))
}

/// What a recording shows.
fn contract(source: Source, context: &mut Context) -> Result<Contract, Report> {
    let notifications = Notifications::Files(vec![source]);
    let mut contract = Contract::default();
    let mut tape = Tape::default();
    for found in notifications.read(Pace::Exact)? {
        let capture = found?.saved()?.capture;
        let body = encoding::readable(&capture.headers, &capture.body);
        match Notification::read_with(&body, mem::take(&mut tape)) {
            Ok(notification) => {
                contract.observe(&notification);
                tape = notification.into_tape();
            }
            Err(_) => contract.pass_over(),
        }
    }
    if contract.notifications() == 0 {
        return Err(notifications.nothing(&EventFilter::default()));
    }
    for warning in warnings(&contract, &notifications) {
        context.ui.caution(warning)?;
    }
    Ok(contract)
}

/// What was not compared.
fn warnings(contract: &Contract, notifications: &Notifications) -> Vec<Warning> {
    let name = notifications.name();
    let mut warnings = Vec::new();
    if contract.passed_over() > 0 {
        let number = contract.passed_over();
        warnings.push(Warning {
            code: "passed-over",
            message: format!("{number} in {name} passed over, being no notification"),
            hints: vec!["`syncfy-hooks validate` says what is wrong with them".into()],
        });
    }
    if contract.is_cut() {
        warnings.push(Warning {
            code: "contract-cut",
            message: format!("{name} has more different fields than can be compared"),
            hints: vec!["fields whose names are ids or numbers cannot be compared by name".into()],
        });
    }
    warnings
}
