//! How lists of the history look: a table for a person at a terminal, else a line for each notification.

use jiff::tz::TimeZone;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Modify, Padding, Style, Width};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Stream;
use super::style::Role;
use super::words::{plural, signature, summarize};
use crate::domain::activity::{Exported, Pruned};
use crate::domain::notification::Environment;
use crate::domain::record::{DeliveryRecord, Record, Standing};
use crate::domain::signature::Verdict;

/// So many rows are laid out together. Those of the first page decide how wide the columns are.
const PAGE: usize = 1000;

/// Between two columns.
const GAP: usize = 2;

/// Narrower terminals get lines.
const NARROWEST: usize = 72;

/// On narrower terminals the year goes without saying.
const WIDE: usize = 100;

const COLUMNS: usize = 7;

const HEADERS: [&str; COLUMNS] = [
    "id",
    "received",
    "events",
    "env",
    "signature",
    "valid",
    "deliveries",
];

/// The columns that give way where a row is too wide, and how far.
const YIELDING: [usize; 2] = [2, 6];
const LEAST: usize = 8;

/// One field of a row.
struct Cell {
    text: String,
    role: Option<Role>,
}

impl Cell {
    fn new(text: impl Into<String>, role: Option<Role>) -> Self {
        Self {
            text: text.into(),
            role,
        }
    }
}

/// A table that is shown page by page: its rows, until they are.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<[Cell; COLUMNS]>,
    /// As the first page has made them.
    widths: Option<[usize; COLUMNS]>,
}

impl Table {
    /// Adds a row, and returns what can be shown now.
    pub(super) fn push(&mut self, record: &Record, out: Stream) -> String {
        if out.width < NARROWEST {
            return line(record, out);
        }
        self.rows.push(row(record, out));
        if self.rows.len() < PAGE {
            return String::new();
        }
        self.take(out)
    }

    /// What was not shown yet.
    pub(super) fn take(&mut self, out: Stream) -> String {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return String::new();
        }
        let is_first = self.widths.is_none();
        let widths = *self.widths.get_or_insert_with(|| widths(&rows, out.width));
        layout(rows, widths, is_first, out)
    }
}

fn row(record: &Record, out: Stream) -> [Cell; COLUMNS] {
    let time = if out.width < WIDE {
        "%m-%d %H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    let (is_valid, valid_role) = if record.valid {
        ("yes", Role::Good)
    } else {
        ("no", Role::Bad)
    };
    let verdict = record.signature.verdict;
    let (deliveries, role) = deliveries(record, out);
    [
        Cell::new(record.id.to_string(), None),
        Cell::new(moment(record, time), Some(Role::Dim)),
        Cell::new(events(record, out), Some(Role::Strong)),
        Cell::new(record.environment.map_or("-", Environment::name), None),
        Cell::new(verdict.name(), Some(verdict_role(verdict))),
        Cell::new(is_valid, Some(valid_role)),
        Cell::new(deliveries, role),
    ]
}

/// One line: what the table has, with the id last and in brackets, as `listen` shows it.
pub(super) fn line(record: &Record, out: Stream) -> String {
    let mut parts = vec![
        out.style
            .paint(Role::Dim, &moment(record, "%Y-%m-%d %H:%M:%S")),
        out.style.paint(Role::Strong, &events(record, out)),
        record
            .environment
            .map_or("no environment", Environment::name)
            .to_owned(),
        signature(
            record.signature.verdict,
            record.signature.body_binding,
            record.signature.reason.as_deref(),
            out,
        ),
    ];
    parts.push(if record.valid {
        out.style.paint(Role::Good, "valid")
    } else {
        out.style.paint(Role::Bad, "invalid")
    });
    if let Some(earlier) = record.duplicate_of {
        parts.push(out.style.paint(Role::Warn, &format!("repeats [{earlier}]")));
    }
    match deliveries(record, out) {
        (text, _) if text.is_empty() => {}
        (text, Some(role)) => parts.push(out.style.paint(role, &text)),
        (text, None) => parts.push(text),
    }
    let id = out.style.paint(Role::Dim, &format!("[{}]", record.id));
    format!("{} {id}\n", parts.join("  "))
}

/// When it was received, by the system's clock.
fn moment(record: &Record, format: &str) -> String {
    let at = record.received_at.to_zoned_datetime(TimeZone::system());
    at.strftime(format).to_string()
}

fn events(record: &Record, out: Stream) -> String {
    let names: Vec<&str> = record
        .events
        .iter()
        .map(|event| event.name.as_deref().unwrap_or("(no name)"))
        .collect();
    match names.as_slice() {
        [] => "(no event)".to_owned(),
        names => out.foreign(&summarize(names)).into_owned(),
    }
}

fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Valid => Role::Good,
        Verdict::NoKey => Role::Dim,
        Verdict::Invalid | Verdict::Unsigned => Role::Bad,
    }
}

/// What became of it: the one delivery, or how many have come how far.
fn deliveries(record: &Record, out: Stream) -> (String, Option<Role>) {
    let count = |standing| {
        let all = record.deliveries.iter();
        all.filter(|delivery| delivery.state == standing).count()
    };
    let role = if count(Standing::Failed) > 0 {
        Some(Role::Bad)
    } else if count(Standing::Waiting) > 0 {
        Some(Role::Warn)
    } else {
        None
    };
    let text = match (record.deliveries.as_slice(), &record.refused) {
        ([], Some(reason)) => {
            return (format!("refused: {}", out.foreign(reason)), Some(Role::Bad));
        }
        ([], None) => String::new(),
        ([one], _) => format!("{} {}", out.foreign(&one.target), outcome(one)),
        _ => {
            let counts = Standing::ALL.map(|standing| (count(standing), standing.name()));
            let counts = counts.iter().filter(|(count, _)| *count > 0);
            counts
                .map(|(count, name)| format!("{count} {name}"))
                .collect::<Vec<_>>()
                .join(", ")
        }
    };
    (text, role)
}

fn outcome(delivery: &DeliveryRecord) -> String {
    match (delivery.state, delivery.status) {
        (Standing::Waiting, _) | (_, None) => delivery.state.name().to_owned(),
        (_, Some(status)) => status.to_string(),
    }
}

/// How wide the columns have to be for these rows, as far as there is room.
fn widths(rows: &[[Cell; COLUMNS]], room: usize) -> [usize; COLUMNS] {
    let mut widths = HEADERS.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.text.width());
        }
    }
    let gaps = GAP * (COLUMNS - 1);
    let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
    while excess > 0 {
        let widest = YIELDING
            .iter()
            .copied()
            .max_by_key(|column| widths.get(*column));
        match widest.and_then(|column| widths.get_mut(column)) {
            Some(width) if *width > LEAST => *width -= 1,
            _ => break,
        }
        excess -= 1;
    }
    widths
}

fn layout(
    rows: Vec<[Cell; COLUMNS]>,
    widths: [usize; COLUMNS],
    has_header: bool,
    out: Stream,
) -> String {
    let mut table = Builder::new();
    if has_header {
        let [id_width, ..] = widths;
        let [id, rest @ ..] = HEADERS;
        let names = [format!("{id:>id_width$}")]
            .into_iter()
            .chain(rest.map(str::to_owned));
        table.push_record(names.map(|name| out.style.paint(Role::Dim, &name)));
    }
    for row in rows {
        let cells = (0..).zip(row).zip(widths).map(|((column, cell), width)| {
            let text = match column {
                // Numbers line up at their last digit.
                0 => format!("{:>width$}", cell.text),
                _ => cut(cell.text, width),
            };
            match cell.role {
                Some(role) => out.style.paint(role, &text),
                None => text,
            }
        });
        table.push_record(cells);
    }
    let mut table = table.build();
    table.with(Style::empty()).with(Padding::new(0, GAP, 0, 0));
    for (column, width) in widths.into_iter().enumerate() {
        table.with(Modify::new(Columns::one(column)).with(Width::increase(width)));
    }
    table
        .to_string()
        .lines()
        .fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// The beginning of a text that is too wide, with a mark that says so.
fn cut(text: String, width: usize) -> String {
    if text.width() <= width {
        return text;
    }
    let mut room = width.saturating_sub(1);
    let fits = |character: &char| {
        let columns = character.width().unwrap_or(0);
        let fits = columns <= room;
        room = room.saturating_sub(columns);
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

pub(super) fn exported(exported: &Exported, err: Stream) -> String {
    format!(
        "{} {} to `{}`\n",
        err.style.paint(Role::Strong, "Wrote"),
        plural(exported.notifications, "notification"),
        err.foreign(&exported.output)
    )
}

pub(super) fn pruned(pruned: &Pruned, out: Stream) -> String {
    let verb = if pruned.dry_run {
        "Would remove"
    } else {
        "Removed"
    };
    let waiting = match pruned.waiting {
        0 => String::new(),
        1 => ", of which 1 still waits to be delivered".to_owned(),
        waiting => format!(", of which {waiting} still wait to be delivered"),
    };
    format!(
        "{} {}; {} kept{waiting}\n",
        out.style.paint(Role::Strong, verb),
        plural(pruned.removed, "notification"),
        pruned.kept,
    )
}
