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
