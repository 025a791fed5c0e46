//! How `replay` looks: the requests that would be sent, what it waits for, and what came of it all.

use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Padding, Style};

use super::human::hints;
use super::style::Role;
use super::words::{latency, place, plural, summarize};
use super::{Stream, body, sanitize};
use crate::domain::activity::{Outgoing, ReplaySummary, TargetSummary, Watching};

/// Below each line, what belongs to it stands this far in.
const MARGIN: &str = "    ";

pub(super) fn request(request: &Outgoing, out: Stream, detailed: bool) -> String {
    if let Some(curl) = &request.curl {
        return format!("{}\n", sanitize::block(curl));
    }
    let names: Vec<&str> = request.events.iter().map(String::as_str).collect();
    let names = match names.as_slice() {
        [] => "(no event)".to_owned(),
        names => summarize(names),
    };
    let place = match &request.source {
        Some(source) => place(source, request.line),
        None => request.id.to_string(),
    };
    let line = format!(
        "{} {}  {}  {}  {}\n",
        out.foreign(&request.capture.method),
        out.foreign(&request.url),
        out.style.paint(Role::Strong, &out.foreign(&names)),
        plural(request.capture.body.len() as u64, "byte"),
        out.style
            .paint(Role::Dim, &format!("[{}]", out.foreign(&place))),
    );
    if !detailed {
        return line;
    }
    let mut lines = vec![line];
    lines.extend(request.capture.headers.iter().map(|header| {
        let field = format!("{}: {}", header.name, header.text());
        let field = out.style.paint(Role::Dim, &out.foreign(&field));
        format!("{MARGIN}{field}\n")
    }));
    lines.push(body::render(&request.capture.body, out, MARGIN));
    lines.concat()
}

pub(super) fn watching(watching: &Watching, err: Stream) -> String {
    let text = format!(
        "Watching {} for changes; press ^C to stop",
        watching.paths.join(", ")
    );
    format!("{}\n", err.style.paint(Role::Dim, &err.foreign(&text)))
}

/// A table and a line; nothing where the line of the one delivery says it all.
pub(super) fn summary(summary: &ReplaySummary, err: Stream) -> String {
    let mut parts = Vec::new();
    if summary.sent > 1 {
        let seconds = summary.elapsed_ms / 1000.0;
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no more digits")]
        let rate = summary.sent as f64 / seconds.max(0.001);
        let left_out = match summary.filtered {
            0 => String::new(),
            filtered => format!(", {filtered} left out"),
        };
        parts.push(format!(
            "\n{}\n\n{} {} in {} ({rate:.0}/s){left_out}\n",
            table(&summary.targets, err),
            err.style.paint(Role::Strong, "Sent:"),
            summary.sent,
            latency(summary.elapsed_ms),
        ));
    }
    if summary.unsent > 0 || summary.unsent_and_more {
        let number = match (summary.unsent, summary.unsent_and_more) {
            (0, _) => "the rest".to_owned(),
            (number, true) => format!("at least {number}"),
            (number, false) => number.to_string(),
        };
        let label = err.style.paint(Role::Warn, "Not sent:");
        parts.push(format!("{label} {number}\n"));
    }
    if !summary.hints.is_empty() {
        parts.push(format!("\n{}", hints(&summary.hints, err)));
    }
    parts.concat()
}

fn table(targets: &[TargetSummary], err: Stream) -> String {
    let mut rows = Builder::new();
    rows.push_record([
        "target",
        "sent",
        "2xx",
        "other",
        "unreachable",
        "p50",
        "p95",
    ]);
    let time = |millis: Option<f64>| millis.map_or("-".to_owned(), latency);
    for target in targets {
        rows.push_record([
            err.foreign(&target.target).into_owned(),
            target.sent.to_string(),
            target.succeeded.to_string(),
            target.refused.to_string(),
            target.unreachable.to_string(),
            time(target.p50_ms),
            time(target.p95_ms),
        ]);
    }
    let mut table = rows.build();
    table
        .with(Style::empty())
        .with(Padding::new(0, 2, 0, 0))
        .modify(Columns::new(1..), Alignment::right());
    let lines: Vec<String> = table
        .to_string()
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n")
}
