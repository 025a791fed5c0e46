//! How `listen` looks: the banner, a line for each arrival and each answer, the summary.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::human::hints;
use super::style::Role;
use super::words::{latency, place, plural, signature, summarize};
use super::{Stream, body, diagnostics, requirements, stub};
use crate::domain::activity::{
    Arrival, Attempt, DeliveryState, Outcome, Reach, Ready, Summary, TargetStanding,
};
use crate::domain::capture::Capture;
use crate::domain::notification::Environment;
use crate::domain::signature::Reason;
use crate::domain::validation::{Diagnostic, Severity};

/// Below each line, what belongs to it stands this far in.
pub(super) const MARGIN: &str = "    ";

pub(super) fn banner(ready: &Ready, err: Stream) -> String {
    let mut text = format!(
        "{} {}\n",
        err.style.paint(Role::Strong, "Listening on"),
        ready.url
    );
    let mut line = |label: &str, value: &str| {
        writeln!(text, "  {label:<14}{}", err.foreign(value))
            .expect("writing to a `String` cannot fail");
    };
    if let Some(carrier) = &ready.tunnel {
        line("tunnel", &format!("{carrier} (being opened)"));
    }
    match ready.targets.as_slice() {
        [] => line("forwarding", "nowhere (add `--forward-to 3000`)"),
        targets => targets
            .iter()
            .for_each(|target| line("forwarding to", target)),
    }
    match ready.keys.as_slice() {
        [] => line(
            "signatures",
            "not checked: no key was given (add `--key-file FILE`)",
        ),
        keys => keys.iter().for_each(|key| line("signature key", key)),
    }
    match &ready.store {
        Some(file) => line("history", file),
        None => line("history", "none is kept"),
    }
    if let Some(url) = &ready.stub_api {
        line("stub API", url);
    }
    if let Some(folder) = &ready.save {
        line("saving to", folder);
    }
    text + &err
        .style
        .paint(Role::Dim, "Waiting for notifications; press ^C to stop")
        + "\n\n"
}

pub(super) fn arrival(arrival: &Arrival, out: Stream) -> String {
    let time = clock_time(arrival.received_at);
    let names: Vec<&str> = arrival
        .events
        .iter()
        .map(|event| event.name.as_deref().unwrap_or("(no name)"))
        .collect();
    let mut parts = subject(&names, arrival.environment, out);
    let verdict = &arrival.signature;
    let reason = verdict.reason.map(Reason::code);
    parts.push(signature(
        verdict.verdict,
        verdict.body_binding,
        reason,
        out,
    ));
    parts.push(validity(&arrival.diagnostics, out));
    if let Some(earlier) = arrival.duplicate_of {
        let fate = if arrival.dropped {
            ", not forwarded"
        } else {
            ""
        };
        let repeats = format!("repeats [{earlier}]{fate}");
        parts.push(out.style.paint(Role::Warn, &repeats));
    }
    if let Some(reason) = arrival.refused {
        let status = arrival.answered.unwrap_or_default();
        let is_said = arrival
            .signature
            .reason
            .is_some_and(|said| said.code() == reason);
        let why = if is_said {
            String::new()
        } else {
            format!(": {reason}")
        };
        parts.push(
            out.style
                .paint(Role::Bad, &format!("refused with {status}{why}")),
        );
    }
    line(&time, "-->", &parts, &arrival.id.to_string(), out)
}

/// What `pretty` shows below the line.
pub(super) fn details(arrival: &Arrival, out: Stream, verbose: bool) -> String {
    let mut text = String::new();
    if verbose {
        text += &head(&arrival.capture, out);
    }
    text + &content(&arrival.readable, &arrival.diagnostics, arrival.id, out)
}

/// The request line and the header fields of a request.
pub(super) fn head(capture: &Capture, out: Stream) -> String {
    let request = format!("{} {}", capture.method, capture.target);
    let headers = capture.headers.iter();
    let fields = headers.map(|header| format!("{}: {}", header.name, header.text()));
    let lines = std::iter::once(request).chain(fields);
    lines.fold(String::new(), |text, line| {
        text + MARGIN + &out.style.paint(Role::Dim, &out.foreign(&line)) + "\n"
    })
}

/// A body, and what is wrong with it.
pub(super) fn content(readable: &[u8], diagnostics: &[Diagnostic], id: u64, out: Stream) -> String {
    let mut text = body::render(readable, out, MARGIN);
    let subject = diagnostics::Subject {
        label: &format!("notification {id}"),
        text: readable,
        line: 1,
    };
    let narrower = Stream {
        width: out.width.saturating_sub(MARGIN.len()),
        ..out
    };
    for line in diagnostics::excerpts(diagnostics, &subject, narrower).lines() {
        let margin = if line.is_empty() { "" } else { MARGIN };
        text.extend([margin, line, "\n"]);
    }
    text
}

