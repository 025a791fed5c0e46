//! Sends captures to targets: what `listen` and `replay` share.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::activity::{Attempt, DeliveryState, Outcome};
use crate::domain::advice;
use crate::domain::capture::Capture;
use crate::domain::encoding;
use crate::domain::headers::{Header, Headers};
use crate::domain::notification::Environment;
use crate::domain::record::{AnswerHead, AttemptRecord};
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
    /// How it ended.
    pub(crate) end: End,
    /// Until the answer's head, or until it failed.
    pub(crate) latency: Duration,
    /// What most likely is wrong.
    pub(crate) hints: Vec<String>,
    /// What the target said, or what to tell whoever waits for it.
    pub(crate) answer: Answer,
}

/// How sending ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The whole answer came.
    Answered,
    /// The head of an answer came, but not the whole.
    CutShort,
    /// There was nobody at the target to take it.
    Absent,
    /// Whoever took the connection has closed it without a word.
    HungUp,
    /// No answer came, and another attempt cannot end better.
    Permanent,
    /// No answer came for another reason.
    Failed,
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

    /// Prepares to send to these targets without headers of the user's own, and without trust in more than the system
    /// trusts.
    pub(crate) fn plain<'a>(
        options: &Options,
        targets: impl Iterator<Item = &'a Target>,
    ) -> Result<Self, Report> {
        let plain = Options {
            headers: Vec::new(),
            insecure: false,
            ca: None,
            ..*options
        };
        Self::new(&plain, targets)
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
            end: if response.body.is_ok() {
                End::Answered
            } else {
                End::CutShort
            },
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
            end: End::of(error),
            latency,
            hints: error.hints(),
            answer: no_answer(error),
            outcome: Outcome::Error(error.to_string()),
        }
    }
}

impl End {
    fn of(error: &SendError) -> Self {
        match error {
            SendError::Refused | SendError::HostNotFound | SendError::Unreachable(_) => {
                Self::Absent
            }
            SendError::Closed => Self::HungUp,
            SendError::Tls(_) | SendError::NotTls | SendError::Url(_) | SendError::Request(_) => {
                Self::Permanent
            }
            _ => Self::Failed,
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

/// Of what a target says, so many characters are reported where it does not take a notification, and kept in any case.
const LONGEST_TOLD: usize = 500;

/// Of the header fields of an answer, so many bytes are kept.
const LONGEST_HEADERS: usize = 4096;

impl Sent {
    /// What is kept of this attempt (the first is 1), which ended at `at`.
    pub(crate) fn record(&self, attempt: u32, at: Timestamp) -> AttemptRecord {
        AttemptRecord {
            attempt,
            at,
            url: self.url.clone(),
            outcome: self.outcome.clone(),
            latency_ms: millis(self.latency),
            answer: (self.end == End::Answered).then(|| head(&self.answer)),
        }
    }

    /// The beginning of what the target said, where it did not take the notification.
    fn told(&self) -> Option<String> {
        let body = self.answer.body.trim_ascii();
        let is_told = self.end == End::Answered && !self.outcome.is_success() && !body.is_empty();
        is_told.then(|| beginning(body))
    }
}

/// The beginning of an answer, its body as it reads.
fn head(answer: &Answer) -> AnswerHead {
    let mut room = LONGEST_HEADERS;
    let mut headers = Headers::default();
    for header in &answer.headers {
        let Some(rest) = room.checked_sub(header.name.len()) else {
            break;
        };
        let value = cut(&header.value, rest);
        room = rest - value.len();
        headers.push(Header::new(header.name.as_str(), value));
    }
    AnswerHead {
        body: beginning(&encoding::readable(&answer.headers, &answer.body)),
        headers,
    }
}

/// The first so many bytes, but no part of a character.
fn cut(bytes: &[u8], most: usize) -> &[u8] {
    let is_continuation = |at: &usize| bytes.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
    let end = (0..=most.min(bytes.len()))
        .rev()
        .find(|at| !is_continuation(at));
    bytes.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// The first characters of a text.
fn beginning(text: &[u8]) -> String {
    // So many bytes hold that many characters, and a part of one at the end is one more.
    let text = text.get(..LONGEST_TOLD * 4).unwrap_or(text);
    let characters = String::from_utf8_lossy(text);
    characters.chars().take(LONGEST_TOLD).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(headers: Headers, body: &[u8]) -> Sent {
        Sent {
            url: "http://127.0.0.1:1/".into(),
            outcome: Outcome::Status(200),
            end: End::Answered,
            latency: Duration::from_micros(1500),
            hints: Vec::new(),
            answer: Answer {
                status: 200,
                headers,
                body: body.to_vec().into(),
            },
        }
    }

    #[test]
    fn a_record_holds_the_beginning_of_the_answer() {
        let record = sent(
            [Header::new("x-a", "b")].into_iter().collect(),
            "é".repeat(600).as_bytes(),
        )
        .record(2, Timestamp::UNIX_EPOCH);
        assert_eq!((record.attempt, record.latency_ms), (2, 1.5));
        assert_eq!(record.outcome, Outcome::Status(200));
        let answer = record.answer.unwrap();
        assert_eq!(answer.body, "é".repeat(500));
        assert_eq!(answer.headers.get("x-a"), Some("b"));
    }

    #[test]
    fn an_answer_is_cut_to_what_is_worth_keeping() {
        let long = (0..3).map(|number| Header::new(format!("x-{number}"), "é".repeat(1500)));
        let sent = sent(long.collect(), &[b'x', 0xff].repeat(10_000));
        let answer = sent.record(1, Timestamp::UNIX_EPOCH).answer.unwrap();
        assert_eq!(answer.body, "x\u{fffd}".repeat(250));
        let lengths: Vec<usize> = answer.headers.iter().map(|one| one.value.len()).collect();
        assert_eq!(lengths, [3000, 1090]);
        assert!(answer.headers.iter().all(|one| one.text().ends_with('é')));
    }

    #[test]
    fn what_was_not_answered_has_no_answer() {
        let mut sent = sent(Headers::default(), b"");
        sent.outcome = Outcome::Error("refused".into());
        sent.end = End::CutShort;
        let record = sent.record(1, Timestamp::UNIX_EPOCH);
        assert_eq!((record.answer, record.outcome), (None, sent.outcome));
    }
}
