//! `listen`: receives notifications, and passes them on.
//!
//! A webhook's way: socket -> `receiver` (judge, record, answer) -> `forwarder` -> target. Everything that happens comes
//! to one `dispatcher`, so that the order on the screen is the order in which it happened.

mod demo;
mod dispatcher;
mod doorway;
mod entrance;
mod event;
mod forwarder;
mod gate;
mod receiver;
mod recorder;
mod recording;
mod replies;
mod report;
mod session;
mod silence;
mod stub;
mod tally;
mod targets;
mod tunnel;
mod waiting;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

pub(in crate::commands) use self::doorway::{bind, refuse_a_loop};
use self::session::Session;
pub use self::tally::{BadExpectation, Expectation};
use super::keys::Checks;
use super::send;
use super::{Context, Durability, Location, Ssh};
use crate::domain::activity::{Activity, Warning};
use crate::domain::headers::Header;
pub use crate::domain::intake::OnInvalid;
use crate::domain::notification::{Environment, EventFilter};
use crate::domain::record::Retention;
use crate::domain::route::Route;
use crate::domain::tunnel::Carrier;
use crate::exit::ExitStatus;
use crate::report::Report;
use crate::ui::Outlet;

/// How to listen.
pub struct Options {
    /// The address to listen on.
    pub address: SocketAddr,
    /// The only path that is answered. `None` for any.
    pub path: Option<String>,
    /// The events that are shown and forwarded.
    pub events: EventFilter,
    /// Where the history is kept. `None` for nowhere.
    pub history: Option<History>,
    /// What becomes of a notification whose events were all received before.
    pub duplicates: Duplicates,
    /// The folder that takes a capture file for each notification.
    pub save: Option<PathBuf>,
    /// What is answered.
    pub reply: Reply,
    /// How long an answer waits.
    pub reply_delay: Duration,
    /// The environment that may pass. `None` for both.
    pub environment: Option<Environment>,
    /// Headers that must be there, with these values.
    pub required_headers: Vec<Header>,
    /// Whether a bad or missing signature is refused.
    pub enforce_signature: bool,
    /// How signatures are checked.
    pub checks: Checks,
    /// What becomes of a payload that has errors.
    pub on_invalid: OnInvalid,
    /// The longest body, in bytes.
    pub max_body: u64,
    /// Whether deliveries of one `id_credential` stay in order.
    pub ordered: bool,
    /// Where notifications go.
    pub routes: Arc<[Route]>,
    /// How targets are called.
    pub send: send::Options,
    /// The stub of the API. `None` for none.
    pub stub: Option<Stub>,
    /// When to stop.
    pub stop: Stop,
    /// The file that is written once connections are accepted.
    pub ready_file: Option<PathBuf>,
    /// The file that takes a report of what was met and what was not.
    pub junit: Option<PathBuf>,
    /// Whether to post a signed run of sample events.
    pub demo: bool,
    /// The way to a public URL. `None` for none.
    pub tunnel: Option<TunnelOptions>,
    /// How the URL is told, beyond the screen.
    pub announcement: Announcement,
}

/// The way to a public URL.
pub struct TunnelOptions {
    /// Who carries.
    pub carrier: Carrier,
    /// How to use an SSH server.
    pub ssh: Ssh,
    /// The public URL, where the carrier cannot tell it.
    pub url: Option<String>,
    /// The path that everything is below. `None` for none.
    pub path: Option<TunnelPath>,
    /// After so long without a public URL it is given up.
    pub timeout: Duration,
    /// After so much silence the URL is tried. `None` for never, not even at the start.
    pub probe: Option<Duration>,
    /// How many requests a second are let in.
    pub rate: NonZeroU32,
}

/// A path that nobody guesses.
#[derive(Clone, Debug)]
pub enum TunnelPath {
    /// To be made.
    Random,
    /// Of the user's own, without a slash.
    Named(String),
}

/// How the URL is told, beyond the screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Announcement {
    /// Alone on a line of standard output.
    pub prints: bool,
    /// On the clipboard.
    pub copies: bool,
}

impl Announcement {
    fn make(self, outlet: &mut Outlet<'_>, url: &str) {
        if self.prints {
            outlet.print(url);
        }
        if self.copies && !outlet.copy(url) {
            outlet.show(&[Activity::Warning(Warning {
                code: "not-copied",
                message: "the URL was not copied: standard error is no terminal".into(),
                hints: vec!["leave `--copy-url` out, or take the URL from `--print-url`".into()],
            })]);
        }
    }
}

/// How the history is kept.
pub struct History {
    /// The file.
    pub location: Location,
    /// What a commit survives.
    pub durability: Durability,
    /// Deliveries that an earlier run left waiting go out, unless they are older than this. `None` leaves them alone.
    pub resume: Option<SignedDuration>,
    /// What is taken out by itself. `None` for nothing.
    pub retention: Option<Retention>,
}

/// What becomes of a notification whose events were all received before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// It is forwarded like any other.
    Forward,
    /// It is recorded only.
    Drop,
}

/// What is answered to a notification that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// 200, once it is recorded.
    Recorded,
    /// What the target answers.
    Target,
    /// This status.
    Status(u16),
}

/// The stub of the API that handlers pull from.
#[derive(Clone, Copy, Debug)]
pub struct Stub {
    /// The address to listen on.
    pub address: SocketAddr,
    /// Whether every endpoint that a notification names is to be pulled.
    pub expect_pulled: bool,
}

/// When to stop by itself, and what else has to be so for the answer to be yes.
#[derive(Default)]
pub struct Stop {
    /// After so many notifications.
    pub count: Option<Typed<u64>>,
    /// When all of these were received.
    pub expect: Vec<Expectation>,
    /// After this time.
    pub within: Option<Typed<Duration>>,
    /// A target answers each attempt within this time.
    pub max_reply: Option<Typed<Duration>>,
    /// Something arrives whenever this time has passed.
    pub max_silence: Option<Typed<Duration>>,
}

impl Stop {
    /// Whether anything has to be so for the answer to be yes.
    #[must_use]
    pub fn asks_for_something(&self) -> bool {
        let limits = [&self.within, &self.max_reply, &self.max_silence];
        let has_limit = limits.iter().any(|limit| limit.is_some());
        has_limit || self.count.is_some() || !self.expect.is_empty()
    }
}

/// A value, and how the user wrote it.
#[derive(Clone, Debug)]
pub struct Typed<T> {
    /// As typed.
    pub text: String,
    /// What that means.
    pub value: T,
}

/// Listens until there is a reason to stop.
///
/// # Errors
///
/// When a key cannot be used, the address is taken, or a folder or file cannot be written.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    super::run_to_the_end(async { Session::prepare(options, context).await?.run(context).await })
}
