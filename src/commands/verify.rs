//! `verify`: judges the signature of saved notifications, or a token by itself.

use std::io::{self, Read as _};

use jiff::Timestamp;

use super::Context;
use super::keys::{self, KeySources};
use crate::domain::activity::{Activity, AsOf, Verified};
use crate::domain::capture::Saved;
use crate::domain::signature::{
    DEFAULT_NAMES, Found, Token, Verdict, Verification, Verifier, find,
};
use crate::exit::ExitStatus;
use crate::files::{self, Pace, STDIN, Source};
use crate::report::Report;

/// What to judge, and how.
pub struct Options {
    /// The captures; with a token, the notification that it may cover.
    pub source: Option<Source>,
    /// A token to judge instead of those of the captures.
    pub token: Option<TokenFrom>,
    /// The headers that may carry the token; the known ones where none is named.
    pub signature_headers: Vec<String>,
    /// The keys.
    pub keys: KeySources,
    /// How far the clocks may differ, in seconds.
    pub leeway_seconds: u32,
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
    let ring = keys::load(options.keys)?;
    let judge = Judge {
        verifier: Verifier::new(ring, options.leeway_seconds),
        signature_headers: match options.signature_headers {
            names if names.is_empty() => DEFAULT_NAMES.map(str::to_owned).to_vec(),
            names => names,
        },
        at: options.at,
        now: context.clock.now(),
    };
    match (options.token, options.source) {
        (Some(token), source) => judge.token(token, source, context),
        (None, Some(source)) => judge.captures(&source, context),
        (None, None) => Ok(ExitStatus::Yes),
    }
}

struct Judge {
    verifier: Verifier,
    signature_headers: Vec<String>,
    at: Moment,
    now: Timestamp,
}

impl Judge {
    /// A token, and the one body that it may cover.
    fn token(
        &self,
        from: TokenFrom,
        source: Option<Source>,
        context: &mut Context,
    ) -> Result<ExitStatus, Report> {
        let body = source.map(|source| the_one(&source)).transpose()?;
        let (token, source) = match from {
            TokenFrom::Argument(token) => (token.into_bytes(), None),
            TokenFrom::Stdin => (read_token()?, Some(STDIN.to_owned())),
        };
        let found = Found::One(&token);
        let (judged_at, judged_as_of) = self.moment(None);
        let body = body.as_ref().map(|saved| saved.capture.body.as_ref());
        let verification = self.verifier.verify(found, body, judged_at);
        let status = status(&verification);
        context.ui.show(&Activity::Verification(Verified {
            source,
            verification,
            judged_at,
            judged_as_of,
        }))?;
        Ok(status)
    }

    /// Each capture with the token that it came with.
    fn captures(&self, source: &Source, context: &mut Context) -> Result<ExitStatus, Report> {
        let mut items = files::items(std::slice::from_ref(source), Pace::Exact)?.peekable();
        if items.peek().is_none() {
            return Err(super::nothing_in(source));
        }
        let mut worst = ExitStatus::Yes;
        for item in items {
            let item = item?;
            let saved = super::saved(&item)?;
            let verified = self.capture(&saved, item.place());
            let status = status(&verified.verification);
            if worst == ExitStatus::Yes {
                worst = status;
            }
            context.ui.show(&Activity::Verification(verified))?;
        }
        Ok(worst)
    }

    fn capture(&self, saved: &Saved, place: String) -> Verified {
        let capture = &saved.capture;
        let headers = capture
            .headers
            .iter()
            .map(|header| (header.name.as_str(), header.value.as_slice()));
        let found = find(&self.signature_headers, headers);
        let (judged_at, judged_as_of) = self.moment(capture.received_at);
        let mut verification = self.verifier.verify(found, Some(&capture.body), judged_at);
        if verification.verdict == Verdict::Unsigned {
            verification.hints.splice(.., self.why_unsigned(saved));
        }
        Verified {
            source: Some(place),
            verification,
            judged_at,
            judged_as_of,
        }
    }

    /// What is missing is seldom what the sender forgot: mostly it is the file that has no room for it.
    fn why_unsigned(&self, saved: &Saved) -> Vec<String> {
        if saved.is_capture {
            let names: Vec<String> = self
                .signature_headers
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            return vec![format!(
                "none of its headers is {}: name the one that carries the token with `--signature-header`",
                names.join(", ")
            )];
        }
        vec![if Token::parse(&saved.capture.body).is_ok() {
            "this is a token: check it with `--token TOKEN`, or `--token -` to read it from standard input".into()
        } else {
            "this is a bare notification, which has no headers: name its token with `--token`, or save captures with \
             `listen --save`"
                .into()
        }]
    }

    fn moment(&self, received_at: Option<Timestamp>) -> (Timestamp, AsOf) {
        match (self.at, received_at) {
            (Moment::Given(at), _) => (at, AsOf::Given),
            (Moment::Received, Some(at)) => (at, AsOf::Received),
            (Moment::Received | Moment::Now, _) => (self.now, AsOf::Now),
        }
    }
}

fn status(verification: &Verification) -> ExitStatus {
    match verification.verdict {
        Verdict::Valid => ExitStatus::Yes,
        Verdict::Invalid | Verdict::Unsigned => ExitStatus::No,
        Verdict::NoKey => ExitStatus::CouldNot,
    }
}

/// The only notification of a source.
fn the_one(source: &Source) -> Result<Saved, Report> {
    let mut items = files::items(std::slice::from_ref(source), Pace::Exact)?;
    let first = items.next().ok_or_else(|| super::nothing_in(source))??;
    match items.next() {
        None => super::saved(&first),
        Some(_) => Err(Report::new(
            "source-several",
            format!(
                "a token covers one notification, and there are several in `{}`",
                first.source
            ),
        )
        .hint("put the one that came with the token into a file of its own")),
    }
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
