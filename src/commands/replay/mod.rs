//! `replay`: sends saved notifications again.
//!
//! `loads` reads, refreshes and chooses; `session` delivers what it makes, or `preview` shows it.

mod loads;
mod preview;
mod session;

use std::sync::Arc;

use self::loads::Selection;
use self::session::Session;
use super::Context;
use super::delivery::{self, Signer};
use super::keys::KeySources;
use super::notifications::{self, Notifications, Origin};
use crate::domain::notification::EventFilter;
use crate::exit::ExitStatus;
use crate::report::Report;

/// What to send, and how.
pub struct Options {
    /// Where notifications are read.
    pub origin: Origin,
    /// The events that are sent.
    pub events: EventFilter,
    /// How they are delivered.
    pub delivery: delivery::Options,
    /// Whether each notification gets a new `rid`, new `eid`s and a present time.
    pub fresh: bool,
    /// Whether each notification is signed with the key.
    pub sign: bool,
    /// Where the keys are.
    pub keys: KeySources,
    /// How often everything is sent.
    pub repeat: u64,
    /// What is done with the requests.
    pub mode: Mode,
}

/// What is done with the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are sent.
    Send,
    /// They are sent, and again whenever a file changes.
    Watch,
    /// They are shown.
    Show,
    /// They are shown as curl commands.
    Curl,
}

/// Sends, or shows what would be sent.
///
/// # Errors
///
/// When a source or key cannot be read, nothing is left to send, or files cannot be watched.
pub fn run(mut options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let notifications = options.origin.clone().locate(Some(false))?;
    notifications.check()?;
    let has_key = !options.keys.0.is_empty();
    let signer = if options.sign {
        let keys = std::mem::take(&mut options.keys);
        Some(Signer::new(keys, context.clock)?)
    } else {
        None
    };
    if matches!(options.mode, Mode::Show | Mode::Curl) {
        return preview::run(&options, notifications, signer.as_ref(), context);
    }
    // A recorded signature that covers its body is worth a word when the body changes, and there is a way out.
    let may_be_stale = options.fresh && has_key && signer.is_none();
    super::run_to_the_end(async {
        Session::prepare(&options, notifications, signer, may_be_stale, context)?
            .run(context)
            .await
    })
}

impl Options {
    fn selection(&self, notifications: Notifications, context: &Context) -> Selection {
        Selection {
            notifications,
            events: self.events.clone(),
            routes: Arc::clone(&self.delivery.routes),
            repeat: self.repeat,
            fresh: self.fresh,
            clock: context.clock,
        }
    }
}

/// What to say when there was nothing to send.
fn nothing(filtered: u64, is_history: bool) -> Report {
    let code = "nothing-to-send";
    match (filtered, is_history) {
        (0, false) => Report::new(code, "there is no notification to send"),
        (0, true) => Report {
            code,
            ..notifications::nothing_in_history()
        },
        (filtered, _) => {
            let report = Report::new(
                code,
                format!("there is no notification to send: {filtered} left out"),
            );
            if is_history {
                report.hint("one that was refused when it came is sent only where `--id` names it")
            } else {
                report
            }
            .hint("check the globs of `--events` and `--to`; `*` matches every event")
        }
    }
}