pub(super) fn attempt(attempt: &Attempt, out: Stream) -> String {
    let answer = match &attempt.outcome {
        Outcome::Status(status) => status.to_string(),
        Outcome::Error(error) => out.foreign(error).into_owned(),
    };
    let role = if attempt.outcome.is_success() {
        Role::Good
    } else {
        Role::Bad
    };
    let names: Vec<&str> = attempt.events.iter().map(String::as_str).collect();
    let mut parts = subject(&names, attempt.environment, out);
    parts.push(out.style.paint(role, &answer));
    parts.push(out.foreign(&attempt.target).into_owned());
    parts.push(latency(attempt.latency_ms));
    if let Some(wait) = attempt.retry_in_ms {
        let again = format!(
            "attempt {} failed, again in {}",
            attempt.attempt,
            latency(wait)
        );
        parts.push(out.style.paint(Role::Warn, &again));
    } else if attempt.state == DeliveryState::Waiting {
        parts.push(out.style.paint(Role::Warn, "waits until it is back"));
    } else if attempt.state == DeliveryState::Failed && attempt.attempt > 1 {
        parts.push(out.style.paint(
            Role::Bad,
            &format!("given up after {} attempts", attempt.attempt),
        ));
    } else if attempt.attempt > 1 {
        parts.push(format!("attempt {}", attempt.attempt));
    }
    let origin = match &attempt.source {
        Some(source) => place(source, attempt.line),
        None => attempt.id.to_string(),
    };
    line(&clock_time(attempt.at), "<--", &parts, &origin, out)
}

/// Whether a target can be reached, and what waits for it.
pub(super) fn standing(standing: &TargetStanding, err: Stream) -> String {
    let target = err.foreign(&standing.target);
    let deliveries = plural(standing.waiting, "delivery");
    let (role, text) = match (standing.state, standing.waiting) {
        (Reach::Down, _) => (Role::Warn, format!("{deliveries} waiting for {target}")),
        (Reach::Up, 0) => (Role::Good, format!("{target} is back")),
        (Reach::Up, _) => (
            Role::Good,
            format!("{target} is back, {deliveries} to be made"),
        ),
        (Reach::Resumed, _) => (
            Role::Strong,
            format!("{deliveries} of an earlier run to be made to {target}"),
        ),
    };
    err.style.paint(role, &text) + "\n"
}

/// What a target said that did not take a notification: its own words often tell why.
pub(super) fn told(answer: &str, out: Stream) -> String {
    const LINES: usize = 5;
    let lines = answer.lines().filter(|line| !line.trim().is_empty());
    lines.take(LINES).fold(String::new(), |text, line| {
        text + MARGIN + &out.style.paint(Role::Dim, &out.foreign(line)) + "\n"
    })
}

pub(super) fn summary(summary: &Summary, err: Stream) -> String {
    let mut counts = vec![format!("{} received", summary.received)];
    for (number, what) in [
        (summary.forwarded, "forwarded"),
        (summary.failed, "failed"),
        (summary.refused, "refused"),
        (
            summary.invalid - summary.refused.min(summary.invalid),
            "invalid",
        ),
        (summary.filtered, "left out"),
        (summary.busy, "turned away"),
        (summary.waiting, "waiting"),
        (
            summary.pulls.as_ref().map_or(0, |pulls| pulls.pulled),
            "pulled",
        ),
    ] {
        if number > 0 {
            counts.push(format!("{number} {what}"));
        }
    }
    let mut text = format!(
        "\n{} {}\n",
        err.style.paint(Role::Strong, "Stopped:"),
        counts.join(", ")
    );
    text += &requirements::table(&summary.expectations, err);
    if let Some(pulls) = &summary.pulls {
        text += &stub::never_pulled(pulls, err);
    }
    text + &hints(&summary.hints, err)
}

fn line(time: &str, arrow: &str, parts: &[String], id: &str, out: Stream) -> String {
    let time = out.style.paint(Role::Dim, time);
    let id = out
        .style
        .paint(Role::Dim, &format!("[{}]", out.foreign(id)));
    format!("{time} {arrow} {} {id}\n", parts.join("  "))
}

/// Whether a payload may pass, and how many findings there are.
pub(super) fn validity(diagnostics: &[Diagnostic], out: Stream) -> String {
    let count = |severity| {
        let found = diagnostics.iter();
        found.filter(|found| found.severity == severity).count() as u64
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match (errors, warnings) {
        (0, 0) => out.style.paint(Role::Good, "valid"),
        (0, _) => out.style.paint(
            Role::Warn,
            &format!("valid, {}", plural(warnings, "warning")),
        ),
        _ => out
            .style
            .paint(Role::Bad, &format!("invalid, {}", plural(errors, "error"))),
    }
}

/// What a line is about: its events and their environment.
fn subject(names: &[&str], environment: Option<Environment>, out: Stream) -> Vec<String> {
    let names = match names {
        [] => out.style.paint(Role::Warn, "(no event)"),
        names => out
            .style
            .paint(Role::Strong, &out.foreign(&summarize(names))),
    };
    let environment = environment.map_or("no environment", Environment::name);
    vec![names, environment.to_owned()]
}

pub(super) fn clock_time(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system())
        .strftime("%H:%M:%S")
        .to_string()
}
