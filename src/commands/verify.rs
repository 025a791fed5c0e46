//! `verify`: judges the signature of saved notifications, or a token by itself.

use std::io::{self, Read as _};

use bytes::Bytes;
use jiff::Timestamp;

use super::Context;
use super::keys::{self, Checks};
use super::notifications::{Found, Notifications, Origin};
use crate::domain::activity::{Activity, AsOf, Verified};
use crate::domain::capture::{Capture, Saved};
use crate::domain::encoding;
use crate::domain::notification::{EventFilter, Notification, Outline};
use crate::domain::signature::{Presented, Token, Verdict, Verification, Verifier};
use crate::exit::ExitStatus;
use crate::files::{Pace, STDIN};
use crate::report::Report;

/// What to judge, and how.
pub struct Options {
    /// The captures; with a token, the notification that it may cover.
    pub origin: Option<Origin>,
    /// The events whose notifications are judged.
    pub events: EventFilter,
    /// A token to judge instead of those of the captures.
    pub token: Option<TokenFrom>,
    /// How the signatures are checked.
    pub checks: Checks,
    /// The moment as of which times are judged.
    pub at: Moment,
}

/// Where a token is.
pub enum TokenFrom {
    /// On the command line.
    Argument(String),
    /// On standard input.
    Stdin,
}

/// The moment as of which times are judged.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// When the notification was received; now, where that is unknown.
    Received,
    /// Now.
    Now,
    /// Another.
    Given(Timestamp),
}

/// Longer texts are no tokens, in bytes.
const LONGEST_TOKEN: u64 = 1024 * 1024;

/// Judges the token, or that of every capture of the source.
///
/// # Errors
///
/// When a key or a source cannot be read or understood.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let Checks {
        keys,
        headers,
        policy,
    } = options.checks;
    let ring = keys::load(keys)?;
    for key in ring.iter() {
        keys::warn_if_weak(key, key.default_algorithm(), context)?;
    }
    let judge = Judge {
        verifier: Verifier::new(ring, policy, headers),
        at: options.at,
        now: context.clock.now(),
        events: options.events,
    };
    let notifications = options.origin.map(|origin| origin.locate(None));
    match (options.token, notifications.transpose()?) {
        (Some(token), source) => judge.token(token, source.as_ref(), context),
        (None, Some(source)) => judge.captures(&source, context),
        (None, None) => Ok(ExitStatus::Yes),
    }
}

struct Judge {
    verifier: Verifier,
    at: Moment,
    now: Timestamp,
    events: EventFilter,
}

impl Judge {
    /// A token, and the one body that it may cover.
    fn token(
        &self,
        from: TokenFrom,
        source: Option<&Notifications>,
        context: &mut Context,
    ) -> Result<ExitStatus, Report> {
        let body = source.map(|source| self.the_one(source)).transpose()?;
        let (given, source) = match from {
            TokenFrom::Argument(token) => (token.into_bytes(), None),
            TokenFrom::Stdin => (read_token()?, Some(STDIN.to_owned())),
        };
        let token = without_name(&given);
        let (judged_at, judged_as_of) = self.moment(None);
        let outline = body
            .as_ref()
            .map(|saved| outline(&readable(&saved.capture)));
        let mut presented = Presented::token(token);
        if let (Some(saved), Some(outline)) = (&body, &outline) {
            presented = presented.with(&saved.capture.body, outline);
        }
        let verification = self.verifier.verify(&presented, judged_at);
        let status = status(&verification);
        context.ui.show(&Activity::Verification(Verified {
            source,
            id: None,
            verification,
            judged_at,
            judged_as_of,
        }))?;
        Ok(status)
    }

    /// Each capture with the token that it came with.
    fn captures(
        &self,
        source: &Notifications,
        context: &mut Context,
    ) -> Result<ExitStatus, Report> {
        let mut notifications = source.read_wanted(Pace::Exact, &self.events)?.peekable();
        if notifications.peek().is_none() {
            return Err(source.nothing(&self.events));
        }
        let mut worst = ExitStatus::Yes;
        for found in notifications {
            let verified = self.capture(&found?)?;
            let status = status(&verified.verification);
            if worst == ExitStatus::Yes {
                worst = status;
            }
            context.ui.show(&Activity::Verification(verified))?;
        }
        Ok(worst)
    }

    fn capture(&self, found: &Found) -> Result<Verified, Report> {
        let saved = found.saved()?;
        let capture = &saved.capture;
        let (judged_at, judged_as_of) = self.moment(capture.received_at);
        let readable = readable(capture);
        let mut verification =
            self.verifier
                .verify_capture(capture, &readable, &outline(&readable), judged_at);
        if verification.verdict == Verdict::Unsigned && !saved.is_capture {
            verification.hints = vec![why_unsigned(capture)];
        }
        Ok(Verified {
            source: Some(found.place()),
            id: found.id(),
            verification,
            judged_at,
            judged_as_of,
        })
    }

    /// The only notification of a source.
    fn the_one(&self, source: &Notifications) -> Result<Saved, Report> {
        let mut found = source.read_wanted(Pace::Exact, &self.events)?;
        let first = found.next().ok_or_else(|| source.nothing(&self.events))??;
        match found.next() {
            None => first.saved(),
            Some(_) => Err(several(&first)),
        }
    }

    fn moment(&self, received_at: Option<Timestamp>) -> (Timestamp, AsOf) {
        match (self.at, received_at) {
            (Moment::Given(at), _) => (at, AsOf::Given),
            (Moment::Received, Some(at)) => (at, AsOf::Received),
            (Moment::Received | Moment::Now, _) => (self.now, AsOf::Now),
        }
    }
}

/// The value of a header line, as `sign --output header` prints it. A token by itself has no colon.
fn without_name(line: &[u8]) -> &[u8] {
    memchr::memchr(b':', line)
        .and_then(|colon| line.get(colon + 1..))
        .unwrap_or(line)
}

fn readable(capture: &Capture) -> Bytes {
    encoding::readable(&capture.headers, &capture.body)
}

/// What a notification says of itself.
fn outline(body: &[u8]) -> Outline {
    Notification::read(body)
        .map(|notification| notification.outline())
        .unwrap_or_default()
}

/// What is missing is seldom what the sender forgot: mostly it is the file that has no room for it.
fn why_unsigned(capture: &Capture) -> String {
    if Token::parse(&capture.body).is_ok() {
        "this is a token: check it with `--token TOKEN`, or `--token -` to read it from standard input".into()
    } else {
        "this is a bare notification, which has no headers: name its token with `--token`, or save captures with \
         `listen --save`"
            .into()
    }
}

fn status(verification: &Verification) -> ExitStatus {
    match verification.verdict {
        Verdict::Valid => ExitStatus::Yes,
        Verdict::Invalid | Verdict::Unsigned => ExitStatus::No,
        Verdict::NoKey => ExitStatus::CouldNot,
    }
}

fn several(first: &Found) -> Report {
    let message = "a token covers one notification, and there are several in";
    let report = Report::new("source-several", format!("{message} `{}`", first.source()));
    report.hint(match first {
        Found::Text(_) => "put the one that came with the token into a file of its own",
        Found::Record(_) => "name the one that came with the token with `--id`",
    })
}

fn read_token() -> Result<Vec<u8>, Report> {
    let mut token = Vec::new();
    io::stdin()
        .lock()
        .take(LONGEST_TOKEN)
        .read_to_end(&mut token)
        .map_err(|error| {
            Report::new(
                "token-unreadable",
                format!("cannot read the token: {error}"),
            )
        })?;
    Ok(token)
}
