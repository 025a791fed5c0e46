//! Sends captures to targets: what `listen` and `replay` share.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::activity::{Attempt, DeliveryState, Outcome};
use crate::domain::advice;
use crate::domain::capture::Capture;
use crate::domain::headers::{Header, Headers};
use crate::domain::notification::Environment;
use crate::domain::reply::Answer;
use crate::domain::target::Target;
use crate::http::{Client, Response, SendError, Trust};
use crate::report::Report;

/// How targets are called.
pub struct Options {
    /// Headers added to each request, in place of those of the same name.
    pub headers: Vec<Header>,
    /// How long a target may take to answer.
    pub timeout: Duration,
    /// Attempts after the first.
    pub retries: u32,
    /// Requests under way to each target at once.
    pub concurrency: usize,
    /// Whether any certificate is trusted.
    pub insecure: bool,
    /// One more certificate authority.
    pub ca: Option<PathBuf>,
}

/// Sends captures.
#[derive(Clone)]
pub(crate) struct Sender {
    client: Client,
    headers: Vec<Header>,
}

/// What came of sending.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The URL that was called.
    pub(crate) url: String,
    /// The status, or why there is none.
    pub(crate) outcome: Outcome,
    /// Whether another attempt cannot end better.
    pub(crate) is_permanent: bool,
    /// Until the answer's head, or until it failed.
    pub(crate) latency: Duration,
    /// What most likely is wrong.
    pub(crate) hints: Vec<String>,
    /// What the target said, or what to tell whoever waits for it.
    pub(crate) answer: Answer,
}

impl Sender {
    /// Prepares to send to these targets.
    pub(crate) fn new<'a>(
        options: &Options,
        mut targets: impl Iterator<Item = &'a Target>,
    ) -> Result<Self, Report> {
        let trust = match targets.any(Target::is_https) {
            false => Trust::Unneeded,
            true if options.insecure => Trust::Anything,
            true => Trust::System(options.ca.clone()),
        };
        let client = Client::new(&trust, options.timeout, options.concurrency)?;
        Ok(Self {
            client,
            headers: options.headers.clone(),
        })
    }

    /// Sends a capture once.
    pub(crate) async fn send(&self, target: &Target, capture: &Capture) -> Sent {
        let url = target.url(&capture.target);
        let headers = outgoing(capture, &self.headers);
        let start = tokio::time::Instant::now();
        match self.client.send(&url, capture, &headers).await {
            Ok(response) => Self::answered(url, target, response),
            Err(error) => Self::failed(url, &error, start.elapsed()),
        }
    }

    fn answered(url: String, target: &Target, response: Response) -> Sent {
        let outcome = Outcome::Status(response.status);
        Sent {
            url,
            is_permanent: false,
            latency: response.latency,
            hints: advice::on_status(&outcome, target.keeps_path()),
            answer: match response.body {
                Ok(body) => Answer {
                    status: response.status,
                    headers: response.headers.end_to_end(),
                    body,
                },
                // Half an answer would pass for a whole one.
                Err(error) => no_answer(&error),
            },
            outcome,
        }
    }

    fn failed(url: String, error: &SendError, latency: Duration) -> Sent {
        Sent {
            url,
            is_permanent: error.is_permanent(),
            latency,
            hints: error.hints(),
            answer: no_answer(error),
            outcome: Outcome::Error(error.to_string()),
        }
    }
}

/// What to tell whoever waits for an answer that there is not.
fn no_answer(error: &SendError) -> Answer {
    let status = if matches!(error, SendError::TimedOut(_)) {
        504
    } else {
        502
    };
    let body = serde_json::json!({ "error": "target-failed", "message": error.to_string() });
    Answer::json(status, &body)
}

/// The header fields that a capture is sent with: those that may be sent on, and the user's own in their place.
pub(crate) fn outgoing(capture: &Capture, own: &[Header]) -> Headers {
    let mut headers = capture.headers.end_to_end();
    for header in own {
        headers.remove(&header.name);
    }
    for header in own {
        headers.push(header.clone());
    }
    headers
}

/// Of what a target says when it does not take a notification, so many characters are reported.
const LONGEST_TOLD: usize = 500;

impl Sent {
    /// The beginning of what the target said, where it did not take the notification.
    fn told(&self) -> Option<String> {
        let Outcome::Status(_) = self.outcome else {
            return None;
        };
        let body = self.answer.body.trim_ascii();
        let is_told = !self.outcome.is_success() && !body.is_empty();
        is_told.then(|| {
            String::from_utf8_lossy(body)
                .chars()
                .take(LONGEST_TOLD)
                .collect()
        })
    }
}

/// What a delivery is about, as its attempts are reported.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The notification's sequence number; for `replay` the position among the sources.
    pub(crate) id: u64,
    /// The file that a replayed notification came from.
    pub(crate) source: Option<String>,
    /// The line in that file.
    pub(crate) line: Option<u64>,
    /// The environment of the notification.
    pub(crate) environment: Option<Environment>,
    /// The names of its events.
    pub(crate) events: Vec<String>,
}

impl Subject {
    /// The report of an attempt (the first is 1) that ended at `at`; another follows where there is a `rest`.
    pub(crate) fn attempt(
        &self,
        attempt: u32,
        sent: &Sent,
        rest: Option<Duration>,
        at: Timestamp,
    ) -> Attempt {
        Attempt {
            id: self.id,
            target: sent.url.clone(),
            at,
            attempt,
            outcome: sent.outcome.clone(),
            latency_ms: millis(sent.latency),
            state: match rest {
                _ if sent.outcome.is_success() => DeliveryState::Delivered,
                Some(_) => DeliveryState::Retrying,
                None => DeliveryState::Failed,
            },
            retry_in_ms: rest.map(millis),
            source: self.source.clone(),
            line: self.line,
            environment: self.environment,
            events: self.events.clone(),
            answer: sent.told(),
            hints: sent.hints.clone(),
        }
    }
}

/// Milliseconds with two decimals, as they are reported.
pub(crate) fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
