//! `replay`: sends saved notifications again.
//!
//! A notification's way: `loads` (read, refresh, choose; on a thread of its own) -> `feeder` (pace, sign) -> `courier`
//! (attempts) -> target. Everything that happens comes to one dispatcher, in `session`.

mod courier;
mod event;
mod feeder;
mod loads;
mod preview;
mod session;
mod signer;
mod tally;

use std::sync::Arc;
use std::time::Duration;

use self::loads::Selection;
use self::session::Session;
use self::signer::Signer;
use super::Context;
use super::keys::KeySources;
use super::send;
use crate::domain::notification::EventFilter;
use crate::domain::route::Route;
use crate::exit::ExitStatus;
use crate::files::{self, Source};
use crate::report::Report;

/// What to send, and how.
pub struct Options {
    /// Where notifications are read.
    pub sources: Vec<Source>,
    /// The events that are sent.
    pub events: EventFilter,
    /// Where they go.
    pub routes: Arc<[Route]>,
    /// How targets are called.
    pub send: send::Options,
    /// Whether each notification gets a new `rid`, new `eid`s and a present time.
    pub fresh: bool,
    /// Whether each notification is signed with the key.
    pub sign: bool,
    /// Where the keys are.
    pub keys: KeySources,
    /// How often everything is sent.
    pub repeat: u64,
    /// The time between two notifications.
    pub pace: Option<Duration>,
    /// Whether to stop at the first delivery that fails.
    pub fail_fast: bool,
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
    files::check(&options.sources)?;
    let has_key = !options.keys.0.is_empty();
    let signer = if options.sign {
        let keys = std::mem::take(&mut options.keys);
        Some(Signer::new(keys, context.clock)?)
    } else {
        None
    };
    if matches!(options.mode, Mode::Show | Mode::Curl) {
        return preview::run(&options, signer.as_ref(), context);
    }
    // A recorded signature that covers its body is worth a word when the body changes, and there is a way out.
    let may_be_stale = options.fresh && has_key && signer.is_none();
    super::run_to_the_end(async {
        Session::prepare(&options, signer, may_be_stale, context)?
            .run(context)
            .await
    })
}

impl Options {
    fn selection(&self, context: &Context) -> Selection {
        Selection {
            sources: self.sources.clone(),
            events: self.events.clone(),
            routes: Arc::clone(&self.routes),
            repeat: self.repeat,
            fresh: self.fresh,
            clock: context.clock,
        }
    }
}

/// What to say when there was nothing to send.
fn nothing(filtered: u64) -> Report {
    match filtered {
        0 => Report::new("nothing-to-send", "there is no notification to send"),
        filtered => Report::new(
            "nothing-to-send",
            format!("there is no notification to send: {filtered} left out"),
        )
        .hint("check the globs of `--events` and `--to`; `*` matches every event"),
    }
}
