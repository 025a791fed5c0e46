//! How one notification of the history looks, with all that is known of it.

use jiff::tz::TimeZone;

use super::listen::{self, MARGIN};
use super::style::Role;
use super::words::{latency, plural, signature};
use super::{Stream, diagnostics, history};
use crate::domain::activity::{Outcome, Recorded, RecordedAttempt};
use crate::domain::notification::Environment;
use crate::domain::record::{AnswerHead, DeliveryRecord, Record, Standing};

/// Of an answer's body, so many lines are shown.
const LINES: usize = 10;

/// A line for the notification, for each finding, and for each attempt.
pub(super) fn lines(recorded: &Recorded, out: Stream) -> String {
    let record = &recorded.record;
    let label = format!("notification {}", record.id);
    let mut text = history::line(record, out);
    text += &diagnostics::lines(&recorded.diagnostics, &label, 1, out);
    for attempt in &recorded.attempts {
        text += &attempt_line(attempt, out);
    }
    text
}

/// What was found out, the request, and what became of it.
pub(super) fn report(recorded: &Recorded, out: Stream) -> String {
    let record = &recorded.record;
    let heading = |text: &str| out.style.paint(Role::Strong, text) + "\n";
    let mut text = heading(&format!("Notification {}", record.id));
    text += &facts(recorded, out);
    text += &heading("\nRequest");
    text += &listen::head(&recorded.capture, out);
    text.push('\n');
    let content = listen::content(&recorded.readable, &recorded.diagnostics, record.id, out);
    text += content.trim_end_matches('\n');
    text.push('\n');
    if record.deliveries.is_empty() {
        return text;
    }
    text += &heading("\nDeliveries");
    for delivery in &record.deliveries {
        text += &self::delivery(delivery, out);
        let attempts = recorded.attempts.iter();
        for attempt in attempts.filter(|attempt| attempt.delivery == delivery.number) {
            text.extend([MARGIN, &attempt_line(attempt, out)]);
            if let Some(answer) = &attempt.attempt.answer {
                text += &self::answer(answer, out);
            }
        }
    }
    text
}

fn facts(recorded: &Recorded, out: Stream) -> String {
    let record = &recorded.record;
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        let label = out.style.paint(Role::Dim, &format!("{label:<13}"));
        text.extend(["  ", &label, value, "\n"]);
    };
    let received = record.received_at.to_zoned_datetime(TimeZone::system());
    line(
        "received",
        &received.strftime("%Y-%m-%d %H:%M:%S%.3f %:z").to_string(),
    );
    line("rid", &out.foreign(record.rid.as_deref().unwrap_or("-")));
    if record.events.is_empty() {
        line("event", "none");
    }
    for event in &record.events {
        let name = event.name.as_deref().unwrap_or("(no name)");
        let eid = event.eid.as_deref().unwrap_or("(no eid)");
        line(
            "event",
            &format!("{}  {}", out.foreign(name), out.foreign(eid)),
        );
    }
    line("version", record.version.name());
    line(
        "environment",
        record.environment.map_or("unknown", Environment::name),
    );
    line(
        "signature",
        &signature(
            record.signature.verdict,
            record.signature.body_binding,
            record.signature.reason.as_deref(),
            out,
        ),
    );
    line("payload", &payload(recorded, out));
    line("answered", &answered(record, out));
    if let Some(earlier) = record.duplicate_of {
        line(
            "repeats",
            &out.style.paint(Role::Warn, &format!("[{earlier}]")),
        );
    }
    text
}

/// What the rules find now, and what they found then where that is something else.
fn payload(recorded: &Recorded, out: Stream) -> String {
    let now = listen::validity(&recorded.diagnostics, out);
    let was_valid = recorded.record.valid;
    if crate::domain::validation::is_valid(&recorded.diagnostics) == was_valid {
        return now;
    }
    let then = if was_valid { "valid" } else { "invalid" };
    format!("{now} (it was {then} by the rules of when it arrived)")
}

fn answered(record: &Record, out: Stream) -> String {
    match (record.answered, &record.refused) {
        (Some(status), Some(reason)) => out.style.paint(
            Role::Bad,
            &format!("refused with {status}: {}", out.foreign(reason)),
        ),
        (Some(status), None) => status.to_string(),
        (None, _) => "as the target answered".to_owned(),
    }
}

fn delivery(delivery: &DeliveryRecord, out: Stream) -> String {
    let role = match delivery.state {
        Standing::Waiting => Role::Warn,
        Standing::Delivered => Role::Good,
        Standing::Failed => Role::Bad,
    };
    let attempts = match delivery.attempts {
        0 => "no attempt yet".to_owned(),
        number => plural(number.into(), "attempt"),
    };
    let replayed = if delivery.replayed {
        ", by `replay`"
    } else {
        ""
    };
    // An attempt says it too, unless it was given up without one.
    let error = delivery
        .error
        .as_deref()
        .map_or(String::new(), |error| format!(": {}", out.foreign(error)));
    format!(
        "  {}. {}  {}  {attempts}{replayed}{error}\n",
        delivery.number,
        out.foreign(&delivery.target),
        out.style.paint(role, delivery.state.name()),
    )
}

fn attempt_line(attempt: &RecordedAttempt, out: Stream) -> String {
    let RecordedAttempt { delivery, attempt } = attempt;
    let (role, outcome) = match &attempt.outcome {
        Outcome::Status(status) if attempt.outcome.is_success() => (Role::Good, status.to_string()),
        Outcome::Status(status) => (Role::Bad, status.to_string()),
        Outcome::Error(error) => (Role::Bad, out.foreign(error).into_owned()),
    };
    let number = format!("{delivery}.{}", attempt.attempt);
    format!(
        "{} <-- {number}  {}  {}  {}\n",
        out.style.paint(Role::Dim, &listen::clock_time(attempt.at)),
        out.style.paint(role, &outcome),
        out.foreign(&attempt.url),
        latency(attempt.latency_ms),
    )
}

/// The beginning of what a target said.
fn answer(answer: &AnswerHead, out: Stream) -> String {
    let headers = answer.headers.iter();
    let fields = headers.map(|header| format!("{}: {}", header.name, header.text()));
    let body = answer.body.lines().take(LINES).map(str::to_owned);
    let lines = fields.chain(body);
    lines.fold(String::new(), |text, line| {
        let line = out.style.paint(Role::Dim, &out.foreign(&line));
        text + MARGIN + MARGIN + &line + "\n"
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::domain::capture::Capture;
    use crate::domain::headers::{Header, Headers};
    use crate::domain::notification::{EventOutline, Version};
    use crate::domain::record::{AttemptRecord, SignatureRecord};
    use crate::domain::signature::Verdict;
    use crate::domain::validation;
    use crate::ui::style::Style;

    const FOREIGN: &str = "a\u{1b}[2J\u{202e}\u{200b}\r\nb";

    fn headers() -> Headers {
        [Header::new(FOREIGN, FOREIGN)].into_iter().collect()
    }

    fn attempt(outcome: Outcome) -> RecordedAttempt {
        RecordedAttempt {
            delivery: 1,
            attempt: AttemptRecord {
                attempt: 1,
                at: Timestamp::UNIX_EPOCH,
                url: FOREIGN.to_owned(),
                outcome,
                latency_ms: 1.0,
                answer: Some(AnswerHead {
                    headers: headers(),
                    body: FOREIGN.repeat(2 * LINES),
                }),
            },
        }
    }

    /// A notification in which everything that others can choose is hostile.
    fn hostile() -> Recorded {
        let text = || Some(FOREIGN.to_owned());
        let body = format!("{{\"{FOREIGN}\": {FOREIGN}").into_bytes();
        Recorded {
            record: Record {
                id: 1,
                rid: text(),
                received_at: Timestamp::UNIX_EPOCH,
                environment: None,
                version: Version::V3,
                events: vec![EventOutline {
                    eid: text(),
                    name: text(),
                    ..EventOutline::default()
                }],
                signature: SignatureRecord {
                    verdict: Verdict::Invalid,
                    reason: text(),
                    body_binding: None,
                },
                valid: true,
                duplicate_of: Some(1),
                dropped: false,
                answered: Some(401),
                refused: text(),
                deliveries: vec![DeliveryRecord {
                    number: 1,
                    target: FOREIGN.to_owned(),
                    state: Standing::Failed,
                    attempts: 2,
                    status: None,
                    error: text(),
                    replayed: true,
                }],
            },
            diagnostics: validation::judge(&body).diagnostics,
            capture: Arc::new(Capture {
                received_at: None,
                method: FOREIGN.to_owned(),
                target: FOREIGN.to_owned(),
                headers: headers(),
                body: body.clone().into(),
            }),
            attempts: vec![
                attempt(Outcome::Error(FOREIGN.to_owned())),
                attempt(Outcome::Status(500)),
            ],
            readable: body.into(),
        }
    }

    #[test]
    fn nothing_that_arrived_can_steer_a_terminal_or_forge_a_line() {
        let out = Stream {
            style: Style::new(false),
            is_terminal: true,
            width: 80,
        };
        let recorded = hostile();
        for text in [report(&recorded, out), lines(&recorded, out)] {
            let steers = text.contains(['\u{1b}', '\u{202e}', '\u{200b}', '\r']);
            assert!(!steers, "{text:?}");
            // Only a body and an answer have lines of their own, and those stand in the margin.
            assert!(!text.lines().any(|line| line.starts_with('b')), "{text}");
        }
    }

    #[test]
    fn a_long_answer_is_cut() {
        let out = Stream {
            style: Style::new(false),
            is_terminal: false,
            width: 80,
        };
        let told = answer(
            &AnswerHead {
                headers: Headers::default(),
                body: "line\n".repeat(2 * LINES),
            },
            out,
        );
        assert_eq!(told.lines().count(), LINES);
    }
}
